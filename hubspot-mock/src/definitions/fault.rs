//! Faults that tests inject into requests.

use std::fmt;
use std::time::Duration;

use crate::definitions::{Policy, UnknownOperation, check_operation};

/// A failure to inject into a request.
///
/// Pass it to [`fail_next`](crate::MockHubSpot::fail_next) or one of its siblings. It applies to the next API request,
/// unless it targets [an operation or path](Self::on) or [an account](Self::in_account).
///
/// Most faults replace the response, and the request has no effect. With [`after_effect`](Self::after_effect) the request
/// takes effect, and only its response is lost.
///
/// ```
/// use hubspot_mock::Fault;
///
/// let fault = Fault::status(504).after_effect().on("contacts.create");
/// assert_eq!(fault.to_string(), "status 504 after the effect, on contacts.create");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    effect: Effect,
    after_effect: bool,
    /// An operation's id, or a path, which begins with `/`.
    on: Option<String>,
    in_account: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// An error in HubSpot's JSON format.
    Status {
        status: u16,
        retry_after: Option<u64>,
    },
    /// A 429.
    RateLimit {
        policy: Policy,
        retry_after: Option<u64>,
    },
    /// A 401 for a token that has expired.
    Expired,
    /// An HTML error page, as proxies send.
    Html { status: u16 },
    /// The connection is reset.
    Reset,
    /// The response is delayed.
    Latency(Duration),
    /// The connection ends in the middle of the body.
    Truncated,
    /// The body comes in small parts.
    Drip { bytes: usize, pause: Duration },
    /// The response has another content type.
    ContentType(String),
    /// The request is delivered twice.
    Twice,
}

impl Fault {
    const fn new(effect: Effect) -> Self {
        Self {
            effect,
            after_effect: false,
            on: None,
            in_account: None,
        }
    }

    /// An error in HubSpot's JSON format with this status, such as 500, 503 or 520.
    ///
    /// A status outside 400 to 599 counts as 500.
    pub const fn status(status: u16) -> Self {
        Self::new(Effect::Status {
            status: error_status(status),
            retry_after: None,
        })
    }

    /// 401 `EXPIRED_AUTHENTICATION`: the access token has expired.
    pub const fn expired_token() -> Self {
        Self::new(Effect::Expired)
    }

    /// 423: the record is locked.
    pub const fn locked() -> Self {
        Self::status(423)
    }

    /// 477: the account is moving to another data center. Sends `Retry-After`, which is up to a day with HubSpot.
    pub const fn moving(retry_after: Duration) -> Self {
        Self::status(477).retry_after(retry_after)
    }

    /// 429, as if the ten-second limit were reached.
    pub const fn rate_limit() -> Self {
        Self::limited(Policy::TenSecondly)
    }

    /// 429, as if the daily limit were reached.
    pub const fn daily_limit() -> Self {
        Self::limited(Policy::Daily)
    }

    /// 429, as if the search limit were reached.
    pub const fn search_limit() -> Self {
        Self::limited(Policy::Secondly)
    }

    const fn limited(policy: Policy) -> Self {
        Self::new(Effect::RateLimit {
            policy,
            retry_after: None,
        })
    }

    /// An HTML error page with this status, as a proxy in front of HubSpot sends it: 502, 504.
    ///
    /// A status outside 400 to 599 counts as 500.
    pub const fn html(status: u16) -> Self {
        Self::new(Effect::Html {
            status: error_status(status),
        })
    }

    /// Resets the connection instead of responding.
    pub const fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// Delays the response, by the system clock. The request takes effect at once, whether or not the caller waits for the
    /// response.
    pub const fn latency(delay: Duration) -> Self {
        Self::new(Effect::Latency(delay))
    }

    /// Sends the headers and half of the body, then closes the connection. A response without a body is sent as it is.
    pub const fn truncated_body() -> Self {
        Self::new(Effect::Truncated)
    }

    /// Sends the body in chunks of `bytes` (at least one), with a pause before each, by the system clock.
    pub const fn slow_drip(bytes: usize, pause: Duration) -> Self {
        Self::new(Effect::Drip { bytes, pause })
    }

    /// Sends the response with this content type instead of its own.
    pub fn content_type(content_type: impl Into<String>) -> Self {
        Self::new(Effect::ContentType(content_type.into()))
    }

    /// Delivers the request twice, as when a proxy retries it. Both take effect and are recorded in the journal; the caller
    /// gets the second response.
    pub const fn duplicate_delivery() -> Self {
        Self::new(Effect::Twice)
    }

    /// Adds `Retry-After`, in whole seconds, to an error in HubSpot's JSON format. Has no effect on other faults.
    pub const fn retry_after(mut self, wait: Duration) -> Self {
        if let Effect::Status { retry_after, .. } | Effect::RateLimit { retry_after, .. } =
            &mut self.effect
        {
            *retry_after = Some(wait.as_secs());
        }
        self
    }

    /// Lets the request take effect before the fault occurs. Faults that change or delay the response always do.
    pub const fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Targets requests to one operation (`contacts.batch_upsert`), or to one path, which begins with `/`.
    pub fn on(mut self, operation_or_path: impl Into<String>) -> Self {
        self.on = Some(operation_or_path.into());
        self
    }

    /// Targets requests with a token of one account.
    pub fn in_account(mut self, name: impl Into<String>) -> Self {
        self.in_account = Some(name.into());
        self
    }

    /// Fails if the fault targets an operation that does not exist: it would never occur.
    pub(crate) fn check_target(&self) -> Result<(), UnknownOperation> {
        match &self.on {
            Some(operation) if !operation.starts_with('/') => check_operation(operation),
            _ => Ok(()),
        }
    }

    /// Whether the request takes effect, so that only its response is affected.
    pub(crate) const fn takes_effect(&self) -> bool {
        match self.effect {
            Effect::Status { .. }
            | Effect::RateLimit { .. }
            | Effect::Expired
            | Effect::Html { .. }
            | Effect::Reset => self.after_effect,
            Effect::Latency(_)
            | Effect::Truncated
            | Effect::Drip { .. }
            | Effect::ContentType(_)
            | Effect::Twice => true,
        }
    }

    pub(crate) const fn effect(&self) -> &Effect {
        &self.effect
    }

    pub(crate) fn applies_to(&self, target: &Target<'_>) -> bool {
        let on = match self.on.as_deref() {
            // Requests of a browser to the dashboard must not use up faults that a test has planned.
            None => target.operation.is_some(),
            Some(path) if path.starts_with('/') => path == target.path,
            Some(operation) => target.operation == Some(operation),
        };
        on && (self.in_account.is_none() || self.in_account.as_deref() == target.account)
    }
}

/// What faults can target about a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) path: &'a str,
    pub(crate) account: Option<&'a str>,
}

const fn error_status(status: u16) -> u16 {
    match status {
        400..=599 => status,
        _ => 500,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            Effect::Status { status, .. } => write!(f, "status {status}"),
            Effect::RateLimit { policy, .. } => write!(f, "status 429 ({})", policy.name()),
            Effect::Expired => f.write_str("token expired"),
            Effect::Html { status } => write!(f, "HTML page with status {status}"),
            Effect::Reset => f.write_str("connection reset"),
            Effect::Latency(delay) => write!(f, "response delayed by {delay:?}"),
            Effect::Truncated => f.write_str("truncated body"),
            Effect::Drip { bytes, pause } => {
                write!(f, "body in chunks of {bytes} bytes every {pause:?}")
            }
            Effect::ContentType(kind) => write!(f, "content type {kind}"),
            Effect::Twice => f.write_str("duplicate delivery"),
        }?;
        if self.after_effect {
            f.write_str(" after the effect")?;
        }
        if let Some(on) = &self.on {
            write!(f, ", on {on}")?;
        }
        if let Some(account) = &self.in_account {
            write!(f, ", in {account}")?;
        }
        Ok(())
    }
}
