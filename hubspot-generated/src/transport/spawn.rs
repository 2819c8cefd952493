//! Requests that proceed while nothing awaits them.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::Sending;
use crate::error::Error;
use crate::response::RawResponse;

/// Lets a request proceed while nothing awaits it. Dropping it cancels it.
pub(crate) fn spawn(sending: Sending) -> Sending {
    struct Task(JoinHandle<Result<RawResponse, Error>>);

    impl Drop for Task {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let Ok(runtime) = Handle::try_current() else {
        return sending;
    };
    let mut task = Task(runtime.spawn(sending.in_current_span()));
    Box::pin(async move {
        match (&mut task.0).await {
            Ok(response) => response,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime shuts down, and this task with it.
            Err(_) => std::future::pending().await,
        }
    })
}
