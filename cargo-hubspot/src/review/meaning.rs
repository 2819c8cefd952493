//! What a change of scopes means for the accounts that have installed the app.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use hubspot_scopes::{Alternative, LoginKind, Requirement, Sensitivity};

use super::change::ChangeKind;
use crate::app_file::LOGIN;
use crate::finding::{quote, quoted};
use crate::power::{by_power, power};

/// How many alternatives of a requirement are shown.
pub(super) const SHOWN: usize = 2;

/// What is known of each scope: its name, the product tier that it needs, and what it allows. `cargo xtask regen` writes the
/// file from `specs/scopes.toml`.
const FACTS: &str = include_str!("scopes.tsv");

static KNOWN: LazyLock<Vec<Fact>> =
    LazyLock::new(|| FACTS.lines().filter_map(Fact::parse).collect());

/// What is known of a scope.
pub(crate) struct Fact {
    scope: &'static str,
    pub(crate) tier: &'static str,
    pub(crate) description: &'static str,
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

    pub(crate) fn of(scope: &str) -> Option<&'static Self> {
        KNOWN.iter().find(|known| known.scope == scope)
    }
}

const LISTING: &str = "The app's scopes in HubSpot and its listing have to be changed first: HubSpot refuses an install link with other scopes";

pub(super) const NOBODY: &str = "Nobody has to consent again";

/// What a change of a scope means, in sentences without full stops. `was_offered` says whether it was optional before.
pub(super) fn of_scope(kind: ChangeKind, was_offered: bool, scope: &str) -> Vec<String> {
    let consequence: &[&str] = match kind {
        ChangeKind::Required if was_offered => &[
            "Installed accounts consent again: those that did not grant it as an optional scope have tokens without it",
            "An account that cannot grant it can no longer install the app",
            LISTING,
        ],
        ChangeKind::Required => &[
            "Every account that has installed the app must consent again",
            LISTING,
        ],
        ChangeKind::Optional => &[
            "Installed accounts go on without it: only the features that use it wait for their consent",
            LISTING,
        ],
        ChangeKind::Relaxed => &[
            NOBODY,
            "An account may install the app without it, so the calls must not rely on it: `Client::upgrade` checks",
        ],
        ChangeKind::Removed => &[
            NOBODY,
            "The app's scopes in HubSpot and its listing have to be changed, too",
        ],
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
    let sensitivity = Sensitivity::of_scope(scope).map(|of| of.name().replace('_', " "));
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

/// Ways to do without a scope: other scopes that the app asks for already or that open fewer operations, another list, or none.
pub(super) struct Ways<'a> {
    pub(super) scope: &'a str,
    /// How the app logs in, if that is known.
    pub(super) login: Option<LoginKind>,
    /// The scopes that the app has asked every account for, and still does.
    pub(super) asked: BTreeSet<String>,
    /// Whether the scope can be removed.
    pub(super) is_unused: bool,
    /// Whether it was not asked for before, and every account must grant it.
    pub(super) is_new_requirement: bool,
}

impl Ways<'_> {
    /// The ways for the operations that need the scope. Other scopes are one only if each of the operations accepts some.
    pub(super) fn of(&self, users: &[(&str, &Requirement)]) -> Vec<String> {
        if self.scope == LOGIN {
            return Vec::new();
        }
        if users.is_empty() {
            let text = "Nothing needs it: leave it out";
            return Vec::from_iter(self.is_unused.then(|| text.to_owned()));
        }
        let others = users
            .iter()
            .map(|(operation, requirement)| self.other(operation, requirement));
        if let Some(mut ways) = others.collect::<Option<Vec<_>>>() {
            ways.dedup();
            return ways;
        }
        let is_optional = "List it under `optional` and call through `Client::upgrade`: then only this feature waits for consent";
        // An app with a static token has required scopes only.
        let has_lists = self.login != Some(LoginKind::PrivateApps);
        Vec::from_iter((self.is_new_requirement && has_lists).then(|| is_optional.to_owned()))
    }

    /// Other scopes that an operation accepts, for the app's kind of login.
    fn other(&self, operation: &str, requirement: &Requirement) -> Option<String> {
        let own = BTreeSet::from([self.scope.to_owned()]);
        let fits = |other: &Alternative| match self.login {
            Some(login) => other.logins().contains(login),
            None => other.logins().only().is_none(),
        };
        let others = by_power(requirement, operation);
        let others = others.iter().filter(|other| fits(other));
        let others: Vec<_> = others
            .map(Alternative::scopes)
            .filter(|other| !other.contains(self.scope))
            .collect();
        let mut asked = others.iter().filter(|other| other.is_subset(&self.asked));
        let mut less = others.iter().filter(|other| is_less(other, &own));
        let names = |other: &BTreeSet<String>| quoted(&Vec::from_iter(other.clone()));
        let operation = quote(operation);
        match (asked.next(), less.next()) {
            (Some(other), _) => {
                let names = names(other);
                Some(format!(
                    "{operation} also accepts {names}, which the app has already"
                ))
            }
            (None, Some(other)) => {
                let names = names(other);
                Some(format!(
                    "{operation} also accepts {names}, which opens fewer operations"
                ))
            }
            (None, None) => None,
        }
    }
}

/// Returns whether scopes open fewer operations than others.
fn is_less(scopes: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let opened = |scopes| {
        let opened = power().opened_by(scopes);
        (opened.writes, opened.reads)
    };
    scopes.iter().all(|scope| power().knows(scope)) && opened(scopes) < opened(others)
}
