//! Paces requests, so that HubSpot's rate limits are used but not exceeded.
//!
//! [`Pacing`] has the settings. A [`Limiter`] does the work; the clients of one account share one.

#[cfg_attr(
    not(feature = "redis"),
    allow(dead_code, reason = "only Redis grants anything")
)]
mod authority;
mod daily;
mod headers;
mod limiter;
#[cfg(feature = "redis")]
mod redis;
mod registry;
mod settings;
mod window;

pub(crate) use headers::Rate;
pub(crate) use limiter::{DailySpent, Limiter, Ticket};
#[cfg(feature = "redis")]
pub use redis::RedisPacing;
pub(crate) use registry::{Account, limiter};
pub use settings::{Pacing, Tier};
