//! Validation rules of properties.

use hubspot_mock::{MockHubSpot, Property, PropertyType, Seed, ValidationRule};
use serde_json::{Value, json};

use crate::support::tester::Tester;

#[tokio::test]
async fn validation_rules_apply_to_writes() {
    let seed = json!({"accounts": [{"name": "acme", "validations": {"contacts": {
        "city": [{"ruleType": "MIN_LENGTH", "ruleArguments": ["2"]}],
    }}}]});
    let seed = seed.to_string().parse::<Seed>().unwrap();
    let builder = MockHubSpot::builder().seed(seed);
    let hubspot = Tester::of(builder.start().await.unwrap());
    let rules = "/crm/property-validations/2026-09/0-1";
    let rule = format!("{rules}/city/rule-type/MAX_LENGTH");
    let body = json!({"ruleArguments": ["6"], "shouldApplyNormalization": false});
    assert_eq!(
        hubspot.call("PUT", &rule, body.clone()).await,
        (204, Value::Null)
    );
    let mut expected = body.clone();
    expected["ruleType"] = json!("MAX_LENGTH");
    assert_eq!(hubspot.get(&rule).await, expected);
    let of_city = json!([{"ruleType": "MIN_LENGTH", "ruleArguments": ["2"]}, expected]);
    assert_eq!(
        hubspot.get(&format!("{rules}/city")).await,
        json!({"results": of_city})
    );
    assert_eq!(
        hubspot.get(rules).await,
        json!({"results": [{"propertyName": "city", "propertyValidationRules": of_city}]})
    );
    enforced_from_2026_09_on(&hubspot).await;
    let bad = [
        (
            format!("{rules}/city/rule-type/MAX_LENGTH"),
            json!({"ruleArguments": ["many"]}),
            400,
        ),
        (format!("{rules}/city/rule-type/UNICORN"), body.clone(), 400),
        (
            format!("{rules}/unicorn/rule-type/MAX_LENGTH"),
            body.clone(),
            404,
        ),
    ];
    for (path, body, status) in bad {
        assert_eq!(hubspot.status("PUT", &path, body).await, status, "{path}");
    }
    let missing = format!("{rules}/city/rule-type/URL");
    assert_eq!(hubspot.status("GET", &missing, Value::Null).await, 404);
}

/// Writes a value that is too long in two versions.
async fn enforced_from_2026_09_on(hubspot: &Tester) {
    for (version, status) in [("v3", 201), ("2026-09", 400)] {
        let path = match version {
            "v3" => "/crm/v3/objects/contacts".to_owned(),
            date => format!("/crm/objects/{date}/contacts"),
        };
        let contact =
            json!({"properties": {"email": format!("{version}@b.co"), "city": "Llanfair"}});
        let (given, body) = hubspot.call("POST", &path, contact).await;
        assert_eq!(given, status, "{version} {body}");
        if given == 400 {
            let message = body["message"].as_str().unwrap();
            assert!(
                message.contains(r#""error":"VALIDATION_RULE_FAILED","name":"city""#),
                "{message}"
            );
        }
    }
}

#[tokio::test]
async fn regular_expressions_match_whole_values() {
    let hubspot = Tester::of(MockHubSpot::start().await.unwrap());
    let rule = "/crm/property-validations/2026-09/0-1/city/rule-type/REGEX";
    for bad in ["(", "", "a(?=b)"] {
        let (status, body) = hubspot
            .call("PUT", rule, json!({"ruleArguments": [bad]}))
            .await;
        assert_eq!(status, 400, "{bad}");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains("needs a regular expression"), "{message}");
    }
    hubspot
        .ok("PUT", rule, json!({"ruleArguments": ["[A-Z]{2}-[0-9]+"]}))
        .await;
    for (city, status) in [
        ("AB-12", 201),
        ("AB-12 ", 400),
        ("xAB-1", 400),
        ("ab-1", 400),
        ("", 201),
    ] {
        let contact = json!({"properties": {"lastname": "a", "city": city}, "associations": []});
        let given = hubspot
            .status("POST", "/crm/objects/2026-09/contacts", contact)
            .await;
        assert_eq!(given, status, "{city:?}");
    }
}

#[tokio::test]
#[should_panic(expected = "The rule MIN_NUMBER needs a number")]
async fn a_rule_without_a_number_panics() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let size = Property::new("size", PropertyType::Number);
    let size = size.rule(ValidationRule::MinNumber(f64::NAN));
    hubspot.account("acme").property("contacts", size);
}

#[tokio::test]
async fn amounts_are_finite() {
    let hubspot = Tester::of(MockHubSpot::start().await.unwrap());
    let values = json!({"properties": {"name": "a", "price": "1e308", "quantity": "1e308"}, "associations": []});
    let item = hubspot
        .ok("POST", "/crm/objects/2026-09/line_items", values)
        .await;
    assert_eq!(item["properties"].get("amount"), None, "{item}");
    for bad in ["NaN", "inf", "1e999", "-Infinity"] {
        let values = json!({"properties": {"name": "a", "price": bad}, "associations": []});
        assert_eq!(
            hubspot
                .status("POST", "/crm/objects/2026-09/line_items", values)
                .await,
            400,
            "{bad}"
        );
    }
}
