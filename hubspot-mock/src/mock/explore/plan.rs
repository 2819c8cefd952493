//! The requests of a job, and the faults that each of them meets.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::time::Duration;

use hubspot_generated::Budget;

use crate::definitions::{Fault, operation};
use crate::store::ServerState;

/// The environment variable that limits an exploration to one run.
pub(super) const ONLY: &str = "HUBSPOT_EXPLORE";

/// How long clients wait for a response, by the system clock.
pub(crate) const CLIENT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a response is held back, by the system clock: longer than clients wait.
const HELD_BACK: Duration = Duration::from_secs(2);

/// A request of a job: the operation, and how often it was requested before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    operation: &'static str,
    before: usize,
}

/// A run: a request and the fault that it meets.
#[derive(Debug)]
pub(super) struct Case {
    request: Numbered,
    name: &'static str,
    fault: Fault,
}

/// The requests of these operations, in their order.
pub(super) fn requests(history: &[Option<&'static str>]) -> Vec<Numbered> {
    let mut counts = BTreeMap::new();
    let numbered = history.iter().flatten().map(|operation| {
        let count = counts.entry(operation).or_insert(0);
        let before = *count;
        *count += 1;
        Numbered { operation, before }
    });
    numbered.collect()
}

/// Each request with each fault that it can meet.
pub(super) fn cases(requests: &[Numbered]) -> Vec<Case> {
    let of_request = |request: &Numbered| {
        let request = *request;
        let faults = faults(request.operation).into_iter();
        faults.map(move |(name, fault)| Case {
            request,
            name,
            fault,
        })
    };
    requests.iter().flat_map(of_request).collect()
}

/// The cases that the environment variable chooses: all, or the one that it names. Fails with a message.
pub(super) fn chosen(all: Vec<Case>, only: Option<&OsStr>) -> Result<Vec<Case>, String> {
    let Some(only) = only else { return Ok(all) };
    let lines = all.iter().map(Case::to_string).collect::<Vec<_>>();
    let place = lines.iter().position(|line| only == line.as_str());
    if let Some(place) = place {
        return Ok(all.into_iter().skip(place).take(1).collect());
    }
    let given = only.to_string_lossy();
    let operation = given.split(['#', ' ']).next().unwrap_or_default();
    let mut near = lines
        .iter()
        .filter(|line| line.starts_with(&format!("{operation}#")))
        .peekable();
    let near = if near.peek().is_some() {
        near.collect::<Vec<_>>()
    } else {
        lines.iter().collect()
    };
    let shown = near
        .iter()
        .take(MOST_SHOWN)
        .map(|line| format!("\n    {line}"));
    let more = near.len().saturating_sub(MOST_SHOWN);
    let more = (more > 0).then(|| format!("\n    and {more} more"));
    Err(format!(
        "{ONLY} is {given:?}, which names no run of this job. It takes a line of a report; this job has:{}",
        shown.chain(more).collect::<String>()
    ))
}

/// How many runs an error shows.
const MOST_SHOWN: usize = 24;

/// The faults of an operation. A read has no effect that a fault could come after.
fn faults(id: &str) -> Vec<(&'static str, Fault)> {
    let endpoint = operation::named(id).ok();
    let is_search = endpoint.is_some_and(|known| known.budget == Budget::Secondly);
    let writes = endpoint.is_some_and(|known| !known.read_only);
    let second = Duration::from_secs(1);
    let limit = if is_search {
        ("429-secondly", Fault::search_limit())
    } else {
        ("429-ten-secondly", Fault::rate_limit())
    };
    let mut faults = vec![
        (limit.0, limit.1.retry_after(second)),
        ("429-daily", Fault::daily_limit()),
        ("500", Fault::status(500)),
        ("502-html", Fault::html(502)),
        ("503", Fault::status(503)),
        ("reset", Fault::reset()),
        ("truncated", Fault::truncated_body()),
        ("timeout", Fault::latency(HELD_BACK)),
        ("token-expired", Fault::expired_token()),
        ("locked", Fault::locked()),
    ];
    if writes {
        faults.push(("502-html-after-effect", Fault::html(502).after_effect()));
        faults.push(("reset-after-effect", Fault::reset().after_effect()));
    }
    faults
}

impl Case {
    /// Plans the fault for the request.
    pub(super) fn plan(&self, state: &ServerState) {
        let fault = self.fault.clone().on(self.request.operation);
        state.faults.nth_request(self.request.before, fault);
    }
}

/// As the environment variable names it: `contacts.create#2 reset-after-effect`.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Numbered { operation, before } = self.request;
        write!(f, "{operation}#{} {}", before + 1, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_chooses_one_run_or_is_an_error() {
        let all = || {
            cases(&requests(&[
                Some("contacts.list"),
                None,
                Some("contacts.list"),
            ]))
        };
        assert_eq!(chosen(all(), None).unwrap().len(), 20);
        let only = chosen(all(), Some(OsStr::new("contacts.list#2 503"))).unwrap();
        assert_eq!(
            only.iter().map(Case::to_string).collect::<Vec<_>>(),
            ["contacts.list#2 503"]
        );
        for bad in [
            "",
            "1",
            "contacts.list#3 503",
            "contacts.list#1",
            " contacts.list#2 503",
        ] {
            let error = chosen(all(), Some(OsStr::new(bad))).unwrap_err();
            assert!(
                error.starts_with(&format!("HUBSPOT_EXPLORE is {bad:?}")),
                "{error}"
            );
            assert!(error.contains("\n    contacts.list#2 503"), "{error}");
        }
    }
}
