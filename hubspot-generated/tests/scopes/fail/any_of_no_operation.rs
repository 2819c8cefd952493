//! A requirement that no operation has: nothing could be called with it.

use hubspot_generated::{Client, hubspot_scopes};

#[hubspot_scopes(any("crm.objects.custom.read", "crm.schemas.custom.read"))]
fn object_types<S>(hubspot: &Client<S>) {
    let _ = hubspot.schemas().list();
}

#[hubspot_scopes(any("crm.objects.contacts.read", "files"))]
fn nothing_like_it<S>(_: &Client<S>) {}

fn main() {}
