//! Single creates that are settled by a property.

use std::time::Duration;

use hubspot_generated::models::{CreateObject, CrmObject};
use hubspot_generated::{Error, Settled};
use hubspot_mock::Fault;

use crate::support::Fixture;

async fn settle(fixture: &Fixture, email: &str) -> Result<Settled<CrmObject>, Error> {
    let contacts = fixture.hubspot.contacts();
    let create = contacts.create(CreateObject::new([("email", email)]));
    create.settle_by("email", |email| contacts.get(email)).await
}

async fn ensure(fixture: &Fixture, email: &str) -> Result<Settled<CrmObject>, Error> {
    let contacts = fixture.hubspot.contacts();
    let create = contacts.create(CreateObject::new([("email", email)]));
    create.ensure_by("email", |email| contacts.get(email)).await
}

#[tokio::test]
async fn every_lost_response_is_settled() {
    let lost = [
        Fault::reset(),
        Fault::html(502),
        Fault::status(500),
        Fault::status(504),
        Fault::status(520),
    ];
    for fault in lost {
        let fixture = Fixture::start().await;
        let name = fault.to_string();
        fixture
            .mock
            .fail_next(fault.clone().after_effect().on("contacts.create"));
        let settled = settle(&fixture, "ada@example.com").await.unwrap();
        let Settled::Done(contact) = settled else {
            panic!("{name}: {settled:?}");
        };
        assert!(fixture.emails().await.contains_key("ada@example.com"));
        assert!(!contact.id.is_empty());

        fixture.mock.fail_next(fault.clone().on("contacts.create"));
        let settled = settle(&fixture, "grace@example.com").await.unwrap();
        assert!(
            matches!(settled, Settled::NotDone(_)),
            "{name}: {settled:?}"
        );
        assert_eq!(fixture.calls("contacts.create"), 2, "{name}");

        fixture.mock.fail_next(fault.on("contacts.create"));
        let settled = ensure(&fixture, "grace@example.com").await.unwrap();
        assert!(matches!(settled, Settled::Done(_)), "{name}: {settled:?}");
        assert_eq!(fixture.emails().await.len(), 2);
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_settled() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .fail_next(Fault::truncated_body().on("contacts.create"));
    let settled = settle(&fixture, "ada@example.com").await.unwrap();
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
}

#[tokio::test]
async fn a_record_that_existed_is_not_taken_for_the_new_one() {
    let fixture = Fixture::start().await;
    let id = fixture
        .mock
        .account("acme")
        .contact([("email", "ada@example.com")]);
    // HubSpot's clock, by which the records are told apart, is read in whole seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    fixture.mock.fail_next(Fault::reset().on("contacts.create"));
    match settle(&fixture, " Ada@Example.com").await.unwrap() {
        Settled::Existing(contact) => assert_eq!(contact.id, id),
        other => panic!("{other:?}"),
    }
    let refused = settle(&fixture, "ada@example.com").await.unwrap_err();
    assert!(refused.is_conflict());
    match ensure(&fixture, "ada@example.com").await.unwrap() {
        Settled::Existing(contact) => assert_eq!(contact.id, id),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_read_back_is_unknown() {
    let fixture = Fixture::start().await;
    fixture
        .mock
        .fail_next(Fault::reset().after_effect().on("contacts.create"));
    fixture
        .mock
        .fail_next_n(50, Fault::status(503).on("contacts.get"));
    let settled = settle(&fixture, "ada@example.com").await.unwrap();
    assert!(matches!(settled, Settled::Unknown(_)), "{settled:?}");
    assert_eq!(fixture.calls("contacts.create"), 1);
}

#[tokio::test]
async fn only_unique_values_are_settled_by() {
    let fixture = Fixture::start().await;
    let companies = fixture.hubspot.companies();
    let create = companies.create(CreateObject::new([("domain", "example.com")]));
    let refused = create
        .settle_by("domain", |domain| companies.get(domain))
        .await;
    let refused = refused.unwrap_err();
    assert!(refused.is_invalid_request() && refused.to_string().contains("`domain`"));
    let contacts = fixture.hubspot.contacts();
    let create = contacts.create(CreateObject::new([("firstname", "Ada")]));
    let refused = create.settle_by("email", |email| contacts.get(email)).await;
    assert!(refused.unwrap_err().is_invalid_request());
    assert_eq!(fixture.calls("contacts.create"), 0);
    assert_eq!(fixture.calls("companies.create"), 0);
}
