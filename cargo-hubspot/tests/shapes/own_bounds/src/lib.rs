//! Traits of the program's own stand for scopes: with what they imply, or for nobody knows what.

use hubspot_generated::scopes::grants;
use hubspot_generated::{Client, Error, ScopeSet};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.companies.read",
            "crm.objects.line_items.read",
            "crm.schemas.custom.read",
        ],
    }
}

/// Implies more than the set has.
pub trait Importer: ScopeSet + grants::CrmObjectsCompaniesRead + grants::CrmObjectsCompaniesWrite {}

pub async fn import<S: Importer>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().list().send().await?; //~ companies.list
    Ok(())
}

/// Implies nothing that could be known.
pub trait Lister {}

pub async fn items<S: Lister + grants::CrmObjectsLineItemsRead>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.line_items().list().send().await?; //~ line_items.list
    Ok(())
}

/// Bounds that ask for more than is used: the set has to keep both.
pub async fn wide<S: grants::CrmObjectsContactsRead + grants::CrmSchemasCustomRead>(
    hubspot: &Client<S>,
) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

pub async fn contacts(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    wide(hubspot).await
}
