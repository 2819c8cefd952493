//! The client: handles to resources (generated), raw requests, and clients with fewer scopes.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::debug::debug_fields;
use crate::decode::Decode;
use crate::operation::{Method, Operation};
use crate::parts::Core;
use crate::request::Request;
use crate::scopes::Within;

/// A client for HubSpot's API that can call the operations which the scopes of `S` allow.
///
/// Cloning is cheap, and clones share their connections. Sending needs a tokio runtime with I/O and time enabled.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example() -> Result<(), hubspot_generated::Error> {
/// use hubspot_generated::Client;
///
/// hubspot_generated::scope_set! {
///     /// What the nightly export is installed with.
///     pub struct ExportScopes {
///         required: ["crm.objects.contacts.read"],
///     }
/// }
///
/// let hubspot = Client::<ExportScopes>::builder().access_token("pat-na1-…").build()?;
/// let page = hubspot.contacts().list().limit(100).properties(["email"]).send().await?;
/// # let _ = page;
/// # Ok(())
/// # }
/// ```
pub struct Client<S> {
    core: Arc<Core>,
    scopes: PhantomData<fn() -> S>,
}

impl<S> Client<S> {
    pub(crate) fn from_core(core: Core) -> Self {
        Self {
            core: Arc::new(core),
            scopes: PhantomData,
        }
    }

    #[doc(hidden)]
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// A request for an operation, whose path takes `arguments` in order.
    #[doc(hidden)]
    #[inline]
    pub fn __call<T: Decode, P>(
        &self,
        operation: &'static Operation,
        arguments: &[&str],
    ) -> Request<T, P> {
        Request::new(&self.core, operation, arguments)
    }

    /// Returns this client with fewer scopes, for a function whose signature then states all that it can do in HubSpot.
    ///
    /// Does not compile unless the scopes of `T` are among those of `S`. The token stays the same: only the compiler knows
    /// the difference.
    pub fn narrow<T: Within<S>>(&self) -> Client<T> {
        Client {
            core: Arc::clone(&self.core),
            scopes: PhantomData,
        }
    }

    /// Returns a request for an operation that this crate has no method for.
    ///
    /// `path` starts with `/` and is appended to the base URL as it is, so percent-encode what you put into it. Query
    /// parameters, body and [response type](Request::response_type) are set on the request. **Scopes are not checked**,
    /// and the audit cannot tell what the request needs. [`request!`](crate::request) states the scopes in place, and
    /// [`#[hubspot_scopes]`](crate::hubspot_scopes) states those of the function around the request.
    ///
    /// GET, PUT, PATCH and DELETE are retried as idempotent operations are. So is a POST below `/crm/` whose path ends with
    /// `/search`, `/batch/read`, `/batch/update`, `/batch/upsert` or `/batch/archive`; the first two count as reads. Any
    /// other POST may create something, and is retried only if it had no effect.
    ///
    /// ```no_run
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::Method;
    ///
    /// let owners = hubspot.request(Method::Get, "/crm/v3/owners").query("limit", "10").send().await?;
    /// println!("{}", owners["results"][0]["email"]);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-hold: raw-request")
    )]
    pub fn request(&self, method: Method, path: &str) -> Request<serde_json::Value> {
        Request::raw(&self.core, method, path)
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            scopes: PhantomData,
        }
    }
}

debug_fields!(Client<S>, |client| base_url: client.core.base_url.as_str());

/// Implements for a generated handle, `struct $name<S> { client: Client<S> }`, what every handle has. It may hold texts too.
#[doc(hidden)]
#[macro_export]
macro_rules! __handle {
    ($name:ident $(, $held:ident)*) => {
        impl<S> $name<S> {
            pub(crate) fn new(client: &$crate::__rt::client::Client<S> $(, $held: ::std::string::String)*) -> Self {
                Self {
                    client: ::core::clone::Clone::clone(client),
                    $($held,)*
                }
            }
        }

        impl<S> ::core::clone::Clone for $name<S> {
            fn clone(&self) -> Self {
                Self::new(&self.client $(, ::core::clone::Clone::clone(&self.$held))*)
            }
        }

        impl<S> ::core::fmt::Debug for $name<S> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(::core::stringify!($name))
                    .field("client", &self.client)
                    $(.field(::core::stringify!($held), &self.$held))*
                    .finish()
            }
        }
    };
}
pub use __handle as handle;
