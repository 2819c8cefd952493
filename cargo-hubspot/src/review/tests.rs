//! Compares locks that are written here.

use hubspot_scopes::LoginKind;

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

/// A lock before and after, and the kinds of changes.
type Case = (&'static str, String, String, &'static [&'static str]);

/// Changes of packages and scope sets.
fn moved() -> Vec<Case> {
    let renamed = APP.replace(" Set ", " Renamed ");
    let other_app =
        "scope other Set forms required spare\nscope other Set tickets optional spare\n";
    vec![
        (
            "a library that another member declares scopes for",
            LIBRARY.replace("contacts.list", "contacts.get"),
            LIBRARY.to_owned(),
            &["call contacts.list", "gone contacts.get"],
        ),
        (
            "a library of its own",
            String::new(),
            LIBRARY
                .lines()
                .filter(|line| !line.contains(" app "))
                .collect::<Vec<_>>()
                .join("\n"),
            &["undeclared crm.objects.contacts.read", "call contacts.list"],
        ),
        ("a renamed set", APP.to_owned(), renamed, &[]),
        (
            "a set that moved to another member",
            format!("{APP}scope other Other forms required spare\n"),
            APP.replace("scope app", "scope other")
                .replace("call app", "call other")
                + "scope app Other forms required spare\n",
            &[
                "gone companies.list",
                "gone contacts.list",
                "call companies.list",
                "call contacts.list",
            ],
        ),
        (
            "a new app beside one that is removed",
            format!("{APP}scope old Set crm.objects.deals.read required spare\n"),
            format!("{APP}{other_app}"),
            &["removed crm.objects.deals.read", "new-set Set"],
        ),
        (
            "a second set of what the first has",
            APP.to_owned(),
            format!("{APP}scope app Jobs crm.objects.contacts.read required needed\n")
                + "call app Jobs crm.objects.contacts.read contacts.list people\n",
            &[],
        ),
    ]
}

/// Changes of lists, app files and requirements.
fn changed() -> Vec<Case> {
    let listed = "listed app app-hsmeta.json crm.objects.deals.read required\n";
    let deals = "scope app Set crm.objects.deals.read required spare\n";
    let optional = APP.replace("companies.read required", "companies.read optional");
    vec![
        (
            "only the app file",
            APP.to_owned(),
            format!("{APP}{listed}"),
            &["required crm.objects.deals.read"],
        ),
        (
            "the app file and the code",
            APP.to_owned(),
            format!("{APP}{listed}{deals}"),
            &["required crm.objects.deals.read"],
        ),
        (
            "the code after the app file",
            format!("{APP}{listed}"),
            format!("{APP}{listed}{deals}"),
            &[],
        ),
        (
            "no longer in the app file",
            format!("{APP}{listed}"),
            APP.to_owned(),
            &["removed crm.objects.deals.read"],
        ),
        (
            "optional to required",
            optional.clone(),
            APP.to_owned(),
            &["required crm.objects.companies.read"],
        ),
        (
            "required to optional",
            APP.to_owned(),
            optional,
            &["relaxed crm.objects.companies.read"],
        ),
        (
            "another requirement",
            APP.replace(
                "list \"crm.objects.contacts.read",
                "list any(\"x\", \"crm.objects.contacts.read",
            )
            .replace("contacts.read\"\n", "contacts.read\")\n"),
            APP.to_owned(),
            &["requirement contacts.list"],
        ),
        (
            "a raw request that states something else",
            format!("{APP}call app - - \"GET /x\" f\noperation \"GET /x\" \"y\"\n"),
            format!("{APP}call app - - \"GET /x\" f\noperation \"GET /x\" \"z\"\n"),
            &[],
        ),
    ]
}

#[test]
fn kinds_of_changes() {
    for (name, before, after, expected) in moved().into_iter().chain(changed()) {
        assert_eq!(kinds(&changes(&before, &after)), expected, "{name}");
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
