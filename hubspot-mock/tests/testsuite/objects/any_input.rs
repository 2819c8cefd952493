//! Generated input: the server responds to all of it, and never with a 500.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{Tester, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

/// One property of each type that callers may write.
const PROPERTIES: [&str; 7] = [
    "email",
    "firstname",
    "associatedcompanyid",
    "closedate",
    "lifecyclestage",
    "hs_buying_role",
    "hs_email_optout",
];

/// Values: anything, and what is close to something that fits.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z.]{0,5}@[a-z.-]{0,8}",
        "[-+]?[0-9]{0,22}(\\.[0-9]{0,3})?(e[0-9]{1,4})?",
        "-?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}(T[0-9:]{0,8}Z?)?",
        "(lead|CHAMPION|OTHER|true|TRUE|;|\\*| ){0,4}",
    ]
}

fn check(cases: u32, test: impl Fn(&Runtime, &Tester, usize, String) -> TestCaseResult) {
    let runtime = Runtime::new().unwrap();
    let hubspot = runtime.block_on(Tester::start());
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let input = (0..PROPERTIES.len(), value());
    let run = |(index, value)| test(&runtime, &hubspot, index, value);
    runner.run(&input, run).unwrap();
}

#[test]
fn a_normalized_value_is_normal() {
    check(200, |runtime, hubspot, index, value| {
        let name = PROPERTIES[index];
        let create = |value: &Value| {
            let body = json!({"properties": {"lastname": "Lovelace", name: value}});
            runtime.block_on(hubspot.post(CONTACTS, body))
        };
        let (status, created) = create(&json!(value));
        prop_assert!(matches!(status, 201 | 400 | 409), "{created}");
        if status == 201 {
            let kept = &created["properties"][name];
            let erase = json!({"objectId": text(&created["id"])});
            runtime.block_on(hubspot.post(&format!("{CONTACTS}/gdpr-delete"), erase));
            let (status, again) = create(kept);
            prop_assert_eq!(status, 201, "{}", &again);
            prop_assert_eq!(&again["properties"][name], kept);
            let erase = json!({"objectId": text(&again["id"])});
            runtime.block_on(hubspot.post(&format!("{CONTACTS}/gdpr-delete"), erase));
        }
        Ok(())
    });
}

#[test]
fn any_filter_succeeds_or_is_refused() {
    const OPERATORS: [&str; 12] = [
        "EQ",
        "NEQ",
        "LT",
        "LTE",
        "GT",
        "GTE",
        "BETWEEN",
        "IN",
        "NOT_IN",
        "HAS_PROPERTY",
        "CONTAINS_TOKEN",
        "NOT_CONTAINS_TOKEN",
    ];
    check(150, |runtime, hubspot, index, value| {
        let properties = ["hs_object_id", "createdate", "lastmodifieddate"];
        let properties = PROPERTIES.iter().chain(&properties).collect::<Vec<_>>();
        hubspot.account.contact([("firstname", "Ada")]);
        let operator = OPERATORS[value.len() % OPERATORS.len()];
        let filter = json!({
            "propertyName": properties[(index + value.len()) % properties.len()],
            "operator": operator,
            "value": value,
            "highValue": value,
            "values": [value, value],
        });
        for body in [
            json!({"filterGroups": [{"filters": [filter]}], "sorts": ["-email"]}),
            json!({"query": value}),
            json!({"after": value}),
            json!({"sorts": [value]}),
        ] {
            let path = format!("{CONTACTS}/search");
            let (status, answer) = runtime.block_on(hubspot.post(&path, body.clone()));
            prop_assert!(matches!(status, 200 | 400), "{}: {}", body, answer);
        }
        Ok(())
    });
}
