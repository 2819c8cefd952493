//! What a change of scopes means for the accounts that have installed the app.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hubspot_scopes::Requirement;

use super::change::ChangeKind;
use crate::app_file::LOGIN;
use crate::finding::quoted;
use crate::power::{by_power, power};

/// What is known of each scope: its name, the product tier that it needs, and what it allows. `cargo xtask regen` writes the
/// file from `specs/scopes.toml`.
const FACTS: &str = include_str!("scopes.tsv");

static KNOWN: LazyLock<Vec<Fact>> =
    LazyLock::new(|| FACTS.lines().filter_map(Fact::parse).collect());

/// What is known of a scope.
struct Fact {
    scope: &'static str,
    tier: &'static str,
    description: &'static str,
}

impl Fact {
    fn parse(line: &'static str) -> Option<Self> {
        let mut parts = line.split('\t');
        let [scope, tier, description] = [parts.next()?, parts.next()?, parts.next()?];
        (!scope.starts_with('#')).then_some(Self {
            scope,
            tier,
            description,
        })
    }

    fn of(scope: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.scope == scope)
    }
}

/// What a change of a scope means, in sentences without full stops.
pub(super) fn of_scope(kind: ChangeKind, scope: &str) -> Vec<String> {
    let consequence: &[&str] = match kind {
        ChangeKind::Required => &[
            "Every account that has installed the app must consent again",
            "The app's scopes in HubSpot and its listing have to be changed first: HubSpot refuses an install link with other scopes",
        ],
        ChangeKind::Optional => &[
            "Installed accounts go on without it: only the features that use it wait for their consent",
            "The app's scopes in HubSpot and its listing have to be changed first: HubSpot refuses an install link with other scopes",
        ],
        ChangeKind::Relaxed => &[
            "Nobody has to consent again",
            "An account may install the app without it, so the calls must not rely on it: `Client::upgrade` checks",
        ],
        ChangeKind::Removed => &[
            "Nobody has to consent again",
            "The app's scopes in HubSpot and its listing have to be changed, too",
        ],
        ChangeKind::Unneeded => {
            &["It can be removed: `cargo hubspot audit --fix` does it, if nothing else may need it"]
        }
        ChangeKind::Undeclared => &["Every app that makes this call has to declare it"],
        _ => &[],
    };
    let mut means: Vec<String> = consequence.iter().map(|&text| text.to_owned()).collect();
    let grows = [
        ChangeKind::Required,
        ChangeKind::Optional,
        ChangeKind::Undeclared,
    ]
    .contains(&kind);
    if !grows {
        return means;
    }
    let fact = Fact::of(scope);
    if let Some(fact) = fact.filter(|fact| !fact.tier.is_empty()) {
        let tier = fact.tier;
        means.push(if kind == ChangeKind::Required {
            format!("It needs the product tier {tier}: accounts without it cannot install the app")
        } else {
            format!("It needs the product tier {tier}: accounts without it do not get it")
        });
    }
    let is = |word| scope.split(['.', '-']).any(|part| part == word);
    let sensitivity = match (is("highly_sensitive"), is("sensitive")) {
        (true, _) => Some("highly sensitive"),
        (_, true) => Some("sensitive"),
        _ => None,
    };
    means.extend(sensitivity.map(|how| format!("It opens {how} data")));
    let description = fact.map(|fact| fact.description.trim_end_matches('.'));
    let description = description.filter(|text| !text.is_empty());
    means.extend(description.map(|text| format!("It lets the app {}", lowercase(text))));
    means
}

fn lowercase(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Ways to do without a scope: other scopes that are declared already or open fewer operations, another list, or none.
pub(super) fn instead<'a>(
    scope: &str,
    needed: bool,
    users: impl Iterator<Item = (&'a str, &'a Requirement)>,
    declared: &BTreeSet<String>,
) -> Vec<String> {
    if !needed {
        let text = "Nothing that was compiled needs it: leave it out";
        return Vec::from_iter((scope != LOGIN).then(|| text.to_owned()));
    }
    let own = BTreeSet::from([scope.to_owned()]);
    let mut ways = Vec::new();
    for (operation, requirement) in users {
        let ignoring = requirement.ignoring_schemes();
        let others = by_power(&ignoring, operation);
        let others = others
            .iter()
            .map(hubspot_scopes::Alternative::scopes)
            .filter(|other| !other.contains(scope));
        let mut others: Vec<_> = others.collect();
        others.retain(|other| other.is_subset(declared) || is_less(other, &own));
        // What is declared already costs nobody anything.
        others.sort_by_key(|other| !other.is_subset(declared));
        let Some(other) = others.first() else {
            continue;
        };
        let names = quoted(&Vec::from_iter((*other).clone()));
        ways.push(if other.is_subset(declared) {
            format!("`{operation}` also accepts {names}, which the app has already")
        } else {
            format!("`{operation}` also accepts {names}, which opens fewer operations")
        });
    }
    let is_optional = "List it under `optional` and call through `Client::upgrade`: then only this feature waits for consent";
    if ways.is_empty() && scope != LOGIN {
        ways.push(is_optional.to_owned());
    }
    ways
}

/// Returns whether scopes open fewer operations than others.
fn is_less(scopes: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let opened = |scopes| {
        let opened = power().opened_by(scopes);
        (opened.writes, opened.reads)
    };
    scopes.iter().all(|scope| power().knows(scope)) && opened(scopes) < opened(others)
}
