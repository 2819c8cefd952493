//! Requests that state scopes: one that is not declared, in a program and in a function that does not ask for it, one that
//! does not exist, an `any(...)` that no operation has, and none at all.

use hubspot_generated::{Client, Method, hubspot_scopes, request, scope_set};

scope_set! {
    pub struct SyncScopes {
        required: ["crm.objects.deals.read"],
    }
}

fn not_declared(hubspot: &Client<SyncScopes>) {
    let _ = request!(hubspot, "crm.objects.deals.read", Method::Get, "/deals");
    let _ = request!(
        hubspot,
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        Method::Post,
        "/deals"
    );
    let _ = request!(
        hubspot,
        any("crm.objects.line_items.read", "e-commerce"),
        Method::Get,
        "/line_items"
    );
}

#[hubspot_scopes("crm.objects.deals.read")]
fn not_asked_for<S>(hubspot: &Client<S>) {
    let _ = request!(hubspot, "crm.objects.deals.write", Method::Post, "/deals");
}

fn unknown(hubspot: &Client<SyncScopes>) {
    let _ = request!(hubspot, "crm.objects.deal.read", Method::Get, "/deals");
    let _ = request!(hubspot, any("crm.objects.deals.read", "crm.objects.quotes.read"), Method::Get, "/deals");
    let _ = request!(hubspot, Method::Get, "/deals");
}

fn other_mistakes(hubspot: &Client<SyncScopes>) {
    let _ = request!(hubspot, "crm.objects.deals.read", "GET", "/deals");
    let _ = request!(hubspot, "crm.objects.deals.read", Method::Get);
    let _ = request!("hubspot", "crm.objects.deals.read", Method::Get, "/deals");
}

fn main() {}
