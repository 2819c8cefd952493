//! A dependency outside of the workspace: what it calls is not seen, but what it states is.

use hubspot_generated::{Client, Error, hubspot_scopes};

/// Archives a contact.
#[hubspot_scopes("crm.objects.contacts.write")]
pub async fn archive<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().archive("1").await
}
