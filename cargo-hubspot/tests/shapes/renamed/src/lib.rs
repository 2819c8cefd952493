//! The client under another name.

use hubspot::{Client, Error, hubspot_scopes};

hubspot::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read"],
    }
}

#[hubspot_scopes(crate = hubspot, "crm.objects.contacts.read")]
pub async fn run<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

pub async fn all(client: &Client<AppScopes>) -> Result<(), Error> {
    run(client).await
}
