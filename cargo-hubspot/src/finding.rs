//! The findings of a report: what is wrong with a program's scopes.
//!
//! Each [`Finding`] has a message for the reader and a key that stays the same when lines move. The output formats show
//! findings, `--deny` counts them and a baseline accepts them.

mod package;
mod request;
mod words;

use serde::{Deserialize, Serialize};

use self::package::{lacking, of_package};
pub(crate) use self::words::{count, described, few, quoted, short, users};
use crate::live::Granted;
use crate::model::{Place, Report};
use crate::operations;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A scope that is declared and needed by nothing.
    Unused,
    /// A scope that only tests, examples, benchmarks or build scripts need.
    TestOnly,
    /// A scope that only code may need that was not compiled.
    Undecided,
    /// A scope for which less can stand.
    Replaceable,
    /// A need that no declaration satisfies for the app's kind of login.
    Missing,
    /// A function that states more than it uses.
    Wide,
    /// A client that checks nothing.
    Unchecked,
    /// A scope set's trait that is implemented by hand, so that the compiler takes it for declared.
    HandWritten,
    /// A request that the client has no method for.
    RawRequest,
    /// A client that gets more scopes while the program runs.
    Upgrade,
    /// An app file that does not say what the code says, or cannot be read.
    Difference,
    /// A dependency whose calls were not seen.
    Unseen,
    /// A scope that others could replace which also allow something else.
    Alternative,
    /// A scope that is assumed not to be needed.
    Assumed,
    /// A scope that the token was granted and nothing needs.
    Surplus,
}

/// How much a kind of finding matters when nobody has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The program will be refused.
    Error,
    /// To be mended.
    Warning,
    /// To be known.
    Note,
}

impl Kind {
    /// Every kind, in the order in which findings are shown.
    pub(crate) const ALL: [Self; 15] = [
        Self::Missing,
        Self::Unused,
        Self::Replaceable,
        Self::Wide,
        Self::Difference,
        Self::Unchecked,
        Self::HandWritten,
        Self::RawRequest,
        Self::Unseen,
        Self::Surplus,
        Self::TestOnly,
        Self::Undecided,
        Self::Alternative,
        Self::Upgrade,
        Self::Assumed,
    ];

    /// The name that `--deny` and every format use.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::TestOnly => "test-only",
            Self::Undecided => "undecided",
            Self::Replaceable => "replaceable",
            Self::Missing => "missing",
            Self::Wide => "wide",
            Self::Unchecked => "unchecked",
            Self::HandWritten => "hand-written",
            Self::RawRequest => "raw-request",
            Self::Upgrade => "upgrade",
            Self::Difference => "difference",
            Self::Unseen => "unseen",
            Self::Alternative => "alternative",
            Self::Assumed => "assumed",
            Self::Surplus => "surplus",
        }
    }

    /// What it means, in a sentence.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Unused => "A scope is declared, but nothing needs it.",
            Self::TestOnly => {
                "A scope is needed by tests, examples, benchmarks or build scripts only."
            }
            Self::Undecided => "Nothing that was compiled needs a scope, but other code may.",
            Self::Replaceable => "A scope is declared for which less power would be enough.",
            Self::Missing => {
                "A call needs a scope that is not declared for the app's kind of login, or not granted."
            }
            Self::Wide => "A function states more scopes than it uses.",
            Self::Unchecked => "A client is used whose calls the compiler does not check.",
            Self::HandWritten => "A scope set's trait is implemented without `scope_set!`.",
            Self::RawRequest => "A request is spelled out and states no scopes.",
            Self::Alternative => {
                "A scope could be replaced by others, which open fewer operations, but others too."
            }
            Self::Upgrade => "A client may get more scopes while the program runs.",
            Self::Difference => "An app file does not list the scopes that the code declares.",
            Self::Unseen => "A dependency uses HubSpot and was not looked into.",
            Self::Surplus => "A token was granted a scope that nothing needs.",
            Self::Assumed => "A scope is assumed not to be needed, whatever is documented.",
        }
    }

    /// How much it matters.
    pub(crate) const fn level(self) -> Level {
        match self {
            Self::Missing => Level::Error,
            Self::TestOnly
            | Self::Undecided
            | Self::Alternative
            | Self::Upgrade
            | Self::Assumed => Level::Note,
            _ => Level::Warning,
        }
    }
}

/// Something to say.
#[derive(Clone, Debug)]
pub(crate) struct Finding<'a> {
    /// What it is about.
    pub(crate) kind: Kind,
    /// The package; none for a dependency.
    pub(crate) package: Option<&'a str>,
    /// The scope, function, operation or dependency that it names.
    pub(crate) subject: String,
    /// The file that it is about.
    pub(crate) file: Option<&'a str>,
    /// Where in the file.
    pub(crate) place: Option<&'a Place>,
    /// The function that it is in.
    pub(crate) function: Option<&'a str>,
    /// What is wrong, in one sentence without a full stop.
    pub(crate) message: String,
    /// What to say at the place.
    pub(crate) label: String,
    /// What else is to be known.
    pub(crate) notes: Vec<String>,
    /// What to do.
    pub(crate) help: Option<String>,
}

impl<'a> Finding<'a> {
    pub(crate) fn new(kind: Kind, subject: &str, message: String) -> Self {
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
        }
    }

    fn at(self, place: &'a Place, label: String) -> Self {
        Self {
            file: Some(&place.file),
            place: Some(place),
            label,
            ..self
        }
    }

    pub(crate) fn note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    pub(crate) fn help(self, help: &str) -> Self {
        Self {
            help: Some(help.to_owned()),
            ..self
        }
    }
}

/// Everything there is to say, what matters most first.
pub(crate) fn findings<'a>(report: &'a Report, granted: Option<&'a Granted>) -> Vec<Finding<'a>> {
    let mut found: Vec<_> = report
        .packages
        .iter()
        .filter(|package| package.asked)
        .flat_map(of_package)
        .collect();
    for unseen in &report.unseen {
        let message = format!(
            "`{}` {} calls HubSpot, and what it calls was not seen",
            unseen.name, unseen.version
        );
        let finding = Finding::new(Kind::Unseen, &unseen.name, message)
            .note(Some(format!("used by {}", quoted(&unseen.used_by))))
            .help("audit the finished program: `cargo hubspot audit --binary target/release/…`");
        found.push(finding);
    }
    if let Some(granted) = granted {
        found.extend(of_token(report, granted));
    }
    let order = |kind| Kind::ALL.iter().position(|known| *known == kind);
    found.sort_by_key(|finding| order(finding.kind));
    found
}

/// What a token lacks, and what it has for nothing.
fn of_token<'a>(report: &'a Report, granted: &'a Granted) -> Vec<Finding<'a>> {
    let packages = report.packages.iter().filter(|package| package.asked);
    let lacks = packages.flat_map(|package| {
        granted.lacks(package).map(move |need| {
            let what = "which the token was not granted";
            let help = "install the app anew with it, or give it to the private app";
            Finding {
                package: Some(&package.name),
                ..lacking(package, need, what).help(help)
            }
        })
    });
    // What only an unknown request can need is not surplus.
    let mut asked = report.packages.iter().filter(|package| package.asked);
    let has_unknown_requests = asked.any(|package| package.verdict.has_unknown_requests);
    let covered = operations::covered();
    let is_surplus = |scope: &&String| !has_unknown_requests || covered.contains(*scope);
    let surplus: Vec<_> = granted.surplus(report).filter(is_surplus).collect();
    let surplus = surplus.into_iter().map(move |scope| {
        let message = format!("the token was granted `{scope}`, which nothing needs");
        let unknown = "not exact: some requests do not tell what they need";
        Finding::new(Kind::Surplus, scope, message)
            .note(has_unknown_requests.then(|| unknown.to_owned()))
            .help("whoever gets hold of the token can use it: take it out of the app")
    });
    lacks.chain(surplus).collect()
}
