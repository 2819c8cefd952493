//! The kinds of access token.

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Of an OAuth app.
    OAuth,
    /// Of a private app, a project app with static auth, or a service key.
    Static,
}

/// Where a token that does not expire comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StaticKind {
    /// A private app.
    #[default]
    PrivateApp,
    /// A project app with static auth.
    ProjectApp,
    /// A service key.
    ServiceKey,
}
