//! The HTTP server: reads requests and sends the pipeline's replies.

mod connection;
mod delivery;

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
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
    handle.step();
    let response = respond_to(&shared, &handle, request).await;
    handle.step();
    response
}

async fn respond_to(shared: &Shared, handle: &ConnectionHandle, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_READ_BYTES).await else {
        // If the connection broke, nobody reads the response.
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let body = Some(body).filter(|body| body.len() <= MOST_BODY_BYTES);
    let reply = respond(&shared.state, &Received { head, body }, pages::handle);
    deliver(reply, handle, &shared.shutdown).await
}
