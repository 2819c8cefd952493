//! Installs OAuth apps without a browser.

use std::fmt;

use hubspot_generated::oauth::OAuthApp;
use hubspot_generated::{Client, ScopeSet};

use crate::mock::MockAccount;
use crate::store::{Approval, CodeExchange};

impl MockAccount {
    /// Installs a registered OAuth app as a user would who grants everything, and returns its tokens. Optional scopes whose
    /// features the account lacks are left out.
    ///
    /// # Errors
    ///
    /// Fails if no app with this client id is registered, or if it requires scopes whose features the account lacks.
    pub fn install(&self, client_id: &str) -> Result<Install, InstallError> {
        let tokens = &self.state.tokens;
        let app = tokens.app(client_id).ok_or(InstallError::UnknownApp)?;
        let redirect_uri = app.redirect_uris.first().map_or("", String::as_str);
        let code = self.authorize(client_id, redirect_uri)?;
        let exchange = CodeExchange {
            code: &code,
            redirect_uri,
            verifier: None,
        };
        let issued = tokens.exchange(&app, &exchange, self.state.clock.now());
        // A code that was made this moment for this app fits it.
        let issued = issued.map_err(|_| InstallError::UnknownApp)?;
        Ok(Install {
            access_token: issued.access_token,
            refresh_token: issued.refresh_token,
        })
    }

    /// Issues a code as if a user had granted everything that the app asks for and the account has.
    fn authorize(&self, client_id: &str, redirect_uri: &str) -> Result<String, InstallError> {
        let now = self.state.clock.now();
        let tokens = &self.state.tokens;
        let app = tokens.app(client_id).ok_or(InstallError::UnknownApp)?;
        let withheld = tokens.withheld(self.hub_id());
        let scopes = &app.scopes;
        let must = scopes.required.union(&scopes.conditional);
        let lacking = must.filter(|scope| withheld.contains(*scope));
        let lacking = lacking.cloned().collect::<Vec<_>>();
        if !lacking.is_empty() {
            return Err(InstallError::Lacking(lacking));
        }
        let all = [&scopes.required, &scopes.conditional, &scopes.optional];
        let granted = all.into_iter().flatten();
        let granted = granted.filter(|scope| !withheld.contains(*scope)).cloned();
        let approval = Approval {
            app: &app,
            account: &self.account,
            redirect_uri,
            scopes: granted.collect(),
            challenge: None,
        };
        Ok(tokens.authorize(approval, now))
    }

    /// Connects an OAuth app of the program under test to this account, as a user would in a browser who grants everything,
    /// and returns a client with the account's tokens. See [`MockHubSpot::oauth_app`](crate::MockHubSpot::oauth_app).
    ///
    /// # Errors
    ///
    /// Fails if the app is not registered on this server, if it requires scopes whose features the account lacks, or if
    /// the exchange of the code fails.
    pub async fn connect<S: ScopeSet>(&self, app: &OAuthApp<S>) -> Result<Client<S>, ConnectError> {
        let link = app.authorize_url().build().url;
        let link = url::Url::parse(link.as_str()).ok();
        let mut query = link.iter().flat_map(url::Url::query_pairs);
        let client_id = query.find(|(name, _)| name == "client_id");
        let client_id = client_id.map(|(_, id)| id.into_owned()).unwrap_or_default();
        let code = self.authorize(&client_id, app.redirect_uri())?;
        let connection = app.connect(&code.into(), None).await?;
        Ok(app.account(connection.hub_id))
    }

    /// Uninstalls an OAuth app: its tokens become invalid at once. Returns whether it was installed.
    pub fn uninstall(&self, client_id: &str) -> bool {
        self.state.tokens.uninstall(client_id, self.hub_id())
    }

    /// Removes the features behind these scopes from the account, as in a cheaper product: an install leaves optional scopes
    /// out and fails for required ones. Replaces an earlier list.
    pub fn lacks<I: IntoIterator<Item: Into<String>>>(&self, scopes: I) {
        let scopes = scopes.into_iter().map(Into::into);
        self.state.tokens.withhold(self.hub_id(), scopes);
    }
}

/// The tokens of an installed OAuth app. `Debug` does not show them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Install {
    /// The access token, valid for 30 minutes by the server's clock.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
}

impl fmt::Debug for Install {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Install").finish_non_exhaustive()
    }
}

/// An error of [`MockAccount::install`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// No app has this client id.
    #[error("no app with this client id is registered")]
    UnknownApp,
    /// The account lacks the features behind these required scopes.
    #[error("the account lacks what the app requires: {}", .0.join(", "))]
    Lacking(Vec<String>),
}

/// An error of [`MockAccount::connect`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The app cannot be installed.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The code cannot be exchanged.
    #[error("the code cannot be exchanged for tokens")]
    Exchange(#[from] hubspot_generated::Error),
}
