//! The report of an audit, and its JSON (`--format json`).
//!
//! Files are relative to the workspace and use `/` on every system; a file outside the workspace is absolute. Lines and columns
//! start at 1; columns count characters. Empty lists are present. Later versions may add fields and enum values without
//! changing the format number; reading a report with another [format](Report::format) number fails.

mod text;
mod verdict;

pub(crate) use hubspot_scopes::ScopeList as List;
use hubspot_scopes::{LoginKind, Requirement};
use proc_macro2::LineColumn;
use serde::{Deserialize, Serialize};

use self::text::{as_optional_text, as_text, as_texts};
pub(crate) use self::verdict::{
    Assumed, DeclaredScope, Inexact, Need, Replaceable, TestOnly, Uncompiled, Undecided, Verdict,
};

/// The version of the format: it grows when a field is taken away or changes its meaning.
pub(crate) const FORMAT: u32 = 1;

/// Stands for the folder that a build script writes to, in the files of a report.
pub(crate) const OUT_DIR: &str = "$OUT_DIR";

/// Everything that one audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// [`FORMAT`].
    pub(crate) format: u32,
    /// The version of `cargo-hubspot` that made the report.
    pub(crate) version: String,
    /// The folder of the workspace, absolute.
    pub(crate) workspace: String,
    /// The kinds of targets whose calls count as needs: what ships (libraries, binaries and procedural macros) and what was
    /// asked for besides.
    pub(crate) counted: Vec<TargetKind>,
    /// Every version of the client that the workspace is built with.
    pub(crate) clients: Vec<Client>,
    /// The audited packages, by name: those that were asked for and, of the workspace's other packages, those that were
    /// looked at on their behalf: what they are built with, and what is built with them. Packages that have nothing to do
    /// with HubSpot are left out.
    pub(crate) packages: Vec<Package>,
    /// Dependencies outside the workspace that use the client. What they call was not seen; the audit of a finished binary
    /// sees it.
    pub(crate) unseen: Vec<Unseen>,
    /// What the reader should know about this audit besides, in sentences.
    pub(crate) notes: Vec<String>,
}

/// A version of the client in the dependency graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Client {
    /// The version: `0.1.0`.
    pub(crate) version: String,
    /// Whether it can be audited: `false` for one without the feature `scope-audit`, whose calls are not seen.
    pub(crate) audited: bool,
}

/// A dependency outside the workspace that uses the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unseen {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The packages of the workspace that are built with it, by name, directly or not.
    pub(crate) used_by: Vec<String>,
    /// Whether it is in what ships, and not in tests and build scripts only.
    pub(crate) ships: bool,
}

/// One package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest: String,
    /// Whether it was asked for, and not only looked at on behalf of one that was.
    pub(crate) asked: bool,
    /// Each `scope_set!`, in the order of files and lines.
    pub(crate) scope_sets: Vec<ScopeSet>,
    /// Each place that calls an operation of HubSpot, in the order of files and lines; once, however many targets it is
    /// compiled in.
    pub(crate) call_sites: Vec<CallSite>,
    /// Each place that calls a function of the workspace that has `#[hubspot_scopes]`. No need by itself: what the
    /// function calls is.
    pub(crate) helper_calls: Vec<CallSite>,
    /// Each place around the compiler's check.
    pub(crate) unchecked: Vec<Bypass>,
    /// Each place that asks for a client of more scopes.
    pub(crate) upgrades: Vec<Bypass>,
    /// Each function with `#[hubspot_scopes]`, and whether it states more than its body uses.
    pub(crate) functions: Vec<ScopedFunction>,
    /// Each `*-hsmeta.json` of an app below the package's folder.
    pub(crate) app_files: Vec<AppFile>,
    /// What follows for the package's scopes.
    pub(crate) verdict: Verdict,
}

/// A part of a source file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The file.
    pub(crate) file: String,
    /// Where it begins.
    pub(crate) line: usize,
    /// Where it begins.
    pub(crate) column: usize,
    /// The line of its end.
    pub(crate) end_line: usize,
    /// The column after its end.
    pub(crate) end_column: usize,
    /// Where it begins in the file, in bytes from 0.
    pub(crate) byte_start: usize,
    /// The byte after its end.
    pub(crate) byte_end: usize,
    /// The source line in which it begins, without its line break.
    pub(crate) text: String,
}

impl Place {
    /// Where it begins, as a span of tokens tells it: columns count from 0.
    pub(crate) const fn start(&self) -> LineColumn {
        LineColumn {
            line: self.line,
            column: self.column.saturating_sub(1),
        }
    }
}

/// A target of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Target {
    /// What it is.
    pub(crate) kind: TargetKind,
    /// Its name.
    pub(crate) name: String,
}

/// What a target is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TargetKind {
    /// A library of any kind.
    Lib,
    /// A binary.
    Bin,
    /// A procedural macro.
    ProcMacro,
    /// An example.
    Example,
    /// A test: a file in `tests/`, or code that is compiled only for the unit tests of another target.
    Test,
    /// A benchmark.
    Bench,
    /// A `build.rs`.
    BuildScript,
}

impl TargetKind {
    /// Whether users of the package get what is in it.
    pub(crate) fn ships(self) -> bool {
        matches!(self, Self::Lib | Self::Bin | Self::ProcMacro)
    }
}

/// A place that calls HubSpot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallSite {
    /// Where: the method's name, or the use of the macro that makes the call.
    pub(crate) place: Place,
    /// In the definition of the macro that makes the call: where the call is written.
    pub(crate) written: Option<Place>,
    /// The function in which it stands, with the type and the modules of the same file around it: `sync::Job::run`.
    /// None outside functions, and where a macro makes the function.
    pub(crate) function: Option<String>,
    /// What is called: the id of an operation such as `contacts.list`, or a function with `#[hubspot_scopes]` after its
    /// package, such as `acme-hubspot::sync`.
    pub(crate) operation: String,
    /// What is called is a function, not an operation itself.
    pub(crate) is_function: bool,
    /// What it needs, in the text form of `#[hubspot_scopes(...)]`; empty when it needs nothing.
    #[serde(with = "as_text")]
    pub(crate) requirement: Requirement,
    /// What the function around it requires of a scope set: the call can be made only with a set that has that, too.
    #[serde(with = "as_texts")]
    pub(crate) within: Vec<Requirement>,
    /// The traits of the workspace that the function around it requires besides: what they stand for is not known.
    pub(crate) other_bounds: Vec<String>,
    /// The targets in which it is compiled.
    pub(crate) targets: Vec<Target>,
    /// Whether one of the targets ships.
    pub(crate) ships: bool,
    /// Whether it counts as a need: it ships, or its kind of target was asked for.
    pub(crate) counts: bool,
}

impl Package {
    /// Whether a call can be made with one of the package's scope sets, whose calls the compiler checks. Optional scopes
    /// count, for an upgraded client may have them.
    pub(crate) fn can_make(&self, call: &CallSite) -> bool {
        let mut sets = self.scope_sets.iter().filter(|set| set.counts).peekable();
        sets.peek().is_none()
            || self.verdict.because.contains(&Inexact::UncheckedClients)
            || sets.any(|set| set.allows(call))
    }
}

impl ScopeSet {
    /// Whether a call can be made with the set.
    pub(crate) fn allows(&self, call: &CallSite) -> bool {
        let scopes = self.scopes.iter().map(|one| one.scope.clone()).collect();
        let mut required = call.within.iter().chain([&call.requirement]);
        required.all(|requirement| requirement.satisfied_by(&scopes))
    }

    /// Whether a scope is in one of the lists.
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one.scope == scope)
    }
}

/// A declaration of scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScopeSet {
    /// The name of the type.
    pub(crate) name: String,
    /// The place of its name.
    pub(crate) place: Place,
    /// The `app-hsmeta.json` from which the lists are read, as written: relative to the package's folder.
    pub(crate) source: Option<String>,
    /// Every scope, in the order of the lists.
    pub(crate) scopes: Vec<Declared>,
    /// The targets in which it is compiled.
    pub(crate) targets: Vec<Target>,
    /// Whether one of the targets counts.
    pub(crate) counts: bool,
}

/// A scope in a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Declared {
    /// The scope.
    pub(crate) scope: String,
    /// The list that has it.
    #[serde(with = "as_text")]
    pub(crate) list: List,
    /// The literal that names it, or the one that names the file with it.
    pub(crate) place: Place,
}

/// A place that bypasses the compiler's check of scopes, or asks for a client of more scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bypass {
    /// How.
    pub(crate) kind: BypassKind,
    /// Where.
    pub(crate) place: Place,
    /// The function in which it stands, as in [`CallSite::function`].
    pub(crate) function: Option<String>,
    /// The operations that are called in the same function.
    pub(crate) calls: Vec<Called>,
    /// Of a request that is spelled out, what is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<RawRequest>,
    /// The targets in which it is compiled.
    pub(crate) targets: Vec<Target>,
    /// Whether one of the targets ships.
    pub(crate) ships: bool,
    /// Whether one of the targets counts.
    pub(crate) counts: bool,
}

/// The ways around the check, and to other scopes.
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

/// What is known of a request that is spelled out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RawRequest {
    /// Its method and path, where the source has both as literals: `GET /crm/owners/2026-09`. Otherwise `raw request`.
    pub(crate) request: String,
    /// The id of the operation that has this method and path. The value of a parameter may be that of a variable.
    pub(crate) operation: Option<String>,
    /// Whether the function around it states with `#[hubspot_scopes]` what is needed.
    pub(crate) is_stated: bool,
    /// Whether it is known what is needed: from the function, or from the operation if the whole path is known.
    pub(crate) is_known: bool,
    /// What is needed, if anything is known of that.
    #[serde(with = "as_optional_text")]
    pub(crate) needs: Option<Requirement>,
}

/// What is called in a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Called {
    /// As [`CallSite::operation`].
    pub(crate) operation: String,
    /// As [`CallSite::requirement`].
    #[serde(with = "as_text")]
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
    #[serde(with = "as_text")]
    pub(crate) states: Requirement,
    /// What its body calls, other functions with `#[hubspot_scopes]` included. Functions that state their needs as bounds of
    /// their own, without the attribute, are not seen.
    pub(crate) calls: Vec<Called>,
    /// The stated scopes that nothing in the body needs.
    pub(crate) unneeded: Vec<String>,
    /// What would be enough to state; empty text when nothing is needed, none when no more is stated than is needed.
    #[serde(with = "as_optional_text")]
    pub(crate) enough: Option<Requirement>,
}

/// The file of a HubSpot project that says with which scopes its app is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppFile {
    /// The file.
    pub(crate) file: String,
    /// How the app logs in: `oauth2` (type `oauth`) or `private_apps` (type `static`), where the file says so.
    #[serde(with = "as_optional_text")]
    pub(crate) login: Option<LoginKind>,
    /// Its scopes, in its order.
    pub(crate) scopes: Vec<Listed>,
    /// Where it is not what the package's `scope_set!`s declare together, by scope. `unlisted` scopes are required ones
    /// here, assumed ones are not compared. Empty also when there is no `scope_set!`, or when each reads this file.
    pub(crate) differences: Vec<Difference>,
    /// Why it could not be read. Then all else is empty.
    pub(crate) fault: Option<String>,
}

/// A scope in an app file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// The scope.
    pub(crate) scope: String,
    /// `required`, `conditional` or `optional`.
    #[serde(with = "as_text")]
    pub(crate) list: List,
}

/// A scope that an app file and the code do not have in the same list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Difference {
    /// The scope.
    pub(crate) scope: String,
    /// Its list in the file; none when it is in the code only.
    #[serde(with = "as_optional_text")]
    pub(crate) in_file: Option<List>,
    /// Its list in the code; none when it is in the file only.
    #[serde(with = "as_optional_text")]
    pub(crate) in_code: Option<List>,
    /// Whether code may need it that was not compiled, although the code that was does not declare it.
    #[serde(default)]
    pub(crate) may_be_needed: bool,
}
