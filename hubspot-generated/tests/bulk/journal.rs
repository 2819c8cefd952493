//! A run that was killed goes on from its journal.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubspot_generated::bulk::{self, End, Status};
use hubspot_generated::models::{BatchCreateInput, CrmObject};
use hubspot_mock::{Fault, InvalidValues};

use crate::support::{Fixture, JumpingClock, by_index, row, rows};

/// A path for a journal that does not exist yet.
fn path(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hubspot-journal-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let _ = fs::remove_file(&path);
    path
}

#[tokio::test]
async fn what_is_done_is_not_done_again() {
    let fixture = Fixture::start().await;
    let path = path("resumed");
    let create = || {
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
        create.in_flight(1).journal(&path).unwrap()
    };
    let mut run = create().inputs(rows(500));
    for _ in 0..150 {
        run.next().await.unwrap();
    }
    drop(run);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let report = create().inputs(rows(500)).run().await;
    // What was in flight when the run was dropped is not known without a property to settle by.
    assert_eq!(report.progress.done + report.progress.unknown, 500);
    let calls = fixture.calls("contacts.batch_create");
    assert!(calls <= 6, "{calls} calls");
    assert!(fixture.emails().await.values().all(|count| *count == 1));
    let again = create().inputs(rows(500)).run().await;
    assert_eq!(again.progress.unknown, report.progress.unknown);
    assert_eq!(fixture.calls("contacts.batch_create"), calls);
}

#[tokio::test]
async fn a_killed_create_is_settled_by_its_property() {
    let fixture = Fixture::start().await;
    let path = path("settled");
    let create = || {
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
        let create = create.settle_by("email", |batch| {
            fixture.hubspot.contacts().batch_read(batch)
        });
        create.in_flight(3).journal(&path).unwrap()
    };
    let mut run = create().inputs(rows(500));
    for _ in 0..150 {
        run.next().await.unwrap();
    }
    drop(run);
    // What was being written when the run was dropped is still written.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut run = create().inputs(rows(500));
    let mut outcomes = Vec::new();
    while let Some(outcome) = run.next().await {
        outcomes.push(outcome);
    }
    let statuses = by_index(outcomes);
    assert!(statuses.iter().all(Status::is_done), "{statuses:?}");
    let emails = fixture.emails().await;
    assert_eq!(emails.len(), 500);
    assert!(emails.values().all(|count| *count == 1));
}

#[tokio::test]
async fn a_torn_last_line_is_left_out() {
    let fixture = Fixture::start().await;
    let path = path("torn");
    let create = || {
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
        create.settle_by("email", |batch| {
            fixture.hubspot.contacts().batch_read(batch)
        })
    };
    let run = create()
        .in_flight(1)
        .journal(&path)
        .unwrap()
        .inputs(rows(150));
    assert!(run.run().await.is_complete());
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        if cut % 997 != 0 && whole.len() - cut > 60 {
            continue;
        }
        fs::write(&path, &whole[..cut]).unwrap();
        let run = create().journal(&path).unwrap().inputs(rows(150));
        let report = run.run().await;
        assert!(report.end.is_complete(), "cut at {cut}: {:?}", report.end);
        let progress = report.progress;
        assert_eq!(progress.done + progress.existing, 150, "cut at {cut}");
        let emails = fixture.emails().await;
        assert_eq!(emails.len(), 150, "cut at {cut}");
        assert!(emails.values().all(|count| *count == 1), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_journal_of_another_run_is_refused() {
    let fixture = Fixture::start().await;
    let path = path("other");
    let create = || bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let run = create().journal(&path).unwrap().inputs(rows(150));
    assert!(run.run().await.is_complete());

    let update = bulk::update(|batch| fixture.hubspot.contacts().batch_update(batch));
    let error = update.journal(&path).unwrap_err();
    assert!(error.is_other_run(), "{error}");

    let inputs = rows(60)
        .chain([row("other@example.com")])
        .chain(rows(200).skip(61));
    let report = create().journal(&path).unwrap().inputs(inputs).run().await;
    let End::Journal(error) = &report.end else {
        panic!("{report:?}");
    };
    assert!(error.is_other_run());
    assert!(error.to_string().contains("position 60"), "{error}");
    assert_eq!((report.progress.done, report.progress.not_sent), (60, 1));

    let kept = create().journal(&path).unwrap();
    assert!(
        create()
            .journal(&path)
            .unwrap_err()
            .to_string()
            .contains("in use")
    );
    drop(kept);

    let mut whole = fs::read(&path).unwrap();
    whole[30] ^= 1;
    fs::write(&path, &whole).unwrap();
    let error = create().journal(&path).unwrap_err();
    assert!(!error.is_other_run() && !error.is_io(), "{error}");
    for (text, expected) in [
        ("id,name\n1,Ada\n", "not a journal"),
        (
            "0000000000000000 hubspot-bulk-journal 2 contacts.batch_create\n",
            "not a journal",
        ),
        (
            "68c544f2f713335b hubspot-bulk-journal 1 contacts.batch_create /crm/objects/2026-09/contacts/batch/create\n",
            "another version",
        ),
    ] {
        fs::write(&path, text).unwrap();
        let error = create().journal(&path).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "the file is kept");
    }
    #[cfg(unix)]
    assert!(create().journal("/dev/full").is_err(), "it is no file");
    let missing = path.join("no/such/folder");
    assert!(create().journal(missing).unwrap_err().is_io());
}

#[tokio::test]
async fn a_damaged_line_before_the_last_is_an_error() {
    let fixture = Fixture::start().await;
    let path = path("damaged");
    let create = || bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let run = create()
        .in_flight(1)
        .journal(&path)
        .unwrap()
        .inputs(rows(250));
    assert!(run.run().await.is_complete());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"garbage\n").unwrap();
    let run = create().journal(&path).unwrap().inputs(rows(300));
    assert_eq!(run.run().await.progress.done, 300);
    let mut whole = fs::read(&path).unwrap();
    let middle = whole.len() / 2;
    whole[middle] ^= 1;
    fs::write(&path, whole).unwrap();
    let error = create().journal(&path).unwrap_err();
    assert!(error.to_string().contains("damaged at line"), "{error}");
}

#[tokio::test]
async fn failures_are_reported_again_and_lost_outcomes_stay_unknown() {
    let fixture = Fixture::start().await;
    let path = path("failed");
    let create = || {
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
        create.in_flight(1).journal(&path).unwrap()
    };
    fixture
        .mock
        .account("acme")
        .contact([("email", "7@example.com")]);
    let fault = Fault::reset().after_effect().on("contacts.batch_create");
    fixture.mock.fail_next(fault);
    for _ in 0..3 {
        let report = create().inputs(rows(200)).run().await;
        let progress = report.progress;
        assert_eq!(
            (progress.unknown, progress.failed, progress.done),
            (100, 0, 100)
        );
    }
    let more = || rows(200).chain([row("107@example.com")]);
    for _ in 0..2 {
        let report = create().inputs(more()).run().await;
        let (outcome, error) = report.failed().next().unwrap();
        assert!(outcome.index == 200 && error.is_conflict());
    }
    assert_eq!(fixture.emails().await.len(), 200);
}

/// Object types share an operation, and a run of one has done nothing for another.
#[tokio::test]
async fn a_journal_of_another_object_type_is_refused() {
    let fixture = Fixture::start().await;
    let path = path("type");
    let create = |object_type: &str| {
        let objects = fixture.hubspot.objects(object_type);
        bulk::create(|batch| objects.batch_create(batch)).journal(&path)
    };
    let report = create("contacts").unwrap().inputs(rows(3)).run().await;
    assert!(report.is_complete(), "{report:?}");
    let error = create("companies").unwrap_err();
    assert!(error.is_other_run(), "{error}");
}

/// A run of 200 creates, the input at 150 of which existed, that is killed in the first or second batch after its effect. The
/// journal's path and the clock of the machine are those of the run that goes on.
async fn killed_after_the_effect(
    fixture: &Fixture,
    create: impl Fn() -> bulk::Bulk<BatchCreateInput, CrmObject>,
    path: &Path,
    batch: usize,
) {
    let account = fixture.mock.account("acme");
    account.contact([("email", "150@example.com")]);
    account.contact([("email", "50@example.com")]);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let mut run = create().inputs(rows(200));
    for _ in 0..100 * (batch - 1) {
        run.next().await.unwrap();
    }
    let slow = Fault::latency(Duration::from_millis(1500)).on("contacts.batch_create");
    fixture.mock.fail_next(slow);
    let is_sent = async {
        let sent = || fs::read_to_string(path).map_or(0, |text| text.matches(" sent ").count());
        while sent() < batch {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    tokio::select! {
        outcome = run.next() => panic!("{outcome:?}"),
        () = is_sent => drop(run),
    }
    let takes_effect = async {
        while fixture.emails().await.len() < (100 * batch).max(101) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), takes_effect).await;
    waited.expect("the batch takes effect");
}

/// A create is told from a record that existed by HubSpot's clock, not by the clock of the machine.
#[tokio::test]
async fn a_clock_that_jumps_between_runs_does_not_change_the_verdict() {
    const HOUR: i64 = 3600;
    for (jump, batch) in [(-HOUR, 1), (-HOUR, 2), (HOUR, 1), (HOUR, 2)] {
        let clock = JumpingClock::default();
        let fixture = Fixture::start_by(clock.clone(), InvalidValues::default()).await;
        let path = path("jump");
        let create = || {
            let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
            let create = create.settle_by("email", |batch| {
                fixture.hubspot.contacts().batch_read(batch)
            });
            create.in_flight(1).journal(&path).unwrap()
        };
        killed_after_the_effect(&fixture, create, &path, batch).await;
        clock.jump(jump);
        let report = create().inputs(rows(200)).run().await;
        let progress = report.progress;
        assert_eq!(
            (progress.done, progress.existing),
            (198, 2),
            "{jump} s, {batch}"
        );
        assert!(report.rest.iter().all(|outcome| outcome.index % 100 == 50));
    }
}

/// If HubSpot's time was not known when a create was sent, the age of a record says nothing, whatever the machine's clock.
#[tokio::test]
async fn a_create_that_was_sent_at_an_unknown_time_stays_unknown() {
    for jump in [-3600, 0, 3600] {
        let clock = JumpingClock::default();
        let fixture = Fixture::start_by(clock.clone(), InvalidValues::default()).await;
        let path = path("no-time");
        let create = || {
            let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
            let create = create.settle_by("email", |batch| {
                fixture.hubspot.contacts().batch_read(batch)
            });
            create.in_flight(1).journal(&path).unwrap()
        };
        let refused = Fault::status(403).on("contacts.batch_read");
        fixture.mock.fail_next(refused);
        killed_after_the_effect(&fixture, create, &path, 1).await;
        clock.jump(jump);
        let progress = create().inputs(rows(200)).run().await.progress;
        assert_eq!((progress.unknown, progress.done), (100, 99), "{jump} s");
        assert_eq!(progress.existing, 1, "{jump} s");
    }
}

/// The journal keeps the time of the first attempt, which may have taken effect after all.
#[tokio::test]
async fn a_create_that_is_repeated_keeps_its_first_time() {
    let fixture = Fixture::start().await;
    let path = path("repeated");
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let create = create.settle_by("email", |batch| {
        fixture.hubspot.contacts().batch_read(batch)
    });
    let lost = Fault::reset().on("contacts.batch_create");
    fixture.mock.fail_next_n(2, lost);
    let run = create.journal(&path).unwrap().inputs(rows(3));
    assert!(run.run().await.is_complete());
    assert_eq!(fixture.calls("contacts.batch_create"), 3);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(" sent ").count(), 1, "{text}");
}
