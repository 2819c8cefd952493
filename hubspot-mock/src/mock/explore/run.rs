//! One run of a job.

use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::mock::MockHubSpot;
use crate::mock::explore::plan::Numbered;
use crate::mock::explore::snapshot::Records;

/// How long a run may take, by the system clock.
const LONGEST: Duration = Duration::from_secs(30);

/// What came of a run.
pub(super) struct Run<T> {
    pub(super) ending: Ending<T>,
    pub(super) requests: Vec<Numbered>,
    /// Whether the fault occurred.
    pub(super) is_reached: bool,
    /// Whether it is a second run after an error.
    pub(super) is_rerun: bool,
    pub(super) records: Records,
}

/// How a run ended.
pub(super) enum Ending<T> {
    Value(T),
    Error(String),
    Panic,
    /// It made too many requests, or took too long.
    Never,
}

impl<T> Ending<T> {
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Value(_) => "it succeeded".to_owned(),
            Self::Error(message) => message.clone(),
            Self::Panic => "it panicked".to_owned(),
            Self::Never => "it did not end".to_owned(),
        }
    }
}

/// Runs a job until it ends, makes more requests than this, or takes too long.
pub(super) async fn run<T, E: fmt::Display>(
    hubspot: &MockHubSpot,
    job: &impl AsyncFn(&MockHubSpot) -> Result<T, E>,
    most_requests: usize,
) -> Ending<T> {
    let mut job = pin!(job(hubspot));
    let guarded = poll_fn(|context| {
        // After a panic the job is not polled again.
        match catch_unwind(AssertUnwindSafe(|| job.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(value))) => Poll::Ready(Ending::Value(value)),
            Ok(Poll::Ready(Err(error))) => Poll::Ready(Ending::Error(error.to_string())),
            Err(_) => Poll::Ready(Ending::Panic),
        }
    });
    let endless = async {
        let start = tokio::time::Instant::now();
        while hubspot.state.journal.total() <= most_requests && start.elapsed() < LONGEST {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (guarded, endless) = (pin!(guarded), pin!(endless));
    match futures_util::future::select(guarded, endless).await {
        futures_util::future::Either::Left((ending, _)) => ending,
        futures_util::future::Either::Right(_) => Ending::Never,
    }
}
