//! A small integration, as a user would write it: it creates, finds, pages through, associates and archives contacts and
//! companies, and defines a custom object.
//!
//! It uses a client that is installed with [`DemoScopes`] and reports one line per step. It does not compile if one of the
//! scopes is removed, and stops at the first call that fails.

use hubspot_generated::{
    Batch as _, Client, Error,
    models::{
        BatchUpsert, BatchUpsertInput, CreateObject, CreateObjectSchema, CreateSchemaProperty,
        FieldType, Filter, FilterGroup, FilterOperator, ObjectTypeLabels, PropertyType, Search,
    },
};

hubspot_generated::scope_set! {
    /// What the demo is installed with.
    pub struct DemoScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.line_items.write",
            "crm.schemas.custom.write",
        ],
    }
}

/// Everything in turn.
pub async fn run(hubspot: &Client<DemoScopes>, tell: &mut impl FnMut(String)) -> Result<(), Error> {
    let company = create_company(hubspot, tell).await?;
    upsert_contacts(hubspot, tell).await?;
    let contact = find_contact(hubspot, tell).await?;
    create_line_item(hubspot, tell).await?;
    associate(hubspot, &contact, &company, tell).await?;
    define_custom_object(hubspot, tell).await?;
    archive_everything(hubspot, tell).await
}

/// Creates one company; its id comes back.
async fn create_company(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<String, Error> {
    let company = CreateObject::new([("name", "Ada & Co"), ("domain", "ada.example")]);
    let company = hubspot.companies().create(company).await?;
    tell(format!("created    company {}", company.id));
    Ok(company.id)
}

/// Upserts a batch in which one row is wrong: every row has an outcome of its own.
async fn upsert_contacts(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<(), Error> {
    let rows = [
        "ada@ada.example",
        "grace@ada.example",
        "not an address",
        "edsger@ada.example",
    ];
    let inputs = rows.into_iter().enumerate().map(|(row, email)| {
        BatchUpsertInput::new(email, "email", [("email", email)])
            .object_write_trace_id(row.to_string())
    });
    let answer = hubspot
        .contacts()
        .batch_upsert(BatchUpsert::new(inputs))
        .await?;
    tell(format!(
        "upserted   {} contacts of {}",
        answer.results().len(),
        rows.len()
    ));
    for (row, email) in rows.into_iter().enumerate() {
        if let Some(error) = answer.error_of(&row.to_string()) {
            tell(format!(
                "refused    {email:?}: {}",
                error.message.as_deref().unwrap_or("no reason given")
            ));
        }
    }
    Ok(())
}

/// Searches for one contact with nothing but a filter, then pages through all of them.
async fn find_contact(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<String, Error> {
    let is_grace = Filter::new(FilterOperator::Eq, "email").value("grace@ada.example");
    let search = Search::new().filter_groups([FilterGroup::new([is_grace])]);
    let found = hubspot.contacts().search(search).await?;
    tell(format!(
        "searched   {} contact has grace@ada.example",
        found.total.unwrap_or_default()
    ));

    let mut contacts = hubspot
        .contacts()
        .list()
        .limit(2)
        .properties(["email"])
        .items();
    let mut last = String::new();
    let mut count = 0;
    while let Some(contact) = contacts.try_next().await? {
        last = contact.id;
        count += 1;
    }
    tell(format!("paged      through {count} contacts, two a page"));
    Ok(found
        .results
        .into_iter()
        .next()
        .map_or(last, |contact| contact.id))
}

/// Creates one line item.
async fn create_line_item(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<(), Error> {
    let item = CreateObject::new([
        ("name", "Analytical engine"),
        ("quantity", "1"),
        ("price", "4800"),
    ]);
    let item = hubspot.line_items().create(item).await?;
    tell(format!("created    line item {}", item.id));
    Ok(())
}

/// Connects a contact with its company.
async fn associate(
    hubspot: &Client<DemoScopes>,
    contact: &str,
    company: &str,
    tell: &mut impl FnMut(String),
) -> Result<(), Error> {
    let associations = hubspot.associations();
    associations
        .set_default("contacts", contact, "companies", company)
        .await?;
    tell(format!(
        "associated contact {contact} with company {company}"
    ));
    Ok(())
}

/// Defines a custom object with one property.
async fn define_custom_object(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<(), Error> {
    let model = CreateSchemaProperty::new("model", "Model", FieldType::Text, PropertyType::String);
    let labels = ObjectTypeLabels::new()
        .singular("Machine")
        .plural("Machines");
    let schema = CreateObjectSchema::new("machine", labels)
        .properties([model])
        .required_properties(["model"]);
    let schema = hubspot.schemas().create(schema).await?;
    tell(format!(
        "defined    custom object {} ({})",
        schema.name, schema.object_type_id
    ));
    Ok(())
}

/// Archives every company and contact.
async fn archive_everything(
    hubspot: &Client<DemoScopes>,
    tell: &mut impl FnMut(String),
) -> Result<(), Error> {
    let mut companies = hubspot.companies().list().items();
    while let Some(company) = companies.try_next().await? {
        hubspot.companies().archive(company.id).await?;
    }
    let contacts = hubspot.contacts().list().limit(100).await?;
    for contact in &contacts.results {
        hubspot.contacts().archive(&contact.id).await?;
    }
    tell(format!(
        "archived   the company and {} contacts",
        contacts.results.len()
    ));
    Ok(())
}
