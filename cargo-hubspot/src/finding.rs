//! What there is to say against a program's scopes: a report, judged.
//!
//! Comes in: a [`Report`]. Goes out: its [`Finding`]s, each with words for a reader and a key that stays the same when lines
//! move. The formats show them, `--deny` counts them, a baseline accepts them. Refuses nothing.

use hubspot_scopes::Requirement;
use serde::{Deserialize, Serialize};

use crate::live::Granted;
use crate::model::{
    AppFile, Called, Difference, Hold, HoldKind, Inexact, Judged, List, Need, Package, Place,
    Report, ScopedFunction,
};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// A scope that is declared and needed by nothing.
    Unused,
    /// A scope for which less can stand.
    Replaceable,
    /// A need that no declaration satisfies for the app's kind of login.
    Missing,
    /// A function that states more than it uses.
    Wide,
    /// A client that checks nothing.
    Unchecked,
    /// A request that the client has no method for.
    RawRequest,
    /// A client that gets more scopes while the program runs.
    Upgrade,
    /// An app file that does not say what the code says, or cannot be read.
    Difference,
    /// A dependency whose calls were not seen.
    Unseen,
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
    pub(crate) const ALL: [Self; 11] = [
        Self::Missing,
        Self::Unused,
        Self::Replaceable,
        Self::Wide,
        Self::Difference,
        Self::Unchecked,
        Self::RawRequest,
        Self::Unseen,
        Self::Surplus,
        Self::Upgrade,
        Self::Assumed,
    ];

    /// The name that `--deny` and every format use.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Replaceable => "replaceable",
            Self::Missing => "missing",
            Self::Wide => "wide",
            Self::Unchecked => "unchecked",
            Self::RawRequest => "raw-request",
            Self::Upgrade => "upgrade",
            Self::Difference => "difference",
            Self::Unseen => "unseen",
            Self::Assumed => "assumed",
            Self::Surplus => "surplus",
        }
    }

    /// What it means, in a sentence.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Unused => "A scope is declared, but nothing needs it.",
            Self::Replaceable => "A scope is declared for which less power would be enough.",
            Self::Missing => {
                "A call needs a scope that is not declared for the app's kind of login, or not granted."
            }
            Self::Wide => "A function states more scopes than it uses.",
            Self::Unchecked => "A client is used whose calls the compiler does not check.",
            Self::RawRequest => "A request is spelled out; what it needs is not known.",
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
            Self::Upgrade | Self::Assumed => Level::Note,
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
    fn new(kind: Kind, subject: &str, message: String) -> Self {
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

    fn note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    fn help(self, help: &str) -> Self {
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

fn of_package(package: &Package) -> Vec<Finding<'_>> {
    let mut found = Vec::new();
    found.extend(missing(package));
    found.extend(unused(package));
    found.extend(replaceable(package));
    found.extend(package.functions.iter().filter_map(wide));
    let holds = package.unchecked.iter().chain(&package.upgrades);
    found.extend(holds.filter(|hold| hold.counts).map(held));
    found.extend(package.app_files.iter().flat_map(differences));
    found.extend(assumed(package));
    for finding in &mut found {
        finding.package = Some(&package.name);
    }
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
    let surplus = granted.surplus(report).map(|scope| {
        let message = format!("the token was granted `{scope}`, which nothing needs");
        Finding::new(Kind::Surplus, scope, message)
            .help("whoever gets hold of the token can use it: take it out of the app")
    });
    lacks.chain(surplus).collect()
}

fn missing(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.missing.iter().map(|need| {
        let what = "which no declaration has for the app's kind of login";
        lacking(package, need, what)
            .help("the compiler takes scopes of either kind of login; declare those of yours")
    })
}

/// A need that is not satisfied, at its first call.
fn lacking<'a>(package: &'a Package, need: &Need, what: &str) -> Finding<'a> {
    let subject = need.requirement.to_string();
    let verb = if need.operations.len() == 1 {
        "needs"
    } else {
        "need"
    };
    let message = format!(
        "{} {verb} {}, {what}",
        quoted(&need.operations),
        short(&need.requirement)
    );
    let calls = package.call_sites.iter();
    let mut calls = calls.filter(|call| call.counts && call.requirement == need.requirement);
    let finding = Finding::new(Kind::Missing, &subject, message);
    match calls.next() {
        Some(call) => Finding {
            function: call.function.as_deref(),
            ..finding.at(&call.place, "called here".to_owned())
        },
        None => finding,
    }
}

fn unused(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.unused.iter().map(|judged| {
        let message = format!(
            "the scope `{}` is declared, but nothing needs it",
            judged.scope
        );
        Finding::new(Kind::Unused, &judged.scope, message)
            .at(
                &judged.place,
                format!("in `{}` of `{}`", judged.list.key(), judged.set),
            )
            .note(inexact(package))
            .note(stated(judged))
            .help("take it out, of the app's scopes in HubSpot, too; `--fix` does so in the files")
    })
}

fn replaceable(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.replaceable.iter().map(|replaceable| {
        let judged = &replaceable.declared;
        let message = format!(
            "{} can stand for the scope `{}`",
            quoted(&replaceable.by),
            judged.scope
        );
        Finding::new(Kind::Replaceable, &judged.scope, message)
            .at(
                &judged.place,
                format!("in `{}` of `{}`", judged.list.key(), judged.set),
            )
            .note(Some(format!(
                "of use for {}",
                quoted(&replaceable.operations)
            )))
            .note(inexact(package))
            .note(stated(judged))
            .help("`--fix` changes the files, where the audit is exact")
    })
}

/// Which functions keep a scope from being taken out.
fn stated(judged: &Judged) -> Option<String> {
    let by = &judged.stated_by;
    (!by.is_empty()).then(|| format!("stated by {}: mend that first", quoted(by)))
}

fn assumed(package: &Package) -> impl Iterator<Item = Finding<'_>> {
    package.verdict.assumed.iter().map(|assumed| {
        let judged = &assumed.declared;
        let message = format!("the scope `{}` is assumed not to be needed", judged.scope);
        let why = if assumed.operations.is_empty() {
            "nothing that is called is documented to need it: the assumption is of no use".into()
        } else {
            format!("documented to be needed by {}", quoted(&assumed.operations))
        };
        Finding::new(Kind::Assumed, &judged.scope, message)
            .at(&judged.place, format!("in `assume` of `{}`", judged.set))
            .note(Some(why))
    })
}

/// Why what is said of declarations may not be the whole truth.
fn inexact(package: &Package) -> Option<String> {
    let because = package.verdict.because.iter().map(|because| because.text());
    let because = because.collect::<Vec<_>>().join(", and ");
    (!because.is_empty()).then(|| format!("not exact: {because}"))
}

impl Inexact {
    /// The reason as part of a sentence.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::SeveralSets => {
                "several scope sets are declared, and a call does not tell its own"
            }
            Self::UncheckedClients => "some calls may be made with clients that check nothing",
            Self::RawRequests => "some requests are spelled out, and may need anything",
            Self::UnseenDependencies => "dependencies that were not seen may call, too",
        }
    }
}

fn wide(function: &ScopedFunction) -> Option<Finding<'_>> {
    let enough = function.enough.as_ref()?;
    let name = &function.function;
    let message = if function.unneeded.is_empty() {
        format!("`{name}` states more than it uses")
    } else {
        format!(
            "`{name}` states {}, which nothing in it needs",
            quoted(&function.unneeded)
        )
    };
    let help = if enough.is_none() {
        "leave `#[hubspot_scopes]` out".to_owned()
    } else {
        format!("`#[hubspot_scopes({enough})]` is enough")
    };
    Some(Finding {
        function: Some(name),
        ..Finding::new(Kind::Wide, name, message)
            .at(
                &function.place,
                format!("states {}", short(&function.states)),
            )
            .note(Some(calls(&function.calls)))
            .help(&help)
    })
}

fn held(hold: &Hold) -> Finding<'_> {
    let (kind, message) = match hold.kind {
        HoldKind::UncheckedClient => (
            Kind::Unchecked,
            "`Client::unchecked` allows every call: the compiler checks none",
        ),
        HoldKind::UncheckedType => (
            Kind::Unchecked,
            "a `Client<Unchecked>` allows every call: the compiler checks none",
        ),
        HoldKind::RawRequest => (
            Kind::RawRequest,
            "what a request that is spelled out needs is not known",
        ),
        HoldKind::Upgrade => (
            Kind::Upgrade,
            "a client with more scopes, where the token has them",
        ),
    };
    let function = hold.function.as_deref();
    let label = function.map_or_else(String::new, |function| format!("in `{function}`"));
    Finding {
        function,
        ..Finding::new(kind, function.unwrap_or_default(), message.to_owned())
            .at(&hold.place, label)
            .note(Some(calls(&hold.calls)))
    }
}

/// What is called in a function, in a sentence.
fn calls(calls: &[Called]) -> String {
    if calls.is_empty() {
        return "the function calls no operation itself".to_owned();
    }
    let mut names: Vec<_> = calls.iter().map(|call| call.operation.clone()).collect();
    names.sort();
    names.dedup();
    format!("the function calls {}", quoted(&names))
}

fn differences(file: &AppFile) -> Vec<Finding<'_>> {
    let in_file = |finding| Finding {
        file: Some(&file.file),
        ..finding
    };
    let fault = file.fault.iter().map(|fault| {
        in_file(Finding::new(
            Kind::Difference,
            "",
            format!("`{}` {fault}", file.file),
        ))
    });
    let difference = |difference: &Difference| {
        let Difference {
            scope,
            in_file: listed,
            in_code,
        } = difference;
        let message = match (listed, in_code) {
            (Some(list), None) => format!(
                "the app file lists `{scope}` as {}, the code does not declare it",
                list.word()
            ),
            (None, Some(list)) => format!(
                "the code declares `{scope}` as {}, the app file does not list it",
                list.word()
            ),
            (Some(listed), Some(declared)) => format!(
                "`{scope}` is {} in the app file, but {} in the code",
                listed.word(),
                declared.word()
            ),
            (None, None) => format!("the app file and the code differ in `{scope}`"),
        };
        in_file(Finding::new(Kind::Difference, scope, message))
            .help("`--fix` makes the app file list what the code declares")
    };
    // HubSpot adds this one by itself where a file does not list it; no call needs it.
    let differences = file.differences.iter();
    let differences = differences.filter(|one| one.scope != "oauth" || one.in_code.is_some());
    fault.chain(differences.map(difference)).collect()
}

impl List {
    /// Its key in a `scope_set!`.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditional",
            Self::Optional => "optional",
            Self::Unlisted => "unlisted",
            Self::Assume => "assume",
        }
    }

    /// What a scope in it is.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Conditional => "conditionally required",
            Self::Optional => "optional",
            Self::Unlisted => "required (unlisted)",
            Self::Assume => "assumed",
        }
    }

    /// Its key in an app file; none for what is no concern of HubSpot's.
    pub(crate) const fn key_in_app_file(self) -> Option<&'static str> {
        match self {
            Self::Required | Self::Unlisted => Some("requiredScopes"),
            Self::Conditional => Some("conditionallyRequiredScopes"),
            Self::Optional => Some("optionalScopes"),
            Self::Assume => None,
        }
    }
}

/// Names in a sentence: `` `a`, `b` and `c` ``.
pub(crate) fn quoted(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [name] => format!("`{name}`"),
        [names @ .., last] => {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and `{last}`", names.join(", "))
        }
    }
}

/// How many alternatives of a requirement are shown.
const SHOWN: usize = 4;

/// A requirement in a few words, without the kinds of login.
pub(crate) fn short(requirement: &Requirement) -> String {
    let requirement = requirement.ignoring_schemes();
    let ways: Vec<_> = requirement
        .alternatives()
        .iter()
        .map(|way| Vec::from_iter(way.scopes().clone()).join(" + "))
        .collect();
    match ways.as_slice() {
        [] => "nothing".to_owned(),
        ways if ways.len() <= SHOWN => ways.join(" or "),
        [first, rest @ ..] => format!("{first} or any of {} others", rest.len()),
    }
}

/// The operations whose counted calls a scope is of use for, sorted.
pub(crate) fn users(package: &Package, scope: &str) -> Vec<String> {
    let needs = package.verdict.needs.iter();
    let needs = needs.filter(|need| need.requirement.scopes().contains(scope));
    let mut users: Vec<_> = needs.flat_map(|need| need.operations.clone()).collect();
    users.sort();
    users.dedup();
    users
}
