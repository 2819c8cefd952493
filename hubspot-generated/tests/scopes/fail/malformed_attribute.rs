//! What is not in the grammar of the attribute.

use hubspot_generated::{Client, hubspot_scopes};

#[hubspot_scopes]
fn nothing<S>(_: &Client<S>) {}

#[hubspot_scopes(crm.objects.contacts.read)]
fn without_quotes<S>(_: &Client<S>) {}

#[hubspot_scopes("crm.objects.contacts.read" "crm.objects.contacts.write")]
fn without_comma<S>(_: &Client<S>) {}

#[hubspot_scopes("crm.objects.contacts.read", any("crm.objects.custom.read", "crm.schemas.custom.read"))]
fn any_beside_others<S>(_: &Client<S>) {}

#[hubspot_scopes(any(one("crm.objects.contacts.read")))]
fn unknown_group<S>(_: &Client<S>) {}

#[hubspot_scopes("crm.objects.contacts.read")]
struct NotAFunction;

fn main() {}
