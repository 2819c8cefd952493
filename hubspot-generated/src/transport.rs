//! Sends requests and retries them.
//!
//! Nothing here is generic, so that it is compiled once.

pub(crate) mod spawn;
mod write;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderValue;
use tracing::{Instrument, Span, field};

use self::write::{has_origin_of, write_request};
use crate::credential::Target;
use crate::error::{Error, ErrorKind, is_name, retry_after};
use crate::operation::{Authentication, Operation};
use crate::pacing::{DailySpent, Rate, Ticket};
use crate::parts::Parts;
use crate::response::RawResponse;
use crate::retry::Retries;
use crate::upload::Form;

/// A request that is being sent.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<RawResponse, Error>> + Send>>;

/// Sends a request, and retries it as its errors allow.
pub(crate) fn send(parts: Box<Parts>) -> Sending {
    Box::pin(async move {
        parts.record();
        send_counted(&parts).await
    })
}

/// Sends a request that the recorder has counted.
async fn send_counted(parts: &Parts) -> Result<RawResponse, Error> {
    if let Some(fault) = parts.fault.clone().map(ErrorKind::Invalid) {
        return Err(Error::of_operation(parts.operation, fault));
    }
    let mut call = Call::new(parts);
    loop {
        match call.attempt().await {
            Ok(Some(response)) => return Ok(response),
            Ok(None) => {}
            Err(error) => {
                let error = error.after_attempts(call.attempts, call.is_unknown);
                return Err(error.of_sent_at(call.sent_at));
            }
        }
    }
}

/// A request on its way, with its attempts so far.
struct Call<'a> {
    parts: &'a Parts,
    target: Target,
    retries: Retries<'a>,
    attempts: u32,
    /// When it was first sent.
    sent_at: Option<Instant>,
    /// How many tokens were refused and replaced since the last response with another status than 401.
    replaced: u32,
    /// Whether an earlier attempt may have taken effect.
    is_unknown: bool,
}

impl<'a> Call<'a> {
    fn new(parts: &'a Parts) -> Self {
        let core = &parts.core;
        let policy = parts.retry.unwrap_or(core.retry);
        Self {
            parts,
            target: parts.target(),
            retries: Retries::new(policy, &core.retry_tokens, core.clock.now()),
            attempts: 0,
            sent_at: None,
            replaced: 0,
            is_unknown: false,
        }
    }

    /// Sends once. Returns `None` if the request is to be sent again, now.
    async fn attempt(&mut self) -> Result<Option<RawResponse>, Error> {
        let (parts, core) = (self.parts, &self.parts.core);
        let ticket = admit(parts).await?;
        if let Some(ticket) = &ticket {
            self.retries.start += ticket.waited;
        }
        let operation = parts.operation;
        let authorization = match operation.authentication {
            Authentication::None => None,
            _ => Some(core.credential.header(operation, self.target).await?),
        };
        let authorization = authorization.as_ref();
        let request = write_request(parts, authorization)
            .map_err(|fault| Error::of_operation(operation, ErrorKind::Invalid(fault)))?;
        let span = span(parts, self.retries.done);
        self.attempts += 1;
        if !operation.idempotent {
            self.sent_at.get_or_insert_with(|| core.clock.now());
        }
        // Much smaller than the request, which need not be moved from future to future.
        let sending = span.in_scope(|| core.http.execute(request));
        let attempt = attempt(parts, sending, authorization, ticket);
        let error = match attempt.instrument(span).await {
            Ok(mut response) => {
                let attempts = self.attempts;
                let download = response.download.take();
                response.download = download.map(|found| Box::new(found.of_attempts(attempts)));
                response.attempts = attempts;
                self.retries.succeeded();
                core.credential.accepted(authorization, self.target);
                return Ok(Some(response));
            }
            Err(error) => error.after_attempts(self.attempts, self.is_unknown),
        };
        if !parts.is_repeatable() {
            return Err(error);
        }
        self.is_unknown = error.may_have_taken_effect();
        if error.status().is_some() && !error.is_refused_token() {
            core.credential.passed(authorization);
            self.replaced = 0;
        }
        let replacement = core
            .credential
            .replace(authorization, self.target, self.replaced, error);
        let Some(error) = replacement.await? else {
            // HubSpot does nothing for a token that it does not accept.
            self.replaced += 1;
            return Ok(None);
        };
        self.wait(error, ticket).await.map(|()| None)
    }

    /// Waits until the request may be sent again, if it may.
    async fn wait(&mut self, mut error: Error, ticket: Option<Ticket>) -> Result<(), Error> {
        let core = &self.parts.core;
        if let (Some(limiter), Some(ticket), true) =
            (&core.limiter, ticket, error.is_rate_limited())
        {
            let (policy, asked) = (error.rate_limit_policy(), error.retry_after());
            if let Some((renewed_in, waits)) = limiter.refused(ticket, &*core.clock, policy, asked)
            {
                error = error.of_retry_after(Some(renewed_in));
                if waits {
                    report(self.parts.operation, &error, Ok(renewed_in));
                    return Ok(());
                }
            }
        }
        let next = self.retries.next(&error, core.clock.now());
        report(self.parts.operation, &error, next);
        let Ok(wait) = next else {
            return Err(error);
        };
        core.clock.sleep(wait).await;
        Ok(())
    }
}

/// Waits for permission to send, if the client paces its requests.
async fn admit(parts: &Parts) -> Result<Option<Ticket>, Error> {
    let (core, operation) = (&parts.core, parts.operation);
    let Some(limiter) = &core.limiter else {
        return Ok(None);
    };
    if operation.authentication == Authentication::None {
        return Ok(None);
    }
    let ticket = limiter.acquire(&*core.clock, operation.budget, parts.is_background);
    ticket.await.map_err(|DailySpent(renewed_in)| {
        Error::of_operation(operation, ErrorKind::DailyLimit).of_retry_after(Some(renewed_in))
    })
}

/// Tells `tracing` why an attempt failed and what follows.
fn report(operation: &Operation, error: &Error, next: Result<Duration, &str>) {
    let (operation, attempt, reason) = (operation.id, error.attempts(), error.type_name());
    let policy = error.rate_limit_policy().filter(|policy| is_name(policy));
    match next {
        Ok(wait) => tracing::info!(
            hubspot.operation = operation,
            attempt,
            error.type = reason,
            hubspot.rate_limit_policy = policy,
            wait_ms = wait.as_millis(),
            "retrying after a failed attempt"
        ),
        Err(why) => tracing::debug!(
            hubspot.operation = operation,
            attempt,
            error.type = reason,
            hubspot.rate_limit_policy = policy,
            why,
            "not retrying after a failed attempt"
        ),
    }
}

/// Sends once and reads the response.
async fn attempt(
    parts: &Parts,
    sending: impl Future<Output = reqwest::Result<Response>>,
    authorization: Option<&HeaderValue>,
    ticket: Option<Ticket>,
) -> Result<RawResponse, Error> {
    let result = exchange(parts, sending, authorization, ticket).await;
    let span = Span::current();
    let status = match &result {
        Ok(response) => Some(response.status),
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Err(error) = &result {
        span.record("error.type", error.type_name());
    }
    result
}

/// Sends the request and returns the head of the response.
async fn open(
    parts: &Parts,
    sending: impl Future<Output = reqwest::Result<Response>>,
    ticket: Option<Ticket>,
) -> Result<Response, Error> {
    let (core, operation) = (&parts.core, parts.operation);
    let response =
        sending.await.map_err(
            |error| match parts.form.as_ref().and_then(Form::take_fault) {
                Some(fault) => Error::of_operation(operation, ErrorKind::Upload(fault)),
                None => Error::transport(Some(operation), error),
            },
        )?;
    if let (Some(limiter), Some(ticket)) = (&core.limiter, ticket) {
        let is_success = response.status().is_success();
        let rate = Rate::read(response.headers());
        limiter.arrived(ticket, &*core.clock, is_success, &rate);
    }
    Ok(response)
}

async fn exchange(
    parts: &Parts,
    sending: impl Future<Output = reqwest::Result<Response>>,
    authorization: Option<&HeaderValue>,
    ticket: Option<Ticket>,
) -> Result<RawResponse, Error> {
    let (core, operation) = (&parts.core, parts.operation);
    let mut response = open(parts, sending, ticket).await?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let secrets = || parts.secrets(authorization);
    let asked = || retry_after(&headers, core.clock.wall_time());
    let about = |kind| {
        Error::about_response(operation, status, &headers, &secrets(), kind).of_retry_after(asked())
    };
    if !has_origin_of(response.url(), &core.base_url) {
        return Err(about(ErrorKind::Elsewhere));
    }
    let limit = parts.limit(status.is_success());
    if !parts.accepts_truncated() && response.content_length() > Some(limit as u64) {
        return Err(about(ErrorKind::TooLarge { limit }));
    }
    if parts.is_download && status.is_success() {
        let (limits, response) = (parts.limits(), (response, headers));
        return Ok(RawResponse::of_download(operation, response, limits));
    }
    let mut body = Bytes::new();
    let end = match read_body(&mut response, &mut body, limit).await {
        Ok(()) => None,
        Err(BodyError::TooLong) => Some(about(ErrorKind::TooLarge { limit })),
        // The status of an error says enough.
        Err(BodyError::Lost(_)) if !status.is_success() => {
            body.clear();
            None
        }
        Err(BodyError::Lost(error)) => {
            Some(Error::transport(Some(operation), error).of_status(status))
        }
    };
    match end {
        Some(error) if !parts.accepts_truncated() || !status.is_success() => Err(error),
        truncated if status.is_success() => Ok(RawResponse {
            operation,
            status,
            headers,
            body,
            attempts: 1,
            download: None,
            truncated,
            authorization: authorization.cloned(),
        }),
        _ => {
            let error = Error::refused(operation, status, &headers, &body, &secrets());
            Err(error.of_scope_set(core.scope_set).of_retry_after(asked()))
        }
    }
}

/// Why a body was not read to its end.
enum BodyError {
    TooLong,
    Lost(reqwest::Error),
}

/// Reads at most `limit` bytes of the body, whatever `content-length` says. A body that comes in one piece is not copied.
async fn read_body(
    response: &mut Response,
    body: &mut Bytes,
    limit: usize,
) -> Result<(), BodyError> {
    // The body, if it comes in several pieces.
    let mut whole = Vec::new();
    let end = loop {
        let mut chunk = match response.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break Ok(()),
            Err(error) => break Err(BodyError::Lost(error)),
        };
        let room = limit - body.len() - whole.len();
        let is_too_long = chunk.len() > room;
        chunk.truncate(room);
        if body.is_empty() && whole.is_empty() {
            *body = chunk;
        } else {
            if whole.is_empty() {
                whole = Vec::from(std::mem::take(body));
            }
            whole.extend_from_slice(&chunk);
        }
        if is_too_long {
            break Err(BodyError::TooLong);
        }
    };
    if !whole.is_empty() {
        *body = whole.into();
    }
    end
}

/// The span of one attempt, with OpenTelemetry's field names for HTTP clients. It never has a full URL.
fn span(parts: &Parts, retries: u32) -> Span {
    let (operation, base_url) = (parts.operation, &parts.core.base_url);
    let span = tracing::info_span!(
        "hubspot.request",
        otel.kind = "client",
        hubspot.operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = field::Empty,
        server.address = base_url.host_str(),
        server.port = base_url.port_or_known_default(),
        http.request.resend_count = field::Empty,
        http.response.status_code = field::Empty,
        error.type = field::Empty,
    );
    if !operation.is_raw() {
        span.record("url.template", operation.path);
    }
    if retries > 0 {
        span.record("http.request.resend_count", retries);
    }
    span
}
