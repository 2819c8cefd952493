//! The [`Verdict`] on the scopes of one package.

use hubspot_scopes::{Requirement, ScopeList as List};
use serde::{Deserialize, Serialize};

use super::place::Place;
use super::text;

/// What the audit concludes about the scopes of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// The packages of the workspace whose calls count: the package itself, those that it is built with and, if it
    /// declares a scope set, those that can use the set and what they are built with.
    pub(crate) packages: Vec<String>,
    /// Whether it is known which calls are made with the scope sets. Otherwise `because` says why not. Each of several
    /// sets is compared with the calls of all of them: an unused scope is unused all the same, but a set may need less
    /// than the least set.
    pub(crate) exact: bool,
    pub(crate) because: Vec<Inexact>,
    /// Each requirement of the counted calls. If scopes are declared and every client is checked, without those that the
    /// declared scopes do not satisfy: these calls are made with a set of another package.
    pub(crate) needs: Vec<Need>,
    /// The scopes with the least power that satisfy all needs. They allow nothing that the declared ones do not, unless a
    /// need has to be met. Has `oauth`, which signing in needs, if that is declared.
    pub(crate) least_set: Vec<String>,
    /// Declared scopes that nothing needs, except `assume`d ones.
    pub(crate) unused: Vec<DeclaredScope>,
    /// Declared scopes that are used, but that others of the least set can replace.
    pub(crate) replaceable: Vec<Replaceable>,
    /// Declared scopes that others could replace which open fewer operations, but some that these do not open.
    #[serde(default)]
    pub(crate) alternatives: Vec<Replaceable>,
    /// Declared scopes that only tests, examples, benchmarks or build scripts need.
    #[serde(default)]
    pub(crate) test_only: Vec<TestOnly>,
    /// Declared scopes that only code may need that was not compiled.
    #[serde(default)]
    pub(crate) undecided: Vec<Undecided>,
    /// Whether there are requests of unknown scopes, in code of any kind. `--fix` then removes nothing.
    #[serde(default)]
    pub(crate) has_unknown_requests: bool,
    /// Every `assume`d scope.
    pub(crate) assumed: Vec<Assumed>,
    /// Needs that no scope set satisfies for the kind of login that the app file states. The compiler accepts scopes of
    /// either kind, so this is empty unless HubSpot names a scope differently for the two.
    pub(crate) missing: Vec<Need>,
}

/// Why a verdict is not exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Inexact {
    /// Several scope sets are declared in the packages that count.
    SeveralSets,
    /// Some of the calls may be made with clients that check nothing.
    UncheckedClients,
    /// The scopes of some raw requests are not known.
    RawRequests,
    /// Dependencies that were not seen may call with the same clients.
    UnseenDependencies,
    /// Code that was not compiled may call.
    UncompiledCode,
    /// Derives may write calls, which the compiler does not report.
    Derives,
    /// What functions that are generic over the scope set require of it is not known.
    GenericFunctions,
    /// Some operations take objects of any type, and need the scopes of these types.
    ObjectTypes,
}

/// A requirement, and the operations that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Need {
    #[serde(with = "text")]
    pub(crate) requirement: Requirement,
    /// As [`CallSite::operation`](super::CallSite::operation), sorted.
    pub(crate) operations: Vec<String>,
}

/// A declared scope that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeclaredScope {
    pub(crate) scope: String,
    /// The name of the scope set.
    pub(crate) set: String,
    #[serde(with = "text")]
    pub(crate) list: List,
    /// As [`Declared::place`](super::Declared::place).
    pub(crate) place: Place,
    /// The called functions that state the scope, sorted: until they state less, the scope cannot be removed.
    pub(crate) stated_by: Vec<String>,
}

/// A declared scope that others can replace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replaceable {
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The scopes that can replace it: with less power, or needed anyway.
    pub(crate) by: Vec<String>,
    /// The operations that it is used for, sorted.
    pub(crate) operations: Vec<String>,
}

/// A declared scope that only code needs that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TestOnly {
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The calls that need it: `tests/all.rs:9`, sorted.
    pub(crate) places: Vec<String>,
}

/// A declared scope that code may need that was not compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Undecided {
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// What may need it.
    pub(crate) by: Vec<Uncompiled>,
}

/// Code that may call HubSpot and that the compiler did not see or does not report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uncompiled {
    /// The file; empty if it is in none of the workspace's.
    pub(crate) file: String,
    /// The line of the first call that there may be.
    pub(crate) line: usize,
    /// A description: `` `cfg(windows)` ``, `a documentation test`.
    pub(crate) within: String,
}

impl Uncompiled {
    const REQUEST: &str = "a raw request";

    /// A raw request of unknown scopes.
    pub(crate) fn request(place: &Place) -> Self {
        Self {
            file: place.file.clone(),
            line: place.line,
            within: Self::REQUEST.to_owned(),
        }
    }

    /// Returns whether it is a raw request.
    pub(crate) fn is_request(&self) -> bool {
        self.within == Self::REQUEST
    }

    /// Something that is in no file of the workspace.
    pub(crate) const fn elsewhere(within: String) -> Self {
        Self {
            file: String::new(),
            line: 0,
            within,
        }
    }

    /// Its place and its description.
    pub(crate) fn text(&self) -> String {
        if self.file.is_empty() {
            return self.within.clone();
        }
        format!("{}:{} ({})", self.file, self.line, self.within)
    }
}

/// A scope that is assumed not to be needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assumed {
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The operations that are documented to need it, sorted. If empty, the assumption has no effect.
    pub(crate) operations: Vec<String>,
}
