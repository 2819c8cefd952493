//! Every kind of fault against every kind of operation: what is sent again, and what the error says about the outcome.

use hubspot_generated::models::{
    BatchArchive, BatchCreate, BatchCreateInput, BatchRead, BatchUpdate, BatchUpdateInput,
    BatchUpsert, BatchUpsertInput, CreateObject, Merge, ObjectId, Search, UpdateObject,
};
use hubspot_generated::{Client, Error, Method, Unchecked};
use serde_json::Value;

use crate::server::{Server, TOKEN, ok, response};

/// What a second, equal request does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Nothing, and neither does the first.
    Read,
    /// Nothing more.
    Idempotent,
    /// The same again.
    Once,
}

use Kind::{Idempotent, Once, Read};

const OPERATIONS: [(&str, Kind); 27] = [
    ("list", Read),
    ("get", Read),
    ("search", Read),
    ("batch_read", Read),
    ("update", Idempotent),
    ("archive", Idempotent),
    ("batch_update", Idempotent),
    ("batch_upsert", Idempotent),
    ("batch_archive", Idempotent),
    ("raw PUT", Idempotent),
    ("raw PATCH", Idempotent),
    ("raw DELETE", Idempotent),
    ("create", Once),
    ("batch_create", Once),
    ("merge", Once),
    ("raw POST /x", Once),
    ("raw POST /crm/objects/2026-09/contacts", Once),
    ("raw POST /crm/objects/2026-09/contacts/batch/create", Once),
    ("raw POST /crm/objects/2026-09/0-1/search", Read),
    ("raw POST /crm/v3/objects/p1_car/search/", Read),
    ("raw POST /crm/v3/lists/search", Read),
    (
        "raw POST /crm/v4/associations/contact/company/batch/read",
        Read,
    ),
    (
        "raw POST /crm/objects/2026-03/deals/batch/update",
        Idempotent,
    ),
    ("raw POST /crm/v3/objects/deals/batch/upsert", Idempotent),
    ("raw POST /crm/v3/objects/deals/batch/archive", Idempotent),
    ("raw POST /automation/v4/actions/search", Once),
    ("raw POST /crm/v3/objects/search/research", Once),
];

async fn call(hubspot: &Client<Unchecked>, operation: &str) -> Result<Value, Error> {
    let contacts = hubspot.contacts();
    let values = [("email", "ada@example.com")];
    let ids = || [ObjectId::new("1")];
    macro_rules! send {
        ($request:expr) => {
            $request.response_type().send().await
        };
    }
    match operation {
        "list" => send!(contacts.list()),
        "get" => send!(contacts.get("1")),
        "search" => send!(contacts.search(Search::new())),
        "batch_read" => send!(contacts.batch_read(BatchRead::new(ids(), ["email"]))),
        "update" => send!(contacts.update("1", UpdateObject::new(values))),
        "archive" => send!(contacts.archive("1")),
        "batch_update" => {
            let input = BatchUpdateInput::new("1", values);
            send!(contacts.batch_update(BatchUpdate::new([input])))
        }
        "batch_upsert" => {
            let input = BatchUpsertInput::new("a@example.com", "email", values);
            send!(contacts.batch_upsert(BatchUpsert::new([input])))
        }
        "batch_archive" => send!(contacts.batch_archive(BatchArchive::new(ids()))),
        "create" => send!(contacts.create(CreateObject::new(values))),
        "batch_create" => {
            let input = BatchCreateInput::new(values);
            send!(contacts.batch_create(BatchCreate::new([input])))
        }
        "merge" => send!(contacts.merge(Merge::new("2", "1"))),
        raw => {
            let (method, path) = match raw {
                "raw PUT" => (Method::Put, "/x"),
                "raw PATCH" => (Method::Patch, "/x"),
                "raw DELETE" => (Method::Delete, "/x"),
                post => (Method::Post, post.strip_prefix("raw POST ").unwrap()),
            };
            hubspot.request(method, path).send().await
        }
    }
}

/// Faults after which nobody knows whether the request took effect.
fn unknown_outcomes() -> Vec<(&'static str, Vec<u8>)> {
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\": \"1\"}";
    vec![
        ("500", response("500 Internal Server Error", "")),
        ("502", response("502 Bad Gateway", "<html>")),
        ("503", response("503 Service Unavailable", "{}")),
        ("504", response("504 Gateway Timeout", "")),
        ("lost connection", Vec::new()),
        ("truncated response", truncated.to_vec()),
        ("not HTTP", b"220 smtp.example.com ESMTP\r\n\r\n".to_vec()),
    ]
}

#[tokio::test]
async fn after_an_unknown_outcome_only_idempotent_operations_are_retried() {
    for (name, kind) in OPERATIONS {
        for (fault, bytes) in unknown_outcomes() {
            let server = Server::start([bytes.clone(), bytes, ok("{}")]).await;
            let result = call(&server.client(), name).await;
            let sent = server.lines();
            if kind == Once {
                let error = result.unwrap_err();
                assert_eq!(sent.len(), 1, "{name}, {fault}");
                assert!(!error.is_retryable(), "{name}, {fault}");
                assert!(error.may_have_taken_effect(), "{name}, {fault}");
            } else {
                assert!(result.is_ok(), "{name}, {fault}: {result:?}");
                assert_eq!(sent.len(), 3, "{name}, {fault}");
                assert!(sent.iter().all(|line| *line == sent[0]));
            }
        }
    }
}

#[tokio::test]
async fn retries_end_with_an_error_that_tells_what_is_known() {
    for (name, kind) in OPERATIONS {
        let gateway = || response("502 Bad Gateway", "");
        let server = Server::start(std::iter::repeat_with(gateway).take(9)).await;
        let error = call(&server.client(), name).await.unwrap_err();
        let attempts = if kind == Once { 1 } else { 5 };
        assert_eq!(server.received().len(), attempts, "{name}");
        assert_eq!(error.is_retryable(), kind != Once, "{name}");
        assert_eq!(error.may_have_taken_effect(), kind != Read, "{name}");
    }
}

#[tokio::test]
async fn a_refusal_after_an_unknown_outcome_leaves_it_unknown() {
    for (name, kind) in OPERATIONS {
        let script = [
            response("504 Gateway Timeout", ""),
            response("404 Not Found", ""),
        ];
        let server = Server::start(script).await;
        let error = call(&server.client(), name).await.unwrap_err();
        assert_eq!(error.is_not_found(), kind != Once, "{name}");
        assert!(!error.is_retryable(), "{name}");
        assert_eq!(error.may_have_taken_effect(), kind != Read, "{name}");
    }
}

#[tokio::test]
async fn what_had_no_effect_is_retried_whatever_the_operation() {
    for (name, _) in OPERATIONS {
        for status in ["429 Too Many Requests", "423 Locked", "477 Migrating"] {
            let server = Server::start([response(status, ""), ok("{}")]).await;
            call(&server.client(), name).await.unwrap();
            assert_eq!(server.received().len(), 2, "{name}, {status}");
        }
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_had_no_effect() {
    let daily = response("429 Too Many Requests", r#"{"policyName": "DAILY"}"#);
    for (name, _) in OPERATIONS {
        for refusal in [
            response("400 Bad Request", ""),
            response("403 Forbidden", ""),
            daily.clone(),
        ] {
            let server = Server::start([refusal, ok("{}")]).await;
            let error = call(&server.client(), name).await.unwrap_err();
            assert_eq!(server.received().len(), 1, "{name}");
            assert!(
                !error.is_retryable() && !error.may_have_taken_effect(),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn the_status_of_an_error_counts_although_its_body_is_lost() {
    let truncated =
        |status| format!("HTTP/1.1 {status}\r\ncontent-length: 100\r\n\r\n{{").into_bytes();
    for (name, _) in OPERATIONS {
        let server = Server::start([truncated("429 Too Many Requests"), ok("{}")]).await;
        call(&server.client(), name).await.unwrap();

        let server = Server::start([truncated("409 Conflict"), ok("{}")]).await;
        let error = call(&server.client(), name).await.unwrap_err();
        assert!(error.is_conflict() && !error.is_retryable(), "{name}");
        assert!(!error.may_have_taken_effect(), "{name}");
    }
}

#[tokio::test]
async fn a_success_that_cannot_be_decoded_took_effect() {
    for (name, kind) in OPERATIONS {
        let server = Server::start([ok("<html>"), ok("{}")]).await;
        let error = call(&server.client(), name).await.unwrap_err();
        assert!(error.is_decode() && !error.is_retryable(), "{name}");
        assert_eq!(error.may_have_taken_effect(), kind != Read, "{name}");
        assert_eq!(server.received().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_request_without_a_connection_was_not_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (name, _) in OPERATIONS {
        let hubspot = Client::unchecked_builder()
            .base_url(&url)
            .access_token(TOKEN)
            .max_retries(0);
        let error = call(&hubspot.build().unwrap(), name).await.unwrap_err();
        assert!(error.is_connect() && error.is_retryable(), "{name}");
        assert!(!error.may_have_taken_effect(), "{name}");
    }
}

#[tokio::test]
async fn a_connection_that_comes_back_serves_every_operation() {
    for name in ["get", "create"] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let hubspot = Client::unchecked_builder()
            .base_url(format!("http://{address}"))
            .access_token(TOKEN);
        let hubspot = hubspot.build().unwrap();
        let calling = tokio::spawn(async move { call(&hubspot, name).await });
        // The first attempt finds nobody; the next is a second later.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let server = Server::listen(
            tokio::net::TcpListener::bind(address).await.unwrap(),
            [ok("{}")],
        );
        calling.await.unwrap().unwrap();
        assert_eq!(server.received().len(), 1, "{name}");
    }
}
