//! Names, requirements and lists of scopes as parts of sentences.

use hubspot_scopes::Requirement;

use crate::model::{Inexact, List, Package};

impl Inexact {
    /// The reason as part of a sentence.
    const fn text(self) -> &'static str {
        match self {
            Self::SeveralSets => {
                "several scope sets are declared, and the set of a call is not known"
            }
            Self::UncheckedClients => "some calls may be made with clients that check nothing",
            Self::RawRequests => "some raw requests may need any scope",
            Self::UnseenDependencies => "dependencies that were not audited may call, too",
            Self::UncompiledCode => "code that was not compiled may call, too",
            Self::Derives => "derives may write calls that the compiler does not report",
            Self::GenericFunctions => {
                "functions that are generic over the scope set call, and what they require of it is not known"
            }
            Self::ObjectTypes => {
                "operations on objects of any type need the scopes of the types that they are called with"
            }
        }
    }
}

/// The reasons why a verdict is not exact; `None` if it is.
pub(crate) fn inexact(package: &Package) -> Option<String> {
    let because = package.verdict.because.iter().map(|because| because.text());
    let because = because.collect::<Vec<_>>().join(", and ");
    (!because.is_empty()).then(|| format!("not exact: {because}"))
}

/// What a scope in a list is, as part of a sentence.
pub(crate) const fn described(list: List) -> &'static str {
    match list {
        List::Conditional => "conditionally required",
        List::Unlisted => "required (unlisted)",
        List::Assume => "assumed",
        other => other.key(),
    }
}

/// Names in a sentence: `` `a`, `b` and `c` ``. A name stays in its line and between its quotes, whatever it contains.
pub(crate) fn quoted(names: &[String]) -> String {
    let mut names: Vec<_> = names.iter().map(|name| quote(name)).collect();
    match (names.pop(), names.join(", ")) {
        (None, _) => "nothing".to_owned(),
        (Some(name), before) if before.is_empty() => name,
        (Some(last), before) => format!("{before} and {last}"),
    }
}

/// One such name.
pub(crate) fn quote(name: &str) -> String {
    let plain = name.replace('`', "'").replace(char::is_control, " ");
    format!("`{plain}`")
}

/// The form of a word that fits a number.
pub(crate) const fn plural<'a>(number: usize, one: &'a str, more: &'a str) -> &'a str {
    if number == 1 { one } else { more }
}

/// A number of things: `1 call`, `2 calls`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", plural(number, "", "s"))
}

/// How many places of a list are shown.
const PLACES: usize = 3;

/// The first texts of a list: `a, b, c and 2 more`.
pub(crate) fn few(texts: &[String]) -> String {
    let shown = texts.get(..PLACES).unwrap_or(texts).join(", ");
    match texts.len().saturating_sub(PLACES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// How many alternatives of a requirement are shown.
const SHOWN: usize = 2;

/// A requirement in a few words, without quotes.
pub(crate) fn short(requirement: &Requirement) -> String {
    format!("{:#}", requirement.describe(SHOWN))
}

/// The operations with counted calls that a scope is used for, sorted.
pub(crate) fn users(package: &Package, scope: &str) -> Vec<String> {
    let needs = package.verdict.needs.iter();
    let needs = needs.filter(|need| need.requirement.scopes().contains(scope));
    let mut users: Vec<_> = needs.flat_map(|need| need.operations.clone()).collect();
    users.sort();
    users.dedup();
    users
}
