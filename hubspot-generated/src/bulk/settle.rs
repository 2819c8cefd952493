//! Looks up whether creates took effect, by a property with unique values.
//!
//! Reads by `idProperty` see new records at once, unlike searches.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::answer::{Answer, Record};
use super::input::{Attempt, Job, normal};
use super::plan::{Lookup, Plan};
use crate::encode;
use crate::parts::Core;
use crate::settle::{ServerTime, created_at};
use crate::transport;

/// What there is for an input.
pub(super) enum Found {
    /// A record that the input has created.
    New(Record),
    /// A record that existed before.
    Old(Record),
    /// No record: the input had no effect.
    Nothing,
    /// It could not be looked up.
    Unknown,
}

/// Reads the records with the unique values of inputs.
pub(super) async fn look_up(plan: &Plan, lookup: &Lookup, jobs: Vec<Job>) -> Vec<(Job, Found)> {
    let mut found = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter().peekable();
    while jobs.peek().is_some() {
        let batch: Vec<Job> = jobs.by_ref().take(lookup.template.limit).collect();
        found.extend(look_up_batch(plan, lookup, batch).await);
    }
    found
}

async fn look_up_batch(plan: &Plan, lookup: &Lookup, jobs: Vec<Job>) -> Vec<(Job, Found)> {
    let core = &lookup.template.parts.core;
    let ids = jobs
        .iter()
        .filter_map(|job| job.unique.as_deref())
        .map(write_id);
    let ids: Vec<String> = ids.collect();
    let request = lookup
        .template
        .request(ids.iter().map(|id| (id.as_str(), None)));
    plan.count_request();
    let response = transport::send(request).await;
    let read = response.and_then(|mut response| {
        let answer = response.decode(Answer::read)?;
        Ok((answer, ServerTime::of(&response.headers)))
    });
    let Ok((answer, time)) = read else {
        return jobs.into_iter().map(|job| (job, Found::Unknown)).collect();
    };
    let records = answer.results.into_iter().filter_map(|record| {
        let value = record.head.properties.get(&lookup.property)?;
        Some((normal(value), record))
    });
    let mut records: HashMap<_, _> = records.collect();
    let found = jobs.into_iter().map(|job| {
        let value = job.unique.as_deref().map(normal).unwrap_or_default();
        let found = match records.remove(&value) {
            Some(record) => judge(&job, record, time, core),
            None => Found::Nothing,
        };
        (job, found)
    });
    found.collect()
}

/// Tells whether a record is that of an input.
fn judge(job: &Job, record: Record, time: Option<ServerTime>, core: &Core) -> Found {
    if !job.is_unknown || job.rival.as_deref() == Some(&*record.head.id) {
        return Found::Old(record);
    }
    let since = match job.attempt {
        Some(Attempt::Here(at)) => core.clock.now().saturating_duration_since(at),
        Some(Attempt::Earlier(at)) => {
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(at);
            core.clock
                .wall_time()
                .duration_since(at)
                .unwrap_or_default()
        }
        None => Duration::ZERO,
    };
    match (time, created_at(&record.head.created_at)) {
        (Some(time), Some(created)) if created >= time.before(since) => Found::New(record),
        (Some(_), Some(_)) => Found::Old(record),
        _ => Found::Unknown,
    }
}

fn write_id(value: &str) -> String {
    let mut json = String::from("{\"id\":");
    encode::text(&mut json, value);
    json.push('}');
    json
}
