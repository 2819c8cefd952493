//! A call that a derive writes: the compiler reports nothing that a derive has written.

use derives_macros::Fetch;
use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "forms"],
    }
}

#[derive(Clone, Debug, Fetch)]
pub struct Job(Client<AppScopes>);

pub async fn contacts(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}
