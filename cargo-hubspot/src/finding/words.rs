//! Names, requirements and lists of scopes as parts of sentences.

use hubspot_scopes::Requirement;

use crate::model::{Inexact, List, Package};

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

/// What a scope in a list is, as part of a sentence.
pub(crate) const fn described(list: List) -> &'static str {
    match list {
        List::Required => "required",
        List::Conditional => "conditionally required",
        List::Optional => "optional",
        List::Unlisted => "required (unlisted)",
        List::Assume => "assumed",
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

/// A number of things: `1 call`, `2 calls`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

/// How many of a list of places are shown.
const PLACES: usize = 3;

/// The first of several texts: `a, b, c and 2 more`.
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

/// The operations whose counted calls a scope is of use for, sorted.
pub(crate) fn users(package: &Package, scope: &str) -> Vec<String> {
    let needs = package.verdict.needs.iter();
    let needs = needs.filter(|need| need.requirement.scopes().contains(scope));
    let mut users: Vec<_> = needs.flat_map(|need| need.operations.clone()).collect();
    users.sort();
    users.dedup();
    users
}
