//! Input that is cut, huge, deep or not text: an error with its place, or the right value.

use super::*;

const ANSWER: &str = r#"{"results": [{"id": 12, "properties": {"amount": "1.50", "né\ud83d\ude00": null},
    "numbers": {"a": [1, 2.0, "3"]}, "unknown": {"x": [true, false, null, -1.5e+3, "\n"]}}], "next": null}"#;

#[test]
fn a_body_that_is_cut_at_any_byte_is_an_error() {
    assert!(text::<Page>(ANSWER).is_ok());
    for at in 0..ANSWER.len() {
        let error = shown(decode::<Page>(&ANSWER.as_bytes()[..at])).unwrap_err();
        let says = ["ends early, in line", "is empty", "is not JSON, in line"];
        assert!(
            says.iter().any(|says| error.contains(says)),
            "{at}: {error}"
        );
        assert!(shown(decode_any::<Page>(&ANSWER.as_bytes()[..at])).is_err());
    }
}

/// Texts that are not JSON, and where.
const NOT_JSON: &[(&str, &str)] = &[
    (
        r#"{"results": n[{"id": "1"}]}"#,
        "results: the body is not JSON, in line 1 column 14",
    ),
    (
        r#"{"results": [{"id": "1", "properties": nul{"a": "b"}}]}"#,
        "results[0].properties: the body is not JSON, in line 1 column 43",
    ),
    (
        r#"{"next": nu{"results": []}}"#,
        "next: the body is not JSON, in line 1 column 12",
    ),
    ("", ": the body is empty"),
    (" ", ": the body ends early, in line 1 column 1"),
    ("\u{feff}{}", ": the body is not JSON, in line 1 column 1"),
    ("{}\0", ": the body is not JSON, in line 1 column 3"),
    ("\n{}\n x", ": the body is not JSON, in line 3 column 2"),
    (
        r#"{"results": [],}"#,
        ": the body is not JSON, in line 1 column 16",
    ),
    (
        r#"{"results": [{"id": "a" "b"}]}"#,
        "results[0]: the body is not JSON, in line 1 column 25",
    ),
    (
        r#"{"results": [{"id": 01}]}"#,
        "results[0]: the body is not JSON, in line 1 column 22",
    ),
    (
        r#"{"results": [{"id": -}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 22",
    ),
    (
        r#"{"results": [{"id": 1.}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 23",
    ),
    (
        r#"{"results": [{"id": 1e}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 23",
    ),
    (
        r#"{"results": [{"id": nul}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 24",
    ),
    (
        r#"{"results": [{"id": "\x"}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 23",
    ),
    (
        r#"{"results": [{"id": "\u12g4"}]}"#,
        "results[0].id: the body is not JSON, in line 1 column 26",
    ),
    (
        "{\"other\": \"\t\"}",
        "other: the body is not JSON, in line 1 column 12",
    ),
    (
        "{\"other\": \"\0\"}",
        "other: the body is not JSON, in line 1 column 12",
    ),
    (
        r#"{"other": {"a" 1}}"#,
        "other: the body is not JSON, in line 1 column 16",
    ),
    ("{other: 1}", ": the body is not JSON, in line 1 column 2"),
];

#[test]
fn what_is_not_json_is_an_error_with_its_place() {
    for (json, expected) in NOT_JSON {
        assert_eq!(
            shown(decode::<Page>(json.as_bytes())).unwrap_err(),
            *expected,
            "{json:?}"
        );
        assert!(by_serde::<Page>(json).is_err(), "{json:?}");
    }
    let body = b"{\"results\": [],\n \"other\": \"\xff\"}";
    let expected = ": the body is not JSON, in line 2 column 12";
    assert_eq!(shown(decode::<Page>(body)).unwrap_err(), expected);
    assert_eq!(shown(decode_any::<Page>(body)).unwrap_err(), expected);
}

#[test]
fn an_empty_body_is_null_for_what_may_be_anything() {
    assert_eq!(shown(decode::<Value>(b"")), Ok(Value::Null));
    assert!(decode::<Value>(b" ").is_err());
}

#[test]
fn numbers_have_bounds() {
    let long = format!("1{}", "0".repeat(10_000_000));
    assert_eq!(text::<String>(&long).as_ref(), Ok(&long));
    for json in [&long, "1e999", "-1e999", "\"1e999\"", "\"inf\"", "\"NaN\""] {
        assert!(text::<f64>(json).is_err());
        assert!(text::<i64>(json).is_err());
    }
    for json in [&long, "1e999"] {
        let field = format!(r#"{{"a": [{json}]}}"#);
        let error = text::<Value>(&field).unwrap_err();
        assert_eq!(
            error,
            "a[0]: found a number out of range, expected a number"
        );
        let ignored = format!(r#"{{"results": [], "other": {json}}}"#);
        assert!(text::<Page>(&ignored).unwrap().results.is_empty());
    }
    assert_eq!(text::<i64>("-0"), Ok(0));
    assert_eq!(
        text::<f64>("-0").map(f64::to_bits),
        Ok((-0.0_f64).to_bits())
    );
    assert_eq!(
        text::<Value>("-0"),
        serde_json::from_str("-0").map_err(|_| String::new())
    );
    for (json, expected) in [
        (
            "9223372036854775808",
            ": found a number out of range, expected i64",
        ),
        (
            "170141183460469231731687303715884105728",
            ": found an integer, expected i64",
        ),
        ("1.5", ": found a floating point number, expected i64"),
        ("\"x\"", ": found a string, expected i64"),
        ("\"\"", ": found a string, expected i64"),
        ("null", ": found null, expected i64"),
    ] {
        assert_eq!(text::<i64>(json).unwrap_err(), expected);
    }
}

#[test]
fn long_keys_and_many_elements_have_bounds() {
    let key = "k".repeat(1 << 20);
    let map: BTreeMap<String, String> = text(&format!(r#"{{"{key}": 1}}"#)).unwrap();
    assert_eq!(map[&key], "1");
    let error = text::<BTreeMap<String, String>>(&format!(r#"{{"{key}": []}}"#)).unwrap_err();
    assert!(error.len() < 1100 && error.ends_with("kk: found a list, expected a string"));
    let split = format!(r#"{{"{}é": []}}"#, &key[..999]);
    assert!(text::<BTreeMap<String, String>>(&split).is_err());

    let many = format!("[{}null]", "null,".repeat(3_000_000));
    let error = shown(decode::<Vec<Option<bool>>>(many.as_bytes())).unwrap_err();
    assert_eq!(error, ": the body has too many elements");
    let skipped = format!(r#"{{"results": [], "other": {many}}}"#);
    assert!(decode::<Page>(skipped.as_bytes()).is_ok());
}

#[test]
fn an_error_quotes_nothing_of_the_body() {
    for json in [
        r#"{"results": [{"id": {"hidden": "hidden"}}]}"#,
        r#"{"results": [{"id": 1, "numbers": {"a": ["hidden"]}}]}"#,
        r#"{"results": [{"id": 1, "numbers": {"a": [77777777777]}}]}"#,
        r#"{"results": "hidden"}"#,
        r#"{"results": [{"id": 1, hidden}]}"#,
    ] {
        for error in [shown(decode::<Page>(json.as_bytes())), by_serde(json)] {
            let error = error.unwrap_err();
            assert!(
                !error.contains("hidden") && !error.contains("77"),
                "{error}"
            );
        }
    }
}
