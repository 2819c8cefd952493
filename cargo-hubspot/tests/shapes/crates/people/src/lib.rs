//! Helpers for every scope set, and a function of a package outside of the workspace.

use hubspot_generated::{Client, Error, hubspot_scopes};
use outside::archive;

#[hubspot_scopes("crm.objects.contacts.read")]
pub async fn list<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[hubspot_scopes("crm.objects.contacts.write")]
pub async fn remove<S>(hubspot: &Client<S>) -> Result<(), Error> {
    archive(hubspot).await //~ outside::archive
}
