//! The settings of pacing.

use std::time::Duration;

#[cfg(feature = "redis")]
use super::redis::RedisPacing;
use super::window::valid_share;
use crate::operation::Budget;

pub(super) const TEN_SECONDS: Duration = Duration::from_secs(10);
/// Searches per account in a second.
pub(super) const SEARCHES: u32 = 5;

/// What a HubSpot account allows, until its responses tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// An OAuth app: 110 requests in ten seconds per account, and no daily limit.
    OAuthApp,
    /// A token of a free or starter account: 100 requests in ten seconds.
    FreeOrStarter,
    /// A token of a professional account: 190 requests in ten seconds.
    Professional,
    /// A token of an enterprise account: 190 requests in ten seconds.
    Enterprise,
    /// A token of an account with the API capacity pack: 250 requests in ten seconds.
    CapacityPack,
}

impl Tier {
    /// The number of requests in ten seconds.
    pub const fn ten_secondly(self) -> u32 {
        match self {
            Self::OAuthApp => 110,
            Self::FreeOrStarter => 100,
            Self::Professional | Self::Enterprise => 190,
            Self::CapacityPack => 250,
        }
    }
}

/// How the requests of a client are paced.
///
/// Pacing is on by default. Requests beyond HubSpot's limits wait in order instead of being refused (429): so many in ten
/// seconds, and five searches a second. All clients of an account share the limits within a process: clones, clients with
/// the same token, and those that `OAuthApp::account` returns for one account.
///
/// The ten-second limit is that of the [`tier`](Self::tier) until a response tells HubSpot's. Responses also tell what
/// other programs have used of it. As long as a program stays below its limits, no request waits.
///
/// ```
/// use hubspot_generated::{Client, Pacing, Tier};
///
/// // Another program works on the same account: leave half of the limits to it.
/// let hubspot = Client::unchecked_builder()
///     .access_token("pat-na1-1234")
///     .pacing(Pacing::share(0.5).tier(Tier::Professional))
///     .build()?;
/// # Ok::<(), hubspot_generated::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Pacing {
    pub(super) is_on: bool,
    pub(super) share: f64,
    pub(super) tier: Option<Tier>,
    pub(super) waits_for_day: bool,
    pub(super) utc_offset_minutes: i16,
    #[cfg(feature = "redis")]
    pub(super) redis: Option<RedisPacing>,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            is_on: true,
            share: 1.0,
            tier: None,
            waits_for_day: false,
            utc_offset_minutes: 0,
            #[cfg(feature = "redis")]
            redis: None,
        }
    }
}

impl Pacing {
    /// Returns pacing that uses all of the limits; the default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns pacing that uses a share of the ten-second and search limits, between 0 and 1, because other programs use
    /// the account as well. At least one request is allowed in each window.
    pub fn share(share: f64) -> Self {
        Self {
            share: valid_share(share),
            ..Self::default()
        }
    }

    /// Returns no pacing: every request is sent at once.
    pub fn none() -> Self {
        Self {
            is_on: false,
            ..Self::default()
        }
    }

    /// Sets what the account allows, before a response tells. The default is [`Tier::OAuthApp`] for clients of an OAuth
    /// app, and [`Tier::FreeOrStarter`] for others.
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tier = Some(tier);
        self
    }

    /// Sets whether requests wait for the next day when the daily limit is used up. By default they fail at once, with an
    /// error whose [`retry_after`](crate::Error::retry_after) tells when the limit is renewed.
    pub fn wait_for_next_day(mut self, wait: bool) -> Self {
        self.waits_for_day = wait;
        self
    }

    /// Sets the account's offset from UTC in minutes, which tells when its day begins. The default is 0.
    ///
    /// HubSpot renews the daily limit at midnight in the account's time zone, and seldom says so in a response. The client
    /// tries again every ten minutes all the same.
    pub fn utc_offset_minutes(mut self, minutes: i16) -> Self {
        self.utc_offset_minutes = minutes.clamp(-24 * 60, 24 * 60);
        self
    }

    /// Shares the limits with other processes, which may run on other machines, through Redis. Of the clients of an account,
    /// the one that was built last says through which.
    #[cfg(feature = "redis")]
    pub fn across_processes(mut self, redis: RedisPacing) -> Self {
        self.redis = Some(redis);
        self
    }

    pub(super) fn ten_secondly(&self, is_oauth: bool) -> u32 {
        let default = if is_oauth {
            Tier::OAuthApp
        } else {
            Tier::FreeOrStarter
        };
        self.tier.unwrap_or(default).ten_secondly()
    }
}

/// The index of a budget's window; `None` if no limit applies.
pub(super) fn window_of(budget: Budget) -> Option<usize> {
    match budget {
        Budget::TenSecondly => Some(0),
        Budget::Secondly => Some(1),
        Budget::Exempt => None,
    }
}
