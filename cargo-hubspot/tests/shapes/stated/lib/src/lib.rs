//! Functions for sets of every size: a program calls those that its set allows.

use hubspot_generated::scopes::grants;
use hubspot_generated::{Client, Error, ScopeSet, hubspot_scopes};

#[hubspot_scopes("crm.objects.contacts.read")]
pub async fn people<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[hubspot_scopes("crm.objects.companies.read", "crm.objects.companies.write")]
pub async fn import<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().list().send().await?; //~ companies.list
    hubspot.companies().archive("1").await?; //~ companies.archive
    Ok(())
}

/// Bounds by hand.
pub async fn items<S: grants::CrmObjectsLineItemsRead + grants::CrmObjectsLineItemsWrite>(
    hubspot: &Client<S>,
) -> Result<(), Error> {
    hubspot.line_items().list().send().await?; //~ line_items.list
    hubspot.line_items().archive("1").await?; //~ line_items.archive
    Ok(())
}

pub struct Repository<S> {
    pub hubspot: Client<S>,
}

/// Bounds on an implementation.
impl<S> Repository<S>
where
    S: grants::CrmSchemasCustomRead + grants::CrmSchemasCustomWrite,
{
    pub async fn schemas(&self) -> Result<(), Error> {
        self.hubspot.schemas().list().await?; //~ schemas.list
        Ok(())
    }
}

pub trait Fetch {
    fn fetch(&self) -> impl Future<Output = Result<(), Error>>;
}

/// Bounds on the implementation of a trait.
impl<S: ScopeSet + grants::CrmObjectsContactsRead + grants::CrmObjectsContactsWrite> Fetch for Client<S> {
    async fn fetch(&self) -> Result<(), Error> {
        self.contacts().get("1").await?; //~ contacts.get
        Ok(())
    }
}
