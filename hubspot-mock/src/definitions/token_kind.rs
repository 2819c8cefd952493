//! The kinds of static tokens.

use serde::Deserialize;

/// The kind of app that a static token belongs to. Static tokens do not expire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum StaticKind {
    /// A private app.
    #[default]
    PrivateApp,
    /// A project app with static auth.
    ProjectApp,
    /// A service key.
    ServiceKey,
}
