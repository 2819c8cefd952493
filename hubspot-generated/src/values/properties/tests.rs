//! Tests of property values.

use super::*;
use crate::decode::decode;
use crate::encode::encode;

#[test]
fn whatever_hubspot_sends_is_text_or_nothing() {
    let properties: Properties =
        decode(br#"{"a": "x", "b": null, "c": 17, "d": -1, "e": 1.5, "f": true, "g": ""}"#)
            .unwrap();
    let values: Vec<_> = properties.iter().collect();
    assert_eq!(
        values,
        [
            ("a", Some("x")),
            ("b", None),
            ("c", Some("17")),
            ("d", Some("-1")),
            ("e", Some("1.5")),
            ("f", Some("true")),
            ("g", Some(""))
        ]
    );
    assert!(properties.contains("b") && !properties.contains("h"));
    assert!(decode::<Properties>(br#"{"a": ["x"]}"#).is_err());
    assert!(decode::<Properties>(br#"["a"]"#).is_err());
}

#[test]
fn what_is_sent_is_what_was_set() {
    let mut properties: Properties = [("b", "1"), ("a", "2")].into_iter().collect();
    properties.extend([("c".to_owned(), "3".to_owned())]);
    properties.clear("b");
    assert_eq!(properties.remove("c").as_deref(), Some("3"));
    let json = br#"{"a":"2","b":""}"#;
    assert_eq!(encode(&properties).unwrap(), json);
    assert_eq!(serde_json::to_vec(&properties).unwrap(), json);
    assert_eq!(
        serde_json::from_slice::<Properties>(json).unwrap(),
        properties
    );
    assert_eq!(properties.len(), 2);
    assert_eq!(
        Properties::from(BTreeMap::from([("a".to_owned(), "2".to_owned())])).get("a"),
        Some("2")
    );
    assert!(Properties::new().is_empty());
}

#[test]
fn the_last_of_several_values_remains_and_names_are_sorted() {
    let properties: Properties =
        decode(br#"{"b": "1", "a": "2", "b": null, "aa": "", "a": "3"}"#).unwrap();
    let values: Vec<_> = properties.iter().collect();
    assert_eq!(values, [("a", Some("3")), ("aa", Some("")), ("b", None)]);
    assert_eq!(properties.iter().len(), 3);
    assert_eq!(
        format!("{properties:?}"),
        r#"Properties({"a": Some("3"), "aa": Some(""), "b": None})"#
    );
    assert_ne!(properties, Properties::from([("a", "3"), ("aa", "")]));
    let owned: Vec<_> = properties.into_iter().collect();
    assert_eq!(owned[0], ("a".to_owned(), Some("3".to_owned())));
}

#[test]
fn values_that_are_replaced_take_no_room_for_long() {
    let mut properties = Properties::from([("note", "a"), ("kept", "b")]);
    for number in 0..10_000 {
        properties.insert("note", format!("{number:0100}"));
        properties.insert(number.to_string(), "x");
        assert_eq!(properties.remove(&number.to_string()).as_deref(), Some("x"));
    }
    assert_eq!(properties.get("note"), Some(&*format!("{:0100}", 9_999)));
    assert_eq!((properties.get("kept"), properties.len()), (Some("b"), 2));
    assert!(
        properties.text.len() < 2 * SMALL,
        "{}",
        properties.text.len()
    );
}

#[test]
fn short_records_do_not_keep_the_room_of_a_long_one() {
    let long = "x".repeat(100_000);
    let page = format!(r#"[{{"a": "{long}"}}, {{"a": "b"}}, {{}}, {{"a": null, "b": "1"}}]"#);
    let records: Vec<Properties> = decode(page.as_bytes()).unwrap();
    assert_eq!(records[0].get("a"), Some(&*long));
    assert_eq!(records[3].get("b"), Some("1"));
    let room = records.iter().skip(1).map(|record| record.text.capacity());
    assert!(room.sum::<usize>() < 100);
}
