//! A local HubSpot server for tests and demos, as strict about scopes, limits and OAuth as the real one.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use hubspot_mock::{Fault, MockHubSpot};
//!
//! hubspot_generated::scope_set! {
//!     struct SyncScopes {
//!         required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
//!     }
//! }
//!
//! let hubspot = MockHubSpot::start().await?;
//! let ada = hubspot.account("acme").contact([("email", "ada@example.com")]);
//! let client = hubspot.account("acme").client::<SyncScopes>();
//!
//! // The first response is lost, and the client retries.
//! hubspot.fail_next(Fault::status(502).after_effect());
//! client.contacts().archive(&ada).send().await?;
//!
//! assert!(client.contacts().get(&ada).send().await.unwrap_err().is_not_found());
//! assert_eq!(hubspot.journal().count("contacts.archive"), 2);
//! assert!(hubspot.scopes_used().contains("crm.objects.contacts.write"));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new()?.block_on(example())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a request is handled
//!
//! The steps, in order. A request that a step refuses has no effect.
//!
//! 1. A [`Fault`] applies, if the test has planned one for this request.
//! 2. Routing: 501 if no operation has the path, or the object type in it has no such operation; 405 if none has the method.
//!    Both have `x-hubspot-mock: no such operation`, which HubSpot does not send. The server has exactly the operations of the
//!    documents in `specs/`.
//! 3. Authentication: 401 `INVALID_AUTHENTICATION` or `EXPIRED_AUTHENTICATION`.
//! 4. Scopes: 403 `MISSING_SCOPES`, with the scopes that are missing. Tokens of OAuth apps and static tokens are each
//!    checked against the alternatives that the documents list for their kind.
//! 5. The rate limits of the account (see [`Tier`]): 429. All other responses tell in their headers what is left.
//! 6. Validation of parameters and body: 400 `VALIDATION_ERROR`, with every error and its place.
//! 7. The operation itself, on the records of the token's account. An operation without behavior has a response that its
//!    schema allows, made from the request, with `x-hubspot-mock: generated`; it keeps nothing.
//!
//! Finally the request is recorded in the [journal](JournalView).
//!
//! # Where HubSpot is not documented
//!
//! Some behavior is not documented anywhere; do not write tests that depend on it. Unknown fields and query parameters are
//! ignored. A body above 8 MiB gets a 413, a path and query above 16 KiB get a 414, another content type gets a 415.
//! Requests that are refused for their token, their scopes or a limit do not count against the limits. A day ends at
//! midnight UTC.
//!
//! # Features
//!
//! `cli`, on by default, builds the program `hubspot-mock`, a server that runs until it is stopped. Tests do not need it:
//! use `default-features = false`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod behavior;
mod definitions;
#[rustfmt::skip]
mod generated;
#[rustfmt::skip]
#[path = "generated/object_types.rs"]
mod generated_object_types;
#[path = "generated/older_paths.rs"]
mod generated_older_paths;
mod mock;
mod pages;
mod pipeline;
mod seed;
mod server;
mod store;
mod table;
mod values;

pub use crate::definitions::app::{App, ErrorShape, Rotation};
pub use crate::definitions::conflict_body::ConflictBody;
pub use crate::definitions::fault::Fault;
pub use crate::definitions::invalid_app::InvalidApp;
pub use crate::definitions::invalid_values::InvalidValues;
pub use crate::definitions::owner::Owner;
pub use crate::definitions::property::Property;
pub use crate::definitions::property_type::PropertyType;
pub use crate::definitions::rule::ValidationRule;
pub use crate::definitions::tier::Tier;
pub use crate::definitions::token_kind::StaticKind;
pub use crate::mock::{
    ConnectError, Exploration, Explorer, Finding, Install, InstallError, MockAccount, MockHubSpot,
    MockHubSpotBuilder, On, Problem, StartError,
};
pub use crate::seed::{Seed, SeedError};
pub use crate::store::faults::RandomFaults;
pub use crate::store::journal::{Entry, JournalView};
pub use crate::store::recording::{Recording, RecordingError};
pub use crate::values::clock::MockClock;
pub use hubspot_scopes::app_file::{AppFile, AppFileError};

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
