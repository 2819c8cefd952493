//! Compares locks that are written here.

mod cases;

use hubspot_scopes::LoginKind;

use self::cases::{JOBS, without};
use super::change::Change;
use super::compare::compare;
use super::sides::Head;
use crate::lock::{SetScope, State};

/// An app with two calls, each for a scope that it requires.
const APP: &str = "\
call app Set crm.objects.companies.read companies.list firms
call app Set crm.objects.contacts.read contacts.list people
operation companies.list \"crm.objects.companies.read\"
operation contacts.list \"crm.objects.contacts.read\"
scope app Set crm.objects.companies.read required needed
scope app Set crm.objects.contacts.read required needed
";

/// A library, and the member that declares the scopes for it.
const LIBRARY: &str = "\
call app Set crm.objects.contacts.read contacts.list library/people
call library - crm.objects.contacts.read contacts.list people
operation contacts.list \"crm.objects.contacts.read\"
scope app Set crm.objects.contacts.read required needed
scope library - crm.objects.contacts.read undeclared needed
";

const ENDED: &str = "scope app Set crm.objects.contacts.read required spare\n";

fn state(lines: &str) -> State {
    State::parse(&format!("format 1\n{lines}"), "a.lock").unwrap()
}

fn kinds(changes: &[Change]) -> Vec<String> {
    let kinds = changes
        .iter()
        .map(|one| format!("{} {}", one.kind.name(), one.subject));
    kinds.collect()
}

/// The changes from one lock to another.
fn changes(before: &str, after: &str) -> Vec<Change> {
    compare(&state(before), &Head::of_state(state(after)))
}

#[test]
fn kinds_of_changes() {
    for (name, before, after, expected) in cases::all() {
        assert_eq!(kinds(&changes(&before, &after)), expected, "{name}");
    }
}

/// Whoever reads that a scope is removed may change the app's listing, so it says what still asks for the scope.
#[test]
fn a_removed_scope_that_is_still_asked_for() {
    let both = format!("{APP}{JOBS}listed app a.json crm.objects.contacts.read required\n");
    let after = without(&both, &[" Jobs crm.objects"]);
    let change = &changes(&both, &after)[0];
    assert_eq!(
        change.means,
        [
            "Nobody has to consent again",
            "It is still declared by `Set`",
            "It is still listed by `a.json`"
        ]
    );
    let gone = changes(APP, &without(APP, &["contacts"]));
    let listing = "The app's scopes in HubSpot and its listing have to be changed, too";
    assert_eq!(gone[0].means, ["Nobody has to consent again", listing]);
}

/// The calls that a removed scope was for are those of the former name.
#[test]
fn a_removed_scope_of_a_renamed_set_has_its_calls() {
    let after = without(APP, &["contacts"]);
    for (from, to) in [(" Set ", " Renamed "), (" app ", " renamed ")] {
        let after = after.replace(from, to);
        let set = if to == " Renamed " { "Renamed" } else { "Set" };
        let changes = changes(APP, &after);
        let removed = &changes[0];
        assert_eq!(
            removed.message,
            format!("`crm.objects.contacts.read` of `{set}` is no longer declared")
        );
        let functions = removed.because.iter().map(|one| one.function.as_str());
        assert_eq!(functions.collect::<Vec<_>>(), ["people"]);
    }
}

/// A name stays between its quotes.
#[test]
fn names_in_messages_are_quoted() {
    let odd = |text: &str| {
        text.replace("a.json", "\"a`.json\"")
            .replace("deals", "de`als")
    };
    let base = odd(&format!("{APP}listed app a.json x required\n"));
    let after = odd(&format!(
        "{APP}listed app a.json x optional\nlisted app a.json deals required\n\
                             scope app Set deals.read required spare\n"
    ));
    for change in changes(&base, &after) {
        assert_eq!(change.message.matches('`').count(), 4, "{}", change.message);
    }
}

/// What an optional scope that became required means is not what a new scope means.
#[test]
fn optional_to_required_has_its_own_words() {
    let optional = APP.replace("companies.read required", "companies.read optional");
    let changes = changes(&optional, APP);
    assert!(
        changes[0].means[0]
            .starts_with("Installed accounts consent again: those that did not grant it")
    );
    assert_eq!(changes[0].instead, [""; 0]);
    assert_eq!(
        changes[0].message,
        "`crm.objects.companies.read` of `Set` was optional, and is required now"
    );
}

/// The advice for a new scope of `APP`, which a call accepts besides others.
fn advice(requirements: &[&str], login: Option<LoginKind>, before: &str) -> Vec<String> {
    let mut after = format!("{APP}scope app Set crm.objects.deals.read required needed\n");
    for (index, requirement) in requirements.iter().enumerate() {
        let call = format!("call app Set crm.objects.deals.read deals.x{index} f");
        after.extend([call, format!("\noperation deals.x{index} {requirement}\n")]);
    }
    let mut head = Head::of_state(state(&after));
    head.logins
        .extend(login.map(|login| ("app".to_owned(), login)));
    let changes = compare(&state(before), &head);
    let mut changes = changes.iter();
    let change = changes.find(|one| one.subject == "crm.objects.deals.read");
    change.unwrap().instead.clone()
}

#[test]
fn other_scopes_are_advice_only_if_they_suffice() {
    let [own, either, for_tokens] = [
        "\"crm.objects.deals.read\"",
        "any(\"crm.objects.deals.read\", \"crm.objects.contacts.read\")",
        "any(\"crm.objects.deals.read\", private_apps(\"crm.objects.contacts.read\"))",
    ];
    let has = "`deals.x0` also accepts `crm.objects.contacts.read`, which the app has already";
    let optional = "List it under `optional` and call through `Client::upgrade`: then only this feature waits for consent";
    let [tokens, oauth] = [Some(LoginKind::PrivateApps), Some(LoginKind::OAuth2)];
    for (requirements, login, before, expected) in [
        (&[own][..], None, APP, &[optional][..]),
        (&[own], tokens, APP, &[]),
        (&[either], None, APP, &[has]),
        (&[either, own], None, APP, &[optional]),
        (&[for_tokens], None, APP, &[optional]),
        (&[for_tokens], oauth, APP, &[optional]),
        (&[for_tokens], tokens, APP, &[has]),
    ] {
        let found = advice(requirements, login, before);
        assert_eq!(found, expected, "{requirements:?} {login:?}");
    }
    // An account may lack what was optional before, or what it is not asked for any more.
    let without = APP.replace("contacts.read required", "contacts.read optional");
    let found = advice(&[either], None, &without);
    assert!(
        !found.iter().any(|line| line.contains("already")),
        "{found:?}"
    );
}

#[test]
fn a_scope_can_be_left_out_only_if_nothing_may_need_it() {
    let scope = |name| SetScope::new(("app", "Set"), name);
    let spare = format!("{APP}scope app Set crm.objects.deals.read required spare\n");
    let ended = "scope app Set crm.objects.contacts.read required needed\n\
                 call app Set crm.objects.contacts.read contacts.list people\n\
                 operation contacts.list \"crm.objects.contacts.read\"\n";
    for (removable, instead, means) in [
        (
            Some(true),
            Some("Nothing needs it: leave it out"),
            "It can be removed: `cargo hubspot audit --fix` does it",
        ),
        (Some(false), None, "Functions that state it"),
        (None, None, "Tests, code that was not compiled"),
    ] {
        let mut head = Head::of_state(state(&spare));
        let known = removable.map(|removable| (scope("crm.objects.deals.read"), removable));
        head.unused.extend(known);
        let changes = compare(&state(APP), &head);
        assert_eq!(changes[0].instead.first().map(String::as_str), instead);
        let mut head = Head::of_state(state(ENDED));
        head.unused
            .extend(removable.map(|one| (scope("crm.objects.contacts.read"), one)));
        let changes = compare(&state(ended), &head);
        assert_eq!(kinds(&changes)[0], "unneeded crm.objects.contacts.read");
        assert!(
            changes[0].means[0].starts_with(means),
            "{:?}",
            changes[0].means
        );
    }
}
