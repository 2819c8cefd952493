//! Responses: status, headers and the decoded body.

use std::any::TypeId;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;

use crate::credential::token_of;
use crate::decode::decode;
use crate::error::{Error, Kind, redact};
use crate::operation::Operation;

/// A response with its status and headers.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// let response = hubspot.contacts().list().send_with_response().await?;
/// println!("{} with {:?} requests left", response.status(), response.headers().get("x-hubspot-ratelimit-remaining"));
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
    /// The status; always a success. It is 207 for a batch of which some inputs failed.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers, among them HubSpot's rate limits.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The decoded body.
    pub fn body(&self) -> &T {
        &self.body
    }

    /// Returns the decoded body without the rest.
    pub fn into_body(self) -> T {
        self.body
    }
}

/// A success whose body is not decoded yet.
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The error of the rest of the body, if the request accepts a truncated one.
    #[cfg_attr(
        not(feature = "oauth"),
        expect(dead_code, reason = "only token requests do")
    )]
    pub(crate) truncated: Option<Error>,
    /// The request's token, which no error must repeat.
    pub(crate) authorization: Option<HeaderValue>,
}

impl RawResponse {
    pub(crate) fn decode<T: DeserializeOwned + 'static>(&self) -> Result<T, Error> {
        // Operations without a response body ignore what is there; other bodies that may be missing accept `null`.
        let is_nothing = TypeId::of::<T>() == TypeId::of::<()>() || self.body.is_empty();
        let json = if is_nothing {
            b"null".as_slice()
        } else {
            &self.body
        };
        decode(json).map_err(|error| self.unreadable(&error.path(), error.what()))
    }

    pub(crate) fn into_response<T: DeserializeOwned + 'static>(self) -> Result<Response<T>, Error> {
        let body = self.decode()?;
        Ok(Response {
            status: self.status,
            headers: self.headers,
            body,
        })
    }

    fn unreadable(&self, path: &str, what: &str) -> Error {
        let what = if self.body.is_empty() {
            "the body is empty"
        } else {
            what
        };
        let token = self.authorization.as_ref().and_then(token_of);
        let secrets = Vec::from_iter(token.map(|token| token.expose_secret().to_owned()));
        let kind = Kind::Decode {
            path: redact(path, &secrets),
            what: what.to_owned(),
        };
        Error::about_response(self.operation, self.status, &self.headers, &secrets, kind)
    }
}
