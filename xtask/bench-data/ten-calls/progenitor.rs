//! Ten different calls through the code that progenitor generated. The names in capitals stand for the methods, whose
//! own names are made of HubSpot's operationIds.

use std::{collections::HashMap, env};

use peer::{companies, contacts, line_items, schemas};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("HUBSPOT_URL")?;
    let mut headers = HeaderMap::new();
    let token = format!("Bearer {}", env::var("HUBSPOT_TOKEN")?);
    headers.insert(AUTHORIZATION, HeaderValue::from_str(&token)?);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let contacts = contacts::Client::new_with_client(&url, http.clone());
    let companies = companies::Client::new_with_client(&url, http.clone());
    let line_items = line_items::Client::new_with_client(&url, http.clone());
    let schemas = schemas::Client::new_with_client(&url, http);

    let wanted = vec!["email".to_owned(), "firstname".to_owned()];
    let page = contacts
        .CONTACTS_LIST("contacts", None, None, None, Some(100), Some(&wanted), None)
        .await?;
    println!("{} contacts", page.results.len());

    let body = contacts::types::SimplePublicObjectInputForCreate {
        associations: Vec::new(),
        properties: properties("email", "ada@example.com"),
    };
    let created = contacts.CONTACTS_CREATE("contacts", &body).await?;
    println!("created {}", created.id);

    let contact = contacts
        .CONTACTS_GET("contacts", &created.id, None, None, None, Some(&wanted), None)
        .await?;
    println!("{:?}", contact.properties.get("email"));

    let body = contacts::types::SimplePublicObjectInput { properties: properties("firstname", "Ada") };
    let updated = contacts.CONTACTS_UPDATE("contacts", &created.id, None, &body).await?;
    println!("updated {}", updated.id);

    let filter = contacts::types::Filter {
        high_value: None,
        operator: contacts::types::FilterOperator::Eq,
        property_name: "email".to_owned(),
        value: Some("ada@example.com".to_owned()),
        values: Vec::new(),
    };
    let body = contacts::types::PublicObjectSearchRequest {
        after: String::new(),
        filter_groups: vec![contacts::types::FilterGroup { filters: vec![filter] }],
        limit: 10,
        properties: wanted,
        query: None,
        sorts: Vec::new(),
    };
    let found = contacts.CONTACTS_SEARCH("contacts", &body).await?;
    println!("{} found", found.total);

    let body = contacts::types::BatchInputSimplePublicObjectBatchInputUpsert {
        inputs: vec![contacts::types::SimplePublicObjectBatchInputUpsert {
            id: "ada@example.com".to_owned(),
            id_property: Some("email".to_owned()),
            object_write_trace_id: Some("1".to_owned()),
            properties: properties("lastname", "Lovelace"),
        }],
    };
    let upserted = contacts.CONTACTS_BATCH_UPSERT("contacts", &body).await?;
    println!("{} upserted", upserted.results.len());

    let body = companies::types::SimplePublicObjectInputForCreate {
        associations: Vec::new(),
        properties: properties("domain", "example.com"),
    };
    let company = companies.COMPANIES_CREATE("companies", &body).await?;
    println!("created {}", company.id);

    let body = companies::types::BatchReadInputSimplePublicObjectId {
        id_property: None,
        inputs: vec![companies::types::SimplePublicObjectId { id: company.id.clone() }],
        properties: vec!["domain".to_owned()],
        properties_with_history: Vec::new(),
    };
    let read = companies.COMPANIES_BATCH_READ("companies", None, &body).await?;
    println!("{} read", read.results.len());

    line_items.LINE_ITEMS_ARCHIVE("line_items", "17").await?;

    let all = schemas.SCHEMAS_LIST(None, None, None, None).await?;
    println!("{} schemas", all.results.len());
    Ok(())
}

fn properties(name: &str, value: &str) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), value.to_owned())])
}
