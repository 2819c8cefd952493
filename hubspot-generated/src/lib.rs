//! A typed client for HubSpot's API in which the compiler checks OAuth scopes.
//!
//! Every operation carries the scopes that it needs. A call whose scopes the application does not declare does not
//! compile.
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
//! The methods of [`Client`] call the current version of the API, 2026-09. Older versions have a prefix:
//! `client.v2026_03()` with the feature `v2026-03`, `client.v3()` with `v3`. Each API is a feature (`deals`, `tickets`,
//! `notes`, …), and `full` is all of them but `oauth`; `companies`, `contacts`, `line-items` and `schemas` are on by default. `gzip`
//! requests compressed responses. `bulk` (batch operations over any number of inputs) and `records` (records as structs) are on by
//! default, and can be turned off to compile less.
//! `serde` implements serde's `Serialize` and `Deserialize` for every model, for example to cache responses.
//!
//! `oauth` is for apps that are installed in accounts of others: install links, tokens that are refreshed, and the
//! operations of OAuth (see `oauth`). `token-file` stores tokens in an encrypted file, whose key `keyring` takes from the
//! operating system; `redis` stores them in Redis and refreshes them in one process at a time; `axum` adds the callback as
//! a router.
//!
//! # Limits and errors
//!
//! Responses are bounded in size and time, requests are retried where that is safe ([`RetryPolicy`]) and wait for the
//! account's rate limits ([`Pacing`]). Every failure is an [`Error`]. Nothing that this crate logs or formats shows a token.
//!
//! # Testing
//!
//! Response types have constructors that take the fields which HubSpot always sends; all other fields are public and can
//! be assigned.
//!
//! ```
//! # #[cfg(feature = "contacts")] {
//! use hubspot_generated::models::{CrmObject, SearchPage};
//!
//! let mut contact = CrmObject::new("512");
//! contact.properties.insert("email", "ada@example.com");
//! let mut page = SearchPage::new();
//! page.results.push(contact);
//! assert_eq!(page.results[0].properties.get("email"), Some("ada@example.com"));
//! # }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "records"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "parts of the runtime are for these features only"
    )
)]
#![cfg_attr(
    feature = "scope-audit",
    allow(
        deprecated,
        reason = "the items that the audit marks are used here, too"
    )
)]

#[doc(hidden)]
pub mod __rt;
#[rustfmt::skip]
#[path = "generated/association_types.rs"]
pub mod association_types;
mod batch;
mod builder;
#[cfg(feature = "bulk")]
pub mod bulk;
mod client;
mod clock;
mod credential;
mod debug;
mod decode;
mod developer;
mod download;
mod encode;
mod error;
#[cfg(feature = "oauth")]
mod fields;
#[rustfmt::skip]
#[allow(
    clippy::struct_excessive_bools,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    reason = "models have as many fields as HubSpot's documents say"
)]
mod generated;
#[cfg(feature = "objects")]
mod hash;
#[cfg(feature = "oauth")]
pub mod oauth;
#[cfg(feature = "objects")]
#[rustfmt::skip]
#[path = "generated/object_types.rs"]
pub mod object_types;
#[cfg(feature = "objects")]
mod objects_of;
mod operation;
mod pacing;
mod page;
mod parts;
mod path;
mod plain;
mod proof;
#[doc(hidden)]
pub mod raw;
#[cfg(feature = "records")]
mod record;
mod record_error;
mod recorder;
mod request;
mod response;
mod retry;
pub mod scopes;
mod secret;
#[cfg(feature = "objects")]
mod settle;
mod texts;
mod transport;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "whether an API takes files is for the documents to say"
)]
mod upload;
mod values;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "whether an API has unions is for the documents to say"
)]
mod variants;

#[cfg(feature = "objects")]
mod walk;

pub use batch::Batch;
pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::Clock;
pub use decode::ReadBody;
pub use developer::DeveloperKey;
pub use download::Download;
pub use encode::WriteBody;
pub use error::{BatchError, Error, ErrorDetail};
#[cfg(feature = "v3")]
pub use generated::v3;
#[cfg(feature = "v2026-03")]
pub use generated::v2026_03;
pub use generated::v2026_09::models;
pub use generated::{operations, requests, v2026_09};
pub use hubspot_macros::hubspot_scopes;
#[cfg(feature = "records")]
pub use hubspot_macros::{PropertyEnum, Record};
pub use hubspot_scopes::Requirement;
#[cfg(feature = "objects")]
pub use objects_of::{Custom, CustomObject, ObjectType, ObjectsOf, Readable, Writable};
pub use operation::{Authentication, Budget, Method, Operation, Paging};
#[cfg(feature = "redis")]
pub use pacing::RedisPacing;
pub use pacing::{Pacing, Tier};
pub use page::{Items, Page, Pages};
pub use proof::ScopeCheck;
#[cfg(feature = "records")]
pub use record::{
    Associate, Associated, AssociatedPage, AssociatedRecord, Association, AssociationType,
    GetRecord, IntoUpdate, IntoValue, Json, ListRecords, Ordered, PastValue, Patch, Property,
    PropertyValue, Record, RecordBatch, RecordFilter, RecordHistory, RecordId, RecordPage,
    RecordSearch, RecordSort, Tokens, Written, WrittenBatch,
};
pub use record_error::{RecordError, RecordProblem};
pub use recorder::ScopeRecorder;
pub use request::Request;
pub use response::Response;
pub use retry::RetryPolicy;
pub use scopes::{ScopeSet, Unchecked};
#[cfg(feature = "objects")]
pub use settle::{Settle, Settled};
pub use upload::Upload;
pub use values::{DateTime, Properties, PropertiesIter, Secret, Sort};

#[cfg(feature = "objects")]
pub use walk::All;

pub use bytes::Bytes;
pub use reqwest::{StatusCode, header};

/// Tests the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../README.md")]
struct Readme;

/// Tests the examples of the guide to load.
#[cfg(all(doctest, feature = "bulk", feature = "contacts"))]
#[doc = include_str!("../../docs/load.md")]
struct LoadGuide;

/// Tests the examples of the guide to records.
#[cfg(all(doctest, feature = "records"))]
#[doc = include_str!("../../docs/records.md")]
struct RecordsGuide;

/// Tests the OAuth guide's examples.
#[cfg(all(doctest, feature = "axum", feature = "token-file"))]
#[doc = include_str!("../../docs/oauth.md")]
struct OAuthGuide;
