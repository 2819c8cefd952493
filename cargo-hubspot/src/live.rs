//! `cargo hubspot audit --token-env`: compares the scopes of a token with those that the code declares and needs.
//!
//! The token is sent to HubSpot only, and never shown.

use std::collections::BTreeSet;
use std::env;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use hubspot_generated::oauth::OAuthApp;
use hubspot_generated::{Client, Secret, Unchecked};
use hubspot_scopes::LoginKind;
use hubspot_scopes::app_file::LOGIN_SCOPE;
use serde::Serialize;

use crate::model::{Need, Package, Report, text};

/// The token.
#[derive(Args)]
#[group(skip)]
#[command(next_help_heading = "Live account")]
pub(crate) struct TokenOptions {
    /// Compare with what the token in this environment variable was granted; for the access token of an OAuth app,
    /// `HUBSPOT_CLIENT_ID` and `HUBSPOT_CLIENT_SECRET` must be set, too
    #[arg(long, value_name = "VARIABLE")]
    token_env: Option<String>,
    /// Ask this HubSpot [default: <https://api.hubapi.com>]
    #[arg(long, value_name = "URL", requires = "token_env")]
    base_url: Option<String>,
}

/// The scopes of a token.
#[derive(Debug, Serialize)]
pub(crate) struct Granted {
    /// The kind of token: `oauth2` or `private_apps`.
    #[serde(serialize_with = "text::serialize")]
    pub(crate) login: LoginKind,
    /// The account, if HubSpot tells it.
    pub(crate) hub_id: Option<u64>,
    pub(crate) scopes: BTreeSet<String>,
}

impl Granted {
    /// The needs of a package that the token does not satisfy.
    pub(crate) fn lacks<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Need> {
        let needs = package.verdict.needs.iter();
        needs.filter(|need| !need.requirement.satisfied_by_as(&self.scopes, self.login))
    }

    /// The scopes that nothing in the report needs.
    pub(crate) fn surplus<'a>(&'a self, report: &'a Report) -> impl Iterator<Item = &'a String> {
        let packages = report.packages.iter();
        let needs = packages.flat_map(|package| &package.verdict.needs);
        let needed: BTreeSet<&str> = needs.flat_map(|need| need.requirement.scopes()).collect();
        let surplus = self.scopes.iter();
        surplus.filter(move |scope| *scope != LOGIN_SCOPE && !needed.contains(scope.as_str()))
    }
}

/// Requests the scopes of the token from HubSpot, if a token was given.
pub(crate) fn ask(options: &TokenOptions) -> Result<Option<Granted>> {
    let Some(variable) = &options.token_env else {
        return Ok(None);
    };
    let token = env::var(variable).map_err(|_| anyhow!("`{variable}` is not set"))?;
    ensure!(!token.trim().is_empty(), "`{variable}` is empty");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    let granted = runtime.block_on(async {
        match (env::var("HUBSPOT_CLIENT_ID"), env::var("HUBSPOT_CLIENT_SECRET")) {
            (Ok(id), Ok(secret)) => of_app(options, token, id, secret).await,
            _ => of_static_token(options, token).await.with_context(|| {
                format!(
                    "cannot learn what the token in `{variable}` was granted; if it is the access token of an OAuth app, \
                     set `HUBSPOT_CLIENT_ID` and `HUBSPOT_CLIENT_SECRET`"
                )
            }),
        }
    });
    granted.map(Some)
}

/// The scopes of the token of a private app, or of another static token.
async fn of_static_token(options: &TokenOptions, token: String) -> Result<Granted> {
    let mut client = Client::unchecked_builder().access_token(token);
    if let Some(url) = &options.base_url {
        client = client.base_url(url);
    }
    let check = client.build()?.verify_scopes().await?;
    Ok(Granted {
        login: LoginKind::PrivateApps,
        hub_id: None,
        scopes: check.granted().clone(),
    })
}

/// The scopes of an access token of an OAuth app.
async fn of_app(
    options: &TokenOptions,
    token: String,
    id: String,
    secret: String,
) -> Result<Granted> {
    let mut client = Client::unchecked_builder();
    if let Some(url) = &options.base_url {
        client = client.base_url(url);
    }
    // An app has to have an address; nobody is redirected to it.
    let app = OAuthApp::<Unchecked>::builder(id, secret, "http://localhost/")
        .client(client)
        .build()?;
    let info = app
        .introspect(&Secret::from(token))
        .await
        .context("HubSpot does not tell what the token was granted")?;
    ensure!(info.active, "the token has expired, or was revoked");
    Ok(Granted {
        login: LoginKind::OAuth2,
        hub_id: info.hub_id,
        scopes: info.scopes.into_iter().collect(),
    })
}
