//! Sends raw HTTP requests.

pub(crate) mod tester;

use std::io;

use hubspot_mock::MockHubSpot;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Reads the bytes of an answer. What is there of the body is taken, whatever its length should be.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        Self {
            status: status.parse().unwrap(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }
}

/// Sends bytes and gives what comes back until the server closes the connection, and how it closed it.
pub(crate) async fn exchange(hubspot: &MockHubSpot, request: &[u8]) -> (Vec<u8>, io::Result<()>) {
    let address = hubspot.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut answer = Vec::new();
    if let Err(error) = stream.write_all(request).await {
        return (answer, Err(error));
    }
    let end = stream.read_to_end(&mut answer).await;
    (answer, end.map(drop))
}

/// The bytes of a request with a JSON body.
pub(crate) fn write(
    method: &str,
    target: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> Vec<u8> {
    let authorization = authorization.map(|value| format!("authorization: {value}\r\n"));
    let content = body.map(|body| {
        let length = body.len();
        format!("content-type: application/json\r\ncontent-length: {length}\r\n")
    });
    let request = [
        &format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"),
        authorization.as_deref().unwrap_or_default(),
        content.as_deref().unwrap_or_default(),
        "\r\n",
        body.unwrap_or_default(),
    ];
    request.concat().into_bytes()
}

pub(crate) async fn request(
    hubspot: &MockHubSpot,
    method: &str,
    target: &str,
    authorization: Option<&str>,
    body: Option<&str>,
) -> Answer {
    let request = write(method, target, authorization, body);
    let (answer, end) = exchange(hubspot, &request).await;
    end.unwrap();
    Answer::read(&answer)
}

pub(crate) async fn get(
    hubspot: &MockHubSpot,
    target: &str,
    authorization: Option<&str>,
) -> Answer {
    request(hubspot, "GET", target, authorization, None).await
}
