//! Sources that fail, panic, wait, repeat themselves or are dropped, and runs that are stopped.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream;
use hubspot_generated::bulk::{self, End, Progress, Status};
use hubspot_generated::models::{BatchRead, ObjectId};
use hubspot_mock::Fault;

use crate::support::{Fixture, by_index, row, rows};

#[tokio::test]
async fn a_source_that_fails_ends_the_run_after_what_it_returned() {
    let fixture = Fixture::start().await;
    let inputs = rows(150).map(Ok).chain([Err("line 151 is not a row")]);
    let inputs = inputs.chain(rows(10).map(Ok));
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.try_inputs(inputs).run().await;
    assert_eq!((report.progress.read, report.progress.done), (150, 150));
    assert!(
        matches!(&report.end, End::Source(error) if error.to_string() == "line 151 is not a row")
    );
    assert!(!report.is_complete());
    assert_eq!(fixture.emails().await.len(), 150);
}

#[tokio::test]
async fn a_source_that_panics_ends_the_run_after_what_it_returned() {
    let fixture = Fixture::start().await;
    let inputs = rows(200).inspect(|row| {
        assert!(
            row.properties.get("email") != Some("120@example.com"),
            "row 120"
        );
    });
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.inputs(inputs).run().await;
    assert_eq!((report.progress.read, report.progress.done), (120, 120));
    assert!(matches!(&report.end, End::SourcePanicked(message) if message == "row 120"));
    assert_eq!(fixture.emails().await.len(), 120);
}

#[tokio::test]
async fn a_stream_that_waits_does_not_keep_its_inputs_waiting() {
    let fixture = Fixture::start().await;
    let (sender, receiver) = tokio::sync::mpsc::channel(10);
    let inputs = stream::unfold(receiver, |mut receiver| async {
        let input = receiver.recv().await?;
        Some((input, receiver))
    });
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let mut run = create.stream(inputs);
    for number in 0..3 {
        sender
            .send(row(format!("{number}@example.com")))
            .await
            .unwrap();
        // The next input comes only when this one is done.
        let outcome = tokio::time::timeout(Duration::from_secs(10), run.next()).await;
        assert!(outcome.unwrap().unwrap().status.is_done());
    }
    drop(sender);
    assert!(run.next().await.is_none());
    assert!(matches!(run.end(), Some(End::Complete)));
}

#[tokio::test]
async fn a_run_that_is_stopped_finishes_what_is_in_flight() {
    let fixture = Fixture::start().await;
    let slow = Fault::latency(Duration::from_millis(100)).on("contacts.batch_create");
    fixture.mock.fail_next_n(1000, slow);
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch)).in_flight(2);
    let stop = create.stop_handle();
    let mut run = create.inputs(rows(100_001));
    let first = run.next().await.unwrap();
    assert!(first.status.is_done());
    stop.stop();
    let (mut done, mut not_sent) = (1, 0);
    while let Some(outcome) = run.next().await {
        match outcome.status {
            Status::Done(_) => done += 1,
            Status::NotSent => not_sent += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(run.end(), Some(End::Stopped)));
    assert_eq!(done + not_sent, run.progress().read);
    assert!(
        done <= 300 && not_sent > 0,
        "{done} done, {not_sent} not sent"
    );
    assert_eq!(fixture.emails().await.len() as u64, done);
}

#[tokio::test]
async fn a_run_is_stopped_while_its_source_waits() {
    let fixture = Fixture::start().await;
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let stop = create.stop_handle();
    let run = tokio::spawn(create.stream(stream::pending()).run());
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.stop();
    let report = tokio::time::timeout(Duration::from_secs(10), run).await;
    assert!(matches!(report.unwrap().unwrap().end, End::Stopped));
}

#[tokio::test]
async fn a_dropped_run_loses_no_more_than_what_was_in_flight() {
    let fixture = Fixture::start().await;
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let mut run = create.in_flight(1).inputs(rows(1000));
    let mut done = Vec::new();
    for _ in 0..150 {
        done.push(run.next().await.unwrap());
    }
    drop(run);
    let emails = fixture.emails().await;
    for outcome in done {
        let email = outcome.input.properties.get("email").unwrap();
        assert_eq!(emails.get(email), Some(&1));
    }
    assert!(emails.len() <= 300, "{} records", emails.len());
}

#[tokio::test]
async fn progress_is_told_after_each_batch() {
    let fixture = Fixture::start().await;
    let seen = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let sink = seen.clone();
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let create = create.on_progress(move |progress| sink.lock().unwrap().push(*progress));
    let report = create.in_flight(1).inputs(rows(250)).run().await;
    assert!(report.is_complete());
    let seen = seen.lock().unwrap();
    let done: Vec<_> = seen.iter().map(|progress| progress.done).collect();
    assert_eq!(done, [100, 200, 250]);
    assert_eq!(seen.last().unwrap().settled(), 250);
}

/// A create that was sent and then looked up was sent, whatever ends the run.
#[tokio::test]
async fn what_was_sent_is_not_reported_as_not_sent() {
    let fixture = Fixture::start().await;
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let create = create.settle_by("email", |batch| {
        fixture.hubspot.contacts().batch_read(batch)
    });
    let fault = Fault::reset().on("contacts.batch_create");
    fixture.mock.fail_next(fault);
    let slow = Fault::latency(Duration::from_millis(400)).on("contacts.batch_read");
    fixture.mock.fail_next(slow);
    let stop = create.stop_handle();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stop.stop();
    };
    let run = create.in_flight(1).inputs(rows(150));
    let (report, ()) = tokio::join!(run.run(), stopping);
    assert!(matches!(report.end, End::Stopped), "{:?}", report.end);
    assert_eq!(
        (report.progress.failed, report.progress.not_sent),
        (100, 50)
    );
    let (_, error) = report.failed().next().unwrap();
    assert!(error.to_string().contains("no effect"), "{error}");
    assert!(fixture.emails().await.is_empty());
}

#[tokio::test]
async fn a_record_is_read_once_for_all_inputs_that_name_it() {
    let fixture = Fixture::start().await;
    let account = fixture.mock.account("acme");
    let [ada, grace] = ["ada@example.com", "grace@example.com"];
    let [ada, grace] = [ada, grace].map(|email| account.contact([("email", email)]));
    let ids = std::iter::repeat_n(ada.clone(), 500).chain([grace, "7".to_owned()]);
    let ids: Vec<_> = ids.chain(std::iter::repeat_n(ada, 100)).collect();
    let read = bulk::read(BatchRead::new([], ["email"]), |batch| {
        fixture.hubspot.contacts().batch_read(batch)
    });
    let mut run = read.inputs(ids.clone().into_iter().map(ObjectId::new));
    let mut outcomes = Vec::new();
    while let Some(outcome) = run.next().await {
        outcomes.push(outcome);
    }
    assert_eq!((run.progress().done, run.progress().failed), (601, 1));
    // One for Ada, one for the others.
    assert_eq!(run.progress().requests, 2);
    for (id, status) in ids.iter().zip(by_index(outcomes)) {
        match status {
            Status::Done(record) => assert_eq!(record.id, *id),
            Status::Failed(error) => assert!(error.is_not_found() && id == "7", "{error}"),
            other => panic!("{other:?}"),
        }
    }
}
