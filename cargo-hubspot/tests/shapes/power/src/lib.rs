//! Scopes that others could replace, and what these allow.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    /// A single one would be enough: `e-commerce`, which allows more.
    pub struct AppScopes {
        required: [
            "crm.objects.line_items.read",
            "crm.objects.line_items.write",
            "crm.objects.custom.read",
            "crm.objects.companies.read",
            "crm.objects.contacts.read",
        ],
    }
}

/// Calls.
pub fn run(hubspot: &Client<AppScopes>) {
    drop(hubspot.line_items().list()); //~ line_items.list
    drop(hubspot.line_items().archive("1")); //~ line_items.archive
    drop(hubspot.schemas().get("cars")); //~ schemas.get
    drop(hubspot.associations().set_default("contacts", "1", "companies", "2")); //~ associations.set_default
}
