//! What is harmless is repeated, and what is not never is.

use std::time::Duration;

use hubspot_generated::models::{
    BatchCreate, BatchCreateInput, BatchUpdate, BatchUpdateInput, BatchUpsert, BatchUpsertInput,
    CreateObject, Search, UpdateObject,
};
use hubspot_generated::{Client, Error, RetryPolicy, Unchecked};
use hubspot_mock::{Fault, RandomFaults, Tier};

use crate::{run, start};

/// The faults that pass, by the name of a test's message.
fn passing_faults() -> Vec<Fault> {
    let mut faults: Vec<Fault> = [500, 502, 503, 504, 408, 520, 522, 524]
        .into_iter()
        .map(Fault::status)
        .collect();
    faults.extend([
        Fault::reset(),
        Fault::reset().after_effect(),
        Fault::html(502),
        Fault::truncated_body(),
    ]);
    faults
}

/// Faults that tell that the request had no effect.
fn refusals() -> Vec<Fault> {
    vec![
        Fault::rate_limit(),
        Fault::search_limit(),
        Fault::locked(),
        Fault::moving(Duration::from_secs(1)),
    ]
}

const NAMES: [&str; 8] = [
    "get",
    "list",
    "search",
    "update",
    "batch_update",
    "upsert",
    "archive",
    "create",
];

async fn call(hubspot: &Client<Unchecked>, name: &str, id: &str) -> Result<(), Error> {
    let contacts = hubspot.contacts();
    let values = [("firstname", "Ada")];
    match name {
        "get" => contacts.get(id).send().await.map(drop),
        "list" => contacts.list().send().await.map(drop),
        "search" => contacts.search(Search::new()).send().await.map(drop),
        "update" => contacts
            .update(id, UpdateObject::new(values))
            .await
            .map(drop),
        "batch_update" => {
            let input = BatchUpdateInput::new(id, values);
            contacts
                .batch_update(BatchUpdate::new([input]))
                .await
                .map(drop)
        }
        "upsert" => {
            let input = BatchUpsertInput::new("ada@example.com", "email", values);
            contacts
                .batch_upsert(BatchUpsert::new([input]))
                .await
                .map(drop)
        }
        "archive" => contacts.archive(id).await.map(drop),
        _ => contacts.create(CreateObject::new(values)).await.map(drop),
    }
}

#[tokio::test]
async fn a_harmless_call_survives_every_fault_that_passes() {
    let (hubspot, builder) = start(Tier::UNLIMITED, 100).await;
    let client = builder.build().unwrap();
    let acme = hubspot.account("acme");
    for name in &NAMES[..7] {
        for fault in passing_faults().into_iter().chain(refusals()) {
            let id = acme.contact([("lastname", "Lovelace")]);
            hubspot.clear_journal();
            hubspot.fail_next_n(2, fault.clone());
            let result = call(&client, name, &id).await;
            hubspot.clear_faults();
            assert!(result.is_ok(), "{name}, {fault}: {result:?}");
            // The response of an archive has no body that could be cut off.
            let sent = if *name == "archive" && fault == Fault::truncated_body() {
                1
            } else {
                3
            };
            assert_eq!(hubspot.journal().len(), sent, "{name}, {fault}");
        }
    }
}

#[tokio::test]
async fn a_create_whose_response_is_lost_is_not_repeated() {
    let (hubspot, builder) = start(Tier::UNLIMITED, 100).await;
    let client = builder.build().unwrap();
    for fault in passing_faults() {
        hubspot.clear_journal();
        hubspot.fail_next(fault.clone());
        let error = call(&client, "create", "").await.unwrap_err();
        assert!(
            error.may_have_taken_effect() && !error.is_retryable(),
            "{fault}"
        );
        assert_eq!(
            (error.attempts(), hubspot.journal().len()),
            (1, 1),
            "{fault}"
        );
    }
    for fault in refusals() {
        hubspot.clear_journal();
        hubspot.fail_next_n(2, fault.clone());
        call(&client, "create", "").await.unwrap();
        assert_eq!(hubspot.journal().len(), 3, "{fault}");
    }
}

#[tokio::test]
async fn a_batch_create_leaves_one_record_an_input_in_bad_weather() {
    let (hubspot, builder) = start(Tier::UNLIMITED, 100).await;
    let client = builder
        .retry(RetryPolicy::default().max_attempts(20))
        .build()
        .unwrap();
    let weather = RandomFaults::seeded(7)
        .with(0.1, Fault::rate_limit())
        .with(0.1, Fault::status(502))
        .with(0.1, Fault::reset().after_effect());
    hubspot.fail_by_chance(weather);
    let mut unknown = 0;
    for n in 0..100 {
        let email = format!("{n}@example.com");
        let input = BatchCreateInput::new([("email", email.as_str())]);
        if let Err(error) = client
            .contacts()
            .batch_create(BatchCreate::new([input]))
            .await
        {
            assert!(error.may_have_taken_effect(), "{error}");
            unknown += 1;
        }
    }
    assert!((5..50).contains(&unknown), "{unknown}");
    hubspot.clear_faults();
    // Without retries of what may be done, nothing is done twice: a second create would be a 409.
    let conflicts = crate::with_status(&hubspot, 409);
    assert_eq!(conflicts, 0);
}

#[tokio::test]
async fn reads_outlast_an_outage_of_every_second_request() {
    let (hubspot, builder) = start(Tier::UNLIMITED, 200).await;
    let policy = RetryPolicy::default()
        .max_attempts(30)
        .max_elapsed(Duration::from_hours(1));
    let client = builder.retry(policy).build().unwrap();
    let id = hubspot.account("acme").contact([("lastname", "Lovelace")]);
    hubspot.fail_by_chance(RandomFaults::seeded(3).with(0.5, Fault::status(503)));
    let errors = run(200, 20, |_| {
        let (client, id) = (client.clone(), id.clone());
        async move { client.contacts().get(&id).await }
    })
    .await;
    assert!(errors.is_empty(), "{errors:?}");
}
