//! Ends a run from outside.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

/// Ends a run early. Clones end the same run.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, rows: Vec<hubspot_generated::models::BatchCreateInput>, shutdown: impl Future<Output = ()> + Send + 'static) {
/// use hubspot_generated::bulk;
///
/// let create = bulk::create(|batch| hubspot.contacts().batch_create(batch));
/// let stop = create.stop_handle();
/// tokio::spawn(async move {
///     shutdown.await;
///     stop.stop();
/// });
/// let report = create.inputs(rows).run().await;
/// println!("{} were not sent", report.progress.not_sent);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    is_stopped: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Stop {
    /// Ends the run: the source is read no further, batches that were sent are finished, and inputs that were read and not
    /// sent are reported as [`NotSent`](super::Status::NotSent).
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::SeqCst);
        let mut waker = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = waker.take() {
            waker.wake();
        }
    }

    /// Returns whether [`stop`](Self::stop) was called.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::SeqCst)
    }

    /// Wakes the task when the run is stopped.
    pub(super) fn register(&self, new: &Waker) {
        let mut waker = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if !waker.as_ref().is_some_and(|waker| waker.will_wake(new)) {
            *waker = Some(new.clone());
        }
    }
}
