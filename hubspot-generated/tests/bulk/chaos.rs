//! Runs under faults. The store is the judge: nothing that was reported as done is lost, and nothing is there twice.
//!
//! `cargo xtask chaos` runs the same with more inputs and writes the table of docs/reliability.md.

mod runs;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use hubspot_mock::Fault;

use self::runs::{Setup, email, run};
use crate::scenario::{Environment, Scenario};
use crate::support::Fixture;

/// What a batch does, and its operation.
const KINDS: [&str; 5] = ["create", "upsert", "update", "archive", "read"];

/// What happens during runs; a fault with the share of batches that meet it.
fn scenarios() -> Vec<(&'static str, Scenario)> {
    let page = Duration::from_millis(1);
    let moving = Fault::moving(Duration::from_secs(1));
    let timeout = Fault::latency(Duration::from_millis(2_500));
    let faults = [
        ("429, ten seconds", 0.5, Fault::rate_limit()),
        ("429, one second", 0.5, Fault::search_limit()),
        ("423", 0.4, Fault::locked()),
        ("477", 0.4, moving),
        ("500", 0.3, Fault::status(500)),
        ("502", 0.3, Fault::status(502)),
        ("503", 0.3, Fault::status(503)),
        (AFTER[0], 0.3, Fault::status(504).after_effect()),
        ("520", 0.3, Fault::status(520)),
        ("reset before the effect", 0.3, Fault::reset()),
        (AFTER[1], 0.3, Fault::reset().after_effect()),
        ("truncated body", 0.3, Fault::truncated_body()),
        (AFTER[2], 0.3, Fault::html(502).after_effect()),
        ("slow body", 0.2, Fault::slow_drip(4096, page)),
        (TIMEOUT, 0.1, timeout),
        ("400 without a reason", 0.1, Fault::status(400)),
    ];
    let faults = faults.map(|(name, share, fault)| (name, Scenario::Fault(share, fault)));
    let lost = Fault::reset().after_effect();
    let mut scenarios = Vec::from(faults);
    scenarios.push(("429, day; run again", Scenario::Daily(0.1)));
    scenarios.push((CLOCK, Scenario::Clock(0.3, lost)));
    scenarios.push(("killed and run again", Scenario::Killed));
    #[cfg(feature = "oauth")]
    scenarios.push(("token expires", Scenario::Token));
    #[cfg(feature = "redis")]
    if crate::scenario::has_redis() {
        scenarios.push(("Redis stops and starts", Scenario::Redis));
    }
    scenarios
}

/// Faults after which a create is unknown.
const AFTER: [&str; 3] = [
    "504 after the effect",
    "reset after the effect",
    "HTML page after the effect",
];
const TIMEOUT: &str = "timeout after the effect";
const CLOCK: &str = "killed, time of day jumps, resets";

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

/// The live records by e-mail address, or else by first name: how many there are, and the first name of one.
type Store = BTreeMap<String, (usize, Option<String>)>;

async fn store(fixture: &Fixture) -> Store {
    let list = fixture.hubspot.contacts().list().limit(100);
    let mut contacts = list.properties(["email", "firstname"]).items();
    let mut store = BTreeMap::new();
    while let Some(contact) = contacts.try_next().await.unwrap() {
        let value = |name| contact.properties.get(name);
        let key = value("email").or(value("firstname")).unwrap_or_default();
        let (count, name) = store.entry(key.to_owned()).or_insert((0, None));
        *count += 1;
        *name = value("firstname").map(str::to_owned);
    }
    store
}

async fn row(scenario: &(&str, Scenario), setup: Setup) -> Row {
    let (name, scenario) = scenario;
    let mut environment = Environment::start(scenario).await;
    let Setup { kind, inputs, .. } = setup;
    let exist = matches!(kind, "update" | "archive" | "read");
    let account = environment.fixture.mock.account("acme");
    let ids: Vec<String> = (0..inputs)
        .map(|number| {
            if exist {
                account.contact([("email", &*email(number)), ("firstname", "old")])
            } else {
                String::new()
            }
        })
        .collect();
    let timeout = Duration::from_millis(if *name == TIMEOUT { 2_000 } else { 30_000 });
    environment.begin(&format!("contacts.batch_{kind}"), setup.seed);
    let start = Instant::now();
    let outcomes = if scenario.is_restarted() {
        restarted(&environment, scenario, setup, &ids).await
    } else {
        let mut run = run(&environment.fixture, setup, &ids, timeout, None);
        let mut outcomes = BTreeMap::new();
        while let Some((index, is_done)) = run.next().await {
            outcomes.insert(index, is_done);
            environment.after(outcomes.len(), inputs).await;
        }
        outcomes
    };
    let time = start.elapsed();
    environment.fixture.mock.clear_faults();
    let requests = environment.fixture.mock.journal().len();
    let mut row = compare(kind, inputs, &outcomes, &store(&environment.fixture).await);
    (row.requests, row.time) = (requests, time);
    row
}

/// Runs until a run comes to its end; killed runs are dropped with what they have in flight. Without a journal, what has
/// failed is run once again.
async fn restarted(
    environment: &Environment,
    scenario: &Scenario,
    setup: Setup,
    ids: &[String],
) -> BTreeMap<u64, Option<bool>> {
    let path = environment.journal();
    let journal = setup.has_journal.then_some(&*path);
    let timeout = Duration::from_secs(30);
    let mut kills = if scenario.is_killed() { 4 } else { 0 };
    let mut is_again = false;
    for _ in 0..100 {
        let mut run = run(&environment.fixture, setup, ids, timeout, journal);
        let mut outcomes = BTreeMap::new();
        while let Some((index, is_done)) = run.next().await {
            outcomes.insert(index, is_done);
            if kills > 0 && outcomes.len() > (5 - kills) * setup.inputs / 6 {
                break;
            }
        }
        let is_over = if scenario.is_killed() {
            kills == 0
        } else if !setup.has_journal {
            is_again
        } else {
            let is_failed = |is_done: &Option<bool>| *is_done == Some(false);
            outcomes.len() == setup.inputs && !outcomes.values().any(is_failed)
        };
        if is_over {
            return outcomes;
        }
        kills = kills.saturating_sub(1);
        is_again = true;
        environment.restart();
    }
    panic!("a hundred runs did not end");
}

/// Compares the outcomes with the store.
fn compare(
    kind: &str,
    inputs: usize,
    outcomes: &BTreeMap<u64, Option<bool>>,
    store: &Store,
) -> Row {
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
    let scenarios = scenarios();
    let runs = scenarios
        .iter()
        .flat_map(|scenario| KINDS.map(|kind| (scenario, kind)));
    let runs = runs.flat_map(|(scenario, kind)| [1, 2].map(|seed| (scenario, kind, seed)));
    let check = async |(scenario, kind, seed): (&(&str, Scenario), &'static str, u64)| {
        let inputs = scenario.1.inputs();
        let row = row(scenario, Setup::new(kind, inputs, seed)).await;
        let line = row.write(kind, scenario.0);
        assert_eq!((row.lost, row.duplicated), (0, 0), "{line}");
        assert_eq!(row.done + row.failed + row.unknown, inputs, "{line}");
        assert!(row.done >= inputs / 2, "{line}");
    };
    stream::iter(runs).for_each_concurrent(8, check).await;
}

fn scenario(name: &str) -> (&'static str, Scenario) {
    let mut scenarios = scenarios().into_iter();
    scenarios.find(|(other, _)| *other == name).unwrap()
}

/// Without settling, creates whose response is lost stay unknown: that is what it is for.
#[tokio::test(flavor = "multi_thread")]
async fn creates_are_unknown_unless_they_are_settled() {
    let (scenario, setup) = (scenario(AFTER[1]), Setup::new("create", 1000, 1));
    let settled = row(&scenario, setup).await;
    let is_settled = false;
    let unsettled = row(
        &scenario,
        Setup {
            is_settled,
            ..setup
        },
    )
    .await;
    assert_eq!((settled.unknown, settled.done), (0, 1000));
    assert!(unsettled.unknown >= 100 && unsettled.lost + unsettled.duplicated == 0);
}

/// Without a journal, a create that is run again does again what was done: that is what it is for.
#[tokio::test(flavor = "multi_thread")]
async fn creates_that_are_run_again_are_duplicated_without_a_journal() {
    let killed = scenario("killed and run again");
    let recorded = row(&killed, Setup::of_names(1000, 1, true)).await;
    assert_eq!((recorded.lost, recorded.duplicated), (0, 0));
    let unrecorded = row(&killed, Setup::of_names(1000, 1, false)).await;
    assert!(unrecorded.duplicated >= 100, "{}", unrecorded.duplicated);
}

/// Prints the tables of docs/reliability.md; `cargo xtask chaos` runs it. The second one is without what makes runs safe.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn table() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("CHAOS_SEED").unwrap_or(1);
    let inputs = usize::try_from(number("CHAOS_INPUTS").unwrap_or(10_000)).unwrap();
    let names = |has_journal| Setup::of_names(inputs, seed, has_journal);
    let mut table = String::new();
    for is_safe in [true, false] {
        for scenario in scenarios() {
            let setups = KINDS.map(|kind| {
                let setup = Setup::new(kind, inputs, seed);
                let (is_settled, has_journal) = (is_safe, is_safe);
                let setup = Setup {
                    is_settled,
                    has_journal,
                    ..setup
                };
                (kind, setup)
            });
            let others =
                matches!(scenario.1, Scenario::Killed).then(|| ("create of names", names(is_safe)));
            for (kind, setup) in setups.into_iter().chain(others) {
                let row = row(&scenario, setup).await;
                let _ = writeln!(table, "{}", row.write(kind, scenario.0));
            }
        }
        // Between the tables.
        table.push('\n');
    }
    let path = std::env::var("CHAOS_TABLE").expect("`cargo xtask chaos` says where the table goes");
    std::fs::write(path, table.trim_end()).unwrap();
}
