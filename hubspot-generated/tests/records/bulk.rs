//! Bulk runs over record types: an outcome for each input, with the input and the record as they are typed.

use std::collections::BTreeMap;

use hubspot_generated::bulk::{BulkInput, BulkRun, End, Outcome, Status};
use hubspot_generated::{RecordId, RecordProblem};
use hubspot_mock::Fault;
use serde_json::json;

use crate::{Lead, LeadPatch, Stage, start};

/// The outcomes of a run, in the order of its inputs.
async fn outcomes<I: BulkInput, R>(mut run: BulkRun<I, R>) -> Vec<Outcome<I, R>> {
    let mut outcomes = BTreeMap::new();
    while let Some(outcome) = run.next().await {
        outcomes.insert(outcome.index, outcome);
    }
    assert!(run.end().unwrap().is_complete());
    outcomes.into_values().collect()
}

fn email(number: usize) -> String {
    format!("{number}@example.com")
}

#[tokio::test]
async fn records_are_created_updated_read_and_archived_in_bulk() {
    let (hubspot, _account, client) = start().await;
    let leads = client.records::<Lead>();

    let patches = (0..150).map(|number| LeadPatch::new().email(email(number)).employees(1));
    let created = outcomes(leads.bulk_create().inputs(patches)).await;
    let ids = created.iter().map(|one| one.status.record().unwrap().id);
    let ids: Vec<RecordId> = ids.collect();
    assert_eq!(ids.len(), 150);

    let changes = ids.iter().map(|id| {
        let stage = LeadPatch::new().lifecyclestage(Stage::Customer);
        (*id, stage.employees(2))
    });
    let changes: Vec<_> = changes.collect();
    let report = leads.bulk_update().inputs(changes).run().await;
    assert!(report.is_complete(), "{report:?}");

    let read = outcomes(leads.bulk_read().inputs(ids.clone())).await;
    for (number, outcome) in read.iter().enumerate() {
        let lead = outcome.status.record().unwrap();
        assert_eq!((outcome.input, lead.id), (ids[number], ids[number]));
        assert_eq!((&*lead.email, lead.employees), (&*email(number), Some(2)));
        assert_eq!(lead.lifecyclestage, Some(Stage::Customer));
    }

    let histories = leads.bulk_read().with_history().inputs(ids.clone());
    for outcome in outcomes(histories).await {
        let history = outcome.status.record().unwrap();
        assert_eq!(history.record.id, outcome.input);
        let values = history.values(Lead::EMPLOYEES);
        let values: Vec<_> = values.map(|past| past.value().unwrap()).collect();
        assert_eq!(values, [Some(2), Some(1)]);
    }

    let archive = leads.bulk_archive().inputs(ids[..149].to_vec());
    assert!(archive.run().await.is_complete());
    let rest = leads.list().limit(100).await.unwrap().results;
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].as_ref().unwrap().id, ids[149]);
    for (operation, calls) in [
        ("contacts.batch_create", 2),
        ("contacts.batch_update", 2),
        // Two with 100 ids, and three with 50, for the history.
        ("contacts.batch_read", 5),
        ("contacts.batch_archive", 2),
    ] {
        assert_eq!(hubspot.journal().count(operation), calls, "{operation}");
    }
}

#[tokio::test]
async fn records_are_upserted_and_read_by_a_unique_property() {
    let (_hubspot, account, client) = start().await;
    account.contact([("email", "1@example.com"), ("headcount", "1")]);
    let leads = client.records::<Lead>();

    let patches = [
        LeadPatch::new().email(email(1)).employees(10),
        LeadPatch::new().employees(11),
        LeadPatch::new().email(email(2)).employees(12),
    ];
    let upserted = outcomes(leads.bulk_upsert(Lead::EMAIL).inputs(patches)).await;
    let new = |place: usize| upserted[place].status.record().unwrap().new;
    assert_eq!((new(0), new(2)), (Some(false), Some(true)));
    let error = upserted[1].status.error().unwrap().to_string();
    let expected = "the input cannot be written: the patch has no value of the property `email`, by which records are upserted";
    assert_eq!(error, expected);
    assert!(matches!(upserted[1].status, Status::Failed(_)));

    let values = ["2@example.com", "9@example.com", "1@example.com"].map(str::to_owned);
    let read = outcomes(leads.bulk_read_by(Lead::EMAIL).inputs(values)).await;
    let employees = |place: usize| read[place].status.record().and_then(|lead| lead.employees);
    assert_eq!((employees(0), employees(2)), (Some(12), Some(10)));
    assert_eq!(read[1].input, "9@example.com");
    assert!(read[1].status.error().unwrap().is_not_found());
}

#[tokio::test]
async fn a_record_that_cannot_be_read_fails_alone() {
    let (_hubspot, account, client) = start().await;
    let ids = [
        account.contact([("email", "1@example.com")]),
        account.contact([("firstname", "Ada")]),
    ];
    let ids = ids.map(|id| id.parse::<RecordId>().unwrap());
    let leads = client.records::<Lead>();

    let read = outcomes(leads.bulk_read().inputs(ids)).await;
    assert_eq!(read[0].status.record().unwrap().email, "1@example.com");
    let Status::Failed(error) = &read[1].status else {
        panic!("{:?}", read[1].status);
    };
    let unreadable = error.record_error().unwrap();
    assert_eq!(unreadable.problem(), RecordProblem::NoValue);
    assert_eq!(
        (unreadable.property(), unreadable.record()),
        ("email", &*ids[1].to_string())
    );
    let expected = format!(
        "cannot read record {} of `contacts`: the property `email` has no value",
        ids[1]
    );
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_result_that_is_no_record_fails_alone() {
    let (hubspot, _account, client) = start().await;
    let leads = client.records::<Lead>();
    let record = |id: &str, email: &str| json!({"id": id, "properties": {"email": email}});
    let results = json!([
        record("1", "1@example.com"),
        {"id": "2", "properties": {"email": "2@example.com", "headcount": [17]}},
        {"id": "3", "properties": {"email": "3@example.com", "unknown": {"a": 1}}},
        {"id": "4", "properties": 5},
        {"properties": {"email": "5@example.com"}},
        null,
        record("7", "7@example.com"),
    ]);
    let body = json!({"status": "COMPLETE", "results": results});
    hubspot.on("contacts.batch_read").answer(body);
    let read = outcomes(leads.bulk_read().inputs((1..=7).map(RecordId::from))).await;
    let emails = read
        .iter()
        .map(|one| one.status.record().map(|lead| &*lead.email));
    let expected = [
        Some("1@example.com"),
        None,
        Some("3@example.com"),
        None,
        None,
        None,
        Some("7@example.com"),
    ];
    assert_eq!(emails.collect::<Vec<_>>(), expected);
    let Status::Failed(error) = &read[1].status else {
        panic!("{:?}", read[1].status);
    };
    let unreadable = error.record_error().unwrap();
    assert_eq!(
        (unreadable.property(), unreadable.value()),
        ("headcount", Some("[17]"))
    );
}

#[tokio::test]
async fn a_write_whose_result_cannot_be_read_is_not_called_failed() {
    let (hubspot, _account, client) = start().await;
    let results = json!([
        {"id": "1", "objectWriteTraceId": "0", "properties": {"email": "1@example.com"}},
        {"id": "2", "objectWriteTraceId": "1", "properties": {"email": ["2@example.com"]}},
    ]);
    hubspot
        .on("contacts.batch_create")
        .answer_with(201, json!({"status": "COMPLETE", "results": results}));
    let patches = [1, 2].map(|number| LeadPatch::new().email(email(number)));
    let created = outcomes(client.records::<Lead>().bulk_create().inputs(patches)).await;
    assert!(created[0].status.is_done(), "{:?}", created[0].status);
    // It may have taken effect, so it is not sent again.
    let status = &created[1].status;
    assert!(matches!(status, Status::Unknown(_)), "{status:?}");
    assert_eq!(hubspot.journal().count("contacts.batch_create"), 1);
}

#[tokio::test]
async fn a_create_whose_response_is_lost_is_settled() {
    for is_settled in [false, true] {
        let (hubspot, _account, client) = start().await;
        let leads = client.records::<Lead>();
        hubspot.fail_next(Fault::reset().after_effect().on("contacts.batch_create"));

        let mut create = leads.bulk_create();
        if is_settled {
            create = create.settle_by(Lead::EMAIL, |emails| {
                leads.batch_read_by(Lead::EMAIL, emails)
            });
        }
        let created = outcomes(create.inputs([LeadPatch::new().email(email(1))])).await;
        match (&created[0].status, is_settled) {
            (Status::Done(record), true) => {
                assert_eq!(record.properties.get("email"), Some("1@example.com"));
            }
            (Status::Unknown(_), false) => {}
            (other, _) => panic!("{other:?}"),
        }
        assert_eq!(hubspot.journal().count("contacts.batch_create"), 1);
        let found = leads.list().await.unwrap().results;
        assert_eq!(found.len(), 1);
    }
}

#[tokio::test]
async fn an_upsert_is_not_settled() {
    let (hubspot, _account, client) = start().await;
    let leads = client.records::<Lead>();
    let upsert = leads.bulk_upsert(Lead::EMAIL);
    let upsert = upsert.settle_by(Lead::EMAIL, |emails| {
        leads.batch_read_by(Lead::EMAIL, emails)
    });
    let report = upsert
        .inputs([LeadPatch::new().email(email(1))])
        .run()
        .await;
    let End::Refused(error) = report.end else {
        panic!("{:?}", report.end);
    };
    let error = error.to_string();
    assert!(error.contains("an upsert is not settled"), "{error}");
    assert_eq!(hubspot.journal().entries().count(), 0);
}
