//! Reads and refuses texts of locks.

use super::State;
use super::file::is_lock;

const LOCK: &str = r#"# A comment.
format 1
call app - - "GET /crm/owners/2026-09" owners
call app Set crm.objects.contacts.read contacts.list "<Job as Run>::run"
catalogue 0.1.0
operation "GET /crm/owners/2026-09"
operation contacts.list any("crm.objects.contacts.read", "crm.objects.contacts.write")
scope app Set crm.objects.contacts.read required needed
scope app Set crm.objects.deals.read optional spare
scope app Set oauth required needed
unknown app "raw request" -
"#;

fn fault(text: &str) -> String {
    State::parse(text, "a.lock").unwrap_err().to_string()
}

#[test]
fn a_lock_survives_writing_and_reading() {
    let state = State::parse(LOCK, "a.lock").unwrap();
    assert_eq!(
        (
            state.calls.len(),
            state.scopes.len(),
            state.operations.len()
        ),
        (2, 3, 2)
    );
    assert_eq!(State::parse(&state.text(), "a.lock").unwrap(), state);
    let (_, lines) = state
        .text()
        .split_once("format 1\n")
        .map(|(head, lines)| (head.to_owned(), lines.to_owned()))
        .unwrap();
    assert_eq!(lines, LOCK.split_once("format 1\n").unwrap().1);
}

#[test]
fn order_and_doubled_lines_do_not_matter() {
    let state = State::parse(LOCK, "a.lock").unwrap();
    let reversed: Vec<_> = LOCK.lines().rev().chain(LOCK.lines()).collect();
    assert_eq!(
        State::parse(&reversed.join("\r\n"), "a.lock").unwrap(),
        state
    );
}

/// A change of [`LOCK`], and how its message begins.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "format 1",
        "format 9",
        "`a.lock` has format 9, and this version of cargo-hubspot knows 1: update it",
    ),
    (
        "format 1",
        "format one",
        "a.lock:2: the format `one` is not a number; run `cargo hubspot lock`",
    ),
    (
        "catalogue 0.1.0",
        "format 9",
        "`a.lock` has format 9, and this version of cargo-hubspot knows 1: update it",
    ),
    (
        "format 1\n",
        "",
        "`a.lock` is not a lock of scopes; run `cargo hubspot lock`",
    ),
    (
        "catalogue 0.1.0",
        "<<<<<<< HEAD",
        "a.lock:5: a merge left conflict markers",
    ),
    (
        "catalogue 0.1.0",
        "catalog 0.1.0",
        "a.lock:5: this line is not one that",
    ),
    ("required needed", "wanted needed", "a.lock:8: "),
    (
        "required needed",
        "required wanted",
        "a.lock:8: `wanted` is neither `needed` nor `spare`",
    ),
    ("any(\"crm", "any(crm", "a.lock:7: "),
    ("\"raw request\"", "\"raw request", "a.lock:11: "),
    (
        "scope app Set crm.objects.contacts.read required needed\n",
        "",
        "a.lock: `contacts.list` needs `crm.objects.contacts.read`, which has no line; run",
    ),
    (
        "deals.read optional spare",
        "deals.read optional needed",
        "a.lock: `crm.objects.deals.read` is needed, and no call needs it; run",
    ),
    (
        "call app Set crm.objects.contacts.read",
        "call app Set crm.objects.deals.read",
        "a.lock: `contacts.list` does not need `crm.objects.deals.read`; run",
    ),
    (
        "contacts.list \"<Job",
        "contacts.get \"<Job",
        "a.lock: `contacts.get` is called, and nothing says what it needs; run",
    ),
    (
        "unknown",
        "scope app Set oauth optional needed\nunknown",
        "a.lock:11: `oauth` of `Set` stands in it twice",
    ),
];

#[test]
fn a_text_that_is_no_lock_says_what_to_do() {
    for (from, to, expected) in FAULTS {
        assert!(LOCK.contains(from), "{from}");
        let text = LOCK.replacen(from, to, 1);
        let fault = fault(&text);
        assert!(fault.starts_with(expected), "{to}: {fault}");
    }
}

/// As after a merge with `merge=union`, of a branch in which a scope came to be needed and one that changed a line beside it.
#[test]
fn a_scope_that_a_merge_left_needed_and_spare() {
    let needed = "scope app Set crm.objects.contacts.read required needed\n";
    let spare = needed.replace("needed", "spare");
    for both in [format!("{needed}{spare}"), format!("{spare}{needed}")] {
        let text = LOCK.replace(needed, &both);
        let (state, outdated) = State::parse_merged(&text, "a.lock").unwrap();
        assert_eq!(state, State::parse(LOCK, "a.lock").unwrap());
        assert_eq!(Vec::from_iter(outdated), [spare.trim_end()]);
    }
    // No call needs this one any more.
    let spare = "scope app Set crm.objects.deals.read optional spare\n";
    let needed = spare.replace("spare", "needed");
    let text = LOCK.replace(spare, &format!("{spare}{needed}"));
    let (state, outdated) = State::parse_merged(&text, "a.lock").unwrap();
    assert_eq!(state, State::parse(LOCK, "a.lock").unwrap());
    assert_eq!(Vec::from_iter(outdated), [needed.trim_end()]);
}

#[test]
fn only_a_lock_or_an_empty_file_is_written_over() {
    let (head, _) = State::default()
        .text()
        .split_once('\n')
        .map(|(head, rest)| (head.to_owned(), rest.to_owned()))
        .unwrap();
    for (text, expected) in [
        ("", true),
        (" \n", true),
        (LOCK, true),
        ("format one\nscope odd\n", true),
        ("odd\nformat 1\n", true),
        ("# Ours.\n# Keep it.\n", false),
        ("scope = 1\ncall me\n", false),
        ("scope of work\n", false),
        ("format = \"x\"\n", false),
    ] {
        assert_eq!(is_lock(text), expected, "{text}");
    }
    assert!(is_lock(&format!("{head}\r\nodd\r\n")));
    assert!(!is_lock(&format!(
        "# Notes on locks, which begin with\n{head}\n"
    )));
}
