//! Code that this build leaves out, one scope for each form of it.
//!
//! ```no_run
//! # async fn f(hubspot: uncompiled::Hub) {
//! hubspot.line_items().create(Default::default()).await.unwrap();
//! # }
//! ```

use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            // Nothing needs these: the first one for certain.
            "forms",
            "crm.objects.contacts.write",
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.line_items.read",
            "crm.objects.line_items.write",
            "crm.schemas.custom.read",
        ],
    }
}

pub type Hub = Client<AppScopes>;

pub async fn contacts(hubspot: &Hub) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[cfg(feature = "extra")]
pub async fn extra(hubspot: &Hub) -> Result<(), Error> {
    hubspot.companies().list().await?;
    Ok(())
}

#[cfg(windows)]
#[hubspot_scopes("crm.objects.companies.write")]
pub async fn windows<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().batch_archive(Default::default()).await?;
    Ok(())
}

#[cfg(not(windows))]
#[hubspot_scopes("crm.objects.contacts.read")]
pub async fn elsewhere<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().get("1").await?; //~ contacts.get
    Ok(())
}

pub async fn in_statements(hubspot: &Hub) -> Result<(), Error> {
    #[cfg(not(debug_assertions))]
    hubspot.schemas().get("cars").await?;
    if cfg!(windows) {
        hubspot.contacts().list().await?; //~ contacts.list
    }
    Ok(())
}

#[cfg(custom)]
pub fn custom(hubspot: &Hub) {
    drop(hubspot.contacts().archive("1"));
}
