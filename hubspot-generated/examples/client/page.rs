//! A page of 100 records with 50 properties each, requested and decoded by the client and by hand.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::time::Instant;

use hubspot_generated::__rt::decode::decode as decode_ours;
use hubspot_generated::Pacing;
use hubspot_generated::models::ObjectPage;
use serde::Deserialize;
use stats_alloc::Region;

use crate::{ALLOCATOR, Outcome, TOKEN, client, server, tell};

/// How often the two are measured in turns.
const ROUNDS: u32 = 20;
const DECODES: u32 = 25;
const CALLS: u32 = 25;

/// What a program without a client declares.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a program would read it")]
struct Page {
    results: Vec<Contact>,
    paging: Option<Paging>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a program would read it")]
struct Contact {
    id: String,
    created_at: String,
    updated_at: String,
    archived: bool,
    properties: HashMap<String, Option<String>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "a program would read it")]
struct Paging {
    next: Option<Next>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "a program would read it")]
struct Next {
    after: String,
}

/// The page as HubSpot writes it.
fn page() -> String {
    let mut json = String::from("{\"results\":[");
    for record in 0..100 {
        let separator = if record == 0 { "" } else { "," };
        let _ = write!(
            json,
            "{separator}{{\"id\":\"{}\",\"properties\":{{",
            34_000_000_000_u64 + record
        );
        for property in 0..50 {
            let separator = if property == 0 { "" } else { "," };
            let _ = write!(json, "{separator}\"property_number_{property}\":");
            let _ = match property % 10 {
                9 => write!(json, "null"),
                8 => write!(json, "\"2026-09-{:02}T10:11:12.345Z\"", 1 + property % 28),
                7 => write!(
                    json,
                    "\"A longer text with \\\"quotes\\\", number {record} of the page\""
                ),
                _ => write!(json, "\"value {record} {property}\""),
            };
        }
        json.push_str(
            "},\"createdAt\":\"2026-09-01T10:11:12.345Z\",\"updatedAt\":\"2026-09-02T10:11:12.345Z\",\"archived\":false}",
        );
    }
    json.push_str("],\"paging\":{\"next\":{\"after\":\"34000000100\",\"link\":\"https://api.hubapi.com/x?after=1\"}}}");
    json
}

fn ours(json: &[u8]) -> Option<ObjectPage> {
    decode_ours(json).ok()
}

fn by_hand(json: &[u8]) -> Option<Page> {
    serde_json::from_slice(json).ok()
}

/// Measures decoding alone.
pub(crate) fn decode() {
    let page = page();
    let json = page.as_bytes();
    tell(
        "page bytes",
        f64::from(u32::try_from(json.len()).unwrap_or(u32::MAX)),
    );
    heap("decode ours", || ours(json));
    heap("decode by hand", || by_hand(json));
    let (mut times, mut other) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.push(time(|| ours(black_box(json))));
        other.push(time(|| by_hand(black_box(json))));
    }
    tell("decode ours", median(times));
    tell("decode by hand", median(other));
}

/// Nanoseconds of one call.
fn time<T>(act: impl Fn() -> Option<T>) -> f64 {
    let start = Instant::now();
    for _ in 0..DECODES {
        assert!(act().is_some(), "the page cannot be decoded");
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(DECODES)
}

#[expect(clippy::cast_precision_loss, reason = "a rounded figure")]
fn heap<T>(name: &str, act: impl Fn() -> Option<T>) {
    let region = Region::new(ALLOCATOR);
    let value = act();
    let change = region.change();
    assert!(value.is_some(), "the page cannot be decoded");
    let held = change
        .bytes_allocated
        .saturating_sub(change.bytes_deallocated);
    tell(&format!("{name}, allocations"), change.allocations as f64);
    tell(
        &format!("{name}, reallocations"),
        change.reallocations as f64,
    );
    tell(&format!("{name}, bytes held"), held as f64);
}

/// Measures the processor time of requests for the page.
pub(crate) async fn list() -> Outcome {
    let url = server::serve(&page())?;
    let hubspot = client(&url).pacing(Pacing::none()).build()?;
    let http = reqwest::Client::new();
    let by_hand = async || {
        let request = http.get(format!("{url}/crm/objects/2026-09/contacts?limit=100"));
        let response = request.bearer_auth(TOKEN).send().await?;
        let body = response.error_for_status()?.bytes().await?;
        Outcome::Ok(serde_json::from_slice::<Page>(&body)?)
    };
    let (mut ours, mut other) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = processor_time()?;
        for _ in 0..CALLS {
            black_box(hubspot.contacts().list().limit(100).send().await?);
        }
        let between = processor_time()?;
        for _ in 0..CALLS {
            black_box(by_hand().await?);
        }
        ours.push((between - start) / f64::from(CALLS));
        other.push((processor_time()? - between) / f64::from(CALLS));
    }
    tell("list ours", median(ours));
    tell("list by hand", median(other));
    Ok(())
}

/// The nanoseconds that this thread has been on a processor.
fn processor_time() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse()?)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
