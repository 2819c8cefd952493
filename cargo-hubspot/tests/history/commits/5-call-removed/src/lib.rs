//! Copies contacts and companies to a database.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AcmeScopes {
        required: ["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write"],
        optional: ["crm.objects.companies.read"],
    }
}

/// Copies every contact.
pub async fn people(hubspot: &Client<AcmeScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?;
    Ok(())
}

/// Copies every company.
#[hubspot_generated::hubspot_scopes("crm.objects.companies.read")]
pub async fn firms<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().list().send().await?;
    Ok(())
}
