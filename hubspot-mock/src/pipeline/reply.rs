//! HTTP replies: status, headers and body, and how they are delivered.

use std::time::Duration;

use axum::http::header::{ALLOW, CONTENT_TYPE, DATE, HeaderName, HeaderValue, RETRY_AFTER};
use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::behavior::{Origin, Response};
use crate::pipeline::page::Page;
use crate::store::{Rate, TEN_SECONDS};
use crate::values::Refusal;

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");
const MOCK: HeaderName = HeaderName::from_static("x-hubspot-mock");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-hubspot-correlation-id");
const MAX: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-max");
const REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-remaining");
const INTERVAL: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-interval-milliseconds");
const DAILY: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily");
const DAILY_REMAINING: HeaderName = HeaderName::from_static("x-hubspot-ratelimit-daily-remaining");

/// An HTTP response, with how to deliver it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
    pub(crate) delivery: Delivery,
}

/// How a reply is delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// At once and complete.
    #[default]
    Whole,
    /// After a delay.
    Late(Duration),
    /// The connection is reset instead.
    Reset,
    /// The connection ends after half of the body.
    Truncated,
    /// The body is sent in chunks.
    Drip { bytes: usize, pause: Duration },
}

impl Reply {
    /// The response of an operation.
    pub(crate) fn success(response: Response) -> Self {
        let mut reply = Self::bare(response.status, response.body);
        if !reply.body.is_empty() {
            reply.headers.push((CONTENT_TYPE, JSON));
        }
        let origin = match response.origin {
            Origin::Behavior => return reply,
            Origin::Schema => "generated",
            Origin::Replay => "replay",
            Origin::Test(content_type) => {
                if let Some(content_type) = content_type {
                    reply.headers.retain(|(name, _)| name != CONTENT_TYPE);
                    reply.headers.push((CONTENT_TYPE, content_type));
                }
                "answer"
            }
        };
        let origin = HeaderValue::from_static(origin);
        reply.headers.push((MOCK, origin));
        reply
    }

    /// An error response.
    pub(crate) fn refusal(mut refusal: Refusal, correlation_id: &str) -> Self {
        correlation_id.clone_into(&mut refusal.body.correlation_id);
        let response = Response::json(refusal.status, &refusal.body);
        // Serializing strings, lists and maps cannot fail.
        let mut reply = Self::success(response.unwrap_or(Response {
            status: refusal.status,
            body: Bytes::new(),
            origin: Origin::Behavior,
        }));
        if let Some(seconds) = refusal.retry_after {
            reply.headers.push((RETRY_AFTER, seconds.into()));
        }
        if let Some(methods) = refusal.allow.and_then(|methods| methods.try_into().ok()) {
            reply.headers.push((ALLOW, methods));
        }
        reply
    }

    /// A page for browsers.
    pub(crate) fn page(page: Page) -> Self {
        let mut reply = Self::bare(page.status, Bytes::from(page.body));
        for (name, value) in page.headers {
            if let Ok(value) = value.try_into() {
                reply.headers.push((HeaderName::from_static(name), value));
            }
        }
        reply
    }

    /// An HTML error page, as proxies send.
    pub(crate) fn html_error(status: u16) -> Self {
        let page = format!("<!doctype html><title>{status}</title><h1>Error {status}</h1>\n");
        let mut reply = Self::bare(status, Bytes::from(page));
        reply.set_content_type("text/html; charset=utf-8");
        reply
    }

    fn bare(status: u16, body: Bytes) -> Self {
        Self {
            status,
            headers: Vec::with_capacity(8),
            body,
            delivery: Delivery::Whole,
        }
    }

    /// Sets the content type. Ignores a value that is not valid in a header.
    pub(crate) fn set_content_type(&mut self, content_type: &str) {
        if let Ok(value) = content_type.try_into() {
            self.headers.retain(|(name, _)| name != CONTENT_TYPE);
            self.headers.push((CONTENT_TYPE, value));
        }
    }

    /// Marks the response to a path or a method that has no operation.
    pub(crate) fn set_no_operation(&mut self) {
        let value = HeaderValue::from_static("no such operation");
        self.headers.push((MOCK, value));
    }

    /// Adds the correlation id, which errors also have in their body.
    pub(crate) fn set_correlation_id(&mut self, correlation_id: &str) {
        if let Ok(value) = correlation_id.try_into() {
            self.headers.push((CORRELATION_ID, value));
        }
    }

    /// Sets when the response was made, by the server's clock. A response that has a date, such as a recorded one, keeps it.
    pub(crate) fn set_date(&mut self, now: Timestamp) {
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
        if let Ok(value) = date.unwrap_or_default().try_into()
            && !self.headers.iter().any(|(name, _)| name == DATE)
        {
            self.headers.push((DATE, value));
        }
    }

    /// Adds the rate limit headers.
    pub(crate) fn set_rate(&mut self, rate: Rate) {
        self.headers.push((MAX, rate.max.into()));
        self.headers.push((REMAINING, rate.remaining.into()));
        self.headers.push((INTERVAL, TEN_SECONDS.into()));
        if let Some((daily, remaining)) = rate.daily {
            self.headers.push((DAILY, daily.into()));
            self.headers.push((DAILY_REMAINING, remaining.into()));
        }
    }
}
