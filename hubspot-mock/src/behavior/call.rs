//! Requests to operations, validated and decoded, and their responses.

use axum::http::HeaderValue;
use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::table::Endpoint;
use crate::values::Refusal;
use crate::values::multipart::Part;

/// A validated request to an operation.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation.
    pub(crate) endpoint: &'static Endpoint,
    /// The path's parameters, percent-decoded, in the order of the path.
    pub(crate) path: Vec<(&'static str, String)>,
    /// The query's parameters, decoded, in their order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Content,
    /// The time of the request, by the server's clock.
    pub(crate) now: Timestamp,
    /// The `correlationId` of the response.
    pub(crate) correlation_id: String,
}

/// A decoded request body.
#[allow(
    dead_code,
    reason = "which of them are sent is for the documents to say"
)]
#[derive(Debug)]
pub(crate) enum Content {
    /// There was no body.
    Empty,
    /// JSON that matches the operation's schema.
    Json(Value),
    /// A form's fields, decoded, in their order.
    Form(Vec<(String, String)>),
    /// The parts of a multipart form, in their order.
    Multipart(Vec<Part>),
    /// Text or a file.
    Bytes(Bytes),
}

impl Content {
    #[allow(
        dead_code,
        reason = "which bodies are forms is for the documents to say"
    )]
    /// The first part of a multipart form with this name.
    pub(crate) fn part(&self, name: &str) -> Option<&Part> {
        match self {
            Self::Multipart(parts) => parts.iter().find(|part| part.name == name),
            _ => None,
        }
    }
}

impl Call {
    /// A path parameter; empty if the operation has none with this name.
    pub(crate) fn path(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Every value of a query parameter.
    pub(crate) fn query_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.query.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The names in a list parameter, which may be repeated or comma separated.
    pub(crate) fn query_list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let parts = self.query_all(name).flat_map(|value| value.split(','));
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// The JSON body; `null` if there was none.
    pub(crate) fn json(&self) -> &Value {
        match &self.body {
            Content::Json(value) => value,
            _ => &Value::Null,
        }
    }
}

/// Where a response comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The operation has behavior.
    #[default]
    Behavior,
    /// It is made from the operation's schema.
    Schema,
    /// The test has set it, with a media type unless it is JSON.
    Test(Option<HeaderValue>),
    /// It is from a recording.
    Replay,
}

/// A successful response.
#[derive(Debug)]
pub(crate) struct Response {
    /// 200, 201, 204 or 207.
    pub(crate) status: u16,
    /// JSON; nothing with 204.
    pub(crate) body: Bytes,
    pub(crate) origin: Origin,
}

impl Response {
    /// Serializes `value` as JSON. Fails with 500.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(value).map_err(|cause| Refusal::internal(&cause))?;
        Ok(Self {
            status,
            body: Bytes::from(body),
            origin: Origin::Behavior,
        })
    }

    /// 204.
    pub(crate) const fn empty() -> Self {
        Self {
            status: 204,
            body: Bytes::new(),
            origin: Origin::Behavior,
        }
    }
}
