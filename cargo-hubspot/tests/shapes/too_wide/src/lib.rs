//! Functions that state more than they use.

use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.custom.read"],
    }
}

#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.companies.read")]
pub async fn wide<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[hubspot_scopes("crm.objects.custom.read")]
pub fn nothing<S>(_: &Client<S>) {}

#[hubspot_scopes("crm.objects.contacts.read")]
pub async fn right<S>(hubspot: &Client<S>) -> Result<(), Error> {
    let inner = async || hubspot.contacts().get("1").await.map(drop); //~ contacts.get
    inner().await
}

pub async fn run(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    wide(hubspot).await?;
    nothing(hubspot);
    right(hubspot).await
}
