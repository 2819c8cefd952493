//! Scopes with more power than is needed.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "e-commerce",
            "crm.objects.custom.highly_sensitive.read.v2",
            "crm.objects.contacts.read",
        ],
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.line_items().list().send().await?; //~ line_items.list
    hubspot.line_items().get("1").send().await?; //~ line_items.get
    hubspot.schemas().list().send().await?; //~ schemas.list
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}
