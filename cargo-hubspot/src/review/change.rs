//! What changed between two versions of a program, and what it means.

use clap::ValueEnum;
use serde::Serialize;

use crate::model::Place;

/// The version of the JSON: it grows when a field is removed or changes its meaning.
const FORMAT: u32 = 1;

/// The outcome of a review.
#[derive(Debug, Serialize)]
pub(crate) struct Review {
    format: u32,
    /// The version of `cargo-hubspot`.
    version: &'static str,
    /// What the code is compared with.
    pub(crate) base: String,
    /// The folder of the workspace.
    pub(crate) workspace: String,
    /// By package, the gravest first.
    pub(crate) changes: Vec<Change>,
}

impl Review {
    pub(crate) const fn new(base: String, workspace: String, changes: Vec<Change>) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self {
            format: FORMAT,
            version,
            base,
            workspace,
            changes,
        }
    }

    /// The consequence of all changes in a sentence.
    pub(crate) fn conclusion(&self) -> &'static str {
        let has = |kind| self.changes.iter().any(|change| change.kind == kind);
        if has(ChangeKind::Required) {
            "Installed accounts must consent again."
        } else if has(ChangeKind::Withdrawn) {
            "Calls will fail."
        } else if has(ChangeKind::Undeclared) {
            "A call needs a scope that is not declared."
        } else if has(ChangeKind::Unknown) {
            "A raw request may need any scope."
        } else if has(ChangeKind::Optional) {
            "Only new features wait for consent."
        } else if has(ChangeKind::NewSet) {
            "A new scope set: nobody has installed its app."
        } else if self.changes.is_empty() {
            "Calls and scopes are the same."
        } else {
            "Nobody has to consent again."
        }
    }
}

/// The kinds of changes, the gravest first. Their descriptions are shown to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChangeKind {
    /// A scope became required: installed accounts must consent again
    Required,
    /// A call needs a scope that its package does not declare
    Undeclared,
    /// A raw request of unknown scopes is new
    Unknown,
    /// An optional scope is new: only the features that use it wait for consent
    Optional,
    /// A new package declares a scope set: nobody has installed its app
    NewSet,
    /// A required scope became optional: accounts may install the app without it
    Relaxed,
    /// A called operation is not in the newer catalogue
    Withdrawn,
    /// An operation needs other scopes in this version of the client, or in the newer catalogue
    Requirement,
    /// A declared scope is no longer needed
    Unneeded,
    /// A scope is no longer declared
    Removed,
    /// A function calls an operation in another version
    Moved,
    /// A call is new
    Call,
    /// A call is gone
    Gone,
}

impl ChangeKind {
    /// The name that `--deny` and every format use.
    pub(crate) fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// A description in one sentence.
    pub(crate) fn description(self) -> String {
        let value = self.to_possible_value();
        let help = value.and_then(|value| Some(value.get_help()?.to_string()));
        format!("{}.", help.unwrap_or_default())
    }

    /// The level in SARIF.
    pub(crate) const fn level(self) -> &'static str {
        match self {
            Self::Required | Self::Undeclared | Self::Withdrawn => "error",
            Self::Unknown
            | Self::Optional
            | Self::NewSet
            | Self::Relaxed
            | Self::Requirement
            | Self::Unneeded => "warning",
            Self::Removed | Self::Moved | Self::Call | Self::Gone => "note",
        }
    }
}

/// One change.
#[derive(Debug, Serialize)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) package: String,
    /// The scope or the operation that it is about.
    pub(crate) subject: String,
    /// What changed, in one sentence without a full stop.
    pub(crate) message: String,
    /// What it means, in sentences without full stops.
    pub(crate) means: Vec<String>,
    /// The calls that cause it.
    pub(crate) because: Vec<Cause>,
    /// Ways that need less, in sentences without full stops.
    pub(crate) instead: Vec<String>,
    /// Where it is declared: the scope set or app file, or else the package's `Cargo.toml`.
    pub(crate) at: Place,
}

/// A call that causes a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Cause {
    /// The place, if the call is in the code: one that is gone is not.
    pub(crate) place: Option<Place>,
    /// The function, as a lock has it; `-` outside of functions.
    pub(crate) function: String,
    pub(crate) operation: String,
    /// Whether the call is new.
    pub(crate) is_new: bool,
}
