//! Validation rules of properties.

use hubspot_mock::{MockHubSpot, Seed};
use serde_json::{Value, json};

use crate::tester::Tester;

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
