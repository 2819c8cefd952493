//! Time, as the runtime sees it.
//!
//! Comes in: nothing. Goes out: the time that waits, deadlines and lifetimes of tokens are measured by, and the wait
//! itself. Refuses nothing. The one place where this crate asks for the time, so that tests can replace it.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A clock: measures waits and the lifetime of tokens, and sleeps.
///
/// Programs need none of their own; tests give one to [`ClientBuilder::clock`](crate::ClientBuilder::clock), so that
/// half an hour passes when they say so.
///
/// ```
/// use std::pin::Pin;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant, SystemTime};
///
/// use hubspot_generated::{Client, Clock};
///
/// /// Stands still until somebody sleeps.
/// struct Stopped {
///     start: Instant,
///     slept: Mutex<Duration>,
/// }
///
/// impl Clock for Stopped {
///     fn now(&self) -> Instant {
///         self.start + *self.slept.lock().unwrap()
///     }
///     fn wall_time(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH + *self.slept.lock().unwrap()
///     }
///     fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         *self.slept.lock().unwrap() += duration;
///         Box::pin(async {})
///     }
/// }
///
/// let clock = Stopped { start: Instant::now(), slept: Mutex::default() };
/// let hubspot = Client::unchecked_builder().access_token("pat-na1-1234").clock(clock).build()?;
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
pub trait Clock: Send + Sync + 'static {
    /// A time that never goes back: what deadlines within this process are measured by.
    fn now(&self) -> Instant;

    /// The time of day, which may jump: what is written down for other processes.
    fn wall_time(&self) -> SystemTime;

    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of the tokio runtime that the call runs on.
pub(crate) struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
