//! Associations between records of two types.

use hubspot_generated::{AssociationType, RecordId, association_types as types};

use crate::{Company, CompanyPatch, Lead, LeadPatch, start};

/// HubSpot's type from contacts to companies.
const WORKS_AT: AssociationType<Lead, Company> = AssociationType::hubspot_defined(279);

#[tokio::test]
async fn records_are_associated_in_both_directions() {
    let (_hubspot, account, client) = start().await;
    let (leads, companies) = (client.records::<Lead>(), client.records::<Company>());
    let lead: RecordId = account
        .contact([("email", "a@example.com")])
        .parse()
        .unwrap();
    let company = companies
        .create(CompanyPatch::new().name("One"))
        .await
        .unwrap()
        .id;
    let none = leads.associated::<Company>(lead).await.unwrap();
    assert_eq!((none.results, none.next), (vec![], None));

    leads
        .associate(lead)
        .with::<Company>(company)
        .await
        .unwrap();
    assert_eq!(
        leads.associated::<Company>(lead).all().await.unwrap(),
        [company]
    );
    assert_eq!(
        companies.associated::<Lead>(company).all().await.unwrap(),
        [lead]
    );

    let other = companies
        .create(CompanyPatch::new().name("Two"))
        .await
        .unwrap()
        .id;
    leads
        .associate(lead)
        .with::<Company>(other)
        .labelled(WORKS_AT)
        .await
        .unwrap();
    let page = leads.associated::<Company>(lead).await.unwrap();
    let found = page.results.iter().find(|one| one.id == other).unwrap();
    assert_eq!(found.types, [WORKS_AT.id()]);

    let new = LeadPatch::new()
        .email("b@example.com")
        .associated_with(WORKS_AT, company);
    let second = leads.create(new).await.unwrap().id;
    assert_eq!(
        leads.associated::<Company>(second).all().await.unwrap(),
        [company]
    );
}

#[tokio::test]
async fn a_missing_record_has_no_associations() {
    let (_hubspot, _account, client) = start().await;
    let leads = client.records::<Lead>();
    let unknown = leads
        .associated::<Company>(RecordId::from(1))
        .await
        .unwrap_err();
    assert!(unknown.is_not_found(), "{unknown}");
    assert!(!unknown.is_decode(), "{unknown}");
    assert_eq!(unknown.attempts(), 1);
    assert!(unknown.correlation_id().is_some(), "{unknown:?}");
}

/// Pairs whose numbers do not follow from those of their neighbours, as HubSpot's association guide has them.
#[test]
fn defined_types_have_the_numbers_of_the_guide() {
    for (name, found, expected) in [
        ("contact to lead", types::CONTACT_TO_LEAD, 609),
        ("lead to contact", types::LEAD_TO_CONTACT, 608),
        ("company to lead", types::COMPANY_TO_LEAD, 611),
        ("lead to company", types::LEAD_TO_COMPANY, 610),
        (
            "ticket to communication",
            types::TICKET_TO_COMMUNICATION,
            84,
        ),
        (
            "communication to ticket",
            types::COMMUNICATION_TO_TICKET,
            83,
        ),
        ("company to order", types::COMPANY_TO_ORDER, 935),
        ("order to company", types::ORDER_TO_COMPANY, 934),
        (
            "order to primary company",
            types::ORDER_TO_COMPANY_PRIMARY,
            509,
        ),
        (
            "primary company to order",
            types::COMPANY_TO_ORDER_PRIMARY,
            510,
        ),
        ("contact to deal", types::CONTACT_TO_DEAL, 4),
        ("deal to contact", types::DEAL_TO_CONTACT, 3),
        ("deal to order", types::DEAL_TO_ORDER, 511),
        ("order to deal", types::ORDER_TO_DEAL, 512),
        ("quote to deal", types::QUOTE_TO_DEAL, 64),
        (
            "ticket to primary company",
            types::TICKET_TO_COMPANY_PRIMARY,
            26,
        ),
        (
            "child to parent company",
            types::COMPANY_TO_COMPANY_PARENT_COMPANY,
            14,
        ),
    ] {
        assert_eq!(found, expected, "{name}");
    }
}
