//! Requests that state their scopes in place.

use std::sync::Arc;

use hubspot_generated::{Client, Method, Unchecked, hubspot_scopes, request, scope_set};

use super::client;

scope_set! {
    struct Scopes {
        required: ["crm.objects.deals.read", "crm.objects.owners.read", "crm.schemas.custom.read"],
    }
}

/// Whatever holds the client, and whatever expressions the method and the path are.
#[test]
fn every_form() {
    let hubspot = client::<Scopes>();
    let shared = Arc::new(hubspot.clone());
    let id = 1;
    let method = Method::Get;
    let _ = request!(
        hubspot,
        "crm.objects.deals.read",
        Method::Get,
        "/crm/objects/2026-09/deals"
    );
    let _ = request!(
        &hubspot,
        "crm.objects.deals.read",
        Method::Get,
        &format!("/deals/{id}")
    );
    let _ = request!(shared, "crm.objects.deals.read", method, { "/deals" });
    let _ = request!(
        &shared,
        "crm.objects.deals.read",
        { method },
        ["/a", "/b"][0],
    );
    let _ = request!(
        Arc::clone(&shared),
        "crm.objects.deals.read",
        hubspot_generated::Method::Get,
        "/deals"
    );
    let _ = request!(
        client::<Scopes>(),
        "crm.objects.deals.read",
        "crm.objects.owners.read",
        Method::Get,
        "/deals"
    );
    let _ = request!(
        hubspot,
        all("crm.objects.deals.read", "crm.objects.owners.read"),
        Method::Get,
        "/deals"
    );
    let _ = request!(
        hubspot,
        any(
            "crm.schemas.custom.read",
            "crm.objects.custom.read",
            "crm.objects.custom.sensitive.read",
            "crm.objects.custom.sensitive.read.v2",
            "crm.objects.custom.highly_sensitive.read",
            "crm.objects.custom.highly_sensitive.read.v2",
        ),
        Method::Get,
        "/schemas"
    );
}

#[test]
fn an_unchecked_client() {
    let unchecked = Client::<Unchecked>::unchecked_builder()
        .access_token("token")
        .build()
        .expect("a token is enough");
    let _ = request!(unchecked, "crm.objects.deals.read", Method::Get, "/deals");
}

/// Names of the user's own are not those of the expansion.
#[test]
fn names_around_it() {
    fn request(client: &str) -> String {
        client.to_owned()
    }
    fn stated_request() -> &'static str {
        "/deals"
    }
    let hubspot = client::<Scopes>();
    let client = "/deals";
    let _ = request!(hubspot, "crm.objects.deals.read", Method::Get, client);
    let _ = request!(
        hubspot,
        "crm.objects.deals.read",
        Method::Get,
        &request(client)
    );
    let _ = request!(
        hubspot,
        "crm.objects.deals.read",
        Method::Get,
        stated_request()
    );
}

/// The request goes where it was told to.
#[test]
fn it_is_the_request() {
    let hubspot = client::<Scopes>();
    let stated = request!(hubspot, "crm.objects.deals.read", Method::Post, "/deals");
    let raw = hubspot.request(Method::Post, "/deals");
    assert_eq!(format!("{stated:?}"), format!("{raw:?}"));
}

#[hubspot_scopes("crm.objects.deals.read")]
async fn generic<S>(hubspot: &Client<S>) -> Result<(), hubspot_generated::Error> {
    let request = request!(hubspot, "crm.objects.deals.read", Method::Get, "/deals");
    request.send().await.map(drop)
}

struct Deals<S>(Client<S>);

impl<S> Deals<S> {
    #[hubspot_scopes("crm.objects.deals.read")]
    fn list(&self) {
        let _ = request!(self.0, "crm.objects.deals.read", Method::Get, "/deals");
    }
}

/// A wrapper of the user's own.
macro_rules! deals {
    ($client:expr, $scope:literal, $path:expr) => {
        request!($client, $scope, Method::Get, $path)
    };
}

#[test]
fn within_functions_and_macros() {
    let hubspot = client::<Scopes>();
    drop(generic(&hubspot));
    Deals(hubspot.clone()).list();
    let _ = deals!(&hubspot, "crm.objects.deals.read", "/deals");
}
