//! The attribute on a function that has no type to carry the scopes.

use hubspot_generated::{Client, Unchecked, hubspot_scopes};

#[hubspot_scopes("crm.objects.contacts.read")]
fn list(hubspot: &Client<Unchecked>) {
    let _ = hubspot.contacts().list();
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn other_name<Scopes>(_: &Client<Scopes>) {}

fn main() {}
