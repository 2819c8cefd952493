//! What the compiler accepts and what it refuses, and what it says then: to the letter, on the pinned compiler.
//!
//! `fail/` has a program for each mistake, and beside it the message. After a wanted change of the messages,
//! `TRYBUILD=overwrite cargo test -p hubspot-scope-checks` writes them anew.

mod pass;

use std::fs;
use std::path::Path;

/// The files that `fail/app_file.rs` names, relative to the package that `trybuild` makes.
const APP_FILES: [(&str, &str); 9] = [
    ("not-json-hsmeta.json", "{\n  \"config\": {,\n}\n"),
    (
        "without-auth-hsmeta.json",
        r#"{"uid": "app", "config": {}}"#,
    ),
    (
        "wrong-type-hsmeta.json",
        r#"{"config": {"auth": {"requiredScopes": ["oauth", 1]}}}"#,
    ),
    (
        "static-auth-hsmeta.json",
        r#"{"config": {"auth": {"type": "static", "optionalScopes": ["crm.objects.contacts.read"]}}}"#,
    ),
    ("type-hsmeta.json", r#"{"type": 7, "config": {"auth": {}}}"#),
    (
        "redirect-hsmeta.json",
        r#"{"config": {"auth": {"redirectUrls": "http://localhost:3000"}}}"#,
    ),
    (
        "duplicate-hsmeta.json",
        "{\"config\": {\"auth\": {\n  \"requiredScopes\": [],\n  \"requiredScopes\": []\n}}}",
    ),
    (
        "webhooks-hsmeta.json",
        r#"{"uid": "hooks", "type": "webhooks", "config": {}}"#,
    ),
    (
        "app-hsmeta.json",
        r#"{"config": {"auth": {"requiredScopes": ["crm.objects.contacts.read", "crm.objects.company.read"]}}}"#,
    ),
];

#[test]
fn what_the_compiler_refuses() {
    for (name, text) in APP_FILES {
        fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), text)
            .expect("the folder for tests is writable");
    }
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}

/// Messages that are about the machinery, and may show it.
const ABOUT: [(&str, &str); 3] = [
    ("narrow_to_unchecked", "Unchecked"),
    ("upgrade_to_unchecked", "Unchecked"),
    ("written_by_hand", "__private"),
];

/// No message shows how it is made, none advertises the way around, and none speaks of versions that are off.
#[test]
fn messages_show_no_machinery() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fail");
    let mut messages = 0;
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder is readable").path();
        if path
            .extension()
            .is_none_or(|extension| extension != "stderr")
        {
            continue;
        }
        messages += 1;
        let name = path.file_stem().unwrap_or_default();
        let mut text = fs::read_to_string(&path).expect("the message is readable");
        for (_, allowed) in ABOUT.iter().filter(|(about, _)| name == *about) {
            text = text.replace(allowed, "");
        }
        for machinery in ["__", "$crate", "catalogue", "Unchecked", "V20", "V3"] {
            // rustc underlines several lines with underscores.
            let mut lines = text.lines().filter(|line| !line.contains("|_"));
            let shown = lines.find(|line| line.contains(machinery));
            assert_eq!(shown, None, "{} shows `{machinery}`", path.display());
        }
    }
    assert!(messages > 0);
}
