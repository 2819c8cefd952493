//! Functions that are generic over the scope set, with and without the attribute.

use hubspot_generated::scopes::grants;
use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.line_items.read"],
    }
}

#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.companies.read")]
pub async fn both<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    companies(hubspot).await?;
    Ok(())
}

#[hubspot_scopes("crm.objects.companies.read")]
async fn companies<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().list().send().await?; //~ companies.list
    Ok(())
}

async fn bounded<S: grants::CrmObjectsLineItemsRead>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.line_items().list().send().await?; //~ line_items.list
    Ok(())
}

pub struct Store<S> {
    hubspot: Client<S>,
}

impl<S> Store<S> {
    #[hubspot_scopes("crm.objects.contacts.read")]
    pub async fn count(&self) -> Result<usize, Error> {
        #![allow(unused_mut)]
        let mut page = self.hubspot.contacts().list().send().await?; //~ contacts.list
        Ok(page.results.len())
    }
}

pub async fn run(hubspot: Client<AppScopes>) -> Result<(), Error> {
    both(&hubspot).await?;
    bounded(&hubspot).await?;
    Store { hubspot }.count().await?;
    Ok(())
}
