//! The client is optional, and on.

#[cfg(feature = "crm")]
pub async fn run<S>(hubspot: &hubspot_generated::Client<S>)
where
    S: hubspot_generated::scopes::grants::CrmObjectsContactsRead,
{
    drop(hubspot.contacts().list()); //~ contacts.list
}
