//! Successful responses: how they are decoded, bounded and cut short.

use std::time::Duration;

use hubspot_generated::models::{
    AssociationCategory, AssociationSpec, BatchCreate, BatchCreateInput, BatchStatus, CreateObject,
    CrmObject, UpdateObject,
};
use hubspot_generated::{Batch, Method, Properties, StatusCode};
use serde_json::{Value, json};

use crate::server::{Server, Step, ok, record, response, response_with};

#[tokio::test]
async fn a_property_may_be_null_and_fields_may_be_new_or_gone() {
    let mut full = record("1");
    full["properties"] = json!({"email": null, "age": 7, "name": "Ada"});
    full["brandNew"] = json!({"a": [1]});
    let mut bare = record("2");
    bare["properties"] = Value::Null;
    bare["archived"] = Value::Null;
    let server = Server::start([ok(&full.to_string()), ok(&bare.to_string())]).await;
    let contacts = server.client().contacts();
    let contact = contacts.get("1").send().await.unwrap();
    assert_eq!(contact.properties.get("email"), None);
    assert!(contact.properties.contains("email"));
    assert_eq!(contact.properties.get("age"), Some("7"));
    assert_eq!(contact.properties.get("name"), Some("Ada"));
    let bare = contacts.get("2").send().await.unwrap();
    assert_eq!((bare.properties, bare.archived), (Properties::new(), false));
}

fn batch(ids: [&str; 2]) -> BatchCreate {
    BatchCreate::new(ids.map(|id| BatchCreateInput::new([("email", id)]).object_write_trace_id(id)))
}

#[tokio::test]
async fn a_batch_has_one_shape_whatever_the_status() {
    let mut all = json!({
        "status": "COMPLETE",
        "startedAt": "2026-11-01T00:00:00Z",
        "completedAt": "2026-11-01T00:00:01Z",
        "results": [record("1"), record("2")],
    });
    let mut some = all.clone();
    some["status"] = json!("SOMEWHAT");
    some["results"] = json!([record("1")]);
    some["numErrors"] = json!(1);
    some["errors"] = json!([{
        "status": "error",
        "category": "CONFLICT",
        "message": "there is one",
        "context": {"objectWriteTraceId": ["b"]},
    }]);
    all["errors"] = Value::Null;
    let (all, some) = (all.to_string(), some.to_string());
    let server = Server::start([
        response("201 Created", &all),
        response("200 OK", &all),
        response("207 Multi-Status", &some),
    ])
    .await;
    let contacts = server.client().contacts();

    for _ in 0..2 {
        let done = contacts
            .batch_create(batch(["a", "b"]))
            .send()
            .await
            .unwrap();
        assert!(done.is_complete());
        assert_eq!(done.results().len(), 2);
        assert_eq!(done.status, BatchStatus::Complete);
    }

    let response = contacts
        .batch_create(batch(["a", "b"]))
        .send_with_response()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::MULTI_STATUS);
    let partly = response.into_body();
    assert!(!partly.is_complete());
    assert_eq!(partly.status, BatchStatus::Other("SOMEWHAT".to_owned()));
    assert_eq!(
        partly.error_of("b").unwrap().category.as_deref(),
        Some("CONFLICT")
    );
    assert!(partly.error_of("a").is_none());
    let (results, errors) = partly.into_parts();
    assert_eq!((results.len(), errors.len()), (1, 1));
}

#[tokio::test]
async fn status_and_headers_come_along() {
    let server = Server::start([response_with(
        "200 OK",
        "X-HubSpot-RateLimit-Remaining: 108",
        r#"{"results": []}"#,
    )])
    .await;
    let response = server
        .client()
        .contacts()
        .list()
        .send_with_response()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-hubspot-ratelimit-remaining"], "108");
    assert!(response.body().results.is_empty());
}

#[tokio::test]
async fn an_operation_without_a_response_takes_any() {
    let nothing = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec();
    let server = Server::start([nothing, ok(""), ok(r#"{"a": 1}"#), ok("<html>")]).await;
    let contacts = server.client().contacts();
    for _ in 0..4 {
        contacts.archive("1").send().await.unwrap();
    }
    assert_eq!(
        server.lines(),
        ["DELETE /crm/objects/2026-09/contacts/1 HTTP/1.1"; 4]
    );
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_located_and_not_quoted() {
    for (body, place) in [
        (
            r#"{"results": [{"id": ["hidden"]}]}"#,
            "at `results[0].id`, found a list, expected a string",
        ),
        (
            r#"{"results": [{"properties": {"email": {"hidden": 1}}}]}"#,
            "at `results[0].properties.email`, found a map, expected a string",
        ),
        (
            r#"{"results": [{}]}"#,
            "at `results[0]`, missing field `id`",
        ),
        (
            r#"{"results": "hidden"}"#,
            "at `results`, found a string, expected a list",
        ),
        (r#"{"results": ["#, "the body ends early"),
        ("<html>hidden</html>", "the body is not JSON"),
        ("{} hidden", "the body is not JSON"),
        ("", "the body is empty"),
    ] {
        let server = Server::start([response_with(
            "200 OK",
            "x-hubspot-correlation-id: c-1",
            body,
        )])
        .await;
        let error = server.client().contacts().list().send().await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains(place), "{text}");
        assert!(
            text.starts_with(
                "contacts.list (GET /crm/objects/2026-09/contacts): cannot decode the response: "
            ) && text.ends_with("(correlation id c-1)")
        );
        assert!(!format!("{text} {error:?}").contains("hidden"), "{error:?}");
        assert!(error.is_decode() && !error.is_retryable());
        assert_eq!(error.attempts(), 1);
        assert_eq!(error.status(), Some(StatusCode::OK));
    }
    let server =
        Server::start([b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"id\": \"\xff\"}".to_vec()])
            .await;
    let error = server
        .client()
        .contacts()
        .get("1")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn a_response_is_bounded_however_it_comes() {
    let long = "x".repeat(3000);
    let announced = ok(&long);
    let until_closed = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{long}").into_bytes();
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{long}\r\n0\r\n\r\n",
        long.len()
    );
    let error_body = response("500 Internal Server Error", &long);
    // The announced length alone is reason enough: no body follows.
    let huge = Step::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000000000000\r\n\r\n".to_vec());
    let script = [
        announced.into(),
        until_closed.into(),
        chunked.into_bytes().into(),
        error_body.into(),
        huge,
    ];
    let expected_errors = script.len();
    let server = Server::start(script).await;
    let hubspot = server.builder().max_response_bytes(2000).build().unwrap();
    for _ in 0..expected_errors {
        let error = hubspot.contacts().list().send().await.unwrap_err();
        assert!(error.is_too_large() && !error.is_retryable(), "{error:?}");
        assert!(error.status().is_some());
        assert_eq!(
            error.to_string(),
            "contacts.list (GET /crm/objects/2026-09/contacts): the response is longer than the limit of 2000 bytes"
        );
    }
}

#[tokio::test]
async fn a_response_is_bounded_by_its_length_after_decompression() {
    // A JSON text of 3,002 characters.
    let body: [u8; 40] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x21, 0x01, 0x00,
        0x00, 0x00, 0x02, 0xa0, 0x2f, 0xae, 0x74, 0xbe, 0x37, 0x0c, 0x40, 0x0a, 0x00, 0x00, 0xdc,
        0xcb, 0x00, 0x1e, 0x8d, 0x37, 0x27, 0xba, 0x0b, 0x00, 0x00,
    ];
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 40\r\nconnection: close\r\n\r\n";
    let compressed = || [head.as_bytes(), &body].concat();
    let server = Server::start([compressed(), compressed()]).await;
    let read = |bytes| {
        let hubspot = server.builder().max_response_bytes(bytes).build().unwrap();
        hubspot
            .request(Method::Get, "/")
            .response_type::<String>()
            .send()
    };
    assert_eq!(read(3002).await.unwrap().len(), 3000);
    assert!(read(3001).await.unwrap_err().is_too_large());
    assert_eq!(server.received()[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_response_of_exactly_the_bound_is_read() {
    let body = format!("\"{}\"", "x".repeat(1998));
    let server = Server::start([ok(&body)]).await;
    let hubspot = server.builder().max_response_bytes(2000).build().unwrap();
    let text = hubspot
        .request(Method::Get, "/")
        .response_type::<String>()
        .send()
        .await
        .unwrap();
    assert_eq!(text.len(), 1998);
}

#[tokio::test]
async fn a_response_is_bounded_in_time() {
    for stalled_after in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
        let stall = || Step::Stall(stalled_after.as_bytes().to_vec());
        let server = Server::start([stall(), stall(), stall()]).await;
        let short = Duration::from_millis(50);
        let hubspot = server.builder().max_retries(1).build().unwrap();
        let error = hubspot
            .contacts()
            .list()
            .timeout(short)
            .send()
            .await
            .unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        assert_eq!(
            error.to_string(),
            "contacts.list (GET /crm/objects/2026-09/contacts): timed out"
        );
        let hubspot = server.builder().timeout(short).build().unwrap();
        let create = hubspot
            .request(Method::Post, "/x")
            .send()
            .await
            .unwrap_err();
        assert!(
            create.is_timeout() && !create.is_retryable(),
            "it may have been created"
        );
        assert!(create.may_have_taken_effect());
        assert_eq!(
            server.received().len(),
            3,
            "the list twice, the creation once"
        );
    }
}

#[tokio::test]
async fn a_response_can_be_read_as_something_else() {
    let server = Server::start([
        ok(r#"{"id": "1", "extra": true}"#),
        ok(&record("1").to_string()),
    ])
    .await;
    let hubspot = server.client();
    let contact = hubspot
        .contacts()
        .get("1")
        .response_type::<Value>()
        .send()
        .await
        .unwrap();
    assert_eq!(contact["extra"], true);
    let contact = hubspot
        .request(Method::Get, "/contact")
        .response_type::<CrmObject>()
        .await
        .unwrap();
    assert_eq!(contact.id, "1");
}

#[tokio::test]
async fn a_write_is_not_lost_to_a_number_for_text_or_a_field_that_is_not_there() {
    let server = Server::start([
        response("201 Created", r#"{"id": 5434402448}"#),
        response("200 OK", r#"{"id": "9007199254740993", "updatedAt": null, "archived": "false", "url": 7}"#),
        response("201 Created", r#"{"results": [{"id": 18446744073709551615, "properties": {"hs_object_id": 9007199254740993}}], "numErrors": "0"}"#),
        ok(r#"{"id": 1, "associations": {"companies": {"results": [{"id": 2, "type": 3}], "paging": {}}}}"#),
    ])
    .await;
    let contacts = server.client().contacts();
    let create = CreateObject::new([("email", "ada@example.com")]);
    let created = contacts.create(create).send().await.unwrap();
    assert_eq!(
        (created.id.as_str(), created.created_at.as_str()),
        ("5434402448", "")
    );

    let update = UpdateObject::new([("email", "ada@example.com")]);
    let updated = contacts.update("1", update).send().await.unwrap();
    assert_eq!(updated.id, "9007199254740993");
    assert_eq!(
        (updated.archived, updated.url.as_deref()),
        (false, Some("7"))
    );

    let batch = contacts
        .batch_create(batch(["a", "b"]))
        .send()
        .await
        .unwrap();
    assert_eq!(batch.results[0].id, "18446744073709551615");
    assert_eq!(
        batch.results[0].properties.get("hs_object_id"),
        Some("9007199254740993")
    );
    assert_eq!((batch.num_errors, batch.status.as_str()), (Some(0), ""));

    let contact = contacts.get("1").send().await.unwrap();
    assert_eq!(contact.id, "1");
    let company = &contact.associations["companies"].results[0];
    assert_eq!((company.id.as_str(), company.r#type.as_str()), ("2", "3"));
}

#[tokio::test]
async fn ids_of_association_labels_may_be_numbers() {
    let labels = r#"{"fromObjectId": 5434402448, "fromObjectTypeId": "0-1", "toObjectId": 1, "toObjectTypeId": 2}"#;
    let server = Server::start([ok(labels)]).await;
    let associations = server.client().associations();
    let spec = AssociationSpec::new(AssociationCategory::UserDefined, 36);
    let request = associations.set("contacts", "5434402448", "companies", "1", vec![spec]);
    let labels = request.send().await.unwrap();
    assert_eq!(
        (labels.from_object_id.as_str(), labels.to_object_id.as_str()),
        ("5434402448", "1")
    );
}
