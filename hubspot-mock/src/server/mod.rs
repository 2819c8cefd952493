//! The HTTP server: reads requests and sends the pipeline's replies.

mod connection;
mod delivery;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_core::Stream;
use tokio::net::TcpListener;

use crate::pages;
use crate::pipeline::{MOST_BODY_BYTES, Received, respond};
use crate::server::connection::{ConnectionHandle, ResettableListener};
use crate::server::delivery::{Shutdown, deliver};
use crate::store::ServerState;

/// How much of a body is read. More than is accepted, so that a caller that sends too much sees the response.
const MOST_READ_BYTES: usize = 8 * MOST_BODY_BYTES;

/// The state that all connections share.
#[derive(Clone)]
struct Shared {
    state: Arc<ServerState>,
    shutdown: Shutdown,
}

/// Serves requests until the server stops.
pub(crate) async fn serve(listener: TcpListener, state: Arc<ServerState>, shutdown: Shutdown) {
    let mut end = shutdown.clone();
    let router = Router::new()
        .fallback(handle)
        .with_state(Shared { state, shutdown });
    let service = router.into_make_service_with_connect_info::<ConnectionHandle>();
    let serving =
        axum::serve(ResettableListener(listener), service).with_graceful_shutdown(async move {
            // Nothing is sent; the sender is dropped.
            let _ = end.changed().await;
        });
    // It never ends in an error; that is axum's contract.
    let _ = serving.await;
}

async fn handle(
    State(shared): State<Shared>,
    ConnectInfo(handle): ConnectInfo<ConnectionHandle>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = read(body).await else {
        // The connection broke; nobody reads the response.
        return StatusCode::BAD_REQUEST.into_response();
    };
    let reply = respond(&shared.state, &Received { head, body }, pages::handle);
    deliver(reply, &handle, &shared.shutdown).await
}

/// Reads a body; `None` if it is too long.
async fn read(body: Body) -> Result<Option<Bytes>, axum::Error> {
    let mut parts = pin!(body.into_data_stream());
    let mut next = async || poll_fn(|context| parts.as_mut().poll_next(context)).await;
    let Some(first) = next().await.transpose()? else {
        return Ok(Some(Bytes::new()));
    };
    let mut body = first;
    let mut whole = Vec::new();
    let mut length = body.len();
    while let Some(part) = next().await.transpose()? {
        length = length.saturating_add(part.len());
        if length > MOST_READ_BYTES {
            return Ok(None);
        }
        if length > MOST_BODY_BYTES {
            whole = Vec::new();
            continue;
        }
        if whole.is_empty() {
            whole.extend_from_slice(&body);
        }
        whole.extend_from_slice(&part);
    }
    if length > MOST_BODY_BYTES {
        return Ok(None);
    }
    if !whole.is_empty() {
        body = Bytes::from(whole);
    }
    Ok(Some(body))
}
