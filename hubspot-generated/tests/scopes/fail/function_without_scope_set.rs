//! The attribute on a function that has no type to carry the scopes.

use hubspot_generated::{Client, hubspot_scopes, scope_set};

scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read"],
    }
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn list(hubspot: &Client<AppScopes>) {
    let _ = hubspot.contacts().list();
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn other_name<Scopes>(_: &Client<Scopes>) {}

fn main() {}
