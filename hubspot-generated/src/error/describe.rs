//! How an error reads.
//!
//! Comes in: an [`Error`], or a failure to decode. Goes out: text without tokens, URLs, or anything of a body but
//! names that look like HubSpot's own (categories, correlation ids, scopes, paths within the JSON).

use std::fmt;

use reqwest::StatusCode;

use super::{Error, Kind};
use crate::scopes::{ScopeSet, Unchecked};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        match self.kind() {
            Kind::Configuration(what) => write!(f, "the client cannot be built: {what}"),
            Kind::Invalid(what) => f.write_str(what),
            Kind::Transport(_) if self.is_timeout() => f.write_str("no complete answer in time"),
            Kind::Transport(_) if self.is_connect() => f.write_str("no connection"),
            Kind::Transport(error) if error.is_builder() => {
                f.write_str("the HTTP client cannot be set up")
            }
            Kind::Transport(_) => f.write_str("the exchange with HubSpot failed"),
            Kind::Refused(_) => self.write_refusal(f),
            Kind::Decode { path, what } => {
                write!(f, "the answer cannot be read: at `{path}`, {what}")
            }
            Kind::TooLarge { limit } => {
                write!(f, "the answer is longer than the allowed {limit} bytes")
            }
            Kind::Elsewhere => f.write_str("the answer came from another host, after a redirect"),
            Kind::RepeatedCursor => f.write_str("HubSpot gave the same page cursor twice"),
            Kind::UnknownToken(_) => f.write_str(
                "HubSpot knows no static token like the client's; what the access token of an OAuth app was granted, \
                 HubSpot tells only with the app's client id and secret: take the client from `OAuthApp::account`",
            ),
            #[cfg(feature = "oauth")]
            Kind::OAuth(error) => write!(f, "{error}"),
        }?;
        match self.correlation_id().filter(|id| is_name(id)) {
            Some(id) => write!(f, " (correlation id {id})"),
            None => Ok(()),
        }
    }
}

impl Error {
    fn write_refusal(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HubSpot answered")?;
        if let Some(status) = self.status() {
            write!(f, " {}", status.as_u16())?;
            if let Some(reason) = status.canonical_reason() {
                write!(f, " {reason}")?;
            }
        }
        if let Some(category) = self.category().filter(|category| is_name(category)) {
            write!(f, ", {category}")?;
        }
        if self.is_missing_scopes()
            && let Some(missing) = self.body().and_then(|body| body.missing_scopes.as_ref())
        {
            write!(f, ", the token lacks {missing}")?;
        }
        if self.is_missing_scopes()
            && let Some(name) = self.scope_set().filter(|&name| name != Unchecked::NAME)
        {
            write!(f, "; the client declares `{name}`")?;
        }
        Ok(())
    }
}

/// Whether a text of HubSpot's can only be a name: short, and of the characters that names have.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// Says what is wrong with a body without repeating any of its values, which serde's own messages do.
pub(crate) fn describe_decode_error(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return format!(
            "the body ends early, in line {} column {}",
            error.line(),
            error.column()
        );
    }
    if error.is_syntax() {
        return format!(
            "the body is not JSON, in line {} column {}",
            error.line(),
            error.column()
        );
    }
    let message = error.to_string();
    if message.starts_with("missing field `") || message.starts_with("duplicate field `") {
        // Names a field of this crate's own type.
        let end = message.rfind(" at line ").unwrap_or(message.len());
        return message[..end].to_owned();
    }
    found_and_expected(&message).unwrap_or_else(|| {
        format!(
            "a value is not as expected, in line {} column {}",
            error.line(),
            error.column()
        )
    })
}

/// Takes the value out of "invalid type: string \"…\", expected i32 at line 1 column 9".
fn found_and_expected(message: &str) -> Option<String> {
    const KINDS: [&str; 7] = [
        "string",
        "map",
        "sequence",
        "null",
        "boolean",
        "integer",
        "floating point",
    ];
    let rest = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))?;
    let found = KINDS.into_iter().find(|kind| rest.starts_with(kind))?;
    let (_, expected) = rest.rsplit_once(", expected ")?;
    let (expected, _) = expected.rsplit_once(" at line ")?;
    Some(format!("found {found}, expected {expected}"))
}

impl Error {
    /// OpenTelemetry's `error.type`: the status, or what happened in place of an answer.
    pub(crate) fn type_name(&self) -> &str {
        match self.kind() {
            Kind::Refused(_) => self.0.status.as_ref().map_or("refused", StatusCode::as_str),
            Kind::Transport(_) if self.is_timeout() => "timeout",
            Kind::Transport(_) if self.is_connect() => "connect",
            Kind::Transport(_) => "transport",
            Kind::Decode { .. } => "decode",
            Kind::TooLarge { .. } => "too_large",
            Kind::Elsewhere => "redirected",
            Kind::RepeatedCursor => "repeated_cursor",
            Kind::Configuration(_) | Kind::Invalid(_) => "invalid_request",
            Kind::UnknownToken(_) => "unknown_token",
            #[cfg(feature = "oauth")]
            Kind::OAuth(_) => "authorization",
        }
    }
}
