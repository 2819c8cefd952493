//! What goes wrong, and when.
//!
//! Comes in: a test's script, or probabilities with a seed. Goes out: for each request, what is to go wrong with it, if
//! anything. Refuses nothing.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use crate::limits::Policy;
use crate::sync;

/// Something that goes wrong with a request.
///
/// Given to [`fail_next`](crate::MockHubSpot::fail_next) and its siblings. It befalls whichever request is next, unless it
/// is aimed [at an operation or path](Self::on) or [at an account](Self::in_account).
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

    fn befalls(&self, target: &Target<'_>) -> bool {
        let on = self.on.as_deref().is_none_or(|on| {
            if on.starts_with('/') {
                on == target.path
            } else {
                target.operation == Some(on)
            }
        });
        on && (self.in_account.is_none() || self.in_account.as_deref() == target.account)
    }
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

/// Faults by chance, the same for the same seed and the same order of requests.
///
/// ```
/// use hubspot_mock::{Fault, RandomFaults};
///
/// let weather = RandomFaults::seeded(7)
///     .with(0.05, Fault::status(503))
///     .with(0.01, Fault::reset().after_effect());
/// ```
#[derive(Clone, Debug)]
pub struct RandomFaults {
    random: Rng,
    chances: Vec<(f64, Fault)>,
}

impl RandomFaults {
    /// No faults yet.
    pub fn seeded(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            chances: Vec::new(),
        }
    }

    /// Adds a fault that befalls a share of the requests at which it is aimed: 0.05 is one in twenty. If the shares exceed
    /// 1, the last faults are left out.
    pub fn with(mut self, share: f64, fault: Fault) -> Self {
        self.chances.push((share, fault));
        self
    }

    fn next(&mut self, target: &Target<'_>) -> Option<Fault> {
        let mut drawn = self.random.f64();
        let mut aimed = self
            .chances
            .iter()
            .filter(|(_, fault)| fault.befalls(target));
        let found = aimed.find(|(share, _)| {
            drawn -= share;
            drawn < 0.0
        });
        found.map(|(_, fault)| fault.clone())
    }
}

/// A request, as far as faults are aimed at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) operation: Option<&'static str>,
    pub(crate) path: &'a str,
    pub(crate) account: Option<&'a str>,
}

/// How long a fault stays.
#[derive(Clone, Copy, Debug)]
enum Lasts {
    /// For so many requests.
    Requests(usize),
    /// Until then, by the clock of this HubSpot.
    Until(Timestamp),
}

/// What is to go wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Whether there is anything; spares most requests the lock.
    armed: AtomicBool,
    plan: Mutex<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    script: Vec<(Fault, Lasts)>,
    random: Option<RandomFaults>,
}

impl Faults {
    /// Adds to the script: the next `requests` at which it is aimed.
    pub(crate) fn next_requests(&self, requests: usize, fault: Fault) {
        self.add(fault, Lasts::Requests(requests));
    }

    /// Adds to the script: every request at which it is aimed, for a time.
    pub(crate) fn for_a_time(&self, now: Timestamp, time: Duration, fault: Fault) {
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        let end = now.saturating_add(time).unwrap_or(Timestamp::MAX);
        self.add(fault, Lasts::Until(end));
    }

    /// Faults by chance, for the requests that the script leaves alone.
    pub(crate) fn by_chance(&self, random: RandomFaults) {
        sync::lock(&self.plan).random = Some(random);
        self.armed.store(true, Ordering::Release);
    }

    /// Nothing more goes wrong.
    pub(crate) fn clear(&self) {
        *sync::lock(&self.plan) = Plan::default();
        self.armed.store(false, Ordering::Release);
    }

    fn add(&self, fault: Fault, lasts: Lasts) {
        sync::lock(&self.plan).script.push((fault, lasts));
        self.armed.store(true, Ordering::Release);
    }

    /// What goes wrong with a request: the first of the script that is aimed at it, else what chance says.
    pub(crate) fn take(&self, target: &Target<'_>, now: Timestamp) -> Option<Fault> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        let mut plan = sync::lock(&self.plan);
        plan.script.retain(|(_, lasts)| lasts.is_left(now));
        let mut script = plan.script.iter_mut();
        if let Some((fault, lasts)) = script.find(|(fault, _)| fault.befalls(target)) {
            if let Lasts::Requests(requests) = lasts {
                *requests -= 1;
            }
            return Some(fault.clone());
        }
        plan.random.as_mut()?.next(target)
    }

    /// What is still to come, in words.
    pub(crate) fn describe(&self, now: Timestamp) -> Vec<String> {
        let plan = sync::lock(&self.plan);
        let script = plan.script.iter().filter(|(_, lasts)| lasts.is_left(now));
        let scripted = script.map(|(fault, lasts)| match lasts {
            Lasts::Requests(1) => format!("{fault}: the next request"),
            Lasts::Requests(requests) => format!("{fault}: the next {requests} requests"),
            Lasts::Until(end) => format!("{fault}: until {end}"),
        });
        let random = plan.random.iter().flat_map(|random| &random.chances);
        let by_chance =
            random.map(|(share, fault)| format!("{fault}: {}% of the requests", share * 100.0));
        scripted.chain(by_chance).collect()
    }
}

impl Lasts {
    fn is_left(&self, now: Timestamp) -> bool {
        match self {
            Self::Requests(requests) => *requests > 0,
            Self::Until(end) => now < *end,
        }
    }
}
