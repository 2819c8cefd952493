//! The requests of a walk, one page after the other. Nothing here depends on the type of the pages.

use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};

use super::search::{add_filter, changed_property, has_value, with_groups};
use crate::decode::decode;
use crate::error::{Error, ErrorKind};
use crate::hash::hash;
use crate::operation::Paging;
use crate::parts::Parts;
use crate::response::RawResponse;
use crate::settle::ServerTime;
use crate::transport::spawn::spawn;
use crate::transport::{self, Sending};

/// The property that a search is ordered by.
const ID: &str = "hs_object_id";
/// The longest page of a search.
const LONGEST_PAGE: u64 = 200;

/// What a record is recognized by: its id, or a hash of one that is not a number. 0 is no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    number: u64,
    is_hash: bool,
}

impl Mark {
    pub(super) fn of(id: Option<&str>) -> Self {
        let Some(id) = id else {
            return Self::default();
        };
        match id.parse() {
            Ok(number) => Self {
                number,
                is_hash: false,
            },
            Err(_) => Self {
                number: hash(id.as_bytes()),
                is_hash: true,
            },
        }
    }

    fn write(self) -> String {
        let Self { number, is_hash } = self;
        if is_hash {
            format!("x{number:x}")
        } else {
            number.to_string()
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (number, is_hash) = match text.strip_prefix('x') {
            Some(hash) => (u64::from_str_radix(hash, 16).ok()?, true),
            None => (text.parse().ok()?, false),
        };
        Some(Self { number, is_hash })
    }

    /// The hash of a row of records whose last one this is.
    fn behind(self, others: u64) -> u64 {
        let [is_hash, others] = [u64::from(self.is_hash), others];
        hash(
            [others, is_hash, self.number]
                .map(u64::to_le_bytes)
                .as_flattened(),
        )
    }
}

/// Requests page after page.
pub(super) struct Steps {
    pub(super) parts: Box<Parts>,
    /// The body of a search, without what the walk adds.
    pub(super) body: Option<Map<String, Value>>,
    /// The last record that was returned.
    last: Mark,
    /// A hash of the records of its page that were returned before it.
    before: u64,
    /// The same with the last record.
    returned: u64,
    /// The last record of the walk that this one continues, until the first page of a list came.
    resumed: Option<Mark>,
    /// Whether the next page is requested while the records of one are read.
    pub(super) prefetches: bool,
    /// The cursor of the page of a list that the next record is on.
    after: Option<String>,
    /// The cursor of the page behind the one that was read.
    next: Option<String>,
    is_archived: bool,
    pub(super) archived_follow: bool,
    pub(super) started_at: Option<SystemTime>,
    step: Step,
}

enum Step {
    Ready,
    Waiting(Sending, Instant),
    /// A page was read. The next one may be on its way.
    Reading {
        is_last: bool,
        ahead: Option<Sending>,
    },
    Done,
}

impl Steps {
    pub(super) fn new(mut parts: Box<Parts>) -> Self {
        let mut body = None;
        if parts.paging() == Paging::Body {
            let json = parts.body.as_ref().map(|body| decode::<Value>(&body.bytes));
            match json {
                Some(Ok(Value::Object(map))) => body = Some(with_groups(map)),
                _ => parts.refuse("a search needs a JSON object as its body"),
            }
            let is_set = |name| body.as_ref().is_some_and(|body| has_value(body, name));
            if is_set("sorts") || is_set("after") {
                parts.refuse("a walk over all results sets `sorts` and `after` itself");
            }
        }
        let after = parts.parameter("after");
        Self {
            is_archived: parts.parameter("archived").as_deref() == Some("true"),
            parts,
            body,
            last: Mark::default(),
            before: 0,
            returned: 0,
            resumed: None,
            prefetches: false,
            after,
            next: None,
            archived_follow: false,
            started_at: None,
            step: Step::Ready,
        }
    }

    pub(super) fn changed_since(&mut self, time: SystemTime, lookback: Duration) {
        let property = changed_property(&self.parts.path);
        let since = time.checked_sub(lookback).unwrap_or(SystemTime::UNIX_EPOCH);
        match &mut self.body {
            Some(body) => add_filter(body, property, "GTE", milliseconds(since)),
            None => self
                .parts
                .refuse("a list cannot be limited to changed records: use a search"),
        }
    }

    /// Identifies the search or list.
    fn fingerprint(&self) -> u64 {
        let body = self.body.as_ref().map(|body| json!(body).to_string());
        let query = self.parts.query.iter();
        let query = query.filter(|(name, _)| name != "after" && name != "archived");
        let query: Vec<_> = query.collect();
        let archived = self.archived_follow;
        let Parts {
            operation, path, ..
        } = &*self.parts;
        hash(format!("{} {path} {body:?} {query:?} {archived}", operation.id).as_bytes())
    }

    pub(super) fn cursor(&self) -> String {
        let started = self.started_at.map_or(0, milliseconds);
        let is_archived = u8::from(self.is_archived);
        let after = self.after.as_deref().unwrap_or_default();
        format!(
            "2.{:016x}.{}.{:x}.{started}.{is_archived}.{after}",
            self.fingerprint(),
            self.last.write(),
            self.before
        )
    }

    pub(super) fn resume(&mut self, cursor: &str) {
        let parts: Vec<_> = cursor.splitn(7, '.').collect();
        let ["2", fingerprint, last, before, started, is_archived, after] = parts[..] else {
            return self.parts.refuse("the cursor is not that of a walk");
        };
        if u64::from_str_radix(fingerprint, 16) != Ok(self.fingerprint()) {
            return self
                .parts
                .refuse("the cursor is that of another search or list");
        }
        let before = u64::from_str_radix(before, 16);
        let (Some(last), Ok(before), Ok(started)) = (Mark::read(last), before, started.parse())
        else {
            return self.parts.refuse("the cursor is not that of a walk");
        };
        (self.last, self.before) = (last, before);
        self.resumed = Some(last).filter(|last| *last != Mark::default());
        let started_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(started));
        self.started_at = started_at.filter(|_| started > 0);
        self.is_archived = is_archived == "1";
        self.after = Some(after.to_owned()).filter(|after| !after.is_empty());
    }

    /// Passes a record.
    pub(super) fn pass(&mut self, record: Mark) {
        self.count(record);
        if record != Mark::default() {
            self.last = record;
        }
    }

    /// Counts a record of the page as returned.
    fn count(&mut self, record: Mark) {
        (self.before, self.returned) = (self.returned, record.behind(self.returned));
    }

    /// Goes on behind a page whose records were all returned.
    pub(super) fn advance(&mut self) {
        let step = std::mem::replace(&mut self.step, Step::Ready);
        let Step::Reading { is_last, ahead } = step else {
            self.step = step;
            return;
        };
        self.after = self.next.take();
        (self.before, self.returned) = (0, 0);
        if let Some(ahead) = ahead {
            self.step = Step::Waiting(ahead, self.parts.core.clock.now());
        } else if is_last {
            self.step = Step::Done;
            if self.archived_follow && !self.is_archived {
                (self.is_archived, self.last, self.step) = (true, Mark::default(), Step::Ready);
            }
        }
    }

    /// Notes a page with these records. Returns how many of them were returned before.
    pub(super) fn arrived(&mut self, next: Option<&str>, records: &[Mark]) -> Result<usize, Error> {
        let is_search = self.body.is_some();
        let is_last = next.is_none() || (records.is_empty() && is_search);
        let returned = self.returned(records);
        let is_stuck = if is_search {
            records
                .last()
                .is_some_and(|last| returned == records.len() || last.is_hash || last.number == 0)
        } else {
            next.is_some() && next == self.after.as_deref()
        };
        if is_stuck && !is_last {
            let operation = self.parts.operation;
            return Err(Error::of_operation(operation, ErrorKind::RepeatedCursor));
        }
        self.resumed = None;
        (self.before, self.returned) = (0, 0);
        for record in &records[..returned] {
            self.count(*record);
        }
        if !is_search {
            self.next = next.map(str::to_owned);
        }
        let is_ahead = self.prefetches && !is_last;
        let ahead = is_ahead.then(|| {
            let last = records.last().copied().unwrap_or(self.last);
            spawn(self.request(last, self.next.as_deref()))
        });
        self.step = Step::Reading { is_last, ahead };
        Ok(returned)
    }

    /// How many records at the beginning of a page were returned before. Searches are ordered by id. Lists need not be: only
    /// the page on which a resumed walk was stopped has such records.
    fn returned(&self, records: &[Mark]) -> usize {
        if self.body.is_some() {
            let is_passed = |record: &&Mark| !record.is_hash && record.number <= self.last.number;
            let passed = records.iter().take_while(is_passed);
            return if self.last.number == 0 {
                0
            } else {
                passed.count()
            };
        }
        let Some(resumed) = self.resumed else {
            return 0;
        };
        if let Some(place) = records.iter().position(|record| *record == resumed) {
            return place + 1;
        }
        // The record is gone. If those before it are still there, they were returned; else nothing tells which were, and
        // none is left out.
        let mut before = 0;
        let places = records.iter().position(|record| {
            let is_end = before == self.before;
            before = record.behind(before);
            is_end
        });
        let whole = (before == self.before).then_some(records.len());
        places.or(whole).unwrap_or(0)
    }

    /// The request for the page behind a record of a search, or that of a list which a cursor stands for.
    fn request(&self, last: Mark, after: Option<&str>) -> Box<Parts> {
        let mut parts = self.parts.clone();
        let Some(body) = &self.body else {
            parts.set_parameter("after", after.map(str::to_owned));
            if self.archived_follow || self.is_archived {
                parts.set_parameter("archived", Some(self.is_archived.to_string()));
            }
            return parts;
        };
        let mut body = body.clone();
        if last.number > 0 {
            add_filter(&mut body, ID, "GT", last.number);
        }
        body.insert("sorts".to_owned(), json!([ID]));
        if !has_value(&body, "limit") {
            body.insert("limit".to_owned(), LONGEST_PAGE.into());
        }
        parts.set_json(Ok(Value::Object(body).to_string().into_bytes()));
        parts
    }

    pub(super) fn poll_response(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<RawResponse, Error>>> {
        loop {
            match &mut self.step {
                Step::Ready | Step::Reading { .. } => {
                    let request = self.request(self.last, self.after.as_deref());
                    let sending = transport::send(request);
                    self.step = Step::Waiting(sending, self.parts.core.clock.now());
                }
                Step::Waiting(sending, sent) => {
                    let (response, sent) = (ready!(sending.as_mut().poll(context)), *sent);
                    self.step = Step::Ready;
                    if let Ok(response) = &response {
                        let since = self.parts.core.clock.now().saturating_duration_since(sent);
                        let time = ServerTime::of(&response.headers);
                        // As exact as a cursor has it.
                        let start = time.map(|time| milliseconds(time.before(since)));
                        let start = start.map(Duration::from_millis);
                        let start = start.map(|start| SystemTime::UNIX_EPOCH + start);
                        self.started_at = self.started_at.or(start);
                    }
                    return Poll::Ready(Some(response));
                }
                Step::Done => return Poll::Ready(None),
            }
        }
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
