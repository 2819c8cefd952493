//! Responses: status, headers and the decoded body.

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use crate::credential::token_of;
use crate::decode::{DecodeError, Decoded};
use crate::download::{Download, Limits};
use crate::error::{Error, ErrorKind, redact};
#[cfg(feature = "oauth")]
use crate::fields::Fields;
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

/// Reads the body of a response.
pub(crate) type Read<T> = fn(&[u8]) -> Decoded<T>;

/// How a response is read.
pub(crate) enum Reading<T> {
    /// By its whole body.
    Whole(Read<T>),
    /// As it arrives.
    Stream(fn(Download) -> T),
}

impl<T> Clone for Reading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Reading<T> {}

/// A success whose body is not decoded yet.
pub(crate) struct RawResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// The body, if the request reads it as it arrives.
    pub(crate) download: Option<Box<Download>>,
    /// The error of the rest of the body, if the request accepts a truncated one.
    pub(crate) truncated: Option<Error>,
    /// The request's token, which no error must repeat.
    pub(crate) authorization: Option<HeaderValue>,
}

impl RawResponse {
    /// A success whose body is read as it arrives.
    pub(crate) fn of_download(
        operation: &'static Operation,
        (response, headers): (reqwest::Response, HeaderMap),
        limits: Limits,
    ) -> Self {
        let status = response.status();
        let download = Download::new(operation, response, &headers, limits);
        Self {
            operation,
            status,
            headers,
            body: Bytes::new(),
            attempts: 1,
            download: Some(Box::new(download)),
            truncated: None,
            authorization: None,
        }
    }

    pub(crate) fn decode<T>(&mut self, read: Read<T>) -> Result<T, Error> {
        read(&self.body).map_err(|error| self.unreadable(&error))
    }

    pub(crate) fn read<T>(&mut self, reading: Reading<T>) -> Result<T, Error> {
        match (reading, self.download.take()) {
            (Reading::Whole(read), _) => self.decode(read),
            (Reading::Stream(make), Some(download)) => Ok(make(*download)),
            (Reading::Stream(_), None) => {
                Err(self.unreadable(&DecodeError::new("the body was read before")))
            }
        }
    }

    pub(crate) fn into_response<T>(mut self, reading: Reading<T>) -> Result<Response<T>, Error> {
        let body = self.read(reading)?;
        Ok(Response {
            status: self.status,
            headers: self.headers,
            body,
        })
    }

    #[cold]
    fn unreadable(&mut self, error: &DecodeError) -> Error {
        let truncated = self.truncated.take();
        let error = truncated.unwrap_or_else(|| self.decode_error(error));
        #[cfg(feature = "oauth")]
        if self.operation.returns_tokens() {
            let token = Fields::new(&self.body).text_anywhere("refresh_token");
            return error.with_refresh_token(token.map(Into::into));
        }
        error
    }

    fn decode_error(&self, error: &DecodeError) -> Error {
        let kind = match error.record() {
            Some(record) => ErrorKind::Record(record.clone()),
            None => ErrorKind::Decode {
                path: redact(&error.path(), &self.secrets()),
                what: error.what().to_owned(),
            },
        };
        self.error(self.status, kind)
    }

    /// An error of what the response says.
    pub(crate) fn error(&self, status: StatusCode, kind: ErrorKind) -> Error {
        let (secrets, headers) = (self.secrets(), &self.headers);
        let error = Error::about_response(self.operation, status, headers, &secrets, kind);
        error.after_attempts(self.attempts, false)
    }

    fn secrets(&self) -> Vec<String> {
        let token = self.authorization.as_ref().and_then(token_of);
        Vec::from_iter(token.map(|token| token.expose_secret().to_owned()))
    }
}
