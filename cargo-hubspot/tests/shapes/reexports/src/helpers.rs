//! A helper that is imported by name and with everything else.

use crate::prelude::hubspot::{Client, Error, hubspot_scopes};

#[hubspot_scopes("crm.objects.companies.read")]
pub async fn count<S>(hubspot: &Client<S>) -> Result<usize, Error> {
    Ok(hubspot.companies().list().await?.results.len()) //~ companies.list
}
