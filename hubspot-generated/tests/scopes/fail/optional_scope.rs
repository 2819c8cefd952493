//! Calls whose scopes are declared, but not granted by every account.

use hubspot_generated::{Client, Error, scope_set};

scope_set! {
    pub struct SyncScopes {
        required: ["crm.objects.contacts.read"],
        conditional: ["e-commerce"],
        optional: ["crm.objects.companies.read", "crm.objects.line_items.read"],
    }
}

async fn sync(hubspot: Client<SyncScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?;
    hubspot.companies().list().send().await?;
    hubspot.line_items().list().send().await?;
    hubspot.schemas().list().send().await?;
    Ok(())
}

#[hubspot_generated::hubspot_scopes("e-commerce")]
fn sell<S>(_: &Client<S>) {}

fn shop(hubspot: &Client<SyncScopes>) {
    sell(hubspot);
}

fn main() {}
