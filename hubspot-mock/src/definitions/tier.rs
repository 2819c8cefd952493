//! The rate limits of HubSpot's products.

use crate::values::{RateLimit, Refusal};
use hubspot_scopes::LoginKind;

/// The rate limits of a HubSpot product.
///
/// | tier | requests in ten seconds | requests a day |
/// | --- | --- | --- |
/// | [`FREE_OR_STARTER`](Self::FREE_OR_STARTER) | 100 | 250,000 |
/// | [`PROFESSIONAL`](Self::PROFESSIONAL), the default | 190 | 650,000 |
/// | [`ENTERPRISE`](Self::ENTERPRISE) | 190 | 1,000,000 |
/// | with [the capacity pack](Self::with_capacity_pack) | 250 | 1,000,000 more |
///
/// These are the limits of static tokens. An OAuth app has 110 requests in ten seconds, whatever the tier, and no daily
/// limit. The ten-second limit applies per app; the static tokens of an account share the daily limit. Every account may
/// search five times a second, outside the ten-second limit.
///
/// ```
/// use hubspot_mock::Tier;
///
/// // A test that expects a 429 for the fourth request.
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
    pub(crate) secondly: Option<u32>,
    pub(crate) tells_retry_after: bool,
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

    /// No limits, and no rate limit headers, for measurements. No HubSpot product is like that.
    pub const UNLIMITED: Self = Self {
        ten_secondly: None,
        oauth_ten_secondly: None,
        daily: None,
        secondly: None,
        tells_retry_after: false,
    };

    /// Adds the API capacity pack: 250 requests in ten seconds, and a million more a day.
    pub const fn with_capacity_pack(mut self) -> Self {
        self.ten_secondly = Some(250);
        if let Some(daily) = self.daily {
            self.daily = Some(daily + 1_000_000);
        }
        self
    }

    /// Sets the number of requests in ten seconds, for every kind of token.
    pub const fn ten_secondly(mut self, calls: u32) -> Self {
        self.ten_secondly = Some(calls);
        self.oauth_ten_secondly = Some(calls);
        self
    }

    /// Sets the number of requests a day. OAuth apps have no daily limit.
    pub const fn daily(mut self, calls: u64) -> Self {
        self.daily = Some(calls);
        self
    }

    /// Sets the number of searches a second.
    pub const fn searches_a_second(mut self, searches: u32) -> Self {
        self.secondly = Some(searches);
        self
    }

    /// Sends `Retry-After` with a 429: the seconds until a request is allowed again. HubSpot does not promise the header.
    pub const fn telling_retry_after(mut self) -> Self {
        self.tells_retry_after = true;
        self
    }

    pub(crate) const fn ten_secondly_of(&self, kind: LoginKind) -> Option<u32> {
        match kind {
            LoginKind::PrivateApps => self.ten_secondly,
            _ => self.oauth_ten_secondly,
        }
    }

    pub(crate) const fn daily_of(&self, kind: LoginKind) -> Option<u64> {
        match kind {
            LoginKind::PrivateApps => self.daily,
            _ => None,
        }
    }
}

impl Default for Tier {
    fn default() -> Self {
        Self::PROFESSIONAL
    }
}

/// The limit that was reached; `policyName` in the response.
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

    /// The 429 for this limit.
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
