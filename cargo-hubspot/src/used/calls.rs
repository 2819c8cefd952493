//! The calls of all files together.

use hubspot_generated::Operation;
use hubspot_scopes::Requirement;
use jiff::Timestamp;
use serde::Serialize;

use crate::log::Row;
use crate::operations;
use crate::path::without_values;

const DAY: u64 = 24 * 60 * 60;

/// The calls that a program made. Times are seconds since 1970.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Used {
    /// The program, if a recorder named it.
    pub(super) program: Option<String>,
    /// When the first file begins, if the files say it.
    since: Option<u64>,
    /// When the last file ends.
    until: Option<u64>,
    /// After how many days a scope counts as not used.
    days: u64,
    /// The calls, by operation.
    pub(crate) calls: Vec<UsedCall>,
    /// Calls that HubSpot refused (401 and 403), as a log says.
    pub(super) refused: u64,
    /// Requests to other hosts than HubSpot's, as a log says.
    pub(super) elsewhere: u64,
    /// Calls that recorders had no room for.
    pub(super) not_counted: u64,
}

/// The calls of an operation, or of one kind of raw request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct UsedCall {
    /// The id of the operation, or the method and path of a request that the client has no operation for. Values in the path
    /// are left out.
    pub(crate) call: String,
    /// `GET /crm/objects/2026-09/contacts`.
    pub(crate) route: String,
    pub(crate) calls: u64,
    /// When it was last called, if that is known.
    pub(crate) last_used: Option<u64>,
    /// Whether it is known to be called through the client's method at least once.
    pub(crate) is_typed: bool,
    #[serde(skip)]
    pub(crate) operation: Option<&'static Operation>,
}

impl UsedCall {
    /// The calls of a request, whose operation is found by its path.
    pub(crate) fn of_request(method: &str, path: &str, calls: u64, last_used: Option<u64>) -> Self {
        let operation = operations::of_request(method, path);
        let route =
            |operation: &Operation| format!("{} {}", operation.method.as_str(), operation.path);
        let route = operation.map_or_else(|| format!("{method} {}", without_values(path)), route);
        let name = operation.map_or_else(|| route.clone(), |operation| operation.id.to_owned());
        Self {
            call: name,
            route,
            calls,
            last_used,
            is_typed: false,
            operation,
        }
    }

    /// What it needs, if that is known.
    pub(crate) fn requirement(&self) -> Option<Requirement> {
        self.operation.and_then(Operation::requirement)
    }
}

impl Used {
    pub(super) fn new(days: u64) -> Self {
        Self {
            days,
            ..Self::default()
        }
    }

    /// Adds calls; those of one operation are put together.
    pub(super) fn add(&mut self, call: UsedCall) {
        match self.calls.iter_mut().find(|known| known.call == call.call) {
            Some(known) => {
                known.calls = known.calls.saturating_add(call.calls);
                known.last_used = known.last_used.max(call.last_used);
                known.is_typed |= call.is_typed;
            }
            None => self.calls.push(call),
        }
    }

    /// Adds a request of a log.
    pub(super) fn add_row(&mut self, row: &Row) {
        if let Some(time) = row.time {
            self.covers(time, time);
        }
        if row.elsewhere.is_some() {
            self.elsewhere += 1;
            return;
        }
        // A call that was refused used no scope.
        if matches!(row.status, Some(401 | 403)) {
            self.refused += 1;
        } else {
            self.add(UsedCall::of_request(&row.method, &row.path, 1, row.time));
        }
    }

    /// Extends the time that the files are about.
    pub(super) fn covers(&mut self, since: u64, until: u64) {
        self.since = Some(self.since.map_or(since, |known| known.min(since)));
        self.until = Some(self.until.map_or(until, |known| known.max(until)));
    }

    /// The calls that may have been made in the last days.
    pub(crate) fn recent(&self) -> impl Iterator<Item = &UsedCall> {
        let start = self.until.map_or(0, |until| {
            until.saturating_sub(self.days.saturating_mul(DAY))
        });
        let calls = self.calls.iter();
        calls.filter(move |call| call.last_used.is_none_or(|last| last >= start))
    }

    /// For how long something was not used, after "was not used in".
    pub(crate) fn period(&self) -> String {
        let Some((since, until)) = self.since.zip(self.until) else {
            return "what was recorded, for a time that is not known".to_owned();
        };
        let days = until.saturating_sub(since) / DAY;
        if days >= self.days {
            format!("the last {} days, until {}", self.days, date(until))
        } else {
            let day = if days == 1 { "day" } else { "days" };
            format!("the {days} {day} that were recorded, until {}", date(until))
        }
    }
}

/// A date such as `2026-11-26`.
pub(crate) fn date(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or_default();
    let time = Timestamp::from_second(seconds);
    time.map_or_else(
        |_| seconds.to_string(),
        |time| time.strftime("%F").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str) -> Row {
        Row {
            method: "GET".to_owned(),
            path: path.to_owned(),
            elsewhere: None,
            status: Some(200),
            time: Some(DAY),
        }
    }

    #[test]
    fn calls_keep_no_values_of_a_log() {
        let mut used = Used::new(30);
        for path in [
            "/oauth/v1/access-tokens/CJSP5q",
            "/oauth/v1/access-tokens/Ada@example.com",
            "/crm/objects/2026-09/contacts/17",
        ] {
            used.add_row(&row(path));
        }
        let calls = used
            .calls
            .iter()
            .map(|call| (call.route.as_str(), call.calls));
        assert_eq!(
            calls.collect::<Vec<_>>(),
            [
                ("GET /oauth/v1/access-tokens/{}", 2),
                ("GET /crm/objects/2026-09/contacts/{objectId}", 1),
            ]
        );
    }

    #[test]
    fn large_numbers_are_no_overflow() {
        let mut used = Used::new(u64::MAX);
        let mut call = UsedCall::of_request("GET", "/a", u64::MAX, Some(DAY));
        call.calls = u64::MAX;
        used.covers(0, DAY);
        used.add(call.clone());
        used.add(call);
        assert_eq!(used.recent().map(|call| call.calls).sum::<u64>(), u64::MAX);
    }
}
