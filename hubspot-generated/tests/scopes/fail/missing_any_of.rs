//! A call that one of several scopes would allow, none of which is declared.

use hubspot_generated::{Client, Error, scope_set};

scope_set! {
    pub struct ContactScopes {
        required: ["crm.objects.contacts.read"],
    }
}

async fn object_types(hubspot: Client<ContactScopes>) -> Result<(), Error> {
    hubspot.schemas().list().send().await?;
    Ok(())
}

fn main() {}
