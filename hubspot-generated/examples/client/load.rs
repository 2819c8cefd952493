//! Many calls against a local HubSpot whose clock is fast: how many are lost or refused, and how much of the limit is used.

use std::sync::Arc;

use hubspot_generated::models::{BatchUpdate, BatchUpdateInput, Search, UpdateObject};
use hubspot_generated::{Client, Error, Unchecked};
use hubspot_mock::{Entry, MockHubSpot, Tier};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::{Outcome, tell};

pub(crate) fn measure() -> Outcome {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        updates("600 updates", 600, 100, 10).await?;
        searches("50 searches", 50, 10).await?;
        updates("10,000 updates", 10_000, 50, 20).await?;
        batches("1,000 batches", 1_000, 20, 10).await
    })
}

/// A local HubSpot whose clock runs `times` as fast, and a client of it.
async fn start(times: u32) -> Outcome<(MockHubSpot, Client<Unchecked>)> {
    let hubspot = MockHubSpot::builder().tier(Tier::PROFESSIONAL);
    let hubspot = hubspot.start().await?;
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let client = Client::unchecked_builder()
        .base_url(hubspot.url())
        .access_token(token);
    let client = client.clock(hubspot.clock().scaled(times)).build()?;
    Ok((hubspot, client))
}

async fn updates(name: &str, calls: usize, at_once: usize, times: u32) -> Outcome {
    let (hubspot, client) = start(times).await?;
    let id = hubspot.account("acme").contact([("lastname", "Lovelace")]);
    let lost = run(calls, at_once, |n| {
        let (client, id) = (client.clone(), id.clone());
        async move {
            let update = UpdateObject::new([("firstname", n.to_string())]);
            client.contacts().update(&id, update).await.map(drop)
        }
    });
    tell_all(name, lost.await, &hubspot);
    Ok(())
}

/// Full batches, all of the same 100 contacts.
async fn batches(name: &str, calls: usize, at_once: usize, times: u32) -> Outcome {
    let (hubspot, client) = start(times).await?;
    let account = hubspot.account("acme");
    let ids: Arc<[String]> = (0..100)
        .map(|_| account.contact([("lastname", "Lovelace")]))
        .collect();
    let lost = run(calls, at_once, |n| {
        let (client, ids) = (client.clone(), Arc::clone(&ids));
        async move {
            let inputs = ids
                .iter()
                .map(|id| BatchUpdateInput::new(id, [("firstname", n.to_string())]));
            let batch = BatchUpdate::new(inputs);
            client.contacts().batch_update(batch).await.map(drop)
        }
    });
    tell_all(name, lost.await, &hubspot);
    Ok(())
}

async fn searches(name: &str, calls: usize, times: u32) -> Outcome {
    let (hubspot, client) = start(times).await?;
    let lost = run(calls, calls, |_| {
        let client = client.clone();
        async move { client.contacts().search(Search::new()).await.map(drop) }
    });
    tell_all(name, lost.await, &hubspot);
    Ok(())
}

/// Makes `calls` calls, at most `at_once` at a time, and counts those that fail.
async fn run<F>(calls: usize, at_once: usize, call: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let turns = Arc::new(Semaphore::new(at_once));
    let mut tasks = JoinSet::new();
    for n in 0..calls {
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else {
            break;
        };
        let call = call(n);
        tasks.spawn(async move {
            let result = call.await;
            drop(turn);
            result
        });
    }
    let results = tasks.join_all().await;
    results.into_iter().filter(Result::is_err).count()
}

#[expect(clippy::cast_precision_loss, reason = "a rounded figure")]
pub(crate) fn tell_all(name: &str, failed: usize, hubspot: &MockHubSpot) {
    let journal = hubspot.journal();
    let entries: Vec<&Entry> = journal.entries().collect();
    let with = |status| {
        entries
            .iter()
            .filter(move |entry| entry.status() == Some(status))
    };
    tell(&format!("{name}, lost"), failed as f64);
    tell(&format!("{name}, sent"), entries.len() as f64);
    tell(&format!("{name}, refused"), with(429).count() as f64);
    let times: Vec<_> = with(200).map(|entry| entry.time()).collect();
    let Some(first) = times.first() else {
        return;
    };
    // Whole windows of ten seconds after the first one.
    let seconds = times
        .iter()
        .map(|time| time.duration_since(*first).unwrap_or_default().as_secs());
    let windows: Vec<u64> = seconds.map(|seconds| seconds / 10).collect();
    let last = windows.iter().max().copied().unwrap_or_default();
    if last > 1 {
        let later = windows
            .iter()
            .filter(|window| (1..last).contains(*window))
            .count();
        let permitted = 190.0 * (last - 1) as f64;
        tell(
            &format!("{name}, of what is permitted"),
            later as f64 / permitted,
        );
    }
}
