//! Counts requests and retries by the client's spans and events, and shows them beside a progress bar.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

const TEN_SECONDS: Duration = Duration::from_secs(10);

/// A layer of `tracing_subscriber`. Clones count together.
#[derive(Clone, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    retries: AtomicU64,
    /// When the requests of the last ten seconds were sent.
    sent: Mutex<VecDeque<Instant>>,
}

impl Meter {
    /// The requests that were sent so far, retries included.
    pub fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// The retries so far.
    pub fn retries(&self) -> u64 {
        self.0.retries.load(Ordering::Relaxed)
    }

    /// The requests in the last ten seconds.
    pub fn rate(&self) -> usize {
        let mut sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        while sent
            .front()
            .is_some_and(|at| now.duration_since(*at) >= TEN_SECONDS)
        {
            sent.pop_front();
        }
        sent.len()
    }

    /// Shows the rate against the limit, and the retries.
    pub fn show(&self, bar: &ProgressBar, limit: u32) {
        let (rate, retries) = (self.rate(), self.retries());
        bar.set_message(format!(
            "{rate} of {limit} requests in 10 s, {retries} retries"
        ));
    }
}

impl<S: Subscriber> Layer<S> for Meter {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "hubspot.request" {
            self.0.requests.fetch_add(1, Ordering::Relaxed);
            let mut sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.push_back(Instant::now());
            drop(sent);
            // Forgets what is older than ten seconds.
            self.rate();
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // Every retry is an event at this level, and nothing else that the transport reports.
        if metadata.target() == "hubspot_generated::transport" && *metadata.level() == Level::INFO {
            self.0.retries.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A bar with records, rate, retries and the time that is left.
pub fn bar(total: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}, {msg}, {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style)
}
