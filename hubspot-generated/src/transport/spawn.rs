//! Requests that proceed while nothing awaits them.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{Sending, send, send_counted};
use crate::error::Error;
use crate::parts::Parts;
use crate::response::RawResponse;

/// Sends a request that reads, and lets it proceed while nothing awaits it. Dropping it cancels it.
///
/// The request is sent again if it is awaited in another runtime before the response is there: its own runtime may have
/// ended, or nothing may drive it. A recorder counts it once.
pub(crate) fn spawn(parts: Box<Parts>) -> Sending {
    struct Task(JoinHandle<Result<RawResponse, Error>>);

    impl Drop for Task {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let Ok(runtime) = Handle::try_current() else {
        return send(parts);
    };
    parts.record();
    let first = parts.clone();
    let first = async move { send_counted(&first).await };
    let mut task = Task(runtime.spawn(first.in_current_span()));
    let home = runtime.id();
    Box::pin(async move {
        let ended = poll_fn(|context| {
            if let Poll::Ready(ended) = Pin::new(&mut task.0).poll(context) {
                return Poll::Ready(Some(ended));
            }
            match Handle::try_current() {
                Ok(runtime) if runtime.id() != home => Poll::Ready(None),
                _ => Poll::Pending,
            }
        });
        match ended.await {
            Some(Ok(response)) => response,
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            _ => {
                drop(task);
                send_counted(&parts).await
            }
        }
    })
}
