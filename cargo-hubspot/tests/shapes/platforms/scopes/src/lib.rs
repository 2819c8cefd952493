//! The scopes of programs, one of which is for another platform.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "forms"],
    }
}

pub type Hub = Client<AppScopes>;

pub async fn contacts(hubspot: &Hub) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}
