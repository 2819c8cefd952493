//! `Display` of errors.
//!
//! Of a body it shows names (category, correlation id, scopes, path within the JSON) and the first sentence of the
//! message, all of them cleaned.

use std::fmt;

use reqwest::StatusCode;

use super::body::ErrorBody;
use super::clean::{clean, is_name};
use super::{Error, ErrorKind};
use crate::scopes::{ScopeSet, Unchecked};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{} ({}", operation.id, operation.method)?;
            if !operation.is_raw() {
                write!(f, " {}", operation.path)?;
            }
            f.write_str("): ")?;
        }
        match self.kind() {
            ErrorKind::Configuration(what) => write!(f, "cannot build the client: {}", clean(what)),
            ErrorKind::Invalid(what) => f.write_str(&clean(what)),
            ErrorKind::Upload(what) => write!(f, "the file to upload cannot be read: {}", clean(what)),
            ErrorKind::Save { path, .. } => write!(f, "cannot write {}", clean(&path.to_string_lossy())),
            ErrorKind::Transport(_) if self.is_timeout() => f.write_str("timed out"),
            ErrorKind::Transport(_) if self.is_connect() => f.write_str("cannot connect"),
            ErrorKind::Transport(error) if error.is_builder() => {
                f.write_str("cannot set up the HTTP client")
            }
            ErrorKind::Transport(_) => f.write_str("the connection failed"),
            ErrorKind::DailyLimit => {
                let minutes = self.retry_after().unwrap_or_default().as_secs().div_ceil(60);
                let (hours, minutes) = (minutes / 60, minutes % 60);
                write!(f, "not sent: the account's daily limit is used up for {hours} h {minutes} min")
            }
            ErrorKind::Refused(body) => self.write_refusal(f, body),
            ErrorKind::Decode { path, what } => {
                f.write_str("cannot decode the response: ")?;
                if !path.is_empty() {
                    write!(f, "at `{}`, ", clean(path))?;
                }
                f.write_str(what)
            }
            ErrorKind::Record(error) => write!(f, "cannot read {error}"),
            ErrorKind::TooLarge { limit } => {
                write!(f, "the response is longer than the limit of {limit} bytes")
            }
            ErrorKind::Elsewhere => f.write_str("the response came from another host, after a redirect"),
            ErrorKind::RepeatedCursor => f.write_str("HubSpot returned the same page cursor twice"),
            ErrorKind::MissingCursor => f.write_str(
                "there is a next page, but HubSpot's link to it has no cursor",
            ),
            ErrorKind::UnknownToken(_) => f.write_str(
                "HubSpot does not know the client's token as a static token; for the access token of an OAuth app, \
                 build the client with `OAuthApp::account`, which has the client id and secret that HubSpot asks for",
            ),
            #[cfg(feature = "oauth")]
            ErrorKind::OAuth(error) => f.write_str(&clean(&error.to_string())),
        }?;
        match self.correlation_id().filter(|id| is_name(id)) {
            Some(id) => write!(f, " (correlation id {id})"),
            None => Ok(()),
        }
    }
}

impl Error {
    fn write_refusal(&self, f: &mut fmt::Formatter<'_>, body: &ErrorBody) -> fmt::Result {
        f.write_str("HubSpot responded")?;
        if let Some(status) = self.status() {
            write!(f, " {}", status.as_u16())?;
            if let Some(reason) = status.canonical_reason() {
                write!(f, " {reason}")?;
            }
        }
        if let Some(category) = self.category().filter(|category| is_name(category)) {
            write!(f, ", {category}")?;
        }
        if let Some(sentence) = &body.sentence {
            write!(f, ": {sentence}")?;
        }
        self.write_properties(f)?;
        if self.is_missing_scopes()
            && let Some(missing) = &body.missing_scopes
        {
            write!(f, "; the token lacks {missing}")?;
        }
        if self.is_missing_scopes()
            && let Some(name) = self.scope_set().filter(|&name| name != Unchecked::NAME)
        {
            write!(f, "; the client declares `{name}`")?;
        }
        Ok(())
    }
}

impl Error {
    /// The names of refused properties. Their values are not shown.
    fn write_properties(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        let mut names = self.properties();
        names.retain(|name| is_name(name));
        for (place, name) in names.iter().take(SHOWN).enumerate() {
            f.write_str(if place == 0 { "; refused: " } else { ", " })?;
            write!(f, "`{name}`")?;
        }
        match names.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }

    /// OpenTelemetry's `error.type`: the status, or why there is none.
    pub(crate) fn type_name(&self) -> &str {
        match self.kind() {
            ErrorKind::Refused(_) => self.0.status.as_ref().map_or("refused", StatusCode::as_str),
            ErrorKind::Transport(_) if self.is_timeout() => "timeout",
            ErrorKind::Transport(_) if self.is_connect() => "connect",
            ErrorKind::Transport(_) => "transport",
            ErrorKind::DailyLimit => "daily_limit",
            ErrorKind::Decode { .. } | ErrorKind::Record(_) => "decode",
            ErrorKind::Upload(_) => "upload",
            ErrorKind::Save { .. } => "save",
            ErrorKind::TooLarge { .. } => "too_large",
            ErrorKind::Elsewhere => "redirected",
            ErrorKind::RepeatedCursor => "repeated_cursor",
            ErrorKind::MissingCursor => "missing_cursor",
            ErrorKind::Configuration(_) | ErrorKind::Invalid(_) => "invalid_request",
            ErrorKind::UnknownToken(_) => "unknown_token",
            #[cfg(feature = "oauth")]
            ErrorKind::OAuth(_) => "authorization",
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self}")?;
        if let ErrorKind::Transport(error) = &self.0.kind {
            write!(f, ": {error:?}")?;
        }
        f.write_str(")")
    }
}
