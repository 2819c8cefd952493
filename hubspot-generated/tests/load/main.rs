//! The client under load, against hubspot-mock: what is retried, how requests are paced, and what each call comes to.

mod pacing;
#[cfg(feature = "redis")]
mod redis;
mod retries;
mod sharing;

use std::sync::Arc;

use hubspot_generated::{Client, ClientBuilder, Unchecked};
use hubspot_mock::{MockHubSpot, Tier};

/// A server whose clock runs `times` as fast, and a builder of clients that wait by it.
async fn start(tier: Tier, times: u32) -> (MockHubSpot, ClientBuilder<Unchecked>) {
    let hubspot = MockHubSpot::builder().tier(tier).start().await.unwrap();
    let clock = hubspot.clock().scaled(times);
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let builder = Client::unchecked_builder()
        .base_url(hubspot.url())
        .access_token(token)
        .clock(clock);
    (hubspot, builder)
}

/// The number of requests with this status.
fn with_status(hubspot: &MockHubSpot, status: u16) -> usize {
    let journal = hubspot.journal();
    let entries = journal.entries();
    entries
        .filter(|entry| entry.status() == Some(status))
        .count()
}

/// Runs `calls` calls, at most `at_once` at a time, and returns the errors.
async fn run<F, T, E>(calls: usize, at_once: usize, call: impl Fn(usize) -> F) -> Vec<E>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    let turns = Arc::new(tokio::sync::Semaphore::new(at_once));
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..calls {
        let turn = Arc::clone(&turns).acquire_owned().await.unwrap();
        let call = call(n);
        tasks.spawn(async move {
            let result = call.await;
            drop(turn);
            result
        });
    }
    let results = tasks.join_all().await;
    results.into_iter().filter_map(Result::err).collect()
}
