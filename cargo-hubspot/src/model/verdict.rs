//! The [`Verdict`] on the scopes of one package.

use hubspot_scopes::Requirement;
use serde::{Deserialize, Serialize};

use super::text::as_text;
use super::{List, Place};

/// What follows for the scopes of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// The packages of the workspace whose calls count, by name: the package itself, those that it is built from and, where
    /// it declares a scope set, those that can use the set and what they are built from.
    pub(crate) packages: Vec<String>,
    /// Whether each call that counts is known to be made with the scope set in question, and no other is. Otherwise see
    /// `because`. Each of several sets is compared with the calls of all of them: what is called unused is unused all the
    /// same, but a set may need less than the least set says.
    pub(crate) exact: bool,
    /// Why it is not exact.
    pub(crate) because: Vec<Inexact>,
    /// Each requirement that the counted calls have. Where scopes are declared and every client is checked, without those
    /// that the declared scopes do not satisfy: these calls are made with a set of another package.
    pub(crate) needs: Vec<Need>,
    /// The scopes with the least power that satisfy all needs. They allow nothing that the declared ones do not, unless a
    /// need has to be met. With `oauth`, which signing in needs, where that is declared.
    pub(crate) least_set: Vec<String>,
    /// Scopes that are declared and needed by nothing, `assume`d ones aside.
    pub(crate) unused: Vec<DeclaredScope>,
    /// Scopes that are declared and of use, but that others of the least set can replace: those allow less, or are needed
    /// anyway.
    pub(crate) replaceable: Vec<Replaceable>,
    /// Scopes that are declared and needed, but that others could replace which open fewer operations, if some that these do
    /// not open. Nothing is proposed.
    #[serde(default)]
    pub(crate) alternatives: Vec<Replaceable>,
    /// Scopes that are declared and that only code needs which does not count: tests, examples, benchmarks, build scripts.
    #[serde(default)]
    pub(crate) test_only: Vec<TestOnly>,
    /// Scopes that nothing needs of what was compiled, but that code may need which was not.
    #[serde(default)]
    pub(crate) undecided: Vec<Undecided>,
    /// Whether there are requests of which nothing tells what they need, in code of any kind: spelled-out ones, or those of
    /// dependencies that were not seen. `--fix` then takes nothing out.
    #[serde(default)]
    pub(crate) has_unknown_requests: bool,
    /// Every `assume`d scope.
    pub(crate) assumed: Vec<Assumed>,
    /// Needs that no scope set of the packages satisfies for the kind of login that the app file states. The compiler
    /// takes scopes of either kind, so this is empty unless HubSpot names a scope differently for the two.
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
    /// Some requests are spelled out, and nothing tells what they need.
    RawRequests,
    /// Dependencies that were not seen may call with the same clients.
    UnseenDependencies,
    /// Code that was not compiled may call: that of other features, targets or platforms, documentation tests.
    UncompiledCode,
    /// Derives may write calls, of which the compiler does not tell.
    Derives,
    /// Functions that are generic over the scope set call, and what they ask of it is not known.
    GenericFunctions,
    /// Some operations take objects of any type, and need the scopes of the types that they are called with.
    ObjectTypes,
}

/// A requirement, and what has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Need {
    /// What is needed.
    #[serde(with = "as_text")]
    pub(crate) requirement: Requirement,
    /// The operations that need it, as [`CallSite::operation`](super::CallSite::operation), sorted.
    pub(crate) operations: Vec<String>,
}

/// A declared scope about which there is something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeclaredScope {
    /// The scope.
    pub(crate) scope: String,
    /// The name of the scope set.
    pub(crate) set: String,
    /// The list that has it.
    #[serde(with = "as_text")]
    pub(crate) list: List,
    /// As [`Declared::place`](super::Declared::place).
    pub(crate) place: Place,
    /// The functions with `#[hubspot_scopes]` that state the scope and are called, sorted, as
    /// [`CallSite::operation`](super::CallSite::operation): until they state less, the scope cannot be taken away.
    pub(crate) stated_by: Vec<String>,
}

/// A declared scope for which others can stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replaceable {
    /// The scope.
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The scopes that can stand for it: less power, or needed anyway.
    pub(crate) by: Vec<String>,
    /// The operations for which it is of use, sorted.
    pub(crate) operations: Vec<String>,
}

/// A declared scope that only code needs which does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TestOnly {
    /// The scope.
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The calls that need it: `tests/all.rs:9`, sorted.
    pub(crate) places: Vec<String>,
}

/// A declared scope that code may need which was not compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Undecided {
    /// The scope.
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// What may need it.
    pub(crate) by: Vec<Uncompiled>,
}

/// Code that may call HubSpot and that the compiler did not see, or tells nothing about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uncompiled {
    /// The file; empty for what is in none of the workspace's.
    pub(crate) file: String,
    /// The line of the first call that there may be.
    pub(crate) line: usize,
    /// Which code it is: `` `cfg(windows)` ``, `a documentation test`.
    pub(crate) within: String,
}

impl Uncompiled {
    const REQUEST: &str = "a request that is spelled out";

    /// A spelled-out request that does not tell what it needs.
    pub(crate) fn request(place: &Place) -> Self {
        Self {
            file: place.file.clone(),
            line: place.line,
            within: Self::REQUEST.to_owned(),
        }
    }

    /// Whether it is a spelled-out request.
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

    /// Where it is and what, in a few words.
    pub(crate) fn text(&self) -> String {
        if self.file.is_empty() {
            return self.within.clone();
        }
        format!("{}:{} ({})", self.file, self.line, self.within)
    }
}

/// A scope that is assumed not to be needed in truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Assumed {
    /// The scope.
    #[serde(flatten)]
    pub(crate) declared: DeclaredScope,
    /// The operations that are documented to need it, sorted. Empty: the assumption is of no use.
    pub(crate) operations: Vec<String>,
}
