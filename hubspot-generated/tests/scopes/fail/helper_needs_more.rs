//! A generic helper that calls what it does not state. What the compiler suggests is in the grammar of the attribute.

use hubspot_generated::{Client, hubspot_scopes};

#[hubspot_scopes("crm.objects.contacts.read")]
fn list_and_archive<S>(hubspot: &Client<S>) {
    let _ = hubspot.contacts().list();
    let _ = hubspot.contacts().archive("1");
}

fn main() {}
