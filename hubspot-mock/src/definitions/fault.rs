//! Faults that tests inject into requests.

use std::fmt;
use std::time::Duration;

use crate::definitions::operation::{UnknownOperation, check_operation};
use crate::definitions::tier::Policy;

/// Something that goes wrong with a request.
///
/// Given to [`fail_next`](crate::MockHubSpot::fail_next) and its siblings. It applies_to whichever call of
/// the API is next, unless it is aimed [at an operation or path](Self::on) or [at an account](Self::in_account).
///
/// Most faults come instead of what the request asked for. With [`after_effect`](Self::after_effect) the request takes
/// effect, and only its answer is lost.
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

/// What a fault does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// An error of HubSpot's shape.
    Status {
        status: u16,
        retry_after: Option<u64>,
    },
    /// A 429.
    RateLimit {
        policy: Policy,
        retry_after: Option<u64>,
    },
    /// A page of HTML, as proxies send.
    Html { status: u16 },
    /// The connection is reset.
    Reset,
    /// The answer comes late.
    Latency(Duration),
    /// The connection ends within the body.
    Truncated,
    /// The body comes in small parts.
    Drip { bytes: usize, pause: Duration },
    /// The answer says that it is something else.
    ContentType(String),
    /// The request arrives twice.
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

    /// An error of HubSpot's shape with this status: 500, 503, 520, …
    ///
    /// A status that is none of an error (400 to 599) counts as 500.
    pub const fn status(status: u16) -> Self {
        Self::new(Effect::Status {
            status: error_status(status),
            retry_after: None,
        })
    }

    /// 423: the record is locked.
    pub const fn locked() -> Self {
        Self::status(423)
    }

    /// 477: the account is moving to another data centre. `Retry-After` says for how long; HubSpot's goes up to a day.
    pub const fn moving(retry_after: Duration) -> Self {
        Self::status(477).retry_after(retry_after)
    }

    /// 429, as if the limit of ten seconds were met.
    pub const fn rate_limit() -> Self {
        Self::limited(Policy::TenSecondly)
    }

    /// 429, as if the limit of the day were met.
    pub const fn daily_limit() -> Self {
        Self::limited(Policy::Daily)
    }

    /// 429, as if the limit of searches were met.
    pub const fn search_limit() -> Self {
        Self::limited(Policy::Secondly)
    }

    const fn limited(policy: Policy) -> Self {
        Self::new(Effect::RateLimit {
            policy,
            retry_after: None,
        })
    }

    /// A page of HTML with this status, as a proxy before HubSpot sends it: 502, 504.
    ///
    /// A status that is none of an error (400 to 599) counts as 500.
    pub const fn html(status: u16) -> Self {
        Self::new(Effect::Html {
            status: error_status(status),
        })
    }

    /// The connection is reset instead of an answer.
    pub const fn reset() -> Self {
        Self::new(Effect::Reset)
    }

    /// The answer comes this much later, by the machine's clock. The request takes effect at once, whether or not the
    /// caller waits for the answer.
    pub const fn latency(delay: Duration) -> Self {
        Self::new(Effect::Latency(delay))
    }

    /// The answer's head comes, then half of its body, then the connection ends. An answer without a body comes whole.
    pub const fn truncated_body() -> Self {
        Self::new(Effect::Truncated)
    }

    /// The answer's body comes in parts of `bytes` (one, if 0), with a pause before each, by the machine's clock.
    pub const fn slow_drip(bytes: usize, pause: Duration) -> Self {
        Self::new(Effect::Drip { bytes, pause })
    }

    /// The answer says that its body is of this kind, which it is not.
    pub fn content_type(content_type: impl Into<String>) -> Self {
        Self::new(Effect::ContentType(content_type.into()))
    }

    /// The request arrives twice, as when a proxy repeats it. Both take effect, and stand in the journal; the caller gets
    /// the second answer.
    pub const fn duplicate_delivery() -> Self {
        Self::new(Effect::Twice)
    }

    /// Adds `Retry-After`, in whole seconds, to an error of HubSpot's shape. Of no use to other faults.
    pub const fn retry_after(mut self, wait: Duration) -> Self {
        if let Effect::Status { retry_after, .. } | Effect::RateLimit { retry_after, .. } =
            &mut self.effect
        {
            *retry_after = Some(wait.as_secs());
        }
        self
    }

    /// Lets the request take effect first; then its answer is lost. Faults that change or delay the answer do so anyway.
    pub const fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// Aims at requests of one operation (`contacts.batch_upsert`), or of one path (what begins with `/`).
    pub fn on(mut self, operation_or_path: impl Into<String>) -> Self {
        self.on = Some(operation_or_path.into());
        self
    }

    /// Aims at requests with a token of one account.
    pub fn in_account(mut self, name: impl Into<String>) -> Self {
        self.in_account = Some(name.into());
        self
    }

    /// Refuses to be aimed at an operation that there is not: it would befall nothing.
    pub(crate) fn check_aim(&self) -> Result<(), UnknownOperation> {
        match &self.on {
            Some(operation) if !operation.starts_with('/') => check_operation(operation),
            _ => Ok(()),
        }
    }

    /// Whether the request takes effect, and only its answer is at fault.
    pub(crate) const fn takes_effect(&self) -> bool {
        match self.effect {
            Effect::Status { .. }
            | Effect::RateLimit { .. }
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
            // Else a browser on the dashboard would use up what a test has planned.
            None => target.operation.is_some(),
            Some(path) if path.starts_with('/') => path == target.path,
            Some(operation) => target.operation == Some(operation),
        };
        on && (self.in_account.is_none() || self.in_account.as_deref() == target.account)
    }
}

/// A request, as far as faults are aimed at it.
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
            Effect::Html { status } => write!(f, "a page of HTML with status {status}"),
            Effect::Reset => f.write_str("a reset connection"),
            Effect::Latency(delay) => write!(f, "an answer {delay:?} late"),
            Effect::Truncated => f.write_str("half a body"),
            Effect::Drip { bytes, pause } => {
                write!(f, "a body of {bytes} bytes every {pause:?}")
            }
            Effect::ContentType(kind) => write!(f, "a body that says it is {kind}"),
            Effect::Twice => f.write_str("delivery twice"),
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
