//! Runs under faults. The store is the judge: nothing that was reported as done is lost, and nothing is there twice.
//!
//! `cargo xtask chaos` runs the same with more inputs and writes the table of docs/reliability.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use hubspot_generated::bulk::{self, Status};
use hubspot_generated::models::{BatchRead, BatchUpdateInput, BatchUpsertInput, ObjectId};
use hubspot_mock::{Fault, RandomFaults};

use crate::support::{Fixture, rows};

/// What a batch does, and its operation.
const KINDS: [&str; 5] = ["create", "upsert", "update", "archive", "read"];

/// The faults, each with the share of requests that meet it.
fn faults() -> Vec<(&'static str, f64, Fault)> {
    let page = Duration::from_millis(1);
    vec![
        ("429, ten seconds", 0.5, Fault::rate_limit()),
        ("429, one second", 0.5, Fault::search_limit()),
        ("423", 0.4, Fault::locked()),
        ("477", 0.4, Fault::moving(Duration::from_secs(1))),
        ("500", 0.3, Fault::status(500)),
        ("502", 0.3, Fault::status(502)),
        ("503", 0.3, Fault::status(503)),
        (
            "504 after the effect",
            0.3,
            Fault::status(504).after_effect(),
        ),
        ("520", 0.3, Fault::status(520)),
        ("reset before the effect", 0.3, Fault::reset()),
        ("reset after the effect", 0.3, Fault::reset().after_effect()),
        ("truncated body", 0.3, Fault::truncated_body()),
        (
            "HTML page after the effect",
            0.3,
            Fault::html(502).after_effect(),
        ),
        ("slow body", 0.2, Fault::slow_drip(4096, page)),
        (
            "timeout after the effect",
            0.1,
            Fault::latency(Duration::from_millis(700)),
        ),
        ("400 without a reason", 0.1, Fault::status(400)),
    ]
}

/// The outcomes of a run, and what the store says of them.
#[derive(Default)]
struct Row {
    inputs: usize,
    done: usize,
    failed: usize,
    unknown: usize,
    lost: usize,
    duplicated: usize,
    requests: usize,
    time: Duration,
}

impl Row {
    fn write(&self, kind: &str, fault: &str) -> String {
        let Self {
            inputs,
            done,
            failed,
            unknown,
            lost,
            duplicated,
            requests,
            time,
        } = self;
        format!(
            "| {fault} | {kind} | {inputs} | {done} | {failed} | {unknown} | {lost} | {duplicated} | {requests} | {:.1} s |",
            time.as_secs_f64()
        )
    }
}

/// The outcomes of a run by input: `Some(true)` is done, `Some(false)` failed, `None` unknown.
type Outcomes = BoxStream<'static, (u64, Option<bool>)>;

fn is_done<R>(status: &Status<R>) -> Option<bool> {
    match status {
        Status::Done(_) | Status::DoneBefore(_) | Status::Existing(_) => Some(true),
        Status::Unknown(_) => None,
        _ => Some(false),
    }
}

fn email(number: usize) -> String {
    format!("{number}@example.com")
}

/// The run of a kind over inputs, whose records exist unless it creates them.
fn run(
    fixture: &Fixture,
    kind: &str,
    ids: &[String],
    timeout: Duration,
    is_settled: bool,
) -> Outcomes {
    let contacts = fixture.hubspot.contacts();
    let ids: Vec<String> = ids.to_vec();
    match kind {
        "create" => {
            let create = bulk::create(|batch| contacts.batch_create(batch).timeout(timeout));
            let create = if is_settled {
                create.settle_by("email", |batch| contacts.batch_read(batch))
            } else {
                create
            };
            let run = create.inputs(rows(ids.len()));
            run.map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        "upsert" => {
            let upsert = bulk::upsert(|batch| contacts.batch_upsert(batch).timeout(timeout));
            let inputs = (0..ids.len()).map(email);
            let inputs =
                inputs.map(|email| BatchUpsertInput::new(email, "email", [("firstname", "new")]));
            upsert
                .inputs(inputs)
                .map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        "update" => {
            let update = bulk::update(|batch| contacts.batch_update(batch).timeout(timeout));
            let inputs = ids
                .into_iter()
                .map(|id| BatchUpdateInput::new(id, [("firstname", "new")]));
            update
                .inputs(inputs)
                .map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        "archive" => {
            let archive = bulk::archive(|batch| contacts.batch_archive(batch).timeout(timeout));
            let run = archive.inputs(ids.into_iter().map(ObjectId::new));
            run.map(|outcome| (outcome.index, is_done(&outcome.status)))
                .boxed()
        }
        _ => {
            let body = BatchRead::new([], ["email"]);
            let read = bulk::read(body, |batch| contacts.batch_read(batch).timeout(timeout));
            let run = read.inputs(ids.into_iter().map(ObjectId::new));
            run.map(|outcome| {
                let record = outcome.status.record();
                assert!(record.is_none_or(|record| record.id == outcome.input.id));
                (outcome.index, is_done(&outcome.status))
            })
            .boxed()
        }
    }
}

/// The live records by e-mail address: how many there are, and the first name of one.
type Store = BTreeMap<String, (usize, Option<String>)>;

async fn store(fixture: &Fixture) -> Store {
    let list = fixture.hubspot.contacts().list().limit(100);
    let mut contacts = list.properties(["email", "firstname"]).items();
    let mut store = BTreeMap::new();
    while let Some(contact) = contacts.try_next().await.unwrap() {
        let email = contact
            .properties
            .get("email")
            .unwrap_or_default()
            .to_owned();
        let (count, name) = store.entry(email).or_insert((0, None));
        *count += 1;
        *name = contact.properties.get("firstname").map(str::to_owned);
    }
    store
}

async fn row(
    kind: &str,
    fault: &(&str, f64, Fault),
    inputs: usize,
    seed: u64,
    is_settled: bool,
) -> Row {
    let fixture = Fixture::start().await;
    let exist = matches!(kind, "update" | "archive" | "read");
    let account = fixture.mock.account("acme");
    let ids: Vec<String> = (0..inputs)
        .map(|number| {
            if exist {
                account.contact([("email", &*email(number)), ("firstname", "old")])
            } else {
                String::new()
            }
        })
        .collect();
    let (name, share, fault) = fault;
    let is_slow = name.starts_with("timeout");
    let timeout = Duration::from_millis(if is_slow { 500 } else { 30_000 });
    let operation = format!("contacts.batch_{kind}");
    fixture
        .mock
        .fail_by_chance(RandomFaults::seeded(seed).with(*share, fault.clone().on(&*operation)));
    let start = Instant::now();
    let outcomes: Vec<_> = run(&fixture, kind, &ids, timeout, is_settled)
        .collect()
        .await;
    let time = start.elapsed();
    fixture.mock.clear_faults();
    let requests = fixture.mock.journal().len();
    let outcomes = outcomes.into_iter().collect();
    let mut row = judge(kind, inputs, &outcomes, &store(&fixture).await);
    (row.requests, row.time) = (requests, time);
    row
}

/// Compares the outcomes with the store.
fn judge(kind: &str, inputs: usize, outcomes: &BTreeMap<u64, Option<bool>>, store: &Store) -> Row {
    let mut row = Row {
        inputs,
        duplicated: store.values().map(|(count, _)| count - 1).sum(),
        ..Row::default()
    };
    for number in 0..inputs {
        let record = store.get(&email(number));
        let has_effect = match kind {
            "update" => record.is_some_and(|(_, name)| name.as_deref() == Some("new")),
            "archive" => record.is_none(),
            "read" => true,
            _ => record.is_some(),
        };
        match outcomes.get(&(number as u64)) {
            Some(Some(true)) => {
                row.done += 1;
                row.lost += usize::from(!has_effect);
            }
            Some(Some(false)) => {
                row.failed += 1;
                row.lost += usize::from(has_effect && kind != "read");
            }
            Some(None) => row.unknown += 1,
            None => row.lost += 1,
        }
    }
    row
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_or_duplicates_an_input() {
    let faults = faults();
    let runs = faults
        .iter()
        .flat_map(|fault| KINDS.map(|kind| (fault, kind)));
    let runs = runs.flat_map(|(fault, kind)| [1, 2].map(|seed| (fault, kind, seed)));
    let check = async |(fault, kind, seed): (&(&str, f64, Fault), &str, u64)| {
        let row = row(kind, fault, 1000, seed, true).await;
        let line = row.write(kind, fault.0);
        assert_eq!((row.lost, row.duplicated), (0, 0), "{line}");
        assert_eq!(row.done + row.failed + row.unknown, 1000, "{line}");
        assert!(row.done >= 500, "{line}");
    };
    stream::iter(runs).for_each_concurrent(8, check).await;
}

/// Without settling, creates whose response is lost stay unknown: that is what it is for.
#[tokio::test(flavor = "multi_thread")]
async fn creates_are_unknown_unless_they_are_settled() {
    let faults = faults();
    let fault = faults
        .iter()
        .find(|(name, ..)| *name == "reset after the effect")
        .unwrap();
    let settled = row("create", fault, 1000, 1, true).await;
    let unsettled = row("create", fault, 1000, 1, false).await;
    assert_eq!((settled.unknown, settled.done), (0, 1000));
    assert!(unsettled.unknown >= 100 && unsettled.lost + unsettled.duplicated == 0);
}

/// Prints the table of docs/reliability.md; `cargo xtask chaos` runs it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn table() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (seed, inputs) = (number("CHAOS_SEED"), number("CHAOS_INPUTS"));
    let (seed, inputs) = (seed.unwrap_or(1), inputs.unwrap_or(10_000));
    let mut table = String::new();
    for fault in faults() {
        for kind in KINDS {
            let row = row(kind, &fault, usize::try_from(inputs).unwrap(), seed, true).await;
            let _ = writeln!(table, "{}", row.write(kind, fault.0));
        }
        if fault.2.to_string().contains("after the effect") {
            let row = row(
                "create",
                &fault,
                usize::try_from(inputs).unwrap(),
                seed,
                false,
            )
            .await;
            let _ = writeln!(table, "{}", row.write("create, not settled", fault.0));
        }
    }
    let path = std::env::var("CHAOS_TABLE").expect("`cargo xtask chaos` says where the table goes");
    std::fs::write(path, table).unwrap();
}
