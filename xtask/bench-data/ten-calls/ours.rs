//! Ten different calls through the client.

use std::env;

use hubspot_generated::{Client, models};

hubspot_generated::scope_set! {
    /// What the ten calls need.
    pub struct Installed {
        required: [
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.line_items.write",
            "crm.schemas.custom.read",
        ],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = Client::<Installed>::builder()
        .base_url(env::var("HUBSPOT_URL")?)
        .access_token(env::var("HUBSPOT_TOKEN")?)
        .build()?;
    let (contacts, companies) = (hubspot.contacts(), hubspot.companies());

    let wanted = ["email", "firstname"];
    let page = contacts.list().limit(100).properties(wanted).send().await?;
    println!("{} contacts", page.results.len());

    let body = models::CreateObject::new([("email", "ada@example.com")]);
    let created = contacts.create(body).send().await?;
    println!("created {}", created.id);

    let contact = contacts.get(&created.id).properties(wanted).send().await?;
    println!("{:?}", contact.properties.get("email"));

    let body = models::UpdateObject::new([("firstname", "Ada")]);
    let updated = contacts.update(&created.id, body).send().await?;
    println!("updated {}", updated.id);

    let filter = models::Filter::new(models::FilterOperator::Eq, "email").value("ada@example.com");
    let body = models::Search::new()
        .filter_groups([models::FilterGroup::new([filter])])
        .limit(10)
        .properties(wanted);
    let found = contacts.search(body).send().await?;
    println!("{:?} found", found.total);

    let input = models::BatchUpsertInput::new("ada@example.com", "email", [("lastname", "Lovelace")])
        .object_write_trace_id("1");
    let upserted = contacts.batch_upsert(models::BatchUpsert::new([input])).send().await?;
    println!("{} upserted", upserted.results.len());

    let body = models::CreateObject::new([("domain", "example.com")]);
    let company = companies.create(body).send().await?;
    println!("created {}", company.id);

    let body = models::BatchRead::new([models::ObjectId::new(company.id)], ["domain"]);
    let read = companies.batch_read(body).send().await?;
    println!("{} read", read.results.len());

    hubspot.line_items().archive("17").send().await?;

    let all = hubspot.schemas().list().send().await?;
    println!("{} schemas", all.results.len());
    Ok(())
}
