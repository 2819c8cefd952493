//! Ten different calls through the code that openapi-generator generated. The names in capitals stand for the
//! functions, whose own names are made of HubSpot's operationIds.

use std::{collections::HashMap, env};

use peer::{companies, contacts, line_items, schemas};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("HUBSPOT_URL")?;
    let token = env::var("HUBSPOT_TOKEN")?;
    let mut at_contacts = contacts::apis::configuration::Configuration::new();
    at_contacts.base_path = url.clone();
    at_contacts.oauth_access_token = Some(token.clone());
    let mut at_companies = companies::apis::configuration::Configuration::new();
    at_companies.base_path = url.clone();
    at_companies.oauth_access_token = Some(token.clone());
    let mut at_line_items = line_items::apis::configuration::Configuration::new();
    at_line_items.base_path = url.clone();
    at_line_items.oauth_access_token = Some(token.clone());
    let mut at_schemas = schemas::apis::configuration::Configuration::new();
    at_schemas.base_path = url;
    at_schemas.oauth_access_token = Some(token);

    let wanted = vec!["email".to_owned(), "firstname".to_owned()];
    let page = contacts::CONTACTS_LIST(
        &at_contacts,
        "contacts",
        None,
        None,
        None,
        Some(100),
        Some(wanted.clone()),
        None,
    )
    .await?;
    println!("{} contacts", page.results.len());

    let body = contacts::models::SimplePublicObjectInputForCreate::new(
        Vec::new(),
        properties("email", "ada@example.com"),
    );
    let created = contacts::CONTACTS_CREATE(&at_contacts, "contacts", body).await?;
    println!("created {}", created.id);

    let contact = contacts::CONTACTS_GET(
        &at_contacts,
        &created.id,
        "contacts",
        None,
        None,
        None,
        Some(wanted.clone()),
        None,
    )
    .await?;
    println!("{:?}", contact.properties.get("email"));

    let body = contacts::models::SimplePublicObjectInput::new(properties("firstname", "Ada"));
    let updated =
        contacts::CONTACTS_UPDATE(&at_contacts, &created.id, "contacts", body, None).await?;
    println!("updated {}", updated.id);

    let mut filter =
        contacts::models::Filter::new(contacts::models::filter::Operator::Eq, "email".to_owned());
    filter.value = Some("ada@example.com".to_owned());
    let body = contacts::models::PublicObjectSearchRequest::new(
        String::new(),
        vec![contacts::models::FilterGroup::new(vec![filter])],
        10,
        wanted,
        Vec::new(),
    );
    let found = contacts::CONTACTS_SEARCH(&at_contacts, "contacts", body).await?;
    println!("{} found", found.total);

    let mut input = contacts::models::SimplePublicObjectBatchInputUpsert::new(
        "ada@example.com".to_owned(),
        properties("lastname", "Lovelace"),
    );
    input.id_property = Some("email".to_owned());
    input.object_write_trace_id = Some("1".to_owned());
    let body = contacts::models::BatchInputSimplePublicObjectBatchInputUpsert::new(vec![input]);
    let upserted = contacts::CONTACTS_BATCH_UPSERT(&at_contacts, "contacts", body).await?;
    println!("{} upserted", upserted.results.len());

    let body = companies::models::SimplePublicObjectInputForCreate::new(
        Vec::new(),
        properties("domain", "example.com"),
    );
    let company = companies::COMPANIES_CREATE(&at_companies, "companies", body).await?;
    println!("created {}", company.id);

    let body = companies::models::BatchReadInputSimplePublicObjectId::new(
        vec![companies::models::SimplePublicObjectId::new(company.id)],
        vec!["domain".to_owned()],
        Vec::new(),
    );
    let read = companies::COMPANIES_BATCH_READ(&at_companies, "companies", body, None).await?;
    println!("{} read", read.results.len());

    line_items::LINE_ITEMS_ARCHIVE(&at_line_items, "17", "line_items").await?;

    let all = schemas::SCHEMAS_LIST(&at_schemas, None, None, None, None).await?;
    println!("{} schemas", all.results.len());
    Ok(())
}

fn properties(name: &str, value: &str) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), value.to_owned())])
}
