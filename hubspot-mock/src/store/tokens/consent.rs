//! The questions that consent pages ask.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::definitions::App;
use crate::store::Account;

/// A valid install link.
#[derive(Clone, Debug)]
pub(crate) struct InstallLink {
    pub(crate) app: Arc<App>,
    pub(crate) redirect_uri: String,
    /// `scope`: the required scopes, and the conditionally required ones that the link requests.
    pub(crate) scope: BTreeSet<String>,
    /// `optional_scope`
    pub(crate) optional_scope: BTreeSet<String>,
    pub(crate) state: Option<String>,
    /// PKCE's `code_challenge`.
    pub(crate) challenge: Option<String>,
}

/// An open consent page.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) link: InstallLink,
    pub(crate) account: Arc<Account>,
    /// The scopes of `optional_scope` that the features of the account allow.
    pub(crate) optional: BTreeSet<String>,
    /// When the page becomes invalid.
    pub(crate) expires_at: Timestamp,
}

impl Consent {
    /// The scopes that the user grants.
    pub(crate) fn granted(&self) -> BTreeSet<String> {
        self.link.scope.union(&self.optional).cloned().collect()
    }
}
