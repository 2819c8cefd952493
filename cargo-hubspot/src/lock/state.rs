//! The content of a lock.

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Requirement, ScopeList};

/// The name of the file, in the folder of the workspace.
pub(crate) const NAME: &str = "hubspot-scopes.lock";

/// Stands for no set, no scope and no function.
pub(crate) const NONE: &str = "-";

/// The content of a lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The versions of the client, and so of its catalogue of scopes.
    pub(crate) catalogues: BTreeSet<String>,
    /// What each called operation needs: several things if the workspace has several versions of the client, or raw
    /// requests that state different scopes.
    pub(crate) operations: BTreeMap<String, BTreeSet<Requirement>>,
    pub(crate) scopes: BTreeMap<SetScope, Standing>,
    /// The scopes of app files; the file is in place of the set.
    pub(crate) listed: BTreeMap<SetScope, ScopeList>,
    pub(crate) calls: BTreeSet<Call>,
    /// Raw requests of unknown scopes.
    pub(crate) unknown: BTreeSet<Unknown>,
}

/// A scope of a package's scope set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetScope {
    pub(crate) package: String,
    /// The name of the scope set; [`NONE`] if a scope is needed that no set declares.
    pub(crate) set: String,
    /// The scope; [`NONE`] for calls that need none.
    pub(crate) scope: String,
}

impl SetScope {
    pub(crate) fn new((package, set): (&str, &str), scope: &str) -> Self {
        let [package, set, scope] = [package, set, scope].map(str::to_owned);
        Self {
            package,
            set,
            scope,
        }
    }

    /// The package and the set.
    pub(crate) fn of_set(&self) -> (&str, &str) {
        (&self.package, &self.set)
    }
}

/// How a scope is declared, and whether it is in the least set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Standing {
    pub(crate) list: Option<ScopeList>,
    pub(crate) needed: bool,
}

/// The operations that need a scope, and the functions that call them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    pub(crate) scope: SetScope,
    /// The id of the operation, or the method and path of a raw request.
    pub(crate) operation: String,
    /// The function that calls, after its package and `/` if that is another one; [`NONE`] outside of functions.
    pub(crate) function: String,
}

/// A raw request of unknown scopes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unknown {
    pub(crate) package: String,
    pub(crate) request: String,
    pub(crate) function: String,
}
