//! Batches.

use hubspot_mock::{InvalidValues, MockHubSpot};
use serde_json::{Value, json};

use super::{Tester, ids, text};

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

fn errors(answer: &Value) -> Vec<(String, Value)> {
    let errors = answer["errors"].as_array().unwrap();
    let error = |error: &Value| {
        (
            text(&error["category"]),
            error["context"]["objectWriteTraceId"].clone(),
        )
    };
    errors.iter().map(error).collect()
}

#[tokio::test]
async fn with_trace_ids_the_inputs_of_a_create_succeed_or_fail_one_by_one() {
    for version in ["objects/2026-09", "objects/2026-03", "v3/objects"] {
        let hubspot = Tester::start().await;
        let contacts = format!("/crm/{version}/contacts");
        let body = json!({"inputs": [
            {"objectWriteTraceId": "one", "properties": {"email": "a@b.c"}},
            {"objectWriteTraceId": "two", "properties": {"email": "a@b.c"}},
            {"objectWriteTraceId": "three", "properties": {"colour": "blue"}},
            {"objectWriteTraceId": "four", "properties": {"email": "x@y.z"}},
        ]});
        let path = format!("{contacts}/batch/create");
        let (status, answer) = hubspot.post(&path, body).await;
        assert_eq!(status, 207, "{version}: {answer}");
        assert_eq!(answer["status"], "COMPLETE");
        assert_eq!(answer["numErrors"], 2);
        assert_eq!(answer["results"][0]["objectWriteTraceId"], "one");
        let expected = [
            ("CONFLICT".to_owned(), json!(["two"])),
            ("VALIDATION_ERROR".to_owned(), json!(["three"])),
        ];
        assert_eq!(errors(&answer), expected);
        for error in answer["errors"].as_array().unwrap() {
            for field in ["status", "message", "errors", "context", "links"] {
                assert!(!error[field].is_null(), "{field}: {error}");
            }
        }
        assert!(answer["startedAt"].is_string() && answer["completedAt"].is_string());
        assert_eq!(ids(&hubspot.get(&contacts).await.1).len(), 2);
    }
}

#[tokio::test]
async fn without_trace_ids_a_create_is_all_or_nothing() {
    let hubspot = Tester::start().await;
    let company = hubspot.account.company([("name", "Acme")]);
    let association = json!([{"to": {"id": company}, "types": [
        {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279},
    ]}]);
    let good = json!({"properties": {"email": "a@b.c"}, "associations": association});
    let traced =
        |id: &str, email: &str| json!({"properties": {"email": email}, "objectWriteTraceId": id});
    for (inputs, expected) in [
        (json!([good, {"properties": {"email": "A@b.c"}}]), 409),
        (json!([good, {"properties": {"colour": "blue"}}]), 400),
        (json!([good, {"properties": {"phone": "1"}}]), 400),
        (
            json!([traced("one", "a@b.c"), {"properties": {"email": "a@b.c"}}]),
            409,
        ),
        (json!([traced("one", "a@b.c"), traced("one", "b@b.c")]), 400),
    ] {
        let path = format!("{CONTACTS}/batch/create");
        let (status, refused) = hubspot.post(&path, json!({"inputs": inputs})).await;
        assert_eq!(status, expected, "{inputs}: {refused}");
        assert_eq!(
            hubspot.get(CONTACTS).await.1["results"],
            json!([]),
            "{inputs}"
        );
    }
    let body = json!({"inputs": [good]});
    let (status, created) = hubspot
        .post(&format!("{CONTACTS}/batch/create"), body)
        .await;
    assert_eq!(status, 201, "{created}");
}

#[tokio::test]
async fn a_batch_without_faults_is_201_or_200() {
    let hubspot = Tester::start().await;
    let body = json!({"inputs": [{"properties": {"email": "a@b.c"}}]});
    let (status, created) = hubspot
        .post(&format!("{CONTACTS}/batch/create"), body)
        .await;
    assert_eq!(status, 201);
    assert!(created.get("errors").is_none() && created.get("numErrors").is_none());
    let id = &created["results"][0]["id"];
    let body =
        json!({"inputs": [{"id": id, "properties": {"city": "Paris"}, "objectWriteTraceId": "t"}]});
    let (status, updated) = hubspot
        .post(&format!("{CONTACTS}/batch/update"), body)
        .await;
    assert_eq!(status, 200);
    assert_eq!(updated["results"][0]["properties"]["city"], "Paris");
    assert_eq!(updated["results"][0]["objectWriteTraceId"], "t");
    let body = json!({"inputs": [{"id": id}, {"id": "1"}]});
    assert_eq!(
        hubspot
            .post(&format!("{CONTACTS}/batch/archive"), body)
            .await,
        (204, Value::Null)
    );
    assert_eq!(hubspot.get(CONTACTS).await.1["results"], json!([]));
}

#[tokio::test]
async fn an_upsert_creates_or_updates() {
    let builder = MockHubSpot::builder().invalid_values(InvalidValues::PerInput);
    let hubspot = Tester::start_with(builder).await;
    let known = hubspot
        .account
        .contact([("email", "known@b.c"), ("city", "Paris")]);
    let path = format!("{CONTACTS}/batch/upsert");
    let body = json!({"inputs": [
        {"id": "Known@b.c", "idProperty": "email", "properties": {"firstname": "Ada"}},
        {"id": "new@b.c", "idProperty": "email", "properties": {"firstname": "Bob"}},
        {"id": "bad@b.c", "idProperty": "email", "properties": {"colour": "x"}, "objectWriteTraceId": "bad"},
    ]});
    let (status, answer) = hubspot.post(&path, body.clone()).await;
    assert_eq!(status, 207, "{answer}");
    assert_eq!(answer["results"][0]["id"], known.as_str());
    assert_eq!(answer["results"][0]["new"], false);
    assert_eq!(answer["results"][1]["new"], true);
    assert_eq!(answer["results"][1]["properties"]["email"], "new@b.c");
    assert_eq!(
        errors(&answer),
        [("VALIDATION_ERROR".to_owned(), json!(["bad"]))]
    );
    let (_, again) = hubspot.post(&path, body).await;
    assert_eq!(ids(&again), ids(&answer));
    assert_eq!(again["results"][1]["new"], false);

    for inputs in [
        json!([{"id": "a@b.c", "properties": {}}]),
        json!([{"id": "Ada", "idProperty": "firstname", "properties": {}}]),
        json!([
            {"id": "a@b.c", "idProperty": "email", "properties": {}},
            {"id": "A@b.c", "idProperty": "email", "properties": {}},
        ]),
        json!([
            {"id": "a@b.c", "idProperty": "email", "properties": {}},
            {"id": known, "idProperty": "hs_object_id", "properties": {}},
        ]),
        json!([{"id": known, "idProperty": "hs_object_id", "properties": {}}]),
    ] {
        let (status, refused) = hubspot.post(&path, json!({"inputs": inputs})).await;
        assert_eq!(status, 400, "{inputs}: {refused}");
    }
    assert_eq!(ids(&hubspot.get(CONTACTS).await.1).len(), 2);
}

#[tokio::test]
async fn an_invalid_value_fails_the_whole_update_or_its_input() {
    for (effect, expected, city) in [
        (InvalidValues::Whole, 400, json!("London")),
        (InvalidValues::PerInput, 207, json!("Paris")),
    ] {
        let hubspot = Tester::start_with(MockHubSpot::builder().invalid_values(effect)).await;
        let contact = |email| {
            hubspot
                .account
                .contact([("email", email), ("city", "London")])
        };
        let (ada, bob) = (contact("ada@b.c"), contact("bob@b.c"));
        for (action, id_property, [ada_id, bob_id]) in [
            ("update", json!(null), [ada.as_str(), bob.as_str()]),
            ("upsert", json!("email"), ["ada@b.c", "bob@b.c"]),
        ] {
            let body = json!({"inputs": [
                {"id": ada_id, "idProperty": id_property, "properties": {"city": "Paris"}},
                {"id": bob_id, "idProperty": id_property, "properties": {"lifecyclestage": "x"}},
            ]});
            let path = format!("{CONTACTS}/batch/{action}");
            let (status, answer) = hubspot.post(&path, body).await;
            assert_eq!(status, expected, "{effect:?} {action}: {answer}");
            let read = format!("{CONTACTS}/{ada}?properties=city");
            assert_eq!(hubspot.get(&read).await.1["properties"]["city"], city);
        }
    }
}

#[tokio::test]
async fn records_that_are_not_found_are_named() {
    let hubspot = Tester::start().await;
    let id = hubspot
        .account
        .contact([("email", "a@b.c"), ("city", "Paris")]);
    let path = format!("{CONTACTS}/batch/read");
    let body = json!({"inputs": [{"id": id}, {"id": "1"}, {"id": "x"}], "properties": ["city"]});
    let (status, answer) = hubspot.post(&path, body).await;
    assert_eq!(status, 207);
    assert_eq!(ids(&answer), [id.as_str()]);
    assert_eq!(answer["results"][0]["properties"]["city"], "Paris");
    assert_eq!(answer["numErrors"], 2);
    assert_eq!(answer["errors"][0]["category"], "OBJECT_NOT_FOUND");
    assert_eq!(answer["errors"][0]["context"]["ids"], json!(["1", "x"]));
    let body = json!({"inputs": [{"id": "A@b.c"}], "properties": [], "idProperty": "email"});
    let (status, answer) = hubspot.post(&path, body).await;
    assert_eq!((status, ids(&answer)), (200, vec![id.clone()]));
    let body = json!({"inputs": [{"id": id}], "properties": [], "idProperty": "hs_object_id"});
    assert_eq!(hubspot.post(&path, body).await.0, 400);
}

#[tokio::test]
async fn a_record_may_occur_once_in_a_read() {
    let hubspot = Tester::start().await;
    let id = hubspot.account.contact([("email", "a@b.c")]);
    let other = hubspot.account.contact([("email", "d@b.c")]);
    let path = format!("{CONTACTS}/batch/read");
    for (wanted, id_property) in [
        ([id.as_str(), &other, &id], None),
        (["1", &other, "1"], None),
        (["a@b.c", "d@b.c", "A@b.c"], Some("email")),
    ] {
        let inputs = wanted.map(|id| json!({"id": id}));
        let body = json!({"inputs": inputs, "properties": [], "idProperty": id_property});
        let (status, answer) = hubspot.post(&path, body).await;
        assert_eq!(status, 400, "{answer}");
        let message = format!("{} occurs more than once in the batch", wanted[2]);
        assert_eq!(answer["message"], message);
        assert_eq!(answer["context"]["ids"], json!([wanted[2]]));
    }
}

#[tokio::test]
async fn long_batches_are_refused() {
    let hubspot = Tester::start().await;
    let new = |number: usize| json!({"properties": {"email": format!("{number}@b.c")}});
    let inputs = |count: usize| json!({"inputs": (0..count).map(new).collect::<Vec<_>>()});
    let create = format!("{CONTACTS}/batch/create");
    assert_eq!(hubspot.post(&create, inputs(101)).await.0, 400);
    assert_eq!(hubspot.get(CONTACTS).await.1["results"], json!([]));
    assert_eq!(hubspot.post(&create, inputs(100)).await.0, 201);
    let read = |count: usize, history: &[&str]| {
        let inputs = (0..count).map(|number| json!({"id": number.to_string()}));
        json!({
            "inputs": inputs.collect::<Vec<_>>(),
            "properties": [],
            "propertiesWithHistory": history,
        })
    };
    let path = format!("{CONTACTS}/batch/read");
    assert_eq!(hubspot.post(&path, read(100, &[])).await.0, 207);
    assert_eq!(hubspot.post(&path, read(101, &[])).await.0, 400);
    assert_eq!(hubspot.post(&path, read(51, &["email"])).await.0, 400);
    assert_eq!(hubspot.post(&path, read(50, &["email"])).await.0, 207);
}

#[tokio::test]
async fn a_record_may_occur_once_in_an_update() {
    let hubspot = Tester::start().await;
    let id = hubspot.account.contact([("email", "a@b.c")]);
    let input = json!({"id": id, "properties": {"city": "Paris"}});
    let path = format!("{CONTACTS}/batch/update");
    let (status, _) = hubspot.post(&path, json!({"inputs": [input, input]})).await;
    assert_eq!(status, 400);
    let unknown = json!({"id": "1", "properties": {}, "objectWriteTraceId": "u"});
    let (status, answer) = hubspot
        .post(&path, json!({"inputs": [input, unknown]}))
        .await;
    assert_eq!(status, 207);
    assert_eq!(
        errors(&answer),
        [("OBJECT_NOT_FOUND".to_owned(), json!(["u"]))]
    );
    assert_eq!(answer["results"][0]["properties"]["city"], "Paris");
}
