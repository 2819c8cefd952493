//! Each input has one outcome, and it is that of the store.

use std::collections::BTreeSet;

use hubspot_generated::bulk::{self, BulkInput, BulkRun, End, Outcome, Status};
use hubspot_generated::models::{
    BatchCreateInput, BatchRead, BatchUpdateInput, BatchUpsertInput, ObjectId,
};
use hubspot_mock::{Fault, InvalidValues, RandomFaults};

use crate::support::{Fixture, by_index, row, rows};

async fn outcomes<I: BulkInput, R>(mut run: BulkRun<I, R>) -> Vec<Outcome<I, R>> {
    let mut outcomes = Vec::new();
    while let Some(outcome) = run.next().await {
        outcomes.push(outcome);
    }
    outcomes
}

#[tokio::test]
async fn any_number_of_inputs_is_sent_in_batches() {
    for (count, batches) in [(0, 0), (1, 1), (100, 1), (101, 2), (1234, 13)] {
        let fixture = Fixture::start().await;
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
        let report = create.inputs(rows(count)).run().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(report.progress.done, count as u64);
        assert_eq!(fixture.emails().await.len(), count);
        assert_eq!(fixture.calls("contacts.batch_create"), batches);
    }
}

#[tokio::test]
async fn one_bad_input_of_a_create_fails_alone() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .account("acme")
        .contact([("email", "7@example.com")]);
    let inputs = rows(250).map(|mut row| {
        if row.properties.get("email") == Some("133@example.com") {
            row.properties.insert("no_such_property", "1");
        }
        row
    });
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.inputs(inputs).run().await;
    assert!(report.end.is_complete());
    let mut failed: Vec<_> = report.failed().collect();
    failed.sort_by_key(|(outcome, _)| outcome.index);
    let [(known, conflict), (bad, invalid)] = failed[..] else {
        panic!("{failed:?}");
    };
    assert_eq!((known.index, bad.index), (7, 133));
    assert!(conflict.is_conflict() && conflict.existing_id().is_some());
    assert_eq!(invalid.category(), Some("VALIDATION_ERROR"));
    assert_eq!(bad.input.properties.get("no_such_property"), Some("1"));
    assert_eq!(report.progress.done, 248);
    assert_eq!(fixture.calls("contacts.batch_create"), 3);
}

#[tokio::test]
async fn the_bad_inputs_of_a_refused_batch_are_found() {
    for invalid_values in [InvalidValues::Whole, InvalidValues::PerInput] {
        let fixture = Fixture::start_with(invalid_values).await;
        let ids: Vec<_> = (0..100)
            .map(|number| {
                let email = format!("{number}@example.com");
                fixture.mock.account("acme").contact([("email", &*email)])
            })
            .collect();
        let inputs = ids.into_iter().enumerate().map(|(place, id)| {
            let is_bad = place % 40 == 3;
            let name = if is_bad {
                "no_such_property"
            } else {
                "firstname"
            };
            BatchUpdateInput::new(id, [(name, "Ada")])
        });
        let update = bulk::update(|batch| fixture.hubspot.contacts().batch_update(batch));
        let statuses = by_index(outcomes(update.inputs(inputs)).await);
        for (place, status) in statuses.iter().enumerate() {
            assert_eq!(status.is_done(), place % 40 != 3, "{place}: {status:?}");
        }
        let calls = fixture.calls("contacts.batch_update");
        assert!(calls <= 7, "{calls} calls to find three bad inputs");
    }
}

#[tokio::test]
async fn a_batch_that_is_refused_without_a_reason_is_halved() {
    let fixture = Fixture::start().await;
    let refusal = Fault::status(400).on("contacts.batch_create");
    // The batch, its first half, the first half of that, and so on: 100, 50, 25, 13, 7, 4, 2, 1.
    fixture.mock.fail_next_n(8, refusal);
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.inputs(rows(100)).run().await;
    assert_eq!((report.progress.done, report.progress.failed), (99, 1));
    assert_eq!(report.rest[0].index, 0);
    assert_eq!(fixture.calls("contacts.batch_create"), 15);
    assert_eq!(fixture.emails().await.len(), 99);
}

#[tokio::test]
async fn inputs_for_one_record_keep_their_order() {
    let fixture = Fixture::start().await;
    let inputs = (0..500).map(|number| {
        let email = if number % 5 == 0 {
            "ADA@example.com ".into()
        } else {
            format!("{number}@example.com")
        };
        BatchUpsertInput::new(email, "email", [("firstname", number.to_string())])
    });
    let upsert = bulk::upsert(|batch| fixture.hubspot.contacts().batch_upsert(batch));
    let statuses = by_index(outcomes(upsert.inputs(inputs)).await);
    assert!(statuses.iter().all(Status::is_done));
    let ada = fixture
        .hubspot
        .contacts()
        .get("ada@example.com")
        .id_property("email");
    let ada = ada.properties(["firstname"]).await.unwrap();
    assert_eq!(ada.properties.get("firstname"), Some("495"));
    assert_eq!(fixture.emails().await.len(), 401);
}

#[tokio::test]
async fn ids_are_read_and_archived_whatever_they_look_like() {
    let fixture = Fixture::start().await;
    let known: Vec<_> = (0..150)
        .map(|number| {
            let email = format!("{number}@example.com");
            fixture.mock.account("acme").contact([("email", &*email)])
        })
        .collect();
    let odd = ["a/b", "", "99999999", "../companies", "7\n"].map(str::to_owned);
    let ids = known
        .iter()
        .cloned()
        .chain(odd.clone())
        .chain([known[0].clone()]);
    let read = bulk::read(BatchRead::new([], ["email"]), |batch| {
        fixture.hubspot.contacts().batch_read(batch)
    });
    let inputs: Vec<_> = ids.map(ObjectId::new).collect();
    let statuses = by_index(outcomes(read.inputs(inputs.clone())).await);
    for (input, status) in inputs.iter().zip(&statuses) {
        match status {
            Status::Done(record) => assert_eq!(record.id, input.id),
            Status::Failed(error) => assert!(odd.contains(&input.id), "{error}"),
            other => panic!("{other:?}"),
        }
    }
    let archive = bulk::archive(|batch| fixture.hubspot.contacts().batch_archive(batch));
    let report = archive
        .inputs(known.into_iter().map(ObjectId::new))
        .run()
        .await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(fixture.emails().await.len(), 0);
}

#[tokio::test]
async fn values_of_a_unique_property_are_read_as_ids() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .account("acme")
        .contact([("email", "ada@example.com"), ("firstname", "Ada")]);
    let body = BatchRead::new([], ["firstname"]).id_property("email");
    let read = bulk::read(body, |batch| fixture.hubspot.contacts().batch_read(batch));
    let inputs = ["Ada@Example.com", "grace@example.com"].map(ObjectId::new);
    let statuses = by_index(outcomes(read.inputs(inputs)).await);
    let ada = statuses[0].record().unwrap();
    assert_eq!(ada.properties.get("firstname"), Some("Ada"));
    assert!(statuses[1].error().unwrap().is_not_found());
}

#[tokio::test]
async fn a_huge_value_fails_alone() {
    let fixture = Fixture::start().await;
    let inputs = rows(150).enumerate().map(|(place, mut row)| {
        if place == 42 {
            row.properties.insert("firstname", "A".repeat(3 << 20));
        }
        row
    });
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let statuses = by_index(outcomes(create.inputs(inputs)).await);
    let emails = fixture.emails().await;
    for (place, status) in statuses.iter().enumerate() {
        let exists = emails.contains_key(&format!("{place}@example.com"));
        assert_eq!(status.is_done(), exists, "{place}: {status:?}");
        assert!(exists || place == 42, "{place}: {status:?}");
    }
}

#[cfg(feature = "v3")]
#[tokio::test]
async fn older_versions_have_the_same_runs() {
    let fixture = Fixture::start().await;
    let hubspot = fixture.hubspot.v3();
    let create = bulk::create(|batch| hubspot.contacts().batch_create(batch));
    let create = create.settle_by("email", |batch| hubspot.contacts().batch_read(batch));
    let report = create.inputs(rows(150)).run().await;
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn a_lost_create_is_unknown_and_not_repeated() {
    let fixture = Fixture::start().await;
    let fault = Fault::reset().after_effect().on("contacts.batch_create");
    fixture.mock.fail_next(fault);
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.in_flight(1).inputs(rows(250)).run().await;
    assert_eq!((report.progress.done, report.progress.unknown), (150, 100));
    assert_eq!(report.unknown().count(), 100);
    assert!(fixture.emails().await.values().all(|count| *count == 1));
}

#[tokio::test]
async fn faults_lose_and_duplicate_nothing() {
    for seed in [1, 2] {
        let fixture = Fixture::start().await;
        let faults = RandomFaults::seeded(seed)
            .with(0.1, Fault::status(502).on("contacts.batch_create"))
            .with(
                0.1,
                Fault::html(504).after_effect().on("contacts.batch_create"),
            )
            .with(0.1, Fault::reset().on("contacts.batch_create"))
            .with(
                0.1,
                Fault::reset().after_effect().on("contacts.batch_create"),
            )
            .with(0.1, Fault::truncated_body().on("contacts.batch_create"))
            .with(0.1, Fault::locked().on("contacts.batch_create"))
            .with(0.1, Fault::status(503).on("contacts.batch_read"));
        fixture.mock.fail_by_chance(faults);
        let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch))
            .settle_by("email", |batch| {
                fixture.hubspot.contacts().batch_read(batch)
            });
        let outcomes = outcomes(create.inputs(rows(3000))).await;
        fixture.mock.clear_faults();
        let emails = fixture.emails().await;
        assert!(emails.values().all(|count| *count == 1), "seed {seed}");
        assert_eq!(outcomes.len(), 3000);
        for outcome in &outcomes {
            let email = outcome.input.properties.get("email").unwrap();
            match &outcome.status {
                Status::Done(_) => assert!(emails.contains_key(email), "{email} is lost"),
                Status::Failed(_) => assert!(!emails.contains_key(email), "{email} exists"),
                Status::Unknown(_) => {}
                other => panic!("{email}: {other:?}"),
            }
        }
        let statuses = by_index(outcomes);
        let done = statuses.iter().filter(|status| status.is_done()).count();
        assert!(done > 2500, "{done} done of 3000, seed {seed}");
    }
}

#[tokio::test]
async fn a_create_tells_its_own_record_from_one_that_existed() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .account("acme")
        .contact([("email", "3@example.com")]);
    // HubSpot's clock, by which the records are told apart, is read in whole seconds.
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    fixture
        .mock
        .fail_next(Fault::reset().after_effect().on("contacts.batch_create"));
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch))
        .settle_by("email", |batch| {
            fixture.hubspot.contacts().batch_read(batch)
        });
    let inputs = rows(10).chain([row("3@Example.com"), row("5@example.com")]);
    let inputs = inputs.chain([BatchCreateInput::new([("firstname", "Ada")])]);
    let statuses = by_index(outcomes(create.inputs(inputs)).await);
    for (place, status) in statuses.iter().enumerate() {
        match (place, status) {
            (3 | 10 | 11, Status::Existing(record)) => {
                assert!(record.properties.get("email").is_some());
            }
            // The last one has no value to settle by.
            (12, Status::Unknown(_)) | (0..=2 | 4..=9, Status::Done(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    let records = statuses.iter().filter_map(Status::record);
    let ids: BTreeSet<_> = records.map(|record| &record.id).collect();
    assert_eq!(ids.len(), 10);
}

#[tokio::test]
async fn a_property_that_is_not_unique_is_refused() {
    let fixture = Fixture::start().await;
    let create = bulk::create(|batch| fixture.hubspot.companies().batch_create(batch))
        .settle_by("domain", |batch| {
            fixture.hubspot.companies().batch_read(batch)
        });
    let inputs = [BatchCreateInput::new([("domain", "example.com")])];
    let report = create.inputs(inputs).run().await;
    assert_eq!((report.progress.failed, report.progress.requests), (1, 1));
    assert!(matches!(&report.end, End::Refused(error) if error.to_string().contains("`domain`")));
    assert_eq!(fixture.calls("companies.batch_create"), 0);
}

#[tokio::test]
async fn an_error_that_all_requests_share_ends_the_run() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .fail_next_n(1000, Fault::status(403).on("contacts.batch_create"));
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let report = create.in_flight(2).inputs(rows(100_001)).run().await;
    assert!(matches!(report.end, End::Refused(_)));
    let progress = report.progress;
    assert_eq!(progress.failed + progress.not_sent, progress.read);
    assert!(
        progress.read < 1000 && progress.requests <= 2,
        "{progress:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_does_not_grow_with_the_number_of_inputs() {
    let fixture = Fixture::start().await;
    let read = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counter = read.clone();
    let inputs = rows(100_001).inspect(move |_| {
        counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    });
    let create = bulk::create(|batch| fixture.hubspot.contacts().batch_create(batch));
    let mut run = create.inputs(inputs);
    let (mut settled, mut most) = (0, 0);
    while let Some(outcome) = run.next().await {
        assert!(outcome.status.is_done());
        settled += 1;
        most = most.max(read.load(std::sync::atomic::Ordering::Relaxed) - settled);
    }
    assert_eq!(settled, 100_001);
    assert!(most <= 1100, "{most} inputs were held at once");
}

/// A merged contact is found by each of its addresses, and has one of them.
#[tokio::test]
async fn a_merged_contact_exists_under_each_of_its_addresses() {
    let fixture = Fixture::start().await;
    let account = fixture.mock.account("acme");
    let ada = account.contact([("email", "ada@example.com")]);
    let second = account.contact([("email", "lovelace@example.com")]);
    let contacts = fixture.hubspot.contacts();
    let merge = hubspot_generated::models::Merge::new(second, ada);
    let merged = contacts.merge(merge).await.unwrap().id;
    let create = bulk::create(|batch| contacts.batch_create(batch));
    let create = create.settle_by("email", |batch| contacts.batch_read(batch));
    let inputs = [
        "new@example.com",
        "Lovelace@example.com",
        "other@example.com",
    ];
    let statuses = by_index(outcomes(create.inputs(inputs.map(row))).await);
    assert!(
        statuses[0].is_done() && statuses[2].is_done(),
        "{statuses:?}"
    );
    let Status::Existing(contact) = &statuses[1] else {
        panic!("{:?}", statuses[1]);
    };
    assert_eq!(contact.id, merged);
}

#[tokio::test]
async fn debug_output_of_an_error_shows_no_values() {
    let fixture = Fixture::start_with(InvalidValues::PerInput).await;
    let update = bulk::update(|batch| fixture.hubspot.contacts().batch_update(batch));
    let id = fixture
        .mock
        .account("acme")
        .contact([("email", "ada@example.com")]);
    let inputs = [BatchUpdateInput::new(id, [("email", "confidential value")])];
    let statuses = by_index(outcomes(update.inputs(inputs)).await);
    let text = format!("{:?}", statuses[0].error());
    assert!(!text.contains("confidential"), "{text}");
    assert!(text.contains("InputError"), "{text}");
}
