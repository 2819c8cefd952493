//! The clock. Every time and wait comes from it, so that tests can replace it, except for the waits that notice a runtime which
//! has stopped.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A clock that tells the time and sleeps.
///
/// Programs need not implement it. A test can pass one to [`ClientBuilder::clock`](crate::ClientBuilder::clock), so that
/// retries take no time and tokens expire on demand.
///
/// ```
/// use std::pin::Pin;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant, SystemTime};
///
/// use hubspot_generated::{Client, Clock};
///
/// /// Moves only when something sleeps.
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
    /// Returns a time that never goes back. Deadlines within this process are measured by it.
    fn now(&self) -> Instant;

    /// Returns the time of day, which may jump. It is used for times that other processes read, such as a token's expiry.
    fn wall_time(&self) -> SystemTime;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The clock of the tokio runtime that the request is sent on.
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
