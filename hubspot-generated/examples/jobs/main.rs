//! Everyday jobs with records as structs, against a local HubSpot: `cargo run -p hubspot-generated --example jobs`.

#![allow(dead_code, reason = "records have fields that a job does not read")]

pub(crate) mod books;
pub(crate) mod companies;
pub(crate) mod contacts;
pub(crate) mod order;

use hubspot_generated::{RecordId, scope_set};
use hubspot_mock::{MockAccount, MockHubSpot, Property, PropertyType};

scope_set! {
    /// What the jobs need.
    pub(crate) struct JobScopes {
        required: [
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.custom.read",
            "crm.objects.custom.write",
            "crm.objects.deals.read",
            "crm.objects.deals.write",
            "crm.objects.line_items.read",
            "crm.objects.line_items.write",
            "crm.schemas.custom.read",
            "crm.schemas.custom.write",
        ],
    }
}

/// An account with the properties that the jobs use.
pub(crate) fn prepare(account: &MockAccount) {
    account.property("contacts", Property::new("newsletter", PropertyType::Flag));
    let event = Property::new("event", PropertyType::Enumeration);
    account.property("contacts", event.options(["registered", "attended"]));
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockHubSpot::start().await?;
    let account = server.account("acme");
    prepare(&account);
    let hubspot = account.client::<JobScopes>();
    println!(
        "{} company is left",
        companies::create_and_archive(&hubspot).await?
    );
    println!("merged into {:?}", companies::merge(&hubspot).await?.name);
    println!("long books: {:?}", books::publish(&hubspot).await?);
    println!("book: {:?}", books::describe(&hubspot, "p_book").await?);
    let (attended, errors) =
        contacts::attend(&hubspot, "email\na@example.com", "email\na@example.com").await?;
    println!("{attended} attended, {} failed", errors.len());
    let skipped = contacts::opt_out(
        &hubspot,
        "email,action\na@example.com,optout\nb@example.com,delete",
    )
    .await?;
    println!("skipped: {skipped:?}");
    let deal: RecordId = account.record("deals", [("dealname", "Office")]).parse()?;
    order::place(&hubspot, deal).await?;
    order::fulfil(&hubspot, deal, "closedwon").await?;
    println!("low: {:?}", order::take(&hubspot, "table", 1).await?);
    Ok(())
}
