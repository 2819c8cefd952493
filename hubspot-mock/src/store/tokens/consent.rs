//! The questions that consent pages ask.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::definitions::app::App;
use crate::store::account::Account;

/// A link that fits its app.
#[derive(Clone, Debug)]
pub(crate) struct InstallLink {
    pub(crate) app: Arc<App>,
    pub(crate) redirect_uri: String,
    /// All in `scope`: the required ones, and those conditionally required ones that the link asks for.
    pub(crate) scope: BTreeSet<String>,
    /// All in `optional_scope`.
    pub(crate) optional_scope: BTreeSet<String>,
    pub(crate) state: Option<String>,
    /// PKCE's `code_challenge`.
    pub(crate) challenge: Option<String>,
}

/// What a consent page asks its user.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) link: InstallLink,
    pub(crate) account: Arc<Account>,
    /// What is granted of `optional_scope`: what the account's features allow.
    pub(crate) optional: BTreeSet<String>,
    /// When the page's buttons cease to work.
    pub(crate) expires_at: Timestamp,
}

impl Consent {
    /// All that is granted by a yes.
    pub(crate) fn granted(&self) -> BTreeSet<String> {
        self.link.scope.union(&self.optional).cloned().collect()
    }
}
