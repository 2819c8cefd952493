//! Why HubSpot would not accept the settings of an app.

/// Settings that HubSpot does not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApp {
    /// A redirect URI that HubSpot does not accept.
    #[error("the redirect URI {uri:?} {reason}")]
    RedirectUri {
        /// The redirect URI.
        uri: String,
        /// Why it is not accepted.
        reason: &'static str,
    },
    /// The app has no redirect URI, so nobody could install it.
    #[error("the app {client_id:?} has no redirect URI")]
    NoRedirectUri {
        /// The client id of the app.
        client_id: String,
    },
    /// The app's file has `static` auth.
    #[error(
        "the app {client_id:?} has `static` auth: nobody installs it, and it has a token of its own"
    )]
    Static {
        /// The client id of the app.
        client_id: String,
    },
    /// A scope that is required and optional (or conditional) at once.
    #[error("the scope {scope:?} is in two lists of the app {client_id:?}")]
    ScopeTwice {
        /// The client id of the app.
        client_id: String,
        /// The scope.
        scope: String,
    },
    /// A scope that one list has twice.
    #[error("the scope {scope:?} is twice in a list of the app {client_id:?}")]
    ScopeRepeated {
        /// The client id of the app.
        client_id: String,
        /// The scope.
        scope: String,
    },
    /// A scope that is empty or has a space.
    #[error("the app {client_id:?} has the scope {scope:?}, but no scope is empty or has a space")]
    ScopeName {
        /// The client id of the app.
        client_id: String,
        /// The scope.
        scope: String,
    },
}
