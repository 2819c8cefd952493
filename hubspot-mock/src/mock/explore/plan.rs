//! The requests of a job, and the faults that each of them meets.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hubspot_generated::Budget;

use crate::definitions::{Fault, operation};
use crate::store::journal::Entry;
use crate::store::{JournalView, ServerState};

/// How long a response is held back, by the system clock. Clients of an exploration wait for one second.
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

/// The requests in a journal, in their order.
pub(super) fn requests(journal: &JournalView) -> Vec<Numbered> {
    let mut counts = BTreeMap::new();
    let operations = journal.entries().filter_map(Entry::operation);
    let numbered = operations.map(|operation| {
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
