//! Looks up whether creates took effect, by a property with unique values.
//!
//! Reads by `idProperty` see new records at once, unlike searches.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use super::input::{Attempt, Job, normal};
use super::plan::{Lookup, Plan};
use super::response::Record;
use crate::encode;
use crate::parts::Core;
use crate::settle::{ServerTime, created_at};

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

/// Learns HubSpot's time before the first create of a run with a journal: a later run tells by it whether a record is older
/// than the create. The clock of the machine does not, because it may be set between the runs.
pub(super) async fn learn_time(plan: &Plan, jobs: &[Job]) {
    let (Some(lookup), Some(_), None) = (&plan.lookup, &plan.journal, plan.hubspot_time()) else {
        return;
    };
    let Some(value) = jobs.iter().find_map(|job| job.unique.as_deref()) else {
        return;
    };
    let ask = async {
        let id = write_id(value);
        // Without a response, the time stays unknown.
        let _ = plan
            .send(lookup.template.request([(id.as_str(), None)].into_iter()))
            .await;
    };
    plan.asked_time.get_or_init(|| ask).await;
}

/// Reads the records with the unique values of inputs.
pub(super) async fn look_up(plan: &Plan, lookup: &Lookup, jobs: Vec<Job>) -> Vec<(Job, Found)> {
    let mut found = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter().peekable();
    while jobs.peek().is_some() {
        let batch: Vec<Job> = jobs.by_ref().take(lookup.template.limit).collect();
        let (batch, unclear) = look_up_batch(plan, lookup, batch).await;
        found.extend(batch);
        for job in unclear {
            let (one, _) = look_up_batch(plan, lookup, vec![job]).await;
            found.extend(one);
        }
    }
    found
}

/// Reads the records of a batch. The second part are inputs to look up one by one: there are records left over, which
/// have another value than the one that found them. Merged contacts, for example, are found by each of their addresses.
async fn look_up_batch(
    plan: &Plan,
    lookup: &Lookup,
    jobs: Vec<Job>,
) -> (Vec<(Job, Found)>, Vec<Job>) {
    let core = &lookup.template.parts.core;
    let ids = jobs
        .iter()
        .filter_map(|job| job.unique.as_deref())
        .map(write_id);
    let ids: Vec<String> = ids.collect();
    let request = lookup
        .template
        .request(ids.iter().map(|id| (id.as_str(), None)));
    let Ok((response, time)) = plan.send(request).await else {
        let found = jobs.into_iter().map(|job| (job, Found::Unknown));
        return (found.collect(), Vec::new());
    };
    let mut records = response.results;
    let is_single = jobs.len() == 1;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    let by_value = by_value(&records, &lookup.property);
    let mut taken = HashSet::new();
    let places = jobs.into_iter().map(|job| {
        let value = job.unique.as_deref().map(normal).unwrap_or_default();
        let place = by_value.get(&value).copied();
        let place = place.or((is_single && !records.is_empty()).then_some(0));
        (job, place.filter(|place| taken.insert(*place)))
    });
    let places: Vec<_> = places.collect();
    let is_rest = taken.len() < records.len();
    for (job, place) in places {
        match place {
            Some(place) => {
                let record = std::mem::take(&mut records[place]);
                let verdict = compare(&job, record, time, core);
                found.push((job, verdict));
            }
            None if is_rest => missing.push(job),
            None => found.push((job, Found::Nothing)),
        }
    }
    (found, missing)
}

/// The places of records by their value of a property.
fn by_value(records: &[Record], property: &str) -> HashMap<String, usize> {
    let places = records.iter().enumerate().filter_map(|(place, record)| {
        let value = record.head.properties.get(property)?;
        Some((normal(value), place))
    });
    places.collect()
}

/// Tells whether a record is that of an input.
fn compare(job: &Job, record: Record, time: Option<ServerTime>, core: &Core) -> Found {
    if !job.is_unknown || job.rival.as_deref() == Some(&*record.head.id) {
        return Found::Old(record);
    }
    let seconds = |at: u64| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(at));
    let since = match job.attempt {
        Some(Attempt::Here(at)) => {
            let since = core.clock.now().saturating_duration_since(at);
            time.map(|time| time.before(since))
        }
        Some(Attempt::Earlier(at)) => at.and_then(seconds),
        None => None,
    };
    match since.zip(created_at(&record.head.created_at)) {
        Some((since, created)) if created >= since => Found::New(record),
        Some(_) => Found::Old(record),
        None => Found::Unknown,
    }
}

fn write_id(value: &str) -> String {
    let mut json = String::from("{\"id\":");
    encode::text(&mut json, value);
    json.push('}');
    json
}
