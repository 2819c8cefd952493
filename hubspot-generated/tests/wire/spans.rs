//! What tracing is told.

use std::io::Write;
use std::sync::{Arc, Mutex};

use hubspot_generated::Method;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::server::{Server, ok, record, response_with};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs `call` and returns the spans that it closed, one a line.
async fn spans(call: impl Future) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    // The runtime of a test has one thread.
    let guard = tracing::subscriber::set_default(subscriber);
    call.await;
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    log.lines()
        .filter(|line| line.contains("hubspot.request"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn each_attempt_has_a_span_with_the_names_of_opentelemetry() {
    let limited = response_with(
        "429 Too Many Requests",
        "retry-after: 0",
        r#"{"message": "hidden message"}"#,
    );
    let server = Server::start([limited, ok(&record("1").to_string())]).await;
    let port = server.url().rsplit_once(':').unwrap().1.to_owned();
    let get = server
        .client()
        .contacts()
        .get("secret-id")
        .query("secret", "secret");
    let [first, second] = &spans(async { get.send().await.unwrap() }).await[..] else {
        panic!()
    };
    for span in [first, second] {
        for field in [
            r#"otel.kind="client""#,
            r#"hubspot.operation="contacts.get""#,
            r#"http.request.method="GET""#,
            r#"url.template="/crm/objects/2026-09/contacts/{objectId}""#,
            r#"server.address="127.0.0.1""#,
            &format!("server.port={port}"),
        ] {
            assert!(span.contains(field), "{field} in {span}");
        }
        assert!(
            !span.contains("hidden") && !span.contains("secret"),
            "{span}"
        );
    }
    assert!(
        first.contains("http.response.status_code=429") && first.contains(r#"error.type="429""#),
        "{first}"
    );
    assert!(!first.contains("resend_count"), "{first}");
    assert!(
        second.contains("http.response.status_code=200") && !second.contains("error.type"),
        "{second}"
    );
    assert!(second.contains("http.request.resend_count=1"), "{second}");
}

#[tokio::test]
async fn a_raw_request_has_no_template() {
    let server = Server::start([Vec::new()]).await;
    let call = server.client().request(Method::Post, "/secret/1");
    let [span] = &spans(async { call.send().await.unwrap_err() }).await[..] else {
        panic!()
    };
    assert!(span.contains(r#"error.type="transport""#), "{span}");
    assert!(
        !span.contains("url.template") && !span.contains("secret"),
        "{span}"
    );
}
