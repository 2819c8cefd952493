//! A finding: its kind, its place, and what it says.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::model::Place;

/// The kinds of findings, in the order in which they are shown. Their descriptions are shown to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FindingKind {
    /// A call needs a scope that is not declared for the app's kind of login, or not granted
    Missing,
    /// A scope is declared, but nothing needs it
    Unused,
    /// A scope is declared that scopes with less power can replace
    Replaceable,
    /// A function states more scopes than it uses
    Wide,
    /// An app file does not list the scopes that the code declares
    Difference,
    /// A client is used whose calls the compiler does not check
    Unchecked,
    /// A scope set's trait is implemented without `scope_set!`
    HandWritten,
    /// A raw request states no scopes
    RawRequest,
    /// A dependency uses HubSpot and was not audited
    Unseen,
    /// A token was granted a scope that nothing needs
    Surplus,
    /// Code can use a scope, but production did not
    Idle,
    /// Only raw requests make a call in production
    OnlyRaw,
    /// Only tests, examples, benchmarks or build scripts need a scope
    TestOnly,
    /// Nothing that was compiled needs a scope, but other code may
    Undecided,
    /// A scope could be replaced by others, which open fewer operations, but others too
    Alternative,
    /// A client may get more scopes while the program runs
    Upgrade,
    /// A scope is assumed not to be needed, whatever is documented
    Assumed,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// HubSpot will reject a call.
    Error,
    Warning,
    Note,
}

impl Level {
    /// The name, as rustc has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl FindingKind {
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

    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Missing => Level::Error,
            Self::TestOnly
            | Self::Undecided
            | Self::Alternative
            | Self::Upgrade
            | Self::OnlyRaw
            | Self::Assumed => Level::Note,
            _ => Level::Warning,
        }
    }
}

/// Something that the audit found.
#[derive(Clone, Debug)]
pub(crate) struct Finding<'a> {
    pub(crate) kind: FindingKind,
    /// The package; `None` for a dependency.
    pub(crate) package: Option<&'a str>,
    /// The scope, function, operation or dependency that it names.
    pub(crate) subject: String,
    pub(crate) file: Option<&'a str>,
    /// Where in the file.
    pub(crate) place: Option<&'a Place>,
    pub(crate) function: Option<&'a str>,
    /// What is wrong, in one sentence without a full stop.
    pub(crate) message: String,
    /// What to say at the place.
    pub(crate) label: String,
    pub(crate) notes: Vec<String>,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// The literal to remove, if that mends it.
    pub(crate) removal: Option<Removal<'a>>,
}

/// The literal of a scope that can be removed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Removal<'a> {
    pub(crate) place: &'a Place,
    /// Whether the audit is exact, and no app file lists the scope, too.
    pub(crate) is_complete: bool,
}

impl<'a> Finding<'a> {
    pub(crate) fn new(kind: FindingKind, subject: &str, message: String) -> Self {
        Self {
            kind,
            package: None,
            subject: subject.to_owned(),
            file: None,
            place: None,
            function: None,
            message,
            label: String::new(),
            notes: Vec::new(),
            help: None,
            removal: None,
        }
    }

    /// A finding about a function, or about code outside of any.
    pub(super) fn of_function(
        kind: FindingKind,
        function: Option<&'a str>,
        message: String,
    ) -> Self {
        let label = function.map_or_else(String::new, |function| format!("in `{function}`"));
        Self {
            function,
            label,
            ..Self::new(kind, function.unwrap_or_default(), message)
        }
    }

    pub(super) fn at(self, place: &'a Place) -> Self {
        Self {
            file: Some(&place.file),
            place: Some(place),
            ..self
        }
    }

    pub(super) fn label(self, label: String) -> Self {
        Self { label, ..self }
    }

    pub(crate) fn note(mut self, note: impl Into<Option<String>>) -> Self {
        self.notes.extend(note.into());
        self
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// The notes and the help.
    pub(crate) fn more(&self) -> impl Iterator<Item = &String> {
        self.notes.iter().chain(&self.help)
    }
}
