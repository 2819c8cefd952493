//! Tests of property values.

use super::*;
use crate::decode::decode;
use crate::encode::encode;
use crate::texts::SMALL;

#[test]
fn whatever_hubspot_sends_is_text_or_nothing() {
    let json = br#"{"a": "x", "b": null, "c": 17, "d": -1, "e": 1.5, "f": true, "g": ""}"#;
    let properties: Properties = decode(json).unwrap();
    // A recorded response works as a fixture.
    assert_eq!(
        serde_json::from_slice::<Properties>(json).unwrap(),
        properties
    );
    let value: serde_json::Value = serde_json::from_slice(json).unwrap();
    assert_eq!(Properties::deserialize(value).unwrap(), properties);
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
    assert!(serde_json::from_str::<Properties>(r#"{"a": ["x"]}"#).is_err());
    assert!(serde_json::from_str::<Properties>(r#"["a"]"#).is_err());
    assert!(
        serde_json::from_str::<Properties>("null")
            .unwrap()
            .is_empty()
    );
}

/// A type of the user's around properties, which serde reads.
#[derive(Deserialize)]
struct Holder {
    properties: Properties,
    at: Option<crate::values::DateTime>,
}

#[test]
fn types_of_serde_read_the_digits_of_a_response() {
    use crate::decode::ReadBody;

    let json =
        r#"{"properties": {"a": 1.10, "b": 123456789012345678901234567890, "c": null}, "at": 17}"#;
    let holder = Holder::read_body(json.as_bytes()).unwrap();
    let values: Vec<_> = holder.properties.iter().map(|(_, value)| value).collect();
    assert_eq!(
        values,
        [Some("1.10"), Some("123456789012345678901234567890"), None]
    );
    assert_eq!(holder.at.unwrap().as_str(), "17");
    let holder: Holder = serde_json::from_str(json).unwrap();
    assert_eq!(holder.properties.get("a"), Some("1.1"));
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
    let room = [properties.names(), &properties.values].map(|texts| texts.text.len());
    assert!(room.iter().all(|room| *room < 2 * SMALL), "{room:?}");
}

#[test]
fn short_records_do_not_keep_the_room_of_a_long_one() {
    let long = "x".repeat(100_000);
    let page = format!(r#"[{{"a": "{long}"}}, {{"a": "b"}}, {{}}, {{"a": null, "b": "1"}}]"#);
    let records: Vec<Properties> = decode(page.as_bytes()).unwrap();
    assert_eq!(records[0].get("a"), Some(&*long));
    assert_eq!(records[3].get("b"), Some("1"));
    let room = records
        .iter()
        .skip(1)
        .map(|record| record.values.text.capacity());
    assert!(room.sum::<usize>() < 100);
}

/// Names are shared as long as they are the same, in the same order, and a record that is changed has names of its own.
#[test]
fn records_of_a_page_share_their_names() {
    let page = br#"[{"b": "1", "a": "2"}, {"b": null, "a": "4"}, {"b": "5"}, {"b": "6", "c": "7"}, {"c": "8", "b": "9"},
        {"b": "10", "c": "11", "a": "12"}, {"b": "13", "c": "14", "a": "15"}, {"a": "16", "a": "17"}, {"a": "18", "a": null}]"#;
    let mut records: Vec<Properties> = decode(page).unwrap();
    let shown = |records: &[Properties]| -> Vec<String> {
        let pair = |(name, value): (&str, Option<&str>)| format!("{name}={}", value.unwrap_or("-"));
        let record = |record: &Properties| record.iter().map(pair).collect::<Vec<_>>().join(" ");
        records.iter().map(record).collect()
    };
    let expected = [
        "a=2 b=1",
        "a=4 b=-",
        "b=5",
        "b=6 c=7",
        "b=9 c=8",
        "a=12 b=10 c=11",
        "a=15 b=13 c=14",
        "a=17",
        "a=-",
    ];
    assert_eq!(shown(&records), expected);
    let are_shared = |records: &[Properties], a: usize, b: usize| {
        let names = |index: usize| records[index].names.as_ref().unwrap();
        Arc::ptr_eq(names(a), names(b))
    };
    assert!(are_shared(&records, 0, 1) && are_shared(&records, 5, 6) && are_shared(&records, 7, 8));
    assert!(!are_shared(&records, 1, 2) && !are_shared(&records, 3, 4));
    records[0].insert("aa", "new");
    assert_eq!(records[1].remove("a").as_deref(), Some("4"));
    assert_eq!(shown(&records[..2]), ["a=2 aa=new b=1", "b=-"]);
    assert_eq!(records[6].get("c"), Some("14"));
}
