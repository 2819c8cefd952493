//! What is read with tolerance, what is not, and where an error says that it happened.

mod any_input;
mod bad_input;
mod orders;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::tolerant::decode_any;
use super::*;
use crate::values::{DateTime, Properties};

/// Read as a model, and by serde.
#[derive(Debug, Deserialize, PartialEq)]
struct Page {
    #[serde(default)]
    results: Vec<Record>,
    next: Option<Box<Page>>,
}

decode_fields!(Page; "results" results, "next" next);

#[derive(Debug, Deserialize, PartialEq)]
struct Record {
    id: String,
    #[serde(default)]
    properties: Properties,
    #[serde(default)]
    numbers: BTreeMap<String, Vec<i32>>,
}

decode_fields!(Record; "id" id, "properties" properties, "numbers" numbers);

fn shown<T>(result: Decoded<T>) -> Result<T, String> {
    result.map_err(|error| format!("{}: {}", error.path(), error.what()))
}

/// Reads a type that is none of this crate.
fn by_serde<T: DeserializeOwned + 'static>(json: &str) -> Result<T, String> {
    shown(decode_any(json.as_bytes()))
}

/// Reads a type in both ways, which must agree.
fn text<T: Decode + DeserializeOwned + PartialEq + std::fmt::Debug + 'static>(
    json: &str,
) -> Result<T, String> {
    let read = shown(decode(json.as_bytes()));
    assert_eq!(read.as_ref().ok(), by_serde(json).ok().as_ref(), "{json}");
    read
}

#[test]
fn text_may_be_a_number_or_a_flag() {
    for (json, expected) in [
        (r#""a""#, "a"),
        (r#""\u00e4\n""#, "ä\n"),
        ("1", "1"),
        ("-7", "-7"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        (
            "340282366920938463463374607431768211457",
            "340282366920938463463374607431768211457",
        ),
        ("1.10", "1.10"),
        (" true ", "true"),
    ] {
        assert_eq!(text::<String>(json).as_deref(), Ok(expected));
        assert_eq!(
            text::<Option<String>>(json).unwrap().as_deref(),
            Some(expected)
        );
        assert_eq!(
            text::<Vec<String>>(&format!("[{json}]")).unwrap(),
            [expected]
        );
        let map: BTreeMap<String, String> = text(&format!(r#"{{"k": {json}}}"#)).unwrap();
        assert_eq!(map["k"], expected);
        let properties: Properties = text(&format!(r#"{{"k": {json}, "n": null}}"#)).unwrap();
        assert_eq!(properties.get("k"), Some(expected));
        assert!(properties.contains("n") && properties.get("n").is_none());
        assert_eq!(text::<DateTime>(json).unwrap().as_str(), expected);
    }
    for json in ["null", "[]", "{}", r#"["a"]"#] {
        assert!(
            text::<String>(json)
                .unwrap_err()
                .contains("expected a string")
        );
    }
    assert_eq!(text::<Option<String>>("null"), Ok(None));
    assert_eq!(text::<DateTime>("null").unwrap(), DateTime::default());
}

#[test]
fn numbers_and_flags_may_be_text() {
    assert_eq!(text::<i64>(r#""-5434402448""#), Ok(-5_434_402_448));
    assert_eq!(by_serde::<u64>("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(text::<Option<i32>>(r#""7""#), Ok(Some(7)));
    assert_eq!(text::<f64>(r#""1.5""#), Ok(1.5));
    assert_eq!(text::<f64>("2"), Ok(2.0));
    assert_eq!(by_serde::<u128>("18446744073709551616"), Ok(1 << 64));
    assert_eq!(text::<bool>(r#""true""#), Ok(true));
    for json in [
        r#""seven""#,
        r#""""#,
        "1.5",
        "null",
        "[1]",
        "99999999999",
        r#""1e3""#,
    ] {
        assert!(text::<i32>(json).is_err(), "{json}");
    }
    for (json, expected) in [
        ("1", true),
        ("0", false),
        (r#""True""#, true),
        (r#""FALSE""#, false),
        (r#""""#, false),
        ("null", false),
    ] {
        assert_eq!(text::<bool>(json), Ok(expected));
    }
    for json in ["2", "[]", r#""yes""#] {
        assert!(text::<bool>(json).is_err(), "{json}");
    }
    for json in [r#""""#, "null"] {
        assert_eq!(shown(decode::<Option<i64>>(json.as_bytes())), Ok(None));
        assert_eq!(shown(decode::<Option<f64>>(json.as_bytes())), Ok(None));
        assert_eq!(shown(decode::<Option<bool>>(json.as_bytes())), Ok(None));
    }
    assert_eq!(text::<Option<String>>(r#""""#), Ok(Some(String::new())));
}

#[test]
fn other_types_are_read_as_serde_json_reads_them() {
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    enum Shape {
        Unit,
        Newtype(u8),
        Struct { a: String },
    }
    #[derive(Debug, Deserialize, PartialEq)]
    struct Flat {
        id: String,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    assert_eq!(
        by_serde::<Vec<Shape>>(r#"["unit", {"newtype": 7}, {"struct": {"a": "x"}}]"#),
        Ok(vec![
            Shape::Unit,
            Shape::Newtype(7),
            Shape::Struct { a: "x".to_owned() }
        ])
    );
    let flat: Flat = by_serde(r#"{"b": [1], "id": 5}"#).unwrap();
    assert_eq!((flat.id.as_str(), &flat.rest["b"]), ("5", &json!([1])));
    assert_eq!(
        by_serde::<Vec<Either>>(r#"[1, "1"]"#),
        Ok(vec![Either::Number(1), Either::Text("1".to_owned())])
    );
    let value = json!({"a": [null, 1, -1, 1.5, "x", {"b": true}]});
    assert_eq!(text::<Value>(&value.to_string()), Ok(value));
    let raw = by_serde::<BTreeMap<u32, Box<RawValue>>>(r#"{"7": {"a":  1}}"#).unwrap();
    assert_eq!(raw[&7].get(), r#"{"a":  1}"#);
    assert_eq!(by_serde::<(u8, char)>(r#"[1, "x"]"#), Ok((1, 'x')));
    assert_eq!(text::<()>("null"), Ok(()));
}

#[test]
fn the_path_leads_to_the_value_that_is_wrong() {
    for (json, expected) in [
        ("7", ": found an integer, expected an object"),
        (
            r#"{"results": 7}"#,
            "results: found an integer, expected a list",
        ),
        (
            r#"{"results": [7]}"#,
            "results[0]: found an integer, expected an object",
        ),
        (
            r#"{"results": [{"id": "1"}, []]}"#,
            "results[1]: found a list, expected an object",
        ),
        (
            r#"{"results": [{"id": "1"}, {}]}"#,
            "results[1]: missing field `id`",
        ),
        (
            r#"{"results": [{"id": null}]}"#,
            "results[0].id: found null, expected a string",
        ),
        (
            r#"{"results": [{"other": {"id": [{}]}, "id": {"hidden": 1}}]}"#,
            "results[0].id: found a map, expected a string",
        ),
        (
            r#"{"results": [{"id": "1", "properties": {"email": ["hidden"]}}]}"#,
            "results[0].properties.email: found a list, expected a string",
        ),
        (
            r#"{"results": [{"id": "1", "numbers": {"a": [], "b": [1, 2, 3000000000]}}]}"#,
            "results[0].numbers.b[2]: found a number out of range, expected i32",
        ),
        (
            r#"{"results": [{"id": "1", "numbers": {"b": ["hidden"]}}]}"#,
            "results[0].numbers.b[0]: found a string, expected i32",
        ),
        (
            r#"{"results": [], "next": {"results": [{"id": "1"}], "next": {"results": [{}]}}}"#,
            "next.next.results[0]: missing field `id`",
        ),
        (
            r#"{"results": ["#,
            "results[0]: the body ends early, in line 1 column 13",
        ),
        ("<html>hidden", ": the body is not JSON, in line 1 column 1"),
        ("{} hidden", ": the body is not JSON, in line 1 column 4"),
    ] {
        assert_eq!(text::<Page>(json).unwrap_err(), expected, "{json}");
    }
    assert!(decode::<Page>(b"{\"results\": [{\"id\": \"\xff\"}]}").is_err());
}

#[test]
fn nesting_is_bounded() {
    let nested = |levels: usize| {
        let open = r#"{"results": [], "next": "#.repeat(levels);
        format!("{open}null{}", "}".repeat(levels))
    };
    assert!(text::<Page>(&nested(127)).is_ok());
    assert!(
        text::<Page>(&nested(128))
            .unwrap_err()
            .contains("nested too deeply")
    );
    assert!(text::<Page>(&nested(100_000)).is_err());
    let list = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(text::<Value>(&list).is_err());
    assert!(text::<Page>(&format!(r#"{{"results": [], "ignored": {list}}}"#)).is_ok());
}

#[test]
fn an_integer_may_have_a_fraction_of_zero() {
    assert_eq!(text::<i64>("9007199254740993.0"), Ok(9_007_199_254_740_993));
    assert_eq!(text::<i32>(r#""-3.00""#), Ok(-3));
    assert!(text::<i64>("3.5").is_err());
}

#[test]
fn half_a_surrogate_pair_loses_nothing_else() {
    assert_eq!(
        text::<String>(r#""a\ud83d b\ud83d\ude00""#).as_deref(),
        Ok("a\u{fffd}\u{fffd}\u{fffd} b\u{1f600}")
    );
    let properties: Properties = text(r#"{"k": "\ude00\n", "m": "n"}"#).unwrap();
    assert_eq!(properties.get("m"), Some("n"));
}

#[test]
fn the_last_of_repeated_keys_wins() {
    #[derive(Debug, PartialEq)]
    struct Outer {
        name: String,
        inner: Inner,
        list: Vec<Inner>,
    }
    #[derive(Debug, PartialEq)]
    struct Inner {
        one: Option<i32>,
        two: Option<i32>,
    }
    decode_fields!(Outer; "name" name, "inner" inner, "list" list);
    decode_fields!(Inner; "one" one, "two" two);
    let json = r#"{"inner": {"one": 1, "one": 3}, "list": [{"one": 1}, {}], "name": "a", "inner": {"two": 2},
        "list": [{"two": 2}], "name": "b"}"#;
    let two = || Inner {
        one: None,
        two: Some(2),
    };
    let expected = Outer {
        name: "b".to_owned(),
        inner: two(),
        list: vec![two()],
    };
    assert_eq!(shown(decode::<Outer>(json.as_bytes())), Ok(expected));
    let properties: Properties = text(r#"{"a": "1", "a": null}"#).unwrap();
    assert!(properties.contains("a") && properties.get("a").is_none());
    assert_eq!(text::<Value>(r#"{"a": 1, "a": 2}"#), Ok(json!({"a": 2})));
}
