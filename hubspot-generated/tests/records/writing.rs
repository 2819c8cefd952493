//! Creating, updating, archiving and merging records, alone and in batches.

use std::collections::BTreeMap;

use hubspot_generated::{Batch, Json, Patch, Record, RecordId};

use crate::{Company, CompanyPatch, Lead, LeadPatch, Stage, start};

#[tokio::test]
async fn a_patch_sends_what_it_sets_and_clears() {
    let (hubspot, _account, client) = start().await;
    let leads = client.records::<Lead>();
    let new = LeadPatch::new()
        .email("ada@example.com")
        .employees(17)
        .lifecyclestage(Stage::Lead);
    let id = leads.create(new).await.unwrap().id;
    let lead = leads.get(id).await.unwrap();

    leads
        .update(lead.id, lead.patch().employees(42))
        .await
        .unwrap();
    let lead = leads.get(id).await.unwrap();
    assert_eq!(
        (lead.employees, &lead.lifecyclestage),
        (Some(42), &Some(Stage::Lead))
    );

    let patch = lead
        .patch()
        .employees(None)
        .lifecyclestage(Some(Stage::Customer));
    leads
        .update_by(Lead::EMAIL, "ada@example.com", patch)
        .await
        .unwrap();
    let lead = leads.get(id).await.unwrap();
    assert_eq!(
        (lead.employees, &lead.lifecyclestage),
        (None, &Some(Stage::Customer))
    );

    leads
        .update(id, lead.patch().clear(Lead::LIFECYCLESTAGE))
        .await
        .unwrap();
    assert_eq!(leads.get(id).await.unwrap().lifecyclestage, None);
    let journal = hubspot.journal();
    let bodies = journal
        .of("contacts.update")
        .map(|entry| serde_json::from_slice(entry.body()).unwrap());
    let bodies: Vec<serde_json::Value> = bodies.collect();
    assert_eq!(
        bodies[0],
        serde_json::json!({"properties": {"headcount": "42"}})
    );
    assert_eq!(
        bodies[2],
        serde_json::json!({"properties": {"lifecyclestage": ""}})
    );
}

#[tokio::test]
async fn a_record_is_a_patch_of_its_values() {
    let (_hubspot, account, client) = start().await;
    let leads = client.records::<Lead>();
    let id: RecordId = account
        .contact([("email", "ada@example.com"), ("lifecyclestage", "lead")])
        .parse()
        .unwrap();
    let lead = leads.get(id).await.unwrap();
    assert!(lead.patch().is_empty());
    let all = LeadPatch::from(&lead);
    assert_eq!(
        format!("{all:?}"),
        r#"LeadPatch(["email", "lifecyclestage"])"#
    );
    leads.archive(id).await.unwrap();
    assert!(leads.get(id).await.unwrap_err().is_not_found());
    assert_eq!(leads.get(id).archived(true).await.unwrap().id, id);
}

#[tokio::test]
async fn batches_have_a_result_for_each_record() {
    let (_hubspot, account, client) = start().await;
    let companies = client.records::<Company>();
    let names = ["One", "Two", "Three"];
    let new = names.map(|name| CompanyPatch::new().name(name));
    let created = companies.batch_create(new).await.unwrap();
    assert!(created.is_complete());
    let mut ids: Vec<RecordId> = created.results.iter().map(|company| company.id).collect();
    ids.sort();

    companies
        .batch_update(ids.iter().map(|id| (*id, CompanyPatch::new().name("New"))))
        .await
        .unwrap();
    companies.batch_archive(&ids[..1]).await.unwrap();
    let read = companies.batch_read(&ids).await.unwrap();
    let read_names = read
        .results
        .iter()
        .map(|company| company.as_ref().unwrap().name.as_deref());
    assert_eq!(read_names.collect::<Vec<_>>(), [Some("New"), Some("New")]);
    assert_eq!(read.errors.len(), 1);

    let merged = companies.merge(ids[1], ids[2]).await.unwrap();
    assert!(!ids.contains(&merged.id));
    assert_eq!(companies.get(merged.id).await.unwrap().id, merged.id);

    let leads = client.records::<Lead>();
    let known: RecordId = account
        .contact([("email", "a@example.com")])
        .parse()
        .unwrap();
    let rows =
        ["a@example.com", "b@example.com"].map(|email| LeadPatch::new().email(email).employees(3));
    let upserted = leads.batch_upsert(Lead::EMAIL, rows).await.unwrap();
    let mut new = upserted
        .results
        .iter()
        .map(|one| (one.id == known, one.new))
        .collect::<Vec<_>>();
    new.sort();
    assert_eq!(new, [(false, Some(true)), (true, Some(false))]);
    let found = leads
        .batch_read_by(Lead::EMAIL, ["b@example.com"])
        .await
        .unwrap();
    assert_eq!(found.results[0].as_ref().unwrap().employees, Some(3));
}

/// Properties whose types have values that cannot be written.
#[derive(Clone, Debug, Record)]
#[hubspot(object = "contacts")]
struct Odd {
    #[expect(dead_code, reason = "every record has an id")]
    id: RecordId,
    sizes: Option<Json<BTreeMap<(u8, u8), u8>>>,
    weight: Option<f64>,
    #[hubspot(multi)]
    tags: Vec<String>,
}

#[test]
fn empty_values_are_left_out_of_several() {
    for (tags, written) in [
        (vec!["", "b"], "b"),
        (vec!["a", " ", "b"], "a;b"),
        (vec![""], ""),
    ] {
        let patch = Patch::from(OddPatch::new().tags(tags));
        assert_eq!(patch.properties().get("tags"), Some(written));
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_written_fails_the_request() {
    let (hubspot, _account, client) = start().await;
    let records = client.records::<Odd>();
    let unwritable = Json(BTreeMap::from([((38, 40), 1)]));
    let read = Odd {
        id: RecordId::from(7),
        sizes: Some(unwritable.clone()),
        weight: None,
        tags: Vec::new(),
    };
    for (patch, property) in [
        (OddPatch::new().sizes(unwritable.clone()), "sizes"),
        (OddPatch::new().sizes(Some(unwritable)), "sizes"),
        (OddPatch::from(read), "sizes"),
        (OddPatch::new().weight(f64::NAN), "weight"),
        (OddPatch::new().weight(Some(f64::INFINITY)), "weight"),
        (OddPatch::new().tags(["a;b"]), "tags"),
    ] {
        assert!(!patch.is_empty(), "{property}");
        assert_eq!(Patch::from(patch.clone()).unwritable(), Some(property));
        let expected = format!("a value of the property `{property}` cannot be written");
        let id = RecordId::from(7);
        for error in [
            records.create(patch.clone()).await.unwrap_err(),
            records.update(id, patch.clone()).await.unwrap_err(),
            records.batch_create([patch.clone()]).await.unwrap_err(),
            records.batch_update([(id, patch)]).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains(&expected), "{error}");
        }
    }
    assert_eq!(hubspot.journal().len(), 0);
}

#[test]
fn the_last_value_of_a_property_counts() {
    for (patch, unwritable, sent) in [
        (
            OddPatch::new().weight(f64::NAN).weight(1.5),
            None,
            Some("1.5"),
        ),
        (
            OddPatch::new().weight(1.5).weight(f64::NAN),
            Some("weight"),
            None,
        ),
        (
            OddPatch::new().weight(f64::NAN).clear(Odd::WEIGHT),
            None,
            Some(""),
        ),
        (
            OddPatch::new().weight(f64::NAN).tags(["a;b"]).weight(2.0),
            Some("tags"),
            Some("2"),
        ),
    ] {
        let patch = Patch::from(patch);
        assert_eq!(patch.unwritable(), unwritable);
        assert_eq!(patch.properties().get("weight"), sent);
    }
}

#[tokio::test]
async fn filters_and_lookups_by_values_that_cannot_be_written_are_not_sent() {
    let (hubspot, _account, client) = start().await;
    let records = client.records::<Odd>();
    let nan = Odd::WEIGHT.gte(f64::NAN);
    for filter in [
        nan.clone(),
        Odd::WEIGHT.ne(1.0).and(nan.clone()),
        nan.and(Odd::WEIGHT.has_value()),
        Odd::WEIGHT.has_value().or(Odd::WEIGHT.eq(f64::INFINITY)),
        Odd::WEIGHT.between(f64::NAN, 1.0),
        Odd::WEIGHT.between(1.0, f64::NAN),
        Odd::WEIGHT.is_in([1.0, f64::NAN]),
    ] {
        let error = records.search(filter.limit(5)).await.unwrap_err();
        let expected = "a value of the property `weight` cannot be written: nothing was sent";
        assert!(error.to_string().contains(expected), "{error}");
    }
    let patch = OddPatch::new().weight(1.0);
    for error in [
        records.get_by(Odd::WEIGHT, f64::NAN).await.unwrap_err(),
        records
            .update_by(Odd::WEIGHT, f64::NAN, patch)
            .await
            .unwrap_err(),
        records
            .batch_read_by(Odd::WEIGHT, [1.0, f64::NAN])
            .await
            .unwrap_err(),
    ] {
        assert!(
            error.to_string().contains("`weight` cannot be written"),
            "{error}"
        );
    }
    assert_eq!(hubspot.journal().len(), 0);
}
