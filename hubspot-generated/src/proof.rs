//! Checks at run time which scopes a token was granted.

use std::collections::BTreeSet;

use crate::client::Client;
use crate::credential::{Credential, Target, token_of};
use crate::decode::decode_fields;
use crate::decode::fields::Scopes;
use crate::error::{Error, ErrorKind};
use crate::operation::{Authentication, Operation, describe};
use crate::parts::Core;
use crate::request::Request;
use crate::scopes::{Declared, DeclaredScopes, ScopeSet};

/// The result of [`Client::verify_scopes`].
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// let check = hubspot.verify_scopes().await?;
/// if !check.is_complete() {
///     eprintln!("the token lacks {:?}: install the app again", check.missing());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeCheck {
    granted: BTreeSet<String>,
    missing: Vec<&'static str>,
    left_out: Vec<&'static str>,
}

impl ScopeCheck {
    pub(crate) fn new(
        declared: &DeclaredScopes,
        granted: impl IntoIterator<Item = String>,
    ) -> Self {
        // Not collected: that compiles a sort into every client.
        let mut set = BTreeSet::new();
        set.extend(granted);
        let granted = set;
        let lacks = |is_granted: bool| {
            let lists = declared.requested();
            let lists = lists.filter(|(list, _)| list.is_granted() == is_granted);
            let scopes = lists.flat_map(|(_, scopes)| scopes.iter().copied());
            scopes.filter(|&scope| !granted.contains(scope)).collect()
        };
        Self {
            missing: lacks(true),
            left_out: lacks(false),
            granted,
        }
    }

    /// Returns whether the token has all required scopes.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The required scopes that the token lacks, in the order of declaration. Operations that need them fail with 403.
    pub fn missing(&self) -> &[&'static str] {
        &self.missing
    }

    /// The conditional and optional scopes that the token lacks.
    pub fn left_out(&self) -> &[&'static str] {
        &self.left_out
    }

    /// All scopes that the token was granted, declared or not.
    pub fn granted(&self) -> &BTreeSet<String> {
        &self.granted
    }
}

impl<S: ScopeSet> Client<S> {
    /// Asks HubSpot which scopes the token was granted, and compares them with those that `S` declares.
    ///
    /// The token of an account of an OAuth app (`oauth::OAuthApp`) is introspected with the app's credentials, and a static
    /// token (private app, project app) is looked up. No scope is needed.
    ///
    /// # Errors
    ///
    /// Fails if the client has no token, if HubSpot does not know the token, or if the client was built with the access
    /// token of an OAuth app: looking that up needs the app's client secret.
    pub async fn verify_scopes(&self) -> Result<ScopeCheck, Error> {
        let granted = granted(self.core(), true).await?;
        Ok(ScopeCheck::new(&S::DECLARED, granted))
    }
}

impl<S> Client<S> {
    /// Returns this client with the scopes of `T` if the token has all scopes that `T` requires, and `None` otherwise.
    ///
    /// This is how a program uses an optional scope where it was granted. `T` and `S` need not have scopes in common. The
    /// scopes of an OAuth app's token are known from the token response; for a static token HubSpot is asked.
    ///
    /// ```no_run
    /// # #[cfg(all(feature = "contacts", feature = "companies"))]
    /// # async fn example<S>(hubspot: hubspot_generated::Client<S>) -> Result<(), hubspot_generated::Error> {
    /// hubspot_generated::scope_set! {
    ///     /// Optional in the app.
    ///     struct WithCompanies {
    ///         required: ["crm.objects.companies.read"],
    ///     }
    /// }
    ///
    /// match hubspot.upgrade::<WithCompanies>().await? {
    ///     Some(hubspot) => println!("{:?}", hubspot.companies().list().send().await?),
    ///     None => println!("this account shares no companies with us"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`verify_scopes`](Self::verify_scopes).
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-hold: upgrade")
    )]
    pub async fn upgrade<T: Declared>(&self) -> Result<Option<Client<T>>, Error> {
        let granted = granted(self.core(), false).await?;
        let check = ScopeCheck::new(&T::DECLARED, granted);
        Ok(check.is_complete().then(|| {
            Client::from_core(Core {
                scope_set: T::NAME,
                ..Core::clone(self.core())
            })
        }))
    }
}

/// Looks up a static token.
static TOKEN_INFO: Operation = Operation {
    idempotent: true,
    read_only: true,
    authentication: Authentication::None,
    ..describe!(
        "private_apps.token_info",
        "POST",
        "/oauth/v2/private-apps/get/access-token-info",
        ""
    )
};

/// As much of the response as is needed.
struct TokenInfo {
    scopes: Scopes,
}

decode_fields!(TokenInfo; "scopes" scopes);

/// The scopes of the client's token. If they are to be `proven`, HubSpot is asked even if they are known.
async fn granted(core: &std::sync::Arc<Core>, proven: bool) -> Result<Vec<String>, Error> {
    if let Credential::Changing(source) = &core.credential
        && let Some(granted) = source.granted(proven).await?
    {
        return Ok(granted);
    }
    let request: Request<TokenInfo> = Request::new(core, &TOKEN_INFO, &[]);
    let header = core
        .credential
        .header(&TOKEN_INFO, Target::default())
        .await?;
    let token = token_of(&header).map(|token| token.expose_secret().to_owned());
    let request = request.json_of(serde_json::json!({ "tokenKey": token }));
    match request.send().await {
        Ok(info) => Ok(info.scopes.0),
        Err(error) if is_another_kind(&error) => Err(Error::of_operation(
            &TOKEN_INFO,
            ErrorKind::UnknownToken(Box::new(error)),
        )),
        Err(error) => Err(error),
    }
}

/// Returns whether HubSpot knows no such static token.
fn is_another_kind(error: &Error) -> bool {
    matches!(
        error.status().map(|status| status.as_u16()),
        Some(400 | 401 | 403 | 404)
    )
}
