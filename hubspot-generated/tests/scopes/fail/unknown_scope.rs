//! A scope that HubSpot does not have, in a declaration and in an attribute. The calls that were meant give no error.

use hubspot_generated::{Client, hubspot_scopes, scope_set};

scope_set! {
    pub struct SyncScopes {
        required: ["crm.objects.contact.read", "shoe-size"],
    }
}

#[hubspot_scopes("crm.objects.contact.read")]
fn list<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
}

fn sync(hubspot: &Client<SyncScopes>) {
    list(hubspot);
}

fn main() {}
