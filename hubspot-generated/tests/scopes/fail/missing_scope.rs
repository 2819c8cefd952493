//! A call whose scope is not declared.

use hubspot_generated::{Client, Error, scope_set};

scope_set! {
    pub struct SyncScopes {
        required: ["crm.objects.contacts.read"],
    }
}

async fn sync(hubspot: Client<SyncScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?;
    hubspot.companies().list().send().await?;
    Ok(())
}

fn main() {}
