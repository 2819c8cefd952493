//! The `faults` of a seed.

use std::time::Duration;

use serde::Deserialize;

use crate::definitions::Fault;
use crate::seed::SeedError;
use crate::store::{RandomFaults, ServerState};

/// A fault, and the requests that it applies to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FaultSeed {
    fault: FaultKind,
    requests: Option<usize>,
    seconds: Option<u64>,
    share: Option<f64>,
    on: Option<String>,
    in_account: Option<String>,
    #[serde(default)]
    after_effect: bool,
    retry_after_seconds: Option<u64>,
}

/// A constructor of [`Fault`] with its arguments.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum FaultKind {
    Status(u16),
    Locked,
    MovingSeconds(u64),
    RateLimit,
    DailyLimit,
    SearchLimit,
    Html(u16),
    Reset,
    LatencyMilliseconds(u64),
    TruncatedBody,
    #[serde(rename_all = "camelCase")]
    SlowDrip {
        bytes: usize,
        pause_milliseconds: u64,
    },
    ContentType(String),
    DuplicateDelivery,
    ExpiredToken,
}

/// How often a fault occurs.
enum Times {
    Next(usize),
    For(Duration),
    Share(f64),
}

/// Plans the faults in their order.
pub(super) fn apply(
    faults: Vec<FaultSeed>,
    random_seed: u64,
    state: &ServerState,
    line: impl Fn(&str) -> Option<usize>,
) -> Result<(), SeedError> {
    let mut random = RandomFaults::seeded(random_seed);
    let mut by_chance = false;
    for (index, seed) in faults.into_iter().enumerate() {
        let invalid = |message| SeedError::Fault {
            line: line(&format!("faults[{index}]")),
            index,
            message,
        };
        let times = seed.times().map_err(invalid)?;
        let fault = seed.into_fault().map_err(invalid)?;
        match times {
            Times::Next(requests) => state.faults.next_requests(requests, fault),
            Times::For(time) => state.faults.for_a_time(state.clock.now(), time, fault),
            Times::Share(share) => {
                random = random.with(share, fault);
                by_chance = true;
            }
        }
    }
    if by_chance {
        state.faults.by_chance(random);
    }
    Ok(())
}

impl FaultSeed {
    fn times(&self) -> Result<Times, String> {
        match (self.requests, self.seconds, self.share) {
            (None, None, None) => Ok(Times::Next(1)),
            (Some(requests @ 1..), None, None) => Ok(Times::Next(requests)),
            (None, Some(seconds @ 1..), None) => Ok(Times::For(Duration::from_secs(seconds))),
            (None, None, Some(share)) if share > 0.0 && share <= 1.0 => Ok(Times::Share(share)),
            (Some(_), None, None) => Err("it never occurs: `requests` is 0".to_owned()),
            (None, Some(_), None) => Err("it never occurs: `seconds` is 0".to_owned()),
            (None, None, Some(share)) => Err(format!(
                "`share` is {share}; it must be more than 0 and at most 1"
            )),
            _ => Err("give one of `requests`, `seconds` and `share`".to_owned()),
        }
    }

    fn into_fault(self) -> Result<Fault, String> {
        let mut fault = self.fault.into_fault()?;
        if let Some(seconds) = self.retry_after_seconds {
            fault = fault.retry_after(Duration::from_secs(seconds));
        }
        if self.after_effect {
            fault = fault.after_effect();
        }
        if let Some(on) = self.on {
            fault = fault.on(on);
        }
        if let Some(account) = self.in_account {
            fault = fault.in_account(account);
        }
        fault
            .check_target()
            .map_err(|unknown| unknown.to_string())?;
        Ok(fault)
    }
}

impl FaultKind {
    fn into_fault(self) -> Result<Fault, String> {
        Ok(match self {
            Self::Status(status) => Fault::status(error_status(status)?),
            Self::Locked => Fault::locked(),
            Self::MovingSeconds(wait) => Fault::moving(Duration::from_secs(wait)),
            Self::RateLimit => Fault::rate_limit(),
            Self::DailyLimit => Fault::daily_limit(),
            Self::SearchLimit => Fault::search_limit(),
            Self::Html(status) => Fault::html(error_status(status)?),
            Self::Reset => Fault::reset(),
            Self::LatencyMilliseconds(delay) => Fault::latency(Duration::from_millis(delay)),
            Self::TruncatedBody => Fault::truncated_body(),
            Self::SlowDrip {
                bytes,
                pause_milliseconds,
            } => Fault::slow_drip(bytes, Duration::from_millis(pause_milliseconds)),
            Self::ContentType(kind) => Fault::content_type(kind),
            Self::DuplicateDelivery => Fault::duplicate_delivery(),
            Self::ExpiredToken => Fault::expired_token(),
        })
    }
}

fn error_status(status: u16) -> Result<u16, String> {
    match status {
        400..=599 => Ok(status),
        _ => Err(format!("{status} is not an error status (400 to 599)")),
    }
}
