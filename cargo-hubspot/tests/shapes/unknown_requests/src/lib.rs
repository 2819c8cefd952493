//! Requests that are spelled out, and of which nothing tells what they need.

use hubspot_generated::{Client, Method, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.deals.read",
            "crm.objects.leads.read",
            "oauth",
        ],
    }
}

/// The only use of the scope for deals.
pub fn deals(hubspot: &Client<AppScopes>) {
    drop(hubspot.request(Method::Get, "/crm/elsewhere/2026-09/deals"));
    drop(hubspot.contacts().list()); //~ contacts.list
}

/// A path that comes from elsewhere.
pub fn get<S>(hubspot: &Client<S>, path: &str) {
    drop(hubspot.request(Method::Get, path));
}

macro_rules! getter {
    ($name:ident, $path:literal) => {
        /// Made by a macro, as a whole.
        #[hubspot_scopes("crm.objects.leads.read")]
        pub fn $name<S>(hubspot: &Client<S>) {
            drop(hubspot.request(Method::Get, $path));
        }
    };
}

getter!(leads, "/crm/objects/2026-09/leads");
