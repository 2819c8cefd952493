//! Sends a reply as its fault demands: late, in parts, cut off or not at all.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::pipeline::reply::{Delivery, Reply};
use crate::server::connection::ConnectionHandle;

/// Closed when the server stops, which cuts delays short.
pub(crate) type Shutdown = watch::Receiver<()>;

/// How long data that was written has to leave before the connection ends.
const FLUSH_TIME: Duration = Duration::from_millis(10);

/// Builds the response.
pub(crate) async fn deliver(
    reply: Reply,
    handle: &ConnectionHandle,
    shutdown: &Shutdown,
) -> Response {
    match &reply.delivery {
        Delivery::Whole => {}
        Delivery::Late(delay) => {
            if pause(*delay, shutdown.clone()).await == Pause::Shutdown {
                handle.reset();
            }
        }
        Delivery::Reset => handle.reset(),
        Delivery::Truncated => {
            let half = reply.body.slice(..reply.body.len() / 2);
            let chunks = Chunks {
                size: usize::MAX,
                pause: FLUSH_TIME,
                breaks: true,
            };
            let body = Body::from_stream(chunks.stream(half, shutdown));
            return in_chunks(reply, body);
        }
        Delivery::Drip { bytes, pause } => {
            let chunks = Chunks {
                size: *bytes,
                pause: *pause,
                breaks: false,
            };
            let body = Body::from_stream(chunks.stream(reply.body.clone(), shutdown));
            return in_chunks(reply, body);
        }
    }
    let body = Body::from(reply.body.clone());
    head(reply, body)
}

/// How a pause ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pause {
    Over,
    Shutdown,
}

async fn pause(length: Duration, mut shutdown: Shutdown) -> Pause {
    match timeout(length, shutdown.changed()).await {
        Ok(_) => Pause::Shutdown,
        Err(_) => Pause::Over,
    }
}

fn in_chunks(reply: Reply, body: Body) -> Response {
    if reply.body.is_empty() {
        return head(reply, Body::empty());
    }
    let length = HeaderValue::from(reply.body.len());
    let mut response = head(reply, body);
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

fn head(reply: Reply, body: Body) -> Response {
    let mut response = Response::new(body);
    // Statuses have three digits; faults and refusals have no others.
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().extend(reply.headers);
    response
}

/// How a body is sent in chunks.
#[derive(Clone, Copy)]
struct Chunks {
    /// In bytes.
    size: usize,
    /// The pause before each chunk.
    pause: Duration,
    /// Whether the connection breaks after the last chunk.
    breaks: bool,
}

impl Chunks {
    fn stream(
        self,
        body: Bytes,
        shutdown: &Shutdown,
    ) -> impl Stream<Item = Result<Bytes, Error>> + use<> {
        let start = (body, shutdown.clone());
        stream::unfold(start, move |(mut rest, shutdown)| async move {
            if rest.is_empty() && !self.breaks {
                return None;
            }
            let paused = pause(self.pause, shutdown.clone()).await;
            if rest.is_empty() || paused == Pause::Shutdown {
                let error = Error::from(ErrorKind::ConnectionAborted);
                return Some((Err(error), (rest, shutdown)));
            }
            let chunk = rest.split_to(self.size.clamp(1, rest.len()));
            Some((Ok(chunk), (rest, shutdown)))
        })
    }
}
