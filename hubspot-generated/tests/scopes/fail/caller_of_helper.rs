//! A helper's requirement is its callers' too.

use hubspot_generated::{Client, hubspot_scopes, scope_set};

scope_set! {
    pub struct ContactScopes {
        required: ["crm.objects.contacts.read"],
    }
}

#[hubspot_scopes("crm.objects.contacts.read", "crm.objects.companies.read")]
fn both<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
    let _ = hubspot.companies().list();
}

fn call(hubspot: &Client<ContactScopes>) {
    both(hubspot);
}

fn main() {}
