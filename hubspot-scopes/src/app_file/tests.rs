//! What each kind of file gives: for a file that is named, and for one that a search finds.

use super::*;

/// What a file is when it is named; a search gives the same, but for files of something else than an app.
const FAULTS: &[(&str, &str)] = &[
    (
        "",
        "is not JSON: EOF while parsing a value, at line 1 column 1",
    ),
    (
        "{\n  \"config\": {,\n}\n",
        "is not JSON: key must be a string, at line 2 column 14",
    ),
    (
        "{\"é\": x}",
        "is not JSON: expected value, at line 1 column 7",
    ),
    (
        "{} {}",
        "is not JSON: trailing characters, at line 1 column 4",
    ),
    (
        r#"{"a": "\ud800"}"#,
        "is not JSON: unexpected end of hex escape, at line 1 column 7",
    ),
    (
        "[]",
        "should hold an object, but holds an array, at line 1 column 1",
    ),
    ("{}", "has no `config`, at line 1 column 1"),
    (
        " {\"type\": \"app\"}",
        "has no `config`, at line 1 column 2",
    ),
    (
        "{\n \"config\": {}\n}",
        "has no `config.auth`, at line 2 column 12",
    ),
    (
        r#"{"config":1}"#,
        "has a number in `config`, which should be an object, at line 1 column 11",
    ),
    (
        r#"{"config":{"auth":null}}"#,
        "has null in `config.auth`, which should be an object, at line 1 column 19",
    ),
    (
        r#"{"type":7,"config":{"auth":{}}}"#,
        "has a number in `type`, which should be a string, at line 1 column 9",
    ),
    (
        r#"{"type":null,"config":{"auth":{}}}"#,
        "has null in `type`, which should be a string, at line 1 column 9",
    ),
    (
        r#"{"config":{"auth":{"type":false}}}"#,
        "has a boolean in `config.auth.type`, which should be a string, at line 1 column 27",
    ),
    (
        r#"{"config":{"auth":{"redirectUrls":"x"}}}"#,
        "has a string in `config.auth.redirectUrls`, which should be an array of strings, at line 1 column 35",
    ),
    (
        r#"{"config":{"auth":{"redirectUrls":["x", {}]}}}"#,
        "has an object in `config.auth.redirectUrls[1]`, which should be a string, at line 1 column 41",
    ),
    (
        r#"{"config":{"auth":{"optionalScopes":"a"}}}"#,
        "has a string in `config.auth.optionalScopes`, which should be an array of strings, at line 1 column 37",
    ),
    (
        "{\"config\":{\"auth\":{\"requiredScopes\":[\n  \"a\",\n  true\n]}}}",
        "has a boolean in `config.auth.requiredScopes[1]`, which should be a string, at line 3 column 3",
    ),
    (
        r#"{"config":{"auth":{"optionalScopes":["a"],"type":"static"}}}"#,
        "has `static` auth, which has required scopes only; `optionalScopes` need `oauth`, at line 1 column 38",
    ),
    (
        r#"{"config":{"auth":{"type":"static","conditionallyRequiredScopes":["a"]}}}"#,
        "has `static` auth, which has required scopes only; `conditionallyRequiredScopes` need `oauth`, at line 1 column 67",
    ),
    (
        r#"{"config":{"auth":{"type":"static","requiredScopes":["oauth"]}}}"#,
        "has `static` auth, which does not know the scope `oauth`, at line 1 column 54",
    ),
    (
        r#"{"config":{"auth":{"requiredScopes":["a b"]}}}"#,
        "has the scope \"a b\" in `requiredScopes`, but no scope is empty or has a space, at line 1 column 38",
    ),
    (
        r#"{"config":{"auth":{"requiredScopes":["a", "a"]}}}"#,
        "lists the scope `a` twice in `requiredScopes`, at line 1 column 43",
    ),
    (
        r#"{"config":{"auth":{"requiredScopes":["a"],"optionalScopes":["a"]}}}"#,
        "lists the scope `a` in `requiredScopes` and in `optionalScopes`, at line 1 column 61",
    ),
    (
        r#"{"type":"app","type":"app","config":{"auth":{}}}"#,
        "has the key `type` twice in one object, at line 1 column 15",
    ),
    (
        r#"{"config":{"auth":{"requiredScopes":[],"\u0072equiredScopes":["a"]}}}"#,
        "has the key `requiredScopes` twice in one object, at line 1 column 40",
    ),
    (
        r#"{"config":{"auth":{}, "other":[{"a":[{"b":1,"b":1}]}]}}"#,
        "has the key `b` twice in one object, at line 1 column 45",
    ),
];

#[test]
fn a_fault_is_the_same_for_every_reader() {
    for (text, fault) in FAULTS {
        let named = AppFile::parse(text).map_err(|error| error.to_string());
        assert_eq!(named, Err((*fault).to_owned()), "{text}");
        let found = AppFile::parse_if_app(text).map_err(|error| error.to_string());
        assert_eq!(found, Err((*fault).to_owned()), "{text}");
    }
}

#[test]
fn a_file_of_something_else_is_passed_over_unless_it_is_named() {
    for text in [
        r#"{"type":"webhooks","config":{"settings":{}}}"#,
        r#"{"type":"webhooks"}"#,
        r#"{"config":7,"type":"webhooks","a":1,"a":2}"#,
    ] {
        assert_eq!(AppFile::parse_if_app(text), Ok(None), "{text}");
        let error = AppFile::parse(text).unwrap_err();
        assert_eq!(error.fault(), "describes `webhooks`, not an app");
        let offset = text.find("\"webhooks\"").unwrap();
        assert_eq!((error.offset(), error.column()), (offset, offset + 1));
    }
}

#[test]
fn what_a_file_says_is_read() {
    let text = r#"{
        "uid": "app", "type": "app",
        "config": { "name": "App", "auth": {
            "type": "oauth", "redirectUrls": ["http://localhost:3000"],
            "requiredScopes": ["oauth", "a"], "conditionallyRequiredScopes": ["b"], "optionalScopes": ["c"]
        } }
    }"#;
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let file = AppFile {
        login: Some(LoginKind::OAuth2),
        redirect_urls: owned(&["http://localhost:3000"]),
        scopes: ScopeLists {
            required: owned(&["oauth", "a"]),
            conditional: owned(&["b"]),
            optional: owned(&["c"]),
            ..ScopeLists::default()
        },
    };
    assert_eq!(AppFile::parse(text), Ok(file.clone()));
    assert_eq!(AppFile::parse_if_app(text), Ok(Some(file)));
}

#[test]
fn what_a_file_leaves_out_is_empty() {
    for (text, login) in [
        (r#"{"config":{"auth":{}}}"#, None),
        (r#"{"config":{"auth":{"type":"newer"}}}"#, None),
        (
            r#"{"config":{"auth":{"type":"static","requiredScopes":[],"optionalScopes":[]}}}"#,
            Some(LoginKind::PrivateApps),
        ),
    ] {
        let expected = AppFile {
            login,
            ..AppFile::default()
        };
        assert_eq!(AppFile::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn a_file_without_an_end_to_its_depth_is_refused() {
    let levels = 200_000;
    let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let error = AppFile::parse(&format!(r#"{{"a":{text}}}"#)).unwrap_err();
    assert!(error.line() == 1 && !error.fault().is_empty(), "{error}");
}
