//! Compares files before and after `--fix`.

use super::change::Change;
use super::plan::{Edits, in_app_file, in_source};
use super::write;
use crate::model::{Declared, List, Place, ScopeSet};

const SOURCE: &str = r#"//! Über.
hubspot_generated::scope_set! {
    /// What the sync is installed with.
    pub struct SyncScopes {
        required: [
            // People.
            "a.read",
            "b.write", // for the import
            "c.read",
        ],
        optional: ["d.read", "e.read"],
    }
}
const OTHER: [&str; 2] = ["a.read", "b.write"];
"#;

/// The declaration in `text`, as the audit would find it.
fn set(text: &str) -> ScopeSet {
    let place = |literal: &str| {
        let start = text.find(literal).unwrap();
        Place {
            line: text[..start].lines().count(),
            byte_start: start,
            byte_end: start + literal.len(),
            ..Place::default()
        }
    };
    let declared = |scope: &str| Declared {
        scope: scope.to_owned(),
        list: match scope {
            "d.read" | "e.read" => List::Optional,
            _ => List::Required,
        },
        place: place(&format!("{scope:?}")),
    };
    ScopeSet {
        name: "SyncScopes".to_owned(),
        place: place("SyncScopes"),
        source: None,
        scopes: ["a.read", "b.write", "c.read", "d.read", "e.read"]
            .map(declared)
            .into(),
        targets: Vec::new(),
        counts: true,
    }
}

fn edits(remove: &[&str], add: &[(List, &str)]) -> Edits {
    let add = add.iter().map(|&(list, scope)| (list, scope.to_owned()));
    Edits {
        remove: remove.iter().map(|&scope| scope.to_owned()).collect(),
        add: add.collect(),
    }
}

#[test]
fn only_the_lists_of_the_scope_set_change() {
    let wanted = edits(&["b.write", "d.read"], &[(List::Required, "b.read")]);
    let after = in_source(SOURCE, &[&(&set(SOURCE), wanted)]).unwrap();
    let line = |scope: &str| format!("            {scope:?},\n");
    let expected = SOURCE
        .replace("            \"b.write\", // for the import\n", "")
        .replace(&line("c.read"), &(line("c.read") + &line("b.read")))
        .replace("[\"d.read\", \"e.read\"]", "[\"e.read\"]");
    assert_eq!(after, expected);
    let unchanged = in_source(SOURCE, &[&(&set(SOURCE), Edits::default())]).unwrap();
    assert_eq!(unchanged, SOURCE);
}

#[test]
fn windows_lines_and_a_byte_order_mark_stay() {
    let text = format!("\u{feff}{}", SOURCE.replace('\n', "\r\n"));
    let after = in_source(&text, &[&(&set(&text), edits(&["a.read", "e.read"], &[]))]).unwrap();
    let expected = text
        .replacen("            \"a.read\",\r\n", "", 1)
        .replace("[\"d.read\", \"e.read\"]", "[\"d.read\"]");
    assert_eq!(after, expected);
}

#[test]
fn a_file_that_has_changed_since_is_refused() {
    let later = SOURCE.replace("Über", "Ueber uns");
    let error = in_source(&later, &[&(&set(SOURCE), edits(&["a.read"], &[]))]).unwrap_err();
    assert!(error.to_string().contains("audit again"), "{error}");
    let error = in_source("fn (", &[]).unwrap_err();
    assert!(error.to_string().starts_with("it is not Rust"), "{error}");
}

const APP_FILE: &str = r#"{
  "uid": "app",
	"config": { "name" : "A \"b\"", "auth": {
    "requiredScopes": [
      "oauth",
      "a.read",
      "b.write"
    ],
    "type": "oauth",
    "optionalScopes": []
  } }
}
"#;

#[test]
fn an_app_file_keeps_its_order_and_form() {
    let add = [(List::Optional, "b.write"), (List::Unlisted, "new")];
    let after = in_app_file(APP_FILE, &edits(&["b.write"], &add)).unwrap();
    let expected = APP_FILE.replace("\"b.write\"\n", "\"new\"\n");
    assert_eq!(after, expected.replace("[]", "[\"b.write\"]"));
    let unchanged = in_app_file(APP_FILE, &edits(&["x"], &[])).unwrap();
    assert_eq!(unchanged, APP_FILE);
}

#[test]
fn a_list_that_is_not_there_is_made() {
    let wanted = edits(&[], &[(List::Conditional, "c.read")]);
    let after = in_app_file(APP_FILE, &wanted).unwrap();
    let file: serde_json::Value = serde_json::from_str(&after).unwrap();
    let list = &file["config"]["auth"]["conditionallyRequiredScopes"];
    assert_eq!(*list, serde_json::json!(["c.read"]));
    assert!(after.starts_with(&APP_FILE[..APP_FILE.find("\"optionalScopes\"").unwrap()]));
}

#[test]
fn a_file_that_is_no_app_file_is_refused() {
    let wanted = edits(&["a"], &[]);
    for (text, fault) in [
        ("{", "it is not JSON"),
        (r#"{"config": {}}"#, "it has no `config.auth`"),
        (
            r#"{"config": {"auth": {"requiredScopes": "a"}}}"#,
            "its `config.auth.requiredScopes` is not a list",
        ),
        (
            r#"{"config": {"auth": {"requiredScopes": ["a",]}}}"#,
            "it is not JSON",
        ),
        (
            r#"{"config": {"auth": {"requiredScopes": [1]}}}"#,
            "`1` is no plain string",
        ),
    ] {
        let error = in_app_file(text, &wanted).unwrap_err().to_string();
        assert!(error.starts_with(fault), "{text}: {error}");
    }
}

#[test]
fn either_all_files_are_replaced_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let change = |name: &str, before: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "old").unwrap();
        Change {
            path,
            shown: name.to_owned(),
            before: before.to_owned(),
            after: "new".to_owned(),
        }
    };
    let texts =
        || ["a", "b"].map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap());
    let error = write::replace(&[change("a", "old"), change("b", "older")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`b` has just changed: nothing was written"
    );
    assert_eq!(texts(), ["old", "old"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);

    write::replace(&[change("a", "old"), change("b", "old")]).unwrap();
    assert_eq!(texts(), ["new", "new"]);
}
