//! The requests of a walk, one page after the other. Nothing here depends on the type of the pages.

use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Map, Value, json};

use crate::decode::decode;
use crate::error::Error;
use crate::hash::hash;
use crate::operation::Paging;
use crate::parts::Parts;
use crate::response::RawResponse;
use crate::settle::ServerTime;
use crate::transport::{self, Sending};

/// The property that a search is ordered by.
const ID: &str = "hs_object_id";
/// The longest page of a search.
const LONGEST_PAGE: u64 = 200;

/// Requests page after page.
pub(super) struct Steps {
    pub(super) parts: Box<Parts>,
    /// The body of a search, without what the walk adds.
    pub(super) body: Option<Map<String, Value>>,
    /// The id of the last record that was returned.
    last: u64,
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
    /// A page was read; `true` if it is the last.
    Reading(bool),
    Done,
}

impl Steps {
    pub(super) fn new(mut parts: Box<Parts>) -> Self {
        let mut body = None;
        if parts.paging() == Paging::Body {
            let json = parts.body.as_ref().map(|body| decode::<Value>(&body.bytes));
            match json {
                Some(Ok(Value::Object(map))) => body = Some(map),
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
            last: 0,
            after,
            next: None,
            archived_follow: false,
            started_at: None,
            step: Step::Ready,
        }
    }

    pub(super) fn changed_since(&mut self, time: SystemTime, lookback: Duration) {
        // Contacts have a property of their own for it.
        let property = match self.parts.operation.resource() {
            "contacts" => "lastmodifieddate",
            _ => "hs_lastmodifieddate",
        };
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
        hash(format!("{} {body:?} {query:?} {archived}", self.parts.operation.id).as_bytes())
    }

    pub(super) fn cursor(&self) -> String {
        let started = self.started_at.map_or(0, milliseconds);
        let is_archived = u8::from(self.is_archived);
        let after = self.after.as_deref().unwrap_or_default();
        format!(
            "1.{:016x}.{}.{started}.{is_archived}.{after}",
            self.fingerprint(),
            self.last
        )
    }

    pub(super) fn resume(&mut self, cursor: &str) {
        let parts: Vec<_> = cursor.splitn(6, '.').collect();
        let ["1", fingerprint, last, started, is_archived, after] = parts[..] else {
            return self.parts.refuse("the cursor is not that of a walk");
        };
        if u64::from_str_radix(fingerprint, 16) != Ok(self.fingerprint()) {
            return self
                .parts
                .refuse("the cursor is that of another search or list");
        }
        let (Ok(last), Ok(started)) = (last.parse(), started.parse()) else {
            return self.parts.refuse("the cursor is not that of a walk");
        };
        self.last = last;
        let started_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(started));
        self.started_at = started_at.filter(|_| started > 0);
        self.is_archived = is_archived == "1";
        self.after = Some(after.to_owned()).filter(|after| !after.is_empty());
    }

    /// Passes a record. Returns whether it is new: one that was returned before may be on a page that is read again.
    pub(super) fn pass(&mut self, id: u64) -> bool {
        if id == 0 {
            return true;
        }
        let is_new = id > self.last;
        self.last = self.last.max(id);
        is_new
    }

    /// Goes on behind a page whose records were all returned.
    pub(super) fn advance(&mut self) {
        let Step::Reading(is_last) = self.step else {
            return;
        };
        self.step = Step::Ready;
        self.after = self.next.take();
        if is_last {
            self.step = Step::Done;
            if self.archived_follow && !self.is_archived {
                (self.is_archived, self.last, self.step) = (true, 0, Step::Ready);
            }
        }
    }

    pub(super) fn arrived(&mut self, next: Option<&str>, is_empty: bool) {
        let is_last = next.is_none() || (is_empty && self.body.is_some());
        if self.body.is_none() {
            self.next = next.map(str::to_owned);
        }
        self.step = Step::Reading(is_last);
    }

    fn request(&self) -> Box<Parts> {
        let mut parts = self.parts.clone();
        let Some(body) = &self.body else {
            parts.set_parameter("after", self.after.clone());
            if self.archived_follow || self.is_archived {
                parts.set_parameter("archived", Some(self.is_archived.to_string()));
            }
            return parts;
        };
        let mut body = body.clone();
        if self.last > 0 {
            add_filter(&mut body, ID, "GT", self.last);
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
                Step::Ready | Step::Reading(_) => {
                    let sending = transport::send(self.request());
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

fn has_value(body: &Map<String, Value>, name: &str) -> bool {
    match body.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(values)) => !values.is_empty(),
        Some(_) => true,
    }
}

/// Adds a filter to each group of filters, one of which has to match.
fn add_filter(body: &mut Map<String, Value>, property: &str, operator: &str, value: u64) {
    let filter =
        json!({"propertyName": property, "operator": operator, "value": value.to_string()});
    let groups = body.entry("filterGroups").or_insert(Value::Null);
    let groups = match groups {
        Value::Array(groups) if !groups.is_empty() => groups,
        other => {
            *other = json!([{"filters": []}]);
            match other {
                Value::Array(groups) => groups,
                _ => return,
            }
        }
    };
    for group in groups {
        if let Some(Value::Array(filters)) = group.get_mut("filters") {
            filters.push(filter.clone());
        }
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
