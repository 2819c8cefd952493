//! Files that are no OpenAPI documents.

use hubspot_codegen::config::Config;
use hubspot_codegen::load::{MAX_BYTES, parse};

use crate::documents::{document, messages, refuses};
use crate::files::{lines, load_from};

#[test]
fn another_version_of_openapi() {
    refuses(
        "openapi: 3.2.0\npaths: {}",
        "a.yaml#/openapi: this is not an OpenAPI 3.0 or 3.1 document: `openapi` is \"3.2.0\", and 3.0.x and 3.1.x are what can be read",
    );
    refuses(
        "swagger: '2.0'\npaths: {}",
        "a.yaml#/openapi: this is not an OpenAPI 3.0 or 3.1 document: `openapi` is missing, and 3.0.x and 3.1.x are what can be read",
    );
}

#[test]
fn files_that_cannot_be_read() {
    assert_eq!(
        messages(&[("a.json", "{")]),
        ["a.json: the file is not JSON: EOF while parsing an object at line 1 column 1"]
    );
    assert_eq!(
        messages(&[("a.txt", "")]),
        ["a.txt: the file's name ends in none of .yaml, .yml and .json"]
    );
    let config = Config::ad_hoc("things", "v1", "a.yaml");
    assert_eq!(
        lines(&load_from(&config, &[]).unwrap_err()),
        ["a.yaml: the file cannot be read: entity not found"]
    );
    let message = &messages(&[("a.yaml", "a: [\nb: 1")])[0];
    assert!(
        message.starts_with("a.yaml: the file is not YAML: "),
        "{message}"
    );
    let message = &messages(&[("a.yaml", "openapi: 3.0.0\nopenapi: 3.0.1")])[0];
    assert!(message.contains("duplicate"), "{message}");
}

#[test]
fn more_than_a_document_has() {
    let spaces = " ".repeat(MAX_BYTES + 1);
    let message =
        "a.json: the file has 32000001 bytes, and at most 32000000 are read: is it the right file?";
    assert_eq!(messages(&[("a.json", &spaces)]), [message]);
    let error = parse("a.json", spaces.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn values_without_end() {
    let deep = format!("{}{}", "[".repeat(110), "]".repeat(110));
    assert_eq!(
        messages(&[("a.json", &deep)]),
        ["a.json: values are nested more than 100 levels deep"]
    );
    // Deeper than any parser should follow.
    let deep = "[".repeat(100_000);
    assert!(messages(&[("a.json", &deep)])[0].starts_with("a.json: the file is not JSON: "));
    assert!(messages(&[("a.yaml", &deep)])[0].starts_with("a.yaml: "));
}

#[test]
fn keys_that_stand_twice() {
    for (file, text, place) in [
        (
            "a.json",
            "{\"openapi\": \"3.0.0\",\n \"openapi\": \"3.0.1\"}",
            "line 2",
        ),
        ("a.json", "{\"a\": [{\"b\": 1, \"b\": 1}]}", "line 1"),
        ("a.json", "{\"a\": 1, \"\\u0061\": 2}", "line 1"),
        (
            "a.yaml",
            "openapi: 3.0.0\npaths:\n  /a:\n    get: {}\n    get: {}",
            "line 5",
        ),
        (
            "a.yaml",
            "openapi: 3.0.0\npaths: {a: {1: x, '1': y}}",
            "line 2",
        ),
    ] {
        let message = messages(&[(file, text)]).join("\n");
        assert!(
            message.contains("duplicate") && message.contains(place),
            "{text}: {message}"
        );
    }
    let b = "components:\n  schemas:\n    A: {}\n    A: {}\n";
    let a = document("{ $ref: 'b.yaml#/components/schemas/A' }");
    let message = messages(&[("a.yaml", &a), ("b.yaml", b)]).join("\n");
    assert!(
        message.starts_with("b.yaml: ") && message.contains("line 4"),
        "{message}"
    );
}

#[test]
fn a_file_that_is_too_large() {
    let text = " ".repeat(50_000_000);
    assert_eq!(
        messages(&[("a.json", &text)]),
        [
            "a.json: the file has 50000000 bytes, and at most 32000000 are read: is it the right file?"
        ]
    );
}

#[test]
fn a_document_nested_10_000_deep() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    let json = deep("{\"items\":", "}");
    let yaml = deep("{items: ", "}");
    let rest = (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level)));
    let indented = rest.collect::<String>();
    let list = format!("{}1", "- ".repeat(10_000));
    let questions = format!("{}1", "? ".repeat(10_000));
    for (file, text) in [
        ("a.json", json),
        ("a.yaml", list),
        ("a.yaml", questions),
        ("a.yaml", yaml),
        ("a.yaml", indented),
        ("a.yaml", format!("{}1", "- ".repeat(99))),
    ] {
        let messages = messages(&[(file, &text)]);
        assert_eq!(messages.len(), 1);
        assert!(messages[0].starts_with(file), "{messages:?}");
    }
}
