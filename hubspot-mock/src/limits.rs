//! How many calls an account may make.
//!
//! Comes in: calls, with the budget that each counts against. Goes out: what is left, for the headers of the answer.
//! Refuses, with HubSpot's 429, what is too much for ten seconds, for the day or, for searches, for a second.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use hubspot_generated::Budget;
use jiff::Timestamp;

use crate::refusal::{RateLimit, Refusal};
use crate::sync;
use crate::tokens::Kind;

/// The length of the rolling window of most calls, in milliseconds.
pub(crate) const TEN_SECONDS: i64 = 10_000;

/// The length of the rolling window of searches, in milliseconds.
const ONE_SECOND: i64 = 1_000;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What the limits of an account's product allow.
///
/// | tier | calls in ten seconds | a day |
/// | --- | --- | --- |
/// | [`FREE_OR_STARTER`](Self::FREE_OR_STARTER) | 100 | 250,000 |
/// | [`PROFESSIONAL`](Self::PROFESSIONAL), unless chosen otherwise | 190 | 650,000 |
/// | [`ENTERPRISE`](Self::ENTERPRISE) | 190 | 1,000,000 |
/// | with [the capacity pack](Self::with_capacity_pack) | 250 | 1,000,000 more |
///
/// These are the limits of static tokens. An OAuth app has 110 calls in ten seconds, whatever the tier, and no daily limit.
/// Each app has its own ten seconds; the static tokens of an account share the day. Every account may search five times a second, outside the ten-second limit.
///
/// ```
/// use hubspot_mock::Tier;
///
/// // For a test that wants a 429 at the fourth call.
/// let narrow = Tier::PROFESSIONAL.ten_secondly(3);
/// assert_ne!(narrow, Tier::PROFESSIONAL);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Of static tokens; `None` for no limit.
    ten_secondly: Option<u32>,
    /// Of OAuth apps.
    oauth_ten_secondly: Option<u32>,
    daily: Option<u64>,
    /// Of searches.
    secondly: Option<u32>,
    tells_retry_after: bool,
}

impl Tier {
    /// Free and starter products.
    pub const FREE_OR_STARTER: Self = Self {
        ten_secondly: Some(100),
        oauth_ten_secondly: Some(110),
        daily: Some(250_000),
        secondly: Some(5),
        tells_retry_after: false,
    };

    /// Professional products.
    pub const PROFESSIONAL: Self = Self {
        ten_secondly: Some(190),
        daily: Some(650_000),
        ..Self::FREE_OR_STARTER
    };

    /// Enterprise products.
    pub const ENTERPRISE: Self = Self {
        daily: Some(1_000_000),
        ..Self::PROFESSIONAL
    };

    /// No limit at all, and no headers about limits: for measurements. HubSpot has nothing like it.
    pub const UNLIMITED: Self = Self {
        ten_secondly: None,
        oauth_ten_secondly: None,
        daily: None,
        secondly: None,
        tells_retry_after: false,
    };

    /// The same product with the API capacity pack: 250 calls in ten seconds, and a million more a day.
    pub const fn with_capacity_pack(mut self) -> Self {
        self.ten_secondly = Some(250);
        if let Some(daily) = self.daily {
            self.daily = Some(daily + 1_000_000);
        }
        self
    }

    /// Another number of calls in ten seconds, for every kind of token.
    pub const fn ten_secondly(mut self, calls: u32) -> Self {
        self.ten_secondly = Some(calls);
        self.oauth_ten_secondly = Some(calls);
        self
    }

    /// Another number of calls a day. The tokens of OAuth apps have no daily limit.
    pub const fn daily(mut self, calls: u64) -> Self {
        self.daily = Some(calls);
        self
    }

    /// Another number of searches a second.
    pub const fn searches_a_second(mut self, searches: u32) -> Self {
        self.secondly = Some(searches);
        self
    }

    /// Lets a 429 tell with `Retry-After` in how many seconds there is room again. HubSpot does not promise the header.
    pub const fn telling_retry_after(mut self) -> Self {
        self.tells_retry_after = true;
        self
    }

    const fn ten_secondly_of(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::OAuth => self.oauth_ten_secondly,
            Kind::Static => self.ten_secondly,
        }
    }

    const fn daily_of(&self, kind: Kind) -> Option<u64> {
        match kind {
            Kind::OAuth => None,
            Kind::Static => self.daily,
        }
    }
}

impl Default for Tier {
    fn default() -> Self {
        Self::PROFESSIONAL
    }
}

/// Which limit was met, as `policyName` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    TenSecondly,
    Secondly,
    Daily,
}

impl Policy {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::TenSecondly => "TEN_SECONDLY_ROLLING",
            Self::Secondly => "SECONDLY",
            Self::Daily => "DAILY",
        }
    }

    /// The 429 that tells of it.
    pub(crate) fn refusal(self) -> Refusal {
        let name = self.name();
        let message = format!("You have reached your {} limit.", name.to_lowercase());
        Refusal::rate_limit(
            message,
            RateLimit {
                error_type: "RATE_LIMIT",
                policy_name: name,
                group_name: "publicapi:hubspot-mock",
            },
        )
    }
}

/// What is left after a call, for the headers of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) max: u32,
    pub(crate) remaining: u32,
    /// The limit of the day and what is left of it.
    pub(crate) daily: Option<(u64, u64)>,
}

/// Whose call it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) app_id: i64,
    pub(crate) kind: Kind,
}

/// The calls of one account.
#[derive(Debug)]
pub(crate) struct Limits(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    tier: Tier,
    /// By the number of the app whose token it was: each has a budget of its own.
    of_apps: BTreeMap<i64, Window>,
    of_searches: Window,
    /// The day, counted from 1970, and the calls of static tokens on it.
    day: (i64, u64),
}

impl Limits {
    /// Nothing was called yet.
    pub(crate) fn new(tier: Tier) -> Self {
        Self(Mutex::new(Counts {
            tier,
            of_apps: BTreeMap::new(),
            of_searches: Window::default(),
            day: (0, 0),
        }))
    }

    /// Another product. The calls so far still count.
    pub(crate) fn set_tier(&self, tier: Tier) {
        sync::lock(&self.0).tier = tier;
    }

    /// Counts a call, if there is room for it. Searches, and accounts without limits, have no [`Rate`] to tell.
    ///
    /// A call that is refused does not count (HubSpot does not document whether it does).
    pub(crate) fn take(
        &self,
        budget: Budget,
        caller: Caller,
        now: Timestamp,
    ) -> Result<Option<Rate>, Refusal> {
        let mut counts = sync::lock(&self.0);
        counts.take(budget, caller, now.as_millisecond())
    }

    /// What an app has left, without taking from it.
    pub(crate) fn left(&self, caller: Caller, now: Timestamp) -> Option<Rate> {
        let mut counts = sync::lock(&self.0);
        let now = now.as_millisecond();
        counts.pass_day(now);
        counts.of_app(caller.app_id).pass(now - TEN_SECONDS);
        counts.rate(caller)
    }
}

impl Counts {
    fn take(&mut self, budget: Budget, caller: Caller, now: i64) -> Result<Option<Rate>, Refusal> {
        self.pass_day(now);
        if let Some(daily) = self.tier.daily_of(caller.kind)
            && self.day.1 >= daily
        {
            return Err(self.refuse(Policy::Daily, DAY - now.rem_euclid(DAY)));
        }
        let searches = budget == Budget::Secondly;
        if searches {
            if let Some(limit) = self.tier.secondly
                && let Err(wait) = self.of_searches.take(limit, ONE_SECOND, now)
            {
                return Err(self.refuse(Policy::Secondly, wait));
            }
        } else if let Some(limit) = self.tier.ten_secondly_of(caller.kind)
            && let Err(wait) = self.of_app(caller.app_id).take(limit, TEN_SECONDS, now)
        {
            return Err(self.refuse(Policy::TenSecondly, wait));
        }
        if caller.kind == Kind::Static {
            self.day.1 += 1;
        }
        Ok(if searches { None } else { self.rate(caller) })
    }

    fn of_app(&mut self, app_id: i64) -> &mut Window {
        self.of_apps.entry(app_id).or_default()
    }

    /// HubSpot's day begins at midnight of the account's time zone; that of the accounts here is UTC.
    fn pass_day(&mut self, now: i64) {
        let today = now.div_euclid(DAY);
        if self.day.0 != today {
            self.day = (today, 0);
        }
    }

    fn rate(&self, caller: Caller) -> Option<Rate> {
        let max = self.tier.ten_secondly_of(caller.kind)?;
        let window = self.of_apps.get(&caller.app_id);
        let made = window.map_or(0, |window| window.calls.len());
        let daily = self.tier.daily_of(caller.kind);
        Some(Rate {
            max,
            remaining: max.saturating_sub(u32::try_from(made).unwrap_or(u32::MAX)),
            daily: daily.map(|daily| (daily, daily.saturating_sub(self.day.1))),
        })
    }

    fn refuse(&self, policy: Policy, wait: i64) -> Refusal {
        let mut refusal = policy.refusal();
        if self.tier.tells_retry_after {
            let milliseconds = u64::try_from(wait).unwrap_or_default();
            refusal.retry_after = Some(milliseconds.div_ceil(1_000).max(1));
        }
        refusal
    }
}

/// The calls that still count.
#[derive(Debug, Default)]
struct Window {
    /// When they were, in milliseconds, the oldest first.
    calls: VecDeque<i64>,
}

impl Window {
    /// Counts a call, or tells how many milliseconds it is until there is room.
    fn take(&mut self, limit: u32, length: i64, now: i64) -> Result<(), i64> {
        self.pass(now - length);
        if self.calls.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            let oldest = self.calls.front().copied().unwrap_or(now);
            return Err(oldest + length - now);
        }
        self.calls.push_back(now);
        Ok(())
    }

    /// Forgets the calls up to `time`.
    fn pass(&mut self, time: i64) {
        while self.calls.front().is_some_and(|call| *call <= time) {
            self.calls.pop_front();
        }
    }
}
