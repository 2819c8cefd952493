//! The example's calls against a small server, and what the compiler says where a scope is missing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use beta::{FieldScopes, record_visit};
use hubspot_generated::Client;

/// What the server answers, in order.
const RESPONSES: [&str; 4] = [
    r#"{"id": "512", "properties": {}, "createdAt": "", "updatedAt": "", "archived": false}"#,
    r#"{"results": [{"id": "1", "contactId": 512, "outcome": "MET", "startedAt": null}], "paging": {"next": {"after": "b"}}}"#,
    r#"{"results": [{"id": "2", "contactId": "7", "outcome": "LATE", "startedAt": ""}]}"#,
    r#"{"id": "3", "contactId": "512", "outcome": "MET", "startedAt": ""}"#,
];

/// Serves the responses, one a connection, and returns the first line and the body of each request.
fn serve(listener: &TcpListener) -> Vec<(String, String)> {
    let answer = |response: &&str| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let length = head
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        let length = response.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{response}"
        )
        .unwrap();
        (head[0].clone(), String::from_utf8(body).unwrap())
    };
    RESPONSES.iter().map(answer).collect()
}

#[tokio::test]
async fn the_beta_is_called_beside_contacts() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || serve(&listener));
    let hubspot = Client::<FieldScopes>::builder()
        .access_token("token")
        .base_url(format!("http://{address}"))
        .build()
        .unwrap();

    let earlier = record_visit(&hubspot, "ada@example.com").await.unwrap();

    assert_eq!(earlier, 1);
    let requests = server.join().unwrap();
    let lines = requests.iter().map(|(line, _)| line.as_str());
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            "GET /crm/objects/2026-09/contacts/ada%40example.com?idProperty=email HTTP/1.1",
            "GET /field-service/2027-03-beta/visits?limit=50 HTTP/1.1",
            "GET /field-service/2027-03-beta/visits?limit=50&after=b HTTP/1.1",
            "POST /field-service/2027-03-beta/visits HTTP/1.1",
        ]
    );
    assert_eq!(requests[3].1, r#"{"contactId":"512","outcome":"MET"}"#);
}

#[test]
fn a_missing_scope_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/fail/*.rs");
}
