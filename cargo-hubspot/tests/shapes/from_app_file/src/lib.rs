//! A scope set that is written once, in the project's file, with one unused scope.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes = "src/app/app-hsmeta.json" {
        assume: ["crm.schemas.custom.read", "crm.objects.companies.read"],
    }
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    hubspot.companies().get("1").send().await?; //~ companies.get
    Ok(())
}
