//! A typed client of HubSpot's API, in which every call carries the OAuth scopes it needs and the compiler checks them.
//!
//! Comes in: an access token, and the scopes that the app is installed with. Goes out: typed answers. Refuses, at
//! compile time, a call whose scopes were not declared.
//!
//! ```no_run
//! # #[cfg(feature = "contacts")]
//! # async fn example() -> Result<(), hubspot_generated::Error> {
//! use hubspot_generated::Client;
//!
//! hubspot_generated::scope_set! {
//!     /// What the nightly sync is installed with.
//!     pub struct SyncScopes {
//!         required: ["crm.objects.contacts.read"],
//!     }
//! }
//!
//! let hubspot = Client::<SyncScopes>::builder().access_token("pat-na1-…").build()?;
//!
//! let mut contacts = hubspot.contacts().list().properties(["email"]).items();
//! while let Some(contact) = contacts.try_next().await? {
//!     println!("{} {:?}", contact.id, contact.properties.get("email"));
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Versions and features
//!
//! The methods of [`Client`] call the current version of the API, 2026-09. Older ones are there by name:
//! `client.v2026_03()` with the feature `v2026-03`, `client.v3()` with `v3`. Each API is a feature of its own:
//! `companies`, `contacts`, `line-items` and `schemas` are on unless default features are off. `gzip` asks for compressed
//! answers.
//!
//! `oauth` is for apps that are installed in accounts of others: install links, tokens that are refreshed, and the
//! operations of OAuth (see `oauth`). `token-file` stores tokens in an encrypted file, whose key `keyring` takes from the
//! operating system; `redis` stores them in Redis and refreshes them in one process at a time; `axum` adds the callback as
//! a router.
//!
//! # Limits and errors
//!
//! Every call ends in [`Error`] or an answer. An answer is bounded in size and time, a call that met a rate limit is
//! made again some times, and nothing that this crate prints shows a token: see [`ClientBuilder`].

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(any(feature = "companies", feature = "contacts", feature = "line-items")),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "parts of the runtime are for these APIs only"
    )
)]
#![cfg_attr(
    feature = "scope-audit",
    allow(deprecated, reason = "what is marked for the audit is used here, too")
)]

mod batch;
mod builder;
mod client;
mod clock;
mod credential;
mod decode;
mod error;
#[rustfmt::skip]
mod generated;
mod lenient;
#[cfg(feature = "oauth")]
pub mod oauth;
mod operation;
mod page;
mod parts;
mod path;
mod proof;
mod request;
mod response;
mod retry;
pub mod scopes;
mod transport;
mod values;

pub use batch::Batch;
pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::Clock;
pub use error::{BatchError, Error, ErrorDetail};
#[cfg(feature = "v3")]
pub use generated::v3;
#[cfg(feature = "v2026-03")]
pub use generated::v2026_03;
pub use generated::v2026_09::models;
pub use generated::{operations, requests, v2026_09};
pub use hubspot_macros::hubspot_scopes;
pub use hubspot_scopes::Requirement;
pub use operation::{Budget, Method, Operation, Paging};
pub use page::{Items, Page, Pages};
pub use proof::ScopeCheck;
pub use request::Request;
pub use response::Response;
pub use scopes::{ScopeSet, Unchecked};
pub use values::{DateTime, Properties, Secret};

pub use reqwest::{StatusCode, header};

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
struct Readme;

/// Its examples are tests, too.
#[cfg(all(doctest, feature = "axum", feature = "token-file"))]
#[doc = include_str!("../../docs/oauth.md")]
struct OAuthGuide;
