//! Sends requests and retries them.
//!
//! Nothing here is generic, so that it is compiled once.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Response, Url};
use tracing::{Instrument, Span, field};

use crate::developer::DeveloperKey;
use crate::error::{Error, Kind, is_name, retry_after};
use crate::operation::{Authentication, Operation};
use crate::parts::Parts;
use crate::response::RawResponse;
use crate::retry::Retries;
use crate::upload::Form;

/// A request that is being sent.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<RawResponse, Error>> + Send>>;

/// Sends a request, and retries it as its errors allow.
pub(crate) fn send(parts: Box<Parts>) -> Sending {
    Box::pin(async move {
        let (core, operation) = (&parts.core, parts.operation);
        if let Some(fault) = &parts.fault {
            return Err(Error::of_operation(operation, Kind::Invalid(fault.clone())));
        }
        let target = parts.target();
        let policy = parts.retry.unwrap_or(core.retry);
        let mut retries = Retries::new(policy, &core.retry_tokens, core.clock.now());
        let (mut attempts, mut replaced, mut is_unknown) = (0, false, false);
        loop {
            let header = if operation.authentication == Authentication::None {
                Ok(None)
            } else {
                core.credential.header(operation, target).await.map(Some)
            };
            let authorization =
                header.map_err(|error| error.after_attempts(attempts, is_unknown))?;
            let request = write_request(&parts, authorization.as_ref())
                .map_err(|fault| Error::of_operation(operation, Kind::Invalid(fault)))?;
            let span = span(&parts, retries.done);
            let attempt = attempt(&parts, request, authorization.as_ref());
            attempts += 1;
            let error = match attempt.instrument(span).await {
                Ok(response) => {
                    retries.succeeded();
                    core.credential.accepted(authorization.as_ref(), target);
                    return Ok(response);
                }
                Err(error) => error.after_attempts(attempts, is_unknown),
            };
            if !parts.is_repeatable() {
                return Err(error);
            }
            is_unknown = error.may_have_taken_effect();
            let refused = authorization.as_ref();
            let replacement = core
                .credential
                .replace(refused, target, replaced, error)
                .await;
            let unreplaced =
                replacement.map_err(|error| error.after_attempts(attempts, is_unknown))?;
            let Some(error) = unreplaced else {
                // HubSpot does nothing for a token that it does not accept.
                replaced = true;
                continue;
            };
            let next = retries.next(&error, core.clock.now());
            report(operation, &error, next);
            let Ok(wait) = next else {
                return Err(error);
            };
            core.clock.sleep(wait).await;
        }
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

/// Builds the HTTP request.
fn write_request(
    parts: &Parts,
    authorization: Option<&HeaderValue>,
) -> Result<reqwest::Request, String> {
    let core = &parts.core;
    let key = core.credential.is_developer_key().then_some(authorization);
    let url = write_url(&core.base_url, parts, key.flatten())?;
    let mut request = reqwest::Request::new(parts.operation.method.to_http(), url);
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, core.user_agent.clone());
    let form = parts.form.as_ref().map(Form::body).transpose()?;
    if let Some((content_type, _)) = &form {
        let content_type = HeaderValue::from_str(content_type);
        headers.insert(
            CONTENT_TYPE,
            content_type.map_err(|error| error.to_string())?,
        );
    } else if let Some(body) = &parts.body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(body.content_type));
    }
    for (name, value) in &parts.headers {
        headers.insert(name.clone(), value.clone());
    }
    if key.is_none()
        && let Some(authorization) = authorization
    {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    *request.timeout_mut() = Some(parts.timeout.unwrap_or(core.timeout));
    *request.body_mut() = match form {
        Some((_, form)) => Some(reqwest::Body::wrap(form)),
        None => parts.body.as_ref().map(|body| body.bytes.clone().into()),
    };
    Ok(request)
}

/// The base URL, the path below it, and the query, of which a developer API key is a part.
fn write_url(base_url: &Url, parts: &Parts, key: Option<&HeaderValue>) -> Result<Url, String> {
    let text = format!("{}{}", base_url.as_str().trim_end_matches('/'), parts.path);
    let mut url = Url::parse(&text).map_err(|_| "the path cannot be part of a URL")?;
    if url.origin() != base_url.origin() {
        return Err("the path leads to another host".to_owned());
    }
    if !parts.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&parts.query);
    }
    if let Some(Ok(key)) = key.map(HeaderValue::to_str) {
        url.query_pairs_mut()
            .append_pair(DeveloperKey::PARAMETER, key);
    }
    Ok(url)
}

/// Sends once and reads the response.
async fn attempt(
    parts: &Parts,
    request: reqwest::Request,
    authorization: Option<&HeaderValue>,
) -> Result<RawResponse, Error> {
    let result = exchange(parts, request, authorization).await;
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

async fn exchange(
    parts: &Parts,
    request: reqwest::Request,
    authorization: Option<&HeaderValue>,
) -> Result<RawResponse, Error> {
    let (core, operation) = (&parts.core, parts.operation);
    let transport = |error| Error::transport(Some(operation), error);
    let response = core.http.execute(request).await;
    let mut response =
        response.map_err(
            |error| match parts.form.as_ref().and_then(Form::take_fault) {
                Some(fault) => Error::of_operation(operation, Kind::Upload(fault)),
                None => transport(error),
            },
        )?;
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let secrets = || parts.secrets(authorization);
    let asked = || retry_after(&headers, core.clock.wall_time());
    let about = |kind| {
        Error::about_response(operation, status, &headers, &secrets(), kind).of_retry_after(asked())
    };
    if response.url().origin() != core.base_url.origin() {
        return Err(about(Kind::Elsewhere));
    }
    let limit = parts.max_response_bytes.unwrap_or(core.max_response_bytes);
    if !parts.accepts_truncated()
        && response
            .content_length()
            .is_some_and(|length| length > limit as u64)
    {
        return Err(about(Kind::TooLarge { limit }));
    }
    let mut body = Vec::new();
    let end = match read_body(&mut response, &mut body, limit).await {
        Ok(()) => None,
        Err(BodyError::TooLong) => Some(about(Kind::TooLarge { limit })),
        // The status of an error says enough.
        Err(BodyError::Lost(_)) if !status.is_success() => {
            body.clear();
            None
        }
        Err(BodyError::Lost(error)) => Some(transport(error).of_status(status)),
    };
    match end {
        Some(error) if !parts.accepts_truncated() || !status.is_success() => Err(error),
        truncated if status.is_success() => Ok(RawResponse {
            operation,
            status,
            headers,
            body,
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

/// Reads at most `limit` bytes of the body, whatever `content-length` says.
async fn read_body(
    response: &mut Response,
    body: &mut Vec<u8>,
    limit: usize,
) -> Result<(), BodyError> {
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Lost)? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Err(BodyError::TooLong);
        }
    }
    Ok(())
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
