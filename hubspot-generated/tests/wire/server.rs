//! A server that responds with exactly the bytes that a test gives it, and keeps the raw requests.
//!
//! A connection serves one request. Requests beyond the script get a 599.

use std::sync::{Arc, Mutex};

use hubspot_generated::{Client, ClientBuilder, Unchecked};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use self::clock::JumpingClock;

#[path = "../support/clock.rs"]
mod clock;

pub(crate) const TOKEN: &str = "pat-hidden-token";

/// What is done after a request was read.
pub(crate) enum Step {
    /// Writes these bytes and closes.
    Respond(Vec<u8>),
    /// Writes these bytes and says no more, without closing.
    Stall(Vec<u8>),
}

impl From<Vec<u8>> for Step {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Respond(bytes)
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The request line and the headers, header names in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        headers
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

pub(crate) struct Server {
    address: std::net::SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Server {
    pub(crate) async fn start<S: Into<Step>>(script: impl IntoIterator<Item = S>) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    pub(crate) fn listen<S: Into<Step>>(
        listener: TcpListener,
        script: impl IntoIterator<Item = S>,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let steps: Vec<Step> = script.into_iter().map(Into::into).collect();
        tokio::spawn(serve(listener, steps, Arc::clone(&received)));
        Self { address, received }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn builder(&self) -> ClientBuilder<Unchecked> {
        Client::unchecked_builder()
            .base_url(self.url())
            .access_token(TOKEN)
            .clock(JumpingClock::default())
    }

    pub(crate) fn client(&self) -> Client<Unchecked> {
        self.builder().build().unwrap()
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.received()
            .iter()
            .map(|request| request.line().to_owned())
            .collect()
    }
}

async fn serve(listener: TcpListener, steps: Vec<Step>, received: Arc<Mutex<Vec<Received>>>) {
    let mut steps = steps.into_iter();
    let mut stalled = Vec::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(request) = read_request(&mut stream).await else {
            continue;
        };
        received.lock().unwrap().push(request);
        match steps
            .next()
            .unwrap_or_else(|| Step::Respond(response("599 Script Is Over", "")))
        {
            Step::Respond(bytes) => {
                // The client may hang up early.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Step::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                stalled.push(stream);
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).replace("\r\n", "\n");
            let mut request = Received {
                head,
                body: String::new(),
            };
            let length = request
                .header("content-length")
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                request.body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
                return Some(request);
            }
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// A response with a JSON body.
pub(crate) fn response(status: &str, body: &str) -> Vec<u8> {
    response_with(status, "content-type: application/json", body)
}

/// A response with a header, or several separated by `\r\n`.
pub(crate) fn response_with(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

pub(crate) fn ok(body: &str) -> Vec<u8> {
    response("200 OK", body)
}

/// A record with an id and the fields that every record has.
pub(crate) fn record(id: &str) -> Value {
    json!({"id": id, "properties": {}, "createdAt": "2026-11-01T00:00:00Z", "updatedAt": "2026-11-01T00:00:00Z"})
}
