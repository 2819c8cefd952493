//! Older versions of the API, beside the current one.

use hubspot_generated::Batch;
use hubspot_generated::v3::models::{BatchCreate, BatchCreateInput};
use serde_json::json;

use crate::server::{Server, ok, record, response};

#[tokio::test]
async fn an_older_version_has_paths_and_names_of_its_own() {
    let server = Server::start([ok(r#"{"results": []}"#), response("404 Not Found", "")]).await;
    let v3 = server.client().v3();
    v3.contacts().list().limit(1).send().await.unwrap();
    let error = v3.contacts().get("a/b").send().await.unwrap_err();
    assert_eq!(error.operation(), Some("v3.contacts.get"));
    assert_eq!(
        server.lines(),
        [
            "GET /crm/v3/objects/contacts?limit=1 HTTP/1.1",
            "GET /crm/v3/objects/contacts/a%2Fb HTTP/1.1"
        ]
    );
}

#[tokio::test]
async fn a_batch_has_its_errors_in_every_version() {
    let mut some = json!({
        "status": "COMPLETE",
        "startedAt": "2026-11-01T00:00:00Z",
        "completedAt": "2026-11-01T00:00:01Z",
        "results": [record("1")],
    });
    let all = some.to_string();
    some["errors"] = json!([{"category": "CONFLICT", "context": {"objectWriteTraceId": ["b"]}}]);
    let server = Server::start([
        response("201 Created", &all),
        response("207 Multi-Status", &some.to_string()),
    ])
    .await;
    let contacts = server.client().v3().contacts();
    let batch = || {
        BatchCreate::new(
            ["a", "b"].map(|id| BatchCreateInput::new([("email", id)]).object_write_trace_id(id)),
        )
    };
    assert!(
        contacts
            .batch_create(batch())
            .send()
            .await
            .unwrap()
            .is_complete()
    );
    let partly = contacts.batch_create(batch()).send().await.unwrap();
    assert_eq!(partly.results().len(), 1);
    assert!(partly.error_of("b").is_some());
}
