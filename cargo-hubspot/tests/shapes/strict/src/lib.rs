//! Code that denies warnings and allows what is deprecated, here and there.

#![deny(warnings)]
#![forbid(unused_must_use)]

use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read"],
    }
}

#[allow(deprecated)]
pub async fn quiet(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    old();
    Ok(())
}

/// Its own note is kept, and its calls are seen.
#[deprecated(note = "use `quiet`")]
#[hubspot_scopes("crm.objects.companies.read")]
pub async fn loud<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().list().send().await?; //~ companies.list
    Ok(())
}

#[deprecated = "it is old"]
fn old() {}

#[allow(warnings)]
pub async fn both(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    loud(hubspot).await?;
    hubspot.contacts().get("1").send().await?; //~ contacts.get
    Ok(())
}
