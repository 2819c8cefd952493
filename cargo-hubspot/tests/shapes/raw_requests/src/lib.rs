//! Requests that are spelled out, and that tell what they need: by the function around them, in place, or by their path.

use hubspot_generated::{Client, Error, Method, hubspot_scopes, request};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.owners.read",
            "crm.objects.deals.read",
            "crm.objects.deals.write",
            "crm.objects.products.read",
            "crm.objects.quotes.read",
            "crm.objects.companies.read",
            "tickets",
            "crm.objects.users.read",
            "crm.objects.leads.read",
            "crm.objects.contacts.write", // needed by nothing
        ],
    }
}

/// Another program's type, with what it does.
pub struct Owners<S>(Client<S>);

impl<S> Owners<S> {
    /// In a method.
    #[hubspot_scopes("crm.objects.owners.read")]
    pub fn list(&self) {
        drop(self.0.request(Method::Get, "/crm/owners/2026-09"));
    }
}

/// In a closure and in an asynchronous block, and with a path that is put together.
#[hubspot_scopes("crm.objects.deals.read")]
pub async fn deals<S>(hubspot: &Client<S>, id: u64) -> Result<(), Error> {
    let send = |path: &str| hubspot.request(Method::Get, path).send();
    send("/crm/objects/2026-09/deals").await?;
    async move {
        let path = format!("/crm/objects/2026-09/deals/{id}");
        hubspot.request(Method::Get, &path).send().await
    }
    .await
    .map(drop)
}

/// What a trait asks for.
pub trait Sync {
    /// Sends.
    fn sync(&self);
}

impl Sync for Client<AppScopes> {
    fn sync(&self) {
        write(self);
        Owners(self.clone()).list();
        drop(deals(self, 1));
        made(self);
        drop(used(self));
    }
}

#[hubspot_scopes("crm.objects.deals.write")]
fn write<S>(hubspot: &Client<S>) {
    drop(Client::request(hubspot, Method::Post, "/crm/objects/2026-09/deals"));
}

macro_rules! get {
    ($client:expr, $path:expr) => {
        $client.request(Method::Get, $path)
    };
}

/// By a macro.
#[hubspot_scopes("tickets")]
fn made<S>(hubspot: &Client<S>) {
    drop(get!(hubspot, "/crm/objects/2026-09/tickets"));
}

macro_rules! states {
    ($client:expr, $path:literal) => {
        request!($client, "crm.objects.leads.read", Method::Get, $path)
    };
}

/// In place.
#[hubspot_scopes("crm.objects.products.read", "crm.objects.users.read")]
fn used<S>(hubspot: &Client<S>) -> Option<()> {
    drop(request!(hubspot, "crm.objects.products.read", Method::Get, "/crm/objects/2026-09/products")); //~ GET/crm/objects/2026-09/products
    let users = |path: &str| {
        request!(
            hubspot,
            "crm.objects.users.read", //~ rawrequest
            Method::Get,
            path
        )
    };
    drop(users("/crm/objects/2026-09/users"));
    None
}

/// In place, by a macro, and with a path that the client knows.
pub fn with_the_app(hubspot: &Client<AppScopes>) {
    drop(states!(hubspot, "/crm/objects/2026-09/leads")); //~ rawrequest
    drop(request!(hubspot, "crm.objects.quotes.read", Method::Get, "/crm/objects/2026-09/quotes")); //~ GET/crm/objects/2026-09/quotes
    drop(hubspot.request(Method::Get, "/crm/objects/2026-03/companies?limit=1"));
}
