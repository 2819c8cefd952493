//! OAuth apps as their settings in HubSpot describe them.

use std::collections::BTreeSet;
use std::fmt;

use hubspot_generated::scopes::ScopeSet;
use hubspot_scopes::app_file::AppFile;
use hubspot_scopes::{ScopeFaultReason, ScopeList, ScopeLists};
use url::{Host, Url};

use super::invalid_app::InvalidApp;

/// Shorter tokens could collide.
const SHORTEST_TOKEN: usize = 32;
/// HubSpot's tokens vary in length; it asks to allow for 512 characters and more. A token store should take 4 KB.
const LONGEST_TOKEN: usize = 4096;

/// The settings of an OAuth app.
///
/// ```
/// use hubspot_mock::{App, Rotation};
///
/// let app = App::new("client-id", "client-secret")
///     .name("Nightly sync")
///     .redirect_uri("https://sync.example/callback")
///     .required(["oauth", "crm.objects.contacts.read"])
///     .optional(["crm.objects.companies.read"])
///     .rotation(Rotation::EndOld);
/// assert!(!format!("{app:?}").contains("client-secret"));
/// ```
#[derive(Clone)]
pub struct App {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) name: String,
    /// HubSpot's app id, assigned on registration.
    pub(crate) id: i64,
    pub(crate) redirect_uris: Vec<String>,
    /// HubSpot knows three lists: those that a `scope_set!` has beside them are empty.
    pub(crate) scopes: ScopeLists<BTreeSet<String>>,
    /// The scopes as they were added, for [`check`](Self::check): a set would hide a repeated one.
    listed: ScopeLists,
    pub(crate) is_static: bool,
    pub(crate) rotation: Rotation,
    pub(crate) token_length: usize,
    pub(crate) private_distribution: bool,
}

/// What a refresh does with the refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rotation {
    /// The response repeats it.
    #[default]
    Off,
    /// The response has a new one; the old one stays valid.
    KeepOld,
    /// The response has a new one; the old one becomes invalid at once.
    EndOld,
}

/// The three shapes of HubSpot's OAuth errors.
///
/// By default v1 uses the oldest and later versions use that of RFC 6749. HubSpot uses all three, but does not document
/// which version uses which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorShape {
    /// RFC 6749: `error` and `error_description`. An invalid refresh token is a 400 `invalid_grant`, wrong credentials of
    /// the app are a 401 `invalid_client`.
    Rfc6749,
    /// Like the rest of HubSpot: `category`, `message`, `correlationId`. An invalid refresh token is a 401
    /// `INVALID_AUTHENTICATION`, wrong credentials of the app are a 401 `INVALID_CLIENT`.
    HubSpot,
    /// The oldest: `status` (`BAD_REFRESH_TOKEN`, `BAD_AUTH_CODE`, `BAD_CLIENT_ID`, …) and `message`, always a 400.
    Legacy,
}

impl App {
    /// Creates an app without redirect URIs and scopes. Its name is its client id.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let client_id = client_id.into();
        Self {
            name: client_id.clone(),
            client_id,
            client_secret: client_secret.into(),
            id: 0,
            redirect_uris: Vec::new(),
            scopes: ScopeLists::default(),
            listed: ScopeLists::default(),
            is_static: false,
            rotation: Rotation::default(),
            token_length: 256,
            private_distribution: true,
        }
    }

    /// Sets the name that the consent page shows.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a redirect URI: https, or http on `localhost`.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Adds required scopes: without them the app is not installed.
    pub fn required<I: IntoIterator<Item: Into<String>>>(self, scopes: I) -> Self {
        self.listed_in(ScopeList::Required, scopes)
    }

    /// Adds conditionally required scopes: they must be granted if the install link requests them.
    pub fn conditional<I: IntoIterator<Item: Into<String>>>(self, scopes: I) -> Self {
        self.listed_in(ScopeList::Conditional, scopes)
    }

    /// Adds optional scopes: they are left out if the account lacks the feature.
    pub fn optional<I: IntoIterator<Item: Into<String>>>(self, scopes: I) -> Self {
        self.listed_in(ScopeList::Optional, scopes)
    }

    fn listed_in<I: IntoIterator<Item: Into<String>>>(
        mut self,
        list: ScopeList,
        scopes: I,
    ) -> Self {
        for scope in scopes.into_iter().map(Into::into) {
            self.listed.get_mut(list).push(scope.clone());
            self.scopes.get_mut(list).insert(scope);
        }
        self
    }

    /// Adds the scopes of a scope set, each to its list. Scopes that it only assumes are left out, as in the install link.
    pub fn scopes_of<S: ScopeSet>(mut self) -> Self {
        let declared = S::DECLARED;
        for (list, scopes) in declared.requested() {
            self = self.listed_in(list, scopes.iter().copied());
        }
        self
    }

    /// Adds the redirect URLs and the scopes of the `app-hsmeta.json` of a HubSpot project, each to its list.
    ///
    /// An app whose file has `static` auth cannot be registered: nobody installs it.
    ///
    /// ```
    /// use hubspot_mock::{App, AppFile};
    ///
    /// let text = r#"{
    ///     "type": "app",
    ///     "config": { "auth": {
    ///         "type": "oauth",
    ///         "redirectUrls": ["https://sync.example/callback"],
    ///         "requiredScopes": ["oauth", "crm.objects.contacts.read"]
    ///     } }
    /// }"#;
    /// let app = App::new("client-id", "client-secret").app_file(&AppFile::parse(text)?);
    /// assert!(format!("{app:?}").contains("https://sync.example/callback"));
    /// # Ok::<(), hubspot_mock::AppFileError>(())
    /// ```
    pub fn app_file(mut self, file: &AppFile) -> Self {
        self.is_static = file.is_static();
        self.redirect_uris
            .extend(file.redirect_urls.iter().cloned());
        self.required(&file.scopes.required)
            .conditional(&file.scopes.conditional)
            .optional(&file.scopes.optional)
    }

    /// Sets what a refresh does with the refresh token.
    pub fn rotation(mut self, rotation: Rotation) -> Self {
        self.rotation = rotation;
        self
    }

    /// Sets the length of its tokens, clamped to 32 to 4096 characters. The default is 256.
    pub fn token_length(mut self, characters: usize) -> Self {
        self.token_length = characters.clamp(SHORTEST_TOKEN, LONGEST_TOKEN);
        self
    }

    /// Sets whether the app is listed in HubSpot's marketplace. Introspection returns the opposite as
    /// `is_private_distribution`.
    pub fn in_marketplace(mut self, listed: bool) -> Self {
        self.private_distribution = !listed;
        self
    }

    /// Fails if HubSpot would not accept these settings.
    pub(crate) fn check(&self) -> Result<(), InvalidApp> {
        if self.is_static {
            let client_id = self.client_id.clone();
            return Err(InvalidApp::Static { client_id });
        }
        if self.redirect_uris.is_empty() {
            let client_id = self.client_id.clone();
            return Err(InvalidApp::NoRedirectUri { client_id });
        }
        for uri in &self.redirect_uris {
            check_redirect_uri(uri).map_err(|reason| InvalidApp::RedirectUri {
                uri: uri.clone(),
                reason,
            })?;
        }
        let Some(fault) = self.listed.faults().into_iter().next() else {
            return Ok(());
        };
        let client_id = self.client_id.clone();
        let scope = fault.scope.clone();
        Err(match fault.reason {
            ScopeFaultReason::Repeated { before } if before == fault.list => {
                InvalidApp::ScopeRepeated { client_id, scope }
            }
            ScopeFaultReason::Repeated { .. } => InvalidApp::ScopeTwice { client_id, scope },
            _ => InvalidApp::ScopeName { client_id, scope },
        })
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("client_id", &self.client_id)
            .field("name", &self.name)
            .field("redirect_uris", &self.redirect_uris)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// Fails with the reason if HubSpot would not accept the redirect URI.
fn check_redirect_uri(uri: &str) -> Result<(), &'static str> {
    let url = Url::parse(uri).map_err(|_| "is not an absolute URI")?;
    match (url.scheme(), url.host()) {
        (_, Some(Host::Ipv4(_) | Host::Ipv6(_))) => Err("names an IP address, not a domain"),
        ("https", Some(Host::Domain(_))) | ("http", Some(Host::Domain("localhost"))) => {
            match url.fragment() {
                None => Ok(()),
                Some(_) => Err("has a fragment"),
            }
        }
        _ => Err("is neither https nor http on localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::{App, AppFile, InvalidApp, check_redirect_uri};

    #[test]
    fn invalid_redirect_uris_are_refused_with_the_reason() {
        for (uri, reason) in [
            ("/callback", "is not an absolute URI"),
            (
                "http://app.example/callback",
                "is neither https nor http on localhost",
            ),
            (
                "http://localhost.example/callback",
                "is neither https nor http on localhost",
            ),
            (
                "ftp://app.example/callback",
                "is neither https nor http on localhost",
            ),
            (
                "https://127.0.0.1/callback",
                "names an IP address, not a domain",
            ),
            (
                "http://127.0.0.1:3000/callback",
                "names an IP address, not a domain",
            ),
            (
                "https://[::1]/callback",
                "names an IP address, not a domain",
            ),
            ("https://app.example/callback#top", "has a fragment"),
        ] {
            assert_eq!(check_redirect_uri(uri), Err(reason), "{uri}");
        }
        for uri in [
            "https://app.example/callback",
            "https://app.example/callback?from=hubspot",
            "http://localhost:3000/callback",
        ] {
            assert_eq!(check_redirect_uri(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn a_scope_is_in_one_list_only() {
        let app = App::new("id", "secret")
            .redirect_uri("https://app.example/callback")
            .required(["oauth", "tickets"])
            .optional(["tickets"]);
        let scope = "tickets".to_owned();
        let client_id = "id".to_owned();
        assert_eq!(
            app.check(),
            Err(InvalidApp::ScopeTwice { client_id, scope })
        );
    }

    #[test]
    fn a_scope_is_a_name_and_is_listed_once() {
        let check = |scopes: [&str; 2]| {
            let app = App::new("id", "secret").redirect_uri("https://app.example/callback");
            app.required(scopes).check().unwrap_err().to_string()
        };
        assert_eq!(
            check(["tickets", "tickets"]),
            r#"the scope "tickets" is twice in a list of the app "id""#
        );
        for scope in ["", "a b"] {
            assert_eq!(
                check(["tickets", scope]),
                format!(
                    r#"the app "id" has the scope {scope:?}, but no scope is empty or has a space"#
                )
            );
        }
    }

    #[test]
    fn an_app_has_what_its_file_says() {
        let file = |auth: &str| {
            let text = format!("{{\"type\": \"app\", \"config\": {{\"auth\": {auth}}}}}");
            App::new("id", "secret").app_file(&AppFile::parse(&text).unwrap())
        };
        let app = file(
            r#"{"type": "oauth", "redirectUrls": ["https://a.b/c"], "requiredScopes": ["oauth"],
                "conditionallyRequiredScopes": ["files"], "optionalScopes": ["tickets"]}"#,
        );
        assert_eq!(app.check(), Ok(()));
        assert_eq!(app.redirect_uris, ["https://a.b/c"]);
        let lists = [
            app.scopes.required,
            app.scopes.conditional,
            app.scopes.optional,
        ];
        assert_eq!(
            lists.into_iter().flatten().collect::<Vec<_>>(),
            ["oauth", "files", "tickets"]
        );
        let refused = file(r#"{"type": "static", "requiredScopes": ["files"]}"#).check();
        let client_id = "id".to_owned();
        assert_eq!(refused, Err(InvalidApp::Static { client_id }));
    }

    #[test]
    fn an_app_without_a_redirect_uri_is_refused() {
        let client_id = "id".to_owned();
        let refused = App::new("id", "secret").check();
        assert_eq!(refused, Err(InvalidApp::NoRedirectUri { client_id }));
    }
}
