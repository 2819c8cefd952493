//! Answers.
//!
//! Comes in: status, headers and body of a success. Goes out: the body read as a Rust type. Refuses: a body of another
//! shape, naming the place within the JSON and never a value.

use std::any::TypeId;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind, describe_decode_error, path_at};
use crate::operation::Operation;

/// An answer with its status and headers.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// let response = hubspot.contacts().list().with_response().await?;
/// println!("{} with {:?} calls left", response.status(), response.headers().get("x-hubspot-ratelimit-remaining"));
/// let page = response.into_body();
/// # let _ = page;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    body: T,
}

impl<T> Response<T> {
    /// The status; a success. A batch of which some inputs failed has 207.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, among them HubSpot's rate limits.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The answer itself.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The answer itself, without the rest.
    pub fn into_body(self) -> T {
        self.body
    }
}

/// A success that is not read yet.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn decode<T: DeserializeOwned + 'static>(&self) -> Result<T, Error> {
        // An operation without an answer does not care what is there; other answers that may be missing accept `null`.
        let nothing = TypeId::of::<T>() == TypeId::of::<()>() || self.body.is_empty();
        let json = if nothing {
            b"null".as_slice()
        } else {
            &self.body
        };
        serde_json::from_slice(json).map_err(|error| self.unreadable(&error))
    }

    pub(crate) fn into_response<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, Error> {
        let body = self.decode()?;
        Ok(Response {
            status: self.status,
            headers: self.headers,
            body,
        })
    }

    fn unreadable(&self, error: &serde_json::Error) -> Error {
        let what = if self.body.is_empty() {
            "the body is empty".to_owned()
        } else {
            describe_decode_error(error)
        };
        let path = path_at(&self.body, error.line(), error.column());
        Error::about_answer(
            self.operation,
            self.status,
            &self.headers,
            Kind::Decode { path, what },
        )
    }
}
