//! A call of the module that the build script generated, against a small server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

use build_script::hubspot::beta::models::{Survey, Visit, VisitOutcome};
use build_script::{VisitScopes, first_visits, hubspot};
use hubspot_generated::Client;
use serde_json::{Value, json};

const PAGE: &str =
    r#"{"results": [{"id": "1", "contactId": 512, "outcome": "MET", "startedAt": null}]}"#;

#[tokio::test]
async fn the_generated_module_calls_its_api() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = BufReader::new(&stream).lines().map(Result::unwrap);
        let line = head.next().unwrap();
        // A connection that is closed before everything is read may lose the response.
        let rest = head.find(String::is_empty);
        assert_eq!(rest.as_deref(), Some(""));
        let length = PAGE.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{PAGE}"
        )
        .unwrap();
        line
    });
    let hubspot = Client::<VisitScopes>::builder()
        .access_token("token")
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();
    assert_eq!(first_visits(&hubspot).await.unwrap(), ["1"]);
    let line = server.join().unwrap();
    assert_eq!(
        line,
        "GET /field-service/2027-03-beta/visits?limit=10 HTTP/1.1"
    );
}

#[test]
fn its_operations_have_their_scopes() {
    let list = &hubspot::operations::BETA_VISITS_LIST;
    let requirement = list.requirement().unwrap().to_string();
    assert_eq!(requirement, r#""field.visits.read""#);
}

/// `Generator::serde` makes the models readable and writable by serde, for example to keep them in a cache.
#[test]
fn its_models_are_read_and_written_by_serde() {
    let without_null = |mut value: Value| {
        value
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        value
    };
    let wire = json!({"id": "1", "contactId": "512", "outcome": "MET", "startedAt": "2027-03-01"});
    let visit: Visit = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(visit.outcome, VisitOutcome::Met);
    assert_eq!(without_null(serde_json::to_value(&visit).unwrap()), wire);

    let answers =
        json!([{"type": "RATING", "stars": 5}, {"type": "TEXT", "text": "Fine"}, {"type": "SONG"}]);
    let wire = json!({"id": "1", "answeredAt": null, "answers": answers});
    let survey: Survey = serde_json::from_value(wire.clone()).unwrap();
    assert_eq!(survey.answers.len(), 3);
    let written = serde_json::to_value(&survey).unwrap();
    assert_eq!(without_null(written), without_null(wire));
}
