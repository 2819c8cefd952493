//! Ten different calls through the code that openapi-to-rust generated. The names in capitals stand for the methods,
//! whose own names are made of HubSpot's operationIds.

use std::{collections::BTreeMap, env};

use peer::{companies, contacts, line_items, schemas};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::var("HUBSPOT_URL")?;
    let token = env::var("HUBSPOT_TOKEN")?;
    let http = reqwest::Client::new();
    let at_contacts = contacts::HttpClient::with_client(http.clone())
        .with_base_url(url.as_str())
        .with_api_key(token.as_str());
    let at_companies = companies::HttpClient::with_client(http.clone())
        .with_base_url(url.as_str())
        .with_api_key(token.as_str());
    let at_line_items = line_items::HttpClient::with_client(http.clone())
        .with_base_url(url.as_str())
        .with_api_key(token.as_str());
    let at_schemas = schemas::HttpClient::with_client(http)
        .with_base_url(url)
        .with_api_key(token);

    let wanted = vec!["email".to_owned(), "firstname".to_owned()];
    let page = at_contacts
        .CONTACTS_LIST(
            "contacts",
            None::<&str>,
            None,
            None,
            Some(100),
            Some(wanted.clone()),
            None,
        )
        .await?;
    println!("{} contacts", page.results.len());

    let body = contacts::SimplePublicObjectInputForCreate {
        associations: Vec::new(),
        properties: contacts::SimplePublicObjectInputForCreateProperties {
            additional_properties: properties("email", "ada@example.com"),
        },
    };
    let created = at_contacts.CONTACTS_CREATE("contacts", body).await?;
    println!("created {}", created.id);

    let contact = at_contacts
        .CONTACTS_GET(
            &created.id,
            "contacts",
            None,
            None,
            None::<&str>,
            Some(wanted.clone()),
            None,
        )
        .await?;
    println!("{:?}", contact.properties.additional_properties.get("email"));

    let body = contacts::SimplePublicObjectInput {
        properties: contacts::SimplePublicObjectInputProperties {
            additional_properties: properties("firstname", "Ada"),
        },
    };
    let updated = at_contacts
        .CONTACTS_UPDATE(&created.id, "contacts", None::<&str>, body)
        .await?;
    println!("updated {}", updated.id);

    let filter = contacts::Filter {
        high_value: None,
        operator: contacts::FilterOperator::Eq,
        property_name: "email".to_owned(),
        value: Some("ada@example.com".to_owned()),
        values: None,
    };
    let body = contacts::PublicObjectSearchRequest {
        after: String::new(),
        filter_groups: vec![contacts::FilterGroup { filters: vec![filter] }],
        limit: 10,
        properties: wanted,
        query: None,
        sorts: Vec::new(),
    };
    let found = at_contacts.CONTACTS_SEARCH("contacts", body).await?;
    println!("{} found", found.total);

    let body = contacts::BatchInputSimplePublicObjectBatchInputUpsert {
        inputs: vec![contacts::SimplePublicObjectBatchInputUpsert {
            id: "ada@example.com".to_owned(),
            id_property: Some("email".to_owned()),
            object_write_trace_id: Some("1".to_owned()),
            properties: contacts::SimplePublicObjectBatchInputUpsertProperties {
                additional_properties: properties("lastname", "Lovelace"),
            },
        }],
    };
    let upserted = at_contacts.CONTACTS_BATCH_UPSERT("contacts", body).await?;
    println!("{} upserted", upserted.results.len());

    let body = companies::SimplePublicObjectInputForCreate {
        associations: Vec::new(),
        properties: companies::SimplePublicObjectInputForCreateProperties {
            additional_properties: properties("domain", "example.com"),
        },
    };
    let company = at_companies.COMPANIES_CREATE("companies", body).await?;
    println!("created {}", company.id);

    let body = companies::BatchReadInputSimplePublicObjectId {
        id_property: None,
        inputs: vec![companies::SimplePublicObjectId { id: company.id }],
        properties: vec!["domain".to_owned()],
        properties_with_history: Vec::new(),
    };
    let read = at_companies.COMPANIES_BATCH_READ("companies", None, body).await?;
    println!("{} read", read.results.len());

    at_line_items.LINE_ITEMS_ARCHIVE("17", "line_items").await?;

    let all = at_schemas.SCHEMAS_LIST(None, None, None, None).await?;
    println!("{} schemas", all.results.len());
    Ok(())
}

fn properties(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}
