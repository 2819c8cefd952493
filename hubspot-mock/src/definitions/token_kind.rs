//! The kinds of access token.

use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The token of an OAuth app.
    OAuth,
    /// The token of a private app or of a project app with static auth, or a service key.
    Static,
}

/// The kind of app that a static token belongs to. Static tokens do not expire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StaticKind {
    /// A private app.
    #[default]
    PrivateApp,
    /// A project app with static auth.
    ProjectApp,
    /// A service key.
    ServiceKey,
}
