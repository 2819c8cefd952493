//! Sends a reply as its fault demands: late, in parts, cut off or not at all.

use std::future::Future;
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use futures_core::Stream;
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
            let parts = Parts::new(half, usize::MAX, FLUSH_TIME, shutdown);
            return in_parts(reply, parts.then_break());
        }
        Delivery::Drip { bytes, pause } => {
            let parts = Parts::new(reply.body.clone(), *bytes, *pause, shutdown);
            return in_parts(reply, parts);
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

fn in_parts(reply: Reply, parts: Parts) -> Response {
    if reply.body.is_empty() {
        return head(reply, Body::empty());
    }
    let length = HeaderValue::from(reply.body.len());
    let mut response = head(reply, Body::from_stream(parts));
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

/// A body that is sent in chunks, with a pause before each.
struct Parts {
    rest: Bytes,
    /// In bytes.
    size: usize,
    length: Duration,
    /// Whether the connection breaks after the last chunk.
    breaks: bool,
    pausing: Pin<Box<dyn Future<Output = Pause> + Send>>,
    shutdown: Shutdown,
}

impl Parts {
    fn new(body: Bytes, size: usize, length: Duration, shutdown: &Shutdown) -> Self {
        Self {
            rest: body,
            size: size.max(1),
            length,
            breaks: false,
            pausing: Box::pin(pause(length, shutdown.clone())),
            shutdown: shutdown.clone(),
        }
    }

    fn then_break(self) -> Self {
        Self {
            breaks: true,
            ..self
        }
    }
}

impl Stream for Parts {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.rest.is_empty() && !self.breaks {
            return Poll::Ready(None);
        }
        let paused = ready!(self.pausing.as_mut().poll(context));
        if self.rest.is_empty() || paused == Pause::Shutdown {
            return Poll::Ready(Some(Err(Error::from(ErrorKind::ConnectionAborted))));
        }
        self.pausing = Box::pin(pause(self.length, self.shutdown.clone()));
        let size = self.size.min(self.rest.len());
        Poll::Ready(Some(Ok(self.rest.split_to(size))))
    }
}
