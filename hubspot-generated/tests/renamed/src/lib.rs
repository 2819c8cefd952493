//! A program that knows the client as `hubspot`: that it compiles is the test.

use hubspot::{Client, hubspot_scopes, scope_set};

scope_set! {
    /// Reads contacts.
    pub struct Scopes {
        required: ["crm.objects.contacts.read"],
    }
}

/// A declaration finds the client by itself, an attribute is told where it is.
#[hubspot_scopes(crate = hubspot, "crm.objects.contacts.read")]
pub fn list<S>(client: &Client<S>) {
    let _ = client.contacts().list();
}

/// The requirement is met.
pub fn call(client: &Client<Scopes>) {
    list(client);
}

/// A request finds the client by itself, too.
pub fn request(client: &Client<Scopes>) {
    let _ = hubspot::request!(
        client,
        "crm.objects.contacts.read",
        hubspot::Method::Get,
        "/contacts"
    );
}
