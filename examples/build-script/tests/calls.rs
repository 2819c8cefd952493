//! A call of the module that the build script generated, against a small server.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread;

use build_script::{VisitScopes, first_visits, hubspot};
use hubspot_generated::Client;

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
