//! The report of an audit, and its JSON (`--format json`), which `docs/audit-json.md` describes.
//!
//! Files are relative to the workspace and use `/` on every system; a file outside the workspace is absolute. Lines and
//! columns start at 1; columns count characters. Empty lists are present. Later versions may add fields and enum values
//! without changing the format number; reading a report with another [format](Report::format) number fails.

mod place;
pub(crate) mod text;
mod verdict;

use std::collections::BTreeMap;

pub(crate) use hubspot_scopes::ScopeList as List;
use hubspot_scopes::{LoginKind, Requirement};
use serde::{Deserialize, Serialize};

pub(crate) use self::place::Place;
pub(crate) use self::verdict::{
    Assumed, DeclaredScope, Inexact, Need, Replaceable, TestOnly, Uncompiled, Undecided, Verdict,
};

/// The version of the format: it grows when a field is removed or changes its meaning.
pub(crate) const FORMAT: u32 = 1;

/// Stands for the folder that a build script writes to, in the files of a report.
pub(crate) const OUT_DIR: &str = "$OUT_DIR";

/// Everything that one audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// [`FORMAT`].
    pub(crate) format: u32,
    /// The version of `cargo-hubspot`.
    pub(crate) version: String,
    /// The folder of the workspace, absolute.
    pub(crate) workspace: String,
    /// The kinds of targets whose calls count: what ships, and what was requested besides.
    pub(crate) counted: Vec<TargetKind>,
    /// Every version of the client that the workspace is built with.
    pub(crate) clients: Vec<ClientVersion>,
    /// The audited packages, by name: the requested ones and, of the workspace's other packages that use HubSpot, those
    /// that they are built with and those that are built with them.
    pub(crate) packages: Vec<Package>,
    /// Dependencies outside the workspace that use the client, whose calls were not seen.
    pub(crate) unseen: Vec<Unseen>,
    /// Further remarks, in sentences.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// The packages that were requested.
    pub(crate) fn requested(&self) -> impl Iterator<Item = &Package> + Clone {
        self.packages.iter().filter(|package| package.asked)
    }
}

/// A version of the client in the dependency graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientVersion {
    pub(crate) version: String,
    /// Whether it has the feature `scope-audit`. Calls of other versions are not seen.
    pub(crate) audited: bool,
}

/// A dependency outside the workspace that uses the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unseen {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The packages of the workspace that are built with it, directly or not.
    pub(crate) used_by: Vec<String>,
    /// Whether it is in what ships, and not only in tests and build scripts.
    pub(crate) ships: bool,
}

/// One package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest: String,
    /// Whether it was requested, and not only audited on behalf of another one.
    pub(crate) asked: bool,
    /// Each `scope_set!`, in the order of files and lines.
    pub(crate) scope_sets: Vec<ScopeSet>,
    /// Each place that calls an operation of HubSpot, in the order of files and lines; once for all targets.
    pub(crate) call_sites: Vec<CallSite>,
    /// Each place that calls a function of the workspace with `#[hubspot_scopes]`. The calls in the function are needs,
    /// not these.
    pub(crate) helper_calls: Vec<CallSite>,
    /// Each place that bypasses the compiler's check.
    pub(crate) unchecked: Vec<Bypass>,
    /// Each place that requests a client with more scopes.
    pub(crate) upgrades: Vec<Bypass>,
    /// Each function with `#[hubspot_scopes]`.
    pub(crate) functions: Vec<ScopedFunction>,
    /// Each `*-hsmeta.json` of an app below the package's folder.
    pub(crate) app_files: Vec<CheckedAppFile>,
    pub(crate) verdict: Verdict,
}

impl Package {
    /// Returns whether a call can be made with one of the package's scope sets. Optional scopes count, for an upgraded
    /// client may have them.
    pub(crate) fn can_make(&self, call: &CallSite) -> bool {
        let mut sets = self.scope_sets.iter().filter(|set| set.counts).peekable();
        sets.peek().is_none()
            || self.verdict.because.contains(&Inexact::UncheckedClients)
            || sets.any(|set| set.allows(call))
    }

    /// Each declared scope, with the strictest list that has it.
    pub(crate) fn declared(&self) -> BTreeMap<&str, List> {
        let mut declared = BTreeMap::new();
        let sets = self.scope_sets.iter().filter(|set| set.counts);
        for one in sets.flat_map(|set| &set.scopes) {
            let list = declared.entry(one.scope.as_str()).or_insert(one.list);
            *list = one.list.min(*list);
        }
        declared
    }
}

/// A target of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    pub(crate) name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TargetKind {
    Lib,
    Bin,
    ProcMacro,
    Example,
    /// A file in `tests/`, or code that is compiled only for the unit tests of another target.
    Test,
    Bench,
    BuildScript,
}

impl TargetKind {
    /// Returns whether users of the package get what is in it.
    pub(crate) fn ships(self) -> bool {
        matches!(self, Self::Lib | Self::Bin | Self::ProcMacro)
    }
}

/// A place that calls HubSpot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallSite {
    /// The method's name, or the use of the macro that makes the call.
    pub(crate) place: Place,
    /// In the definition of the macro that makes the call: where the call is written.
    pub(crate) written: Option<Place>,
    /// The function around it, after the type and the modules of the same file: `sync::Job::run`. `None` outside of
    /// functions, and where a macro makes the function.
    pub(crate) function: Option<String>,
    /// The id of an operation such as `contacts.list`, or a function with `#[hubspot_scopes]` after its package, such as
    /// `acme-hubspot::sync`.
    pub(crate) operation: String,
    /// The operation's method and path, if the client's mark has them: `GET /crm/objects/2026-09/contacts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) route: Option<String>,
    /// Whether a function is called, and not an operation itself.
    pub(crate) is_function: bool,
    /// What it needs, in the text form of `#[hubspot_scopes(...)]`; empty if nothing.
    #[serde(with = "text")]
    pub(crate) requirement: Requirement,
    /// What the function around it requires of a scope set: the call can be made only with a set that has that, too.
    #[serde(with = "text")]
    pub(crate) within: Vec<Requirement>,
    /// The traits of the workspace that the function around it requires besides: what they imply is not known.
    pub(crate) other_bounds: Vec<String>,
    /// The targets in which it is compiled.
    pub(crate) targets: Vec<Target>,
    /// Whether one of the targets ships.
    pub(crate) ships: bool,
    /// Whether it is a need: it ships, or its kind of target was requested.
    pub(crate) counts: bool,
}

/// A declaration of scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeSet {
    /// The name of the type.
    pub(crate) name: String,
    /// The place of its name.
    pub(crate) place: Place,
    /// The `app-hsmeta.json` that has the lists, as written: relative to the package's folder.
    pub(crate) source: Option<String>,
    /// Every scope, in the order of the lists.
    pub(crate) scopes: Vec<Declared>,
    pub(crate) targets: Vec<Target>,
    pub(crate) counts: bool,
}

impl ScopeSet {
    /// Returns whether a call can be made with the set.
    pub(crate) fn allows(&self, call: &CallSite) -> bool {
        self.satisfies(&call.requirement) && self.allows_function(call)
    }

    /// Returns whether the function around a call can be called with the set.
    pub(crate) fn allows_function(&self, call: &CallSite) -> bool {
        call.within
            .iter()
            .all(|requirement| self.satisfies(requirement))
    }

    /// Returns whether the scopes of all lists satisfy a requirement.
    pub(crate) fn satisfies(&self, requirement: &Requirement) -> bool {
        let scopes = self.scopes.iter().map(|one| one.scope.clone()).collect();
        requirement.satisfied_by(&scopes)
    }

    /// Returns whether a scope is in one of the lists.
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one.scope == scope)
    }
}

/// A scope in a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Declared {
    pub(crate) scope: String,
    /// The list that has it.
    #[serde(with = "text")]
    pub(crate) list: List,
    /// The literal that names it, or the one that names the file with it.
    pub(crate) place: Place,
}

/// A place that bypasses the compiler's check of scopes, or requests a client with more scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bypass {
    pub(crate) kind: BypassKind,
    pub(crate) place: Place,
    /// As in [`CallSite::function`].
    pub(crate) function: Option<String>,
    /// The operations that are called in the same function.
    pub(crate) calls: Vec<Called>,
    /// What is known of it, if it is a raw request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<RawRequest>,
    pub(crate) targets: Vec<Target>,
    pub(crate) ships: bool,
    pub(crate) counts: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BypassKind {
    /// `Client::unchecked_builder()`.
    UncheckedClient,
    /// The type `Unchecked` is named, as in the parameter `client: &Client<Unchecked>`.
    UncheckedType,
    /// `client.request(...)`: a request that the client has no method for.
    RawRequest,
    /// `client.upgrade::<T>()`.
    Upgrade,
    /// An implementation of a scope set's trait that `scope_set!` did not write.
    HandWritten,
}

/// What is known of a raw request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawRequest {
    /// Its method and path, if the source has both as literals: `GET /crm/owners/2026-09`. Otherwise `raw request`.
    pub(crate) request: String,
    /// The id of the operation that has this method and path. The value of a parameter may be that of a variable.
    pub(crate) operation: Option<String>,
    /// Whether the function around it states its scopes with `#[hubspot_scopes]`.
    pub(crate) is_stated: bool,
    /// Whether its scopes are known: from the function, or from the operation if the whole path is known.
    pub(crate) is_known: bool,
    /// What it needs, as far as that is known.
    #[serde(with = "text")]
    pub(crate) needs: Option<Requirement>,
}

/// A call in a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Called {
    /// As [`CallSite::operation`].
    pub(crate) operation: String,
    /// As [`CallSite::requirement`].
    #[serde(with = "text")]
    pub(crate) requirement: Requirement,
    /// The line of the call, in the same file.
    pub(crate) line: usize,
}

/// A function with `#[hubspot_scopes]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopedFunction {
    /// As [`CallSite::function`].
    pub(crate) function: String,
    /// The place of its name.
    pub(crate) place: Place,
    /// What it states.
    #[serde(with = "text")]
    pub(crate) states: Requirement,
    /// The calls in its body, those of other functions with `#[hubspot_scopes]` included. Calls of functions with bounds
    /// of their own, without the attribute, are not seen.
    pub(crate) calls: Vec<Called>,
    /// The stated scopes that nothing in the body needs.
    pub(crate) unneeded: Vec<String>,
    /// What would be enough to state; empty text if nothing is needed, `None` if no more is stated than is needed.
    #[serde(with = "text")]
    pub(crate) enough: Option<Requirement>,
}

/// An app file, and how it differs from the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CheckedAppFile {
    pub(crate) file: String,
    /// How the app logs in: `oauth2` (type `oauth`) or `private_apps` (type `static`), if the file says so.
    #[serde(with = "text")]
    pub(crate) login: Option<LoginKind>,
    /// Its scopes, in its order.
    pub(crate) scopes: Vec<Listed>,
    /// How it differs from what the package's `scope_set!`s declare together, by scope. `unlisted` scopes are required
    /// ones here, assumed ones are not compared. Empty if there is no `scope_set!`, or if each reads this file.
    pub(crate) differences: Vec<Difference>,
    /// Why it could not be read. Then all else is empty.
    pub(crate) fault: Option<String>,
}

/// A scope in an app file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) scope: String,
    /// `required`, `conditional` or `optional`.
    #[serde(with = "text")]
    pub(crate) list: List,
}

/// A scope that an app file and the code do not have in the same list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Difference {
    pub(crate) scope: String,
    /// Its list in the file; `None` if it is in the code only.
    #[serde(with = "text")]
    pub(crate) in_file: Option<List>,
    /// Its list in the code; `None` if it is in the file only.
    #[serde(with = "text")]
    pub(crate) in_code: Option<List>,
    /// Whether code that was not compiled may need it, although the compiled code does not declare it.
    #[serde(default)]
    pub(crate) may_be_needed: bool,
}
