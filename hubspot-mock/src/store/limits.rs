//! Counts the requests of an account against its rate limits.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use hubspot_generated::{Budget, Pacing};
use hubspot_scopes::LoginKind;
use jiff::Timestamp;

use crate::definitions::{Policy, Tier};
use crate::values::{Refusal, sync};

/// The length of the rolling window of most calls, in milliseconds.
pub(crate) const TEN_SECONDS: i64 = 10_000;

/// The length of the rolling window of searches, in milliseconds.
const ONE_SECOND: i64 = 1_000;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// What is left of the limits after a request, for the response headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) max: u32,
    pub(crate) remaining: u32,
    /// The daily limit and what is left of it.
    pub(crate) daily: Option<(u64, u64)>,
}

/// The daily limit of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Today {
    pub(crate) limit: u64,
    /// The requests so far.
    pub(crate) used: u64,
    /// When the day ends, in milliseconds since 1970.
    pub(crate) end: i64,
}

/// The app that makes a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) app_id: i64,
    pub(crate) kind: LoginKind,
}

/// The request counts of one account.
#[derive(Debug)]
pub(crate) struct Limits(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    tier: Tier,
    /// By app id: each app has its own limit.
    of_apps: BTreeMap<i64, Window>,
    of_searches: Window,
    /// The day, counted from 1970, and the requests with static tokens on it.
    day: (i64, u64),
}

impl Limits {
    /// Creates empty counts.
    pub(crate) fn new(tier: Tier) -> Self {
        Self(Mutex::new(Counts {
            tier,
            of_apps: BTreeMap::new(),
            of_searches: Window::default(),
            day: (0, 0),
        }))
    }

    /// Changes the limits. Requests so far still count.
    pub(crate) fn set_tier(&self, tier: Tier) {
        sync::lock(&self.0).tier = tier;
    }

    /// How clients are paced. Responses without limits do not tell that there are none.
    pub(crate) fn pacing(&self) -> Pacing {
        if sync::lock(&self.0).tier == Tier::UNLIMITED {
            Pacing::none()
        } else {
            Pacing::default()
        }
    }

    /// Counts a request, or fails with 429 if a limit is reached. Returns no [`Rate`] for searches and without limits.
    ///
    /// A refused request does not count. HubSpot does not document whether it does there.
    pub(crate) fn take(
        &self,
        budget: Budget,
        caller: Caller,
        now: Timestamp,
    ) -> Result<Option<Rate>, Refusal> {
        let mut counts = sync::lock(&self.0);
        counts.take(budget, caller, now.as_millisecond())
    }

    /// The daily limit of static tokens, and their requests today. `None` if there is no limit.
    pub(crate) fn today(&self, now: Timestamp) -> Option<Today> {
        let mut counts = sync::lock(&self.0);
        let now = now.as_millisecond();
        counts.pass_day(now);
        Some(Today {
            limit: counts.tier.daily_of(LoginKind::PrivateApps)?,
            used: counts.day.1,
            end: (now.div_euclid(DAY) + 1) * DAY,
        })
    }

    /// Returns what an app has left, without counting a request.
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
        if budget == Budget::Exempt {
            return Ok(None);
        }
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
        if caller.kind == LoginKind::PrivateApps {
            self.day.1 += 1;
        }
        Ok(if searches { None } else { self.rate(caller) })
    }

    fn of_app(&mut self, app_id: i64) -> &mut Window {
        self.of_apps.entry(app_id).or_default()
    }

    /// Resets the daily count at midnight. The time zone of all accounts is UTC.
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

/// The requests within a rolling window.
#[derive(Debug, Default)]
struct Window {
    /// Their times in milliseconds, the oldest first.
    calls: VecDeque<i64>,
}

impl Window {
    /// Counts a request, or fails with the milliseconds until one is allowed.
    fn take(&mut self, limit: u32, length: i64, now: i64) -> Result<(), i64> {
        self.pass(now - length);
        if self.calls.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            let oldest = self.calls.front().copied().unwrap_or(now);
            return Err(oldest + length - now);
        }
        self.calls.push_back(now);
        Ok(())
    }

    /// Removes the requests up to `time`.
    fn pass(&mut self, time: i64) {
        while self.calls.front().is_some_and(|call| *call <= time) {
            self.calls.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exempt_requests_count_against_no_limit() {
        let tier = Tier::FREE_OR_STARTER.ten_secondly(1).daily(2);
        let limits = Limits::new(tier);
        let caller = Caller {
            app_id: 1,
            kind: LoginKind::PrivateApps,
        };
        let take = |budget| limits.take(budget, caller, Timestamp::UNIX_EPOCH);
        for _ in 0..5 {
            assert_eq!(take(Budget::Exempt).unwrap(), None);
        }
        assert!(take(Budget::TenSecondly).is_ok());
        assert!(take(Budget::TenSecondly).is_err());
        assert_eq!(take(Budget::Exempt).unwrap(), None);
    }
}
