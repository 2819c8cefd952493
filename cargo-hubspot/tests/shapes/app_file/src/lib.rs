//! A scope set that is written twice: here and in the project's file.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["oauth", "crm.objects.contacts.read", "crm.objects.companies.read"],
        optional: ["crm.objects.deals.read"],
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    hubspot.companies().list().send().await?; //~ companies.list
    Ok(())
}
