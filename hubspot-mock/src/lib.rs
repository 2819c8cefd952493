//! A HubSpot on your own machine, as strict as the real one.
//!
//! Comes in: HTTP requests, and what a test sets up. Goes out: what HubSpot would answer. Refuses what HubSpot refuses:
//! tokens that it does not know, calls without their scopes, calls above the limits, bodies that do not fit.
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
//! hubspot.fail_next(Fault::status(502).after_effect());
//! assert!(client.contacts().archive(&ada).send().await.is_err());
//!
//! assert!(client.contacts().get(&ada).send().await.unwrap_err().is_not_found());
//! assert_eq!(hubspot.journal().count("contacts.archive"), 1);
//! assert!(hubspot.scopes_used().contains("crm.objects.contacts.write"));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new()?.block_on(example())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a request meets
//!
//! In this order; a request that is refused has no effect.
//!
//! 1. A [`Fault`], if the test has asked for one.
//! 2. Its route: 404 and 405. Every operation of the documents in `specs/` has one, and no other.
//! 3. Its token: 401 `INVALID_AUTHENTICATION` or `EXPIRED_AUTHENTICATION`.
//! 4. Its scopes: 403 `MISSING_SCOPES`, with the scopes that would do. Tokens of OAuth apps and static ones are each held
//!    against the alternatives that the documents have for their kind.
//! 5. The [limits](Tier) of the account: 429, and what is left in the headers of every other answer.
//! 6. The form of its parameters and body: 400 `VALIDATION_ERROR`, every fault with its place.
//! 7. The operation itself, on the records of the token's account.
//!
//! Then it stands in the [journal](JournalView).
//!
//! # Where HubSpot is not documented
//!
//! What nobody documents had to be chosen; a test should not rest on it. Fields and query parameters that are not known are
//! ignored. A body above 8 MiB is a 413, path and query above 16 KiB are a 414, another content type is a 415. Calls that
//! are refused for their token, their scopes or a limit do not count against the limits. A day ends at midnight UTC.
//!
//! # Features
//!
//! `cli`, on by default, is the program `hubspot-mock`, a server that runs until it is stopped. As a dependency of tests,
//! leave it out: `default-features = false`.

mod behavior;
mod definitions;
#[rustfmt::skip]
mod generated;
mod mock;
mod pages;
mod pipeline;
mod seed;
mod server;
mod store;
mod table;
mod values;

pub use crate::definitions::app::{App, ErrorShape, InvalidApp, Rotation};
pub use crate::definitions::fault::Fault;
pub use crate::definitions::property::Property;
pub use crate::definitions::property_type::PropertyType;
pub use crate::definitions::rule::ValidationRule;
pub use crate::definitions::tier::Tier;
pub use crate::definitions::token_kind::StaticKind;
pub use crate::mock::{
    Install, InstallError, MockAccount, MockHubSpot, MockHubSpotBuilder, StartError,
};
pub use crate::seed::{Seed, SeedError};
pub use crate::store::faults::RandomFaults;
pub use crate::store::journal::{Entry, JournalView};
