//! Pipelines and their stages.

use serde_json::{Value, json};

use crate::support::tester::{Tester, field};

const PIPELINES: [&str; 2] = ["/crm/v3/pipelines/deals", "/crm/pipelines/2026-09/0-3"];

fn stage(label: &str, probability: &str) -> Value {
    json!({"label": label, "displayOrder": 1, "metadata": {"probability": probability}})
}

fn pipeline(stages: &Value) -> Value {
    json!({"label": "Renewals", "displayOrder": 2, "stages": stages})
}

/// A pipeline with two stages: its path, and the paths of its stages.
async fn renewals(hubspot: &Tester, path: &str) -> (String, Vec<String>) {
    let stages = json!([stage("Open", "0.5"), stage("Won", "1.0")]);
    let created = hubspot.ok("POST", path, pipeline(&stages)).await;
    let one = format!("{path}/{}", created["id"].as_str().unwrap());
    let stages = created["stages"].as_array().unwrap().iter();
    let stages = stages.map(|stage| format!("{one}/stages/{}", stage["id"].as_str().unwrap()));
    (one.clone(), stages.collect())
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn pipelines_that_are_not_valid_are_refused() {
    for path in PIPELINES {
        let hubspot = Tester::start().await;
        assert_eq!(field(&hubspot.get(path).await, "id"), ["default"]);
        let unordered = json!({"label": "Renewals", "stages": [stage("a", "0.5")]});
        assert_eq!(hubspot.status("POST", path, unordered).await, 400);
        let many = (0..101).map(|n| stage(&n.to_string(), "0.5")).collect();
        for refused in [
            Value::Array(many),
            json!([]),
            json!([stage("a", "1.5")]),
            json!([{"label": "a", "displayOrder": 0, "metadata": {}}]),
        ] {
            assert_eq!(hubspot.status("POST", path, pipeline(&refused)).await, 400);
        }
        renewals(&hubspot, path).await;
        let again = pipeline(&json!([stage("Open", "0.5")]));
        assert_eq!(hubspot.status("POST", path, again).await, 409);
    }
}

#[tokio::test]
async fn stages_follow_their_rules() {
    for path in PIPELINES {
        let hubspot = Tester::start().await;
        let (one, stages) = renewals(&hubspot, path).await;
        let of_pipeline = format!("{one}/stages");
        let (used, won) = (&stages[0], &stages[1]);
        let lost = hubspot
            .ok("POST", &of_pipeline, stage("Lost", "0.00"))
            .await;
        assert_eq!(lost["metadata"]["isClosed"], "true");
        let again = hubspot.status("POST", &of_pipeline, stage("Lost", "0"));
        assert_eq!(again.await, 409);
        let half = json!({"metadata": {"probability": "0.5"}});
        let half = hubspot.ok("PATCH", won, half).await;
        assert_eq!(half["metadata"]["isClosed"], "false");
        for label in ["Open", "Lost"] {
            let refused = json!({"label": label, "metadata": {}});
            assert_eq!(hubspot.status("PATCH", won, refused).await, 409);
        }
        let deal = json!({"properties": {"dealname": "a", "pipeline": last(&one), "dealstage": last(used)}, "associations": []});
        hubspot.ok("POST", "/crm/v3/objects/deals", deal).await;
        assert_eq!(hubspot.status("DELETE", used, Value::Null).await, 400);
        hubspot.ok("DELETE", won, Value::Null).await;
        let renamed = json!({"label": "Begun", "metadata": {"probability": "0.4"}});
        assert_eq!(hubspot.ok("PATCH", used, renamed).await["label"], "Begun");
    }
}

#[tokio::test]
async fn pipelines_follow_their_rules() {
    for path in PIPELINES {
        let hubspot = Tester::start().await;
        let all = hubspot.get(path).await;
        let (one, stages) = renewals(&hubspot, path).await;
        hubspot.account.record(
            "deals",
            [
                ("dealname", "a"),
                ("pipeline", last(&one)),
                ("dealstage", last(&stages[0])),
            ],
        );
        let checked = format!("{one}?validateReferencesBeforeDelete=true");
        assert_eq!(hubspot.status("DELETE", &checked, Value::Null).await, 400);
        assert_eq!(
            hubspot.ok("PATCH", &one, json!({"label": "All"})).await["label"],
            "All"
        );
        let first = hubspot.ok("PATCH", &one, json!({"displayOrder": -1}));
        first.await;
        assert_eq!(field(&hubspot.get(path).await, "id")[0], "default");
        let none = json!({"label": "All", "displayOrder": 2, "stages": []});
        assert_eq!(hubspot.status("PUT", &one, none).await, 400);
        let taken = json!({"label": all["results"][0]["label"]});
        assert_eq!(hubspot.status("PATCH", &one, taken).await, 409);
        hubspot.ok("DELETE", &one, Value::Null).await;
        assert_eq!(hubspot.status("GET", &one, Value::Null).await, 404);
        let audit = format!("{one}/audit");
        assert_eq!(hubspot.status("GET", &audit, Value::Null).await, 404);
        let nonsense = json!({"properties": {"dealstage": "nonsense"}});
        let deal = hubspot.get("/crm/v3/objects/deals").await;
        let deal = format!("/crm/v3/objects/deals/{}", field(&deal, "id")[0]);
        assert_eq!(hubspot.status("PATCH", &deal, nonsense).await, 400);
        let last = format!("{path}/default");
        assert_eq!(hubspot.status("DELETE", &last, Value::Null).await, 400);
    }
}

#[tokio::test]
async fn a_stage_that_is_used_stays() {
    for path in PIPELINES {
        for method in ["PATCH", "PUT"] {
            let hubspot = Tester::start().await;
            let (one, stages) = renewals(&hubspot, path).await;
            let values = [
                ("dealname", "a"),
                ("pipeline", last(&one)),
                ("dealstage", last(&stages[0])),
            ];
            let deal = hubspot.account.record("deals", values);
            let kept = |stage: &str, label: &str| json!([{"stageId": last(stage), "label": label, "displayOrder": 0, "metadata": {"probability": "0.5"}}]);
            let without = pipeline(&kept(&stages[1], "Won"));
            let (status, body) = hubspot.call(method, &one, without.clone()).await;
            assert_eq!(status, 400, "{method} {path} {body}");
            assert_eq!(body["context"]["id"], json!([last(&stages[0])]));
            assert_eq!(
                hubspot.get(&one).await["stages"].as_array().unwrap().len(),
                2
            );
            let with = pipeline(&kept(&stages[0], "Open"));
            hubspot.ok(method, &one, with).await;
            hubspot
                .ok(
                    "DELETE",
                    &format!("/crm/v3/objects/deals/{deal}"),
                    Value::Null,
                )
                .await;
            hubspot.ok(method, &one, without).await;
        }
    }
}
