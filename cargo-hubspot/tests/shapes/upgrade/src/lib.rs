//! A client that gets more scopes where the account has them.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read"],
        optional: ["crm.objects.companies.read", "crm.objects.deals.read"],
    }
}

hubspot_generated::scope_set! {
    pub struct WithCompanies {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    if let Some(hubspot) = hubspot.upgrade::<WithCompanies>().await? {
        hubspot.companies().list().send().await?; //~ companies.list
    }
    Ok(())
}
