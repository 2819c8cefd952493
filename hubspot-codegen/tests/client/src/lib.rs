//! The client of the documents in `specs/`: generated code on the runtime of `hubspot-generated`, whose files are
//! included as they are.

#![allow(
    unexpected_cfgs,
    reason = "the runtime knows the features of its own crate"
)]

#[rustfmt::skip]
mod generated;

#[path = "../../../../hubspot-generated/src"]
#[allow(dead_code, reason = "parts of the runtime serve OAuth")]
mod runtime {
    pub mod __rt;
    pub(crate) mod batch;
    pub(crate) mod builder;
    pub(crate) mod client;
    pub(crate) mod clock;
    pub(crate) mod credential;
    pub(crate) mod debug;
    pub(crate) mod decode;
    pub(crate) mod developer;
    pub(crate) mod download;
    pub(crate) mod encode;
    pub(crate) mod error;
    pub(crate) mod operation;
    pub(crate) mod pacing;
    pub(crate) mod page;
    pub(crate) mod parts;
    pub(crate) mod path;
    pub(crate) mod plain;
    pub mod raw;
    pub(crate) mod record_error;
    pub(crate) mod recorder;
    pub(crate) mod request;
    pub(crate) mod response;
    pub(crate) mod retry;
    pub mod scopes;
    pub(crate) mod secret;
    pub(crate) mod texts;
    pub(crate) mod transport;
    pub(crate) mod upload;
    pub(crate) mod values;
    pub(crate) mod variants;
}

// Its files call one another by their place in their own crate.
use runtime::{
    batch, builder, client, clock, credential, debug, decode, developer, download, encode, error,
    operation, pacing, page, parts, path, plain, record_error, recorder, request, response, retry,
    secret, texts, transport, upload, values, variants,
};

pub use batch::Batch;
pub use builder::ClientBuilder;
pub use client::Client;
pub use decode::ReadBody;
pub use developer::DeveloperKey;
pub use download::Download;
pub use encode::WriteBody;
pub use error::{BatchError, Error, ErrorDetail};
#[cfg(feature = "v1")]
pub use generated::v1;
pub use generated::v2::models;
pub use generated::{operations, requests, v2};
pub use hubspot_macros::hubspot_scopes;
pub use hubspot_scopes::Requirement;
pub use operation::{Authentication, Budget, Method, Operation, Paging};
pub use pacing::{Pacing, Tier};
pub use page::{Items, Page, Pages};
pub use recorder::ScopeRecorder;
pub use request::Request;
pub use response::Response;
pub use retry::RetryPolicy;
#[doc(hidden)]
pub use runtime::__rt;
pub use runtime::raw;
pub use runtime::scopes::{self, ScopeSet, Unchecked};
pub use upload::Upload;
pub use values::{DateTime, Properties, PropertiesIter, Secret};

pub use bytes::Bytes;
pub use reqwest::{StatusCode, header};
