//! Requests to paths that this crate has no method for, with the scopes that they need.

use crate::client::Client;
use crate::operation::Method;
use crate::request::Request;

/// Creates a request that this crate has no method for, and states the OAuth scopes that it needs.
///
/// Equivalent to [`Client::request`](crate::Client::request), but checked: the client's scope set must have the scopes, and
/// `cargo hubspot audit` counts exactly these as needed.
///
/// ```
/// use hubspot_generated::{Client, Error, Method, request, scope_set};
///
/// scope_set! {
///     pub struct AppScopes {
///         required: ["crm.objects.owners.read", "crm.objects.contacts.read"],
///     }
/// }
///
/// async fn first_owner(hubspot: &Client<AppScopes>) -> Result<serde_json::Value, Error> {
///     request!(hubspot, "crm.objects.owners.read", Method::Get, "/crm/owners/2026-09")
///         .query("limit", "1")
///         .send()
///         .await
/// }
/// ```
///
/// The arguments are the client (or a reference to it), the scopes, the [`Method`](crate::Method) and the path. The scopes
/// are written as in [`#[hubspot_scopes]`](crate::hubspot_scopes): `"a", "b"` needs both, `any("a", "b")` one of them. A
/// function that is generic over the scope set states them as a bound:
///
/// ```
/// use hubspot_generated::{Client, Error, Method, hubspot_scopes, request};
///
/// #[hubspot_scopes("crm.objects.owners.read")]
/// async fn owner<S>(hubspot: &Client<S>, id: u64) -> Result<serde_json::Value, Error> {
///     let path = format!("/crm/owners/2026-09/{id}");
///     request!(hubspot, "crm.objects.owners.read", Method::Get, &path).send().await
/// }
/// ```
///
/// A scope that the scope set does not have is a compile error at the scope:
///
/// ```compile_fail
/// # use hubspot_generated::{Client, Method, request, scope_set};
/// scope_set! { struct AppScopes { required: ["crm.objects.contacts.read"] } }
///
/// fn owners(hubspot: &Client<AppScopes>) {
///     let _ = request!(hubspot, "crm.objects.owners.read", Method::Get, "/crm/owners/2026-09");
/// }
/// ```
///
/// An unknown scope is an error that names the nearest one, and so is an `any(...)` that no operation of this crate needs:
/// the compiler cannot check it. State the scope that the app is installed with instead.
#[macro_export]
macro_rules! request {
    ($client:expr, $($stated:tt)*) => {
        $crate::__scope_catalogue! { { $crate::scopes::__private::state_request } { $client } $($stated)* }
    };
}

/// Returns the client behind a reference to it, to a box of it and the like.
#[must_use]
pub const fn client<S>(client: &Client<S>) -> &Client<S> {
    client
}

/// Creates the request of `request!`, which has checked its scopes.
pub fn stated_request<S>(
    client: &Client<S>,
    method: Method,
    path: &str,
) -> Request<serde_json::Value> {
    Request::raw(client.core(), method, path)
}
