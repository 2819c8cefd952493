//! Walks over all records: searches beyond HubSpot's limit of 10,000 results, and lists with their archived records.

mod search;
mod steps;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};
use std::vec;

use futures_core::Stream;

use self::steps::{Mark, Steps};
use crate::debug::debug_fields;
use crate::decode::{decode, decode_fields};
use crate::error::Error;
use crate::page::Page;
use crate::request::Request;
use crate::response::Read;

/// How long a change may take to show up in searches.
const SEARCH_LAG: Duration = Duration::from_mins(2);

impl<T: Page + 'static, P> Request<T, P> {
    /// Returns all records of a search or a list, however many there are.
    ///
    /// HubSpot returns at most 10,000 results of a search. This walk orders them by id and searches again beyond the last
    /// id that it has seen, so it has no such limit, and every record that matches all the time is returned exactly once
    /// even if others change. `limit` is the page size, 200 unless set. The search must have no `sorts` and no `after`.
    ///
    /// New and changed records take up to a minute to show up in searches; see [`All::changed_since`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::models::Search;
    ///
    /// let search = Search::new().properties(["email"]);
    /// let mut contacts = hubspot.contacts().search(search).all();
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}", contact.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> All<T> {
        let (parts, read) = self.into_parts();
        All {
            steps: Steps::new(parts),
            read,
            rest: Vec::new().into_iter(),
            marks: Vec::new().into_iter(),
        }
    }
}

/// All records of a search or a list; see [`Request::all`].
///
/// A [`Stream`]; [`try_next`](Self::try_next) needs none of its extension traits. After an error it stays where it is: the
/// next call requests the same page again. A wait that is dropped loses nothing.
#[must_use = "records are fetched when they are asked for"]
pub struct All<T: Page> {
    steps: Steps,
    read: Read<T>,
    rest: vec::IntoIter<T::Item>,
    /// What the records of `rest` are recognized by.
    marks: vec::IntoIter<Mark>,
}

impl<T: Page + 'static> All<T> {
    /// Limits a search to records that were changed since `time`, for incremental syncs.
    ///
    /// Changes take up to a minute to show up in searches. The walk therefore also returns what was changed in the two
    /// minutes before `time`, so a record may be returned by two walks in a row. Pass the [`started_at`](Self::started_at)
    /// of the last walk that came to its end.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, last: std::time::SystemTime) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::models::Search;
    ///
    /// let search = Search::new().properties(["email"]);
    /// let mut changed = hubspot.contacts().search(search).all().changed_since(last);
    /// while let Some(contact) = changed.try_next().await? {
    ///     println!("{}", contact.id);
    /// }
    /// println!("next time, since {:?}", changed.started_at());
    /// # Ok(())
    /// # }
    /// ```
    pub fn changed_since(self, time: SystemTime) -> Self {
        self.changed_since_with(time, SEARCH_LAG)
    }

    /// The same with another `lookback` than two minutes.
    pub fn changed_since_with(mut self, time: SystemTime, lookback: Duration) -> Self {
        self.steps.changed_since(time, lookback);
        self
    }

    /// Returns archived records after the live ones of a list. Searches do not find archived records.
    ///
    /// A record that is archived during the walk is returned a second time, as archived. One that is restored after the
    /// live records were returned is not found.
    pub fn with_archived(mut self) -> Self {
        self.steps.archived_follow = true;
        if self.steps.body.is_some() {
            self.steps
                .parts
                .refuse("searches do not find archived records");
        }
        self
    }

    /// Requests the next page while the records of one are read. Off by default.
    ///
    /// Speeds up walks over slow pages. A walk that is not read to its end may request a page for nothing.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.steps.prefetches = prefetch;
        self
    }

    /// Continues a walk of the same search or list where [`cursor`](Self::cursor) was taken, in another process too.
    ///
    /// Call it after [`changed_since`](Self::changed_since) and [`with_archived`](Self::with_archived), which are part of
    /// what the cursor is for. With the cursor of another walk, [`try_next`](Self::try_next) fails.
    ///
    /// If the last record that was returned from a list is gone, and others of its page too, the records of this page are
    /// returned again: a record is returned twice rather than never.
    pub fn resume(mut self, cursor: &str) -> Self {
        self.steps.resume(cursor);
        self
    }

    /// Where the walk is: behind the last record that was returned.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, saved: Option<String>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::models::Search;
    ///
    /// let mut contacts = hubspot.contacts().search(Search::new()).all();
    /// if let Some(cursor) = saved {
    ///     contacts = contacts.resume(&cursor);
    /// }
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}; continue with {}", contact.id, contacts.cursor());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cursor(&self) -> String {
        self.steps.cursor()
    }

    /// When the walk began, by HubSpot's clock; `None` before the first response. A resumed walk has the time of the first.
    pub fn started_at(&self) -> Option<SystemTime> {
        self.steps.started_at
    }

    /// The next record; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The page that could not be read is requested again by the next call.
    pub async fn try_next(&mut self) -> Result<Option<T::Item>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T::Item, Error>>> {
        loop {
            if let Some(item) = self.rest.next() {
                self.steps.pass(self.marks.next().unwrap_or_default());
                return Poll::Ready(Some(Ok(item)));
            }
            self.steps.advance();
            let Some(response) = ready!(self.steps.poll_response(context)) else {
                return Poll::Ready(None);
            };
            let page = response.and_then(|mut response| {
                let page: T = response.decode(self.read)?;
                let ids = response.decode(decode::<Ids>)?;
                let records = ids.results.iter();
                let marks: Vec<Mark> = records
                    .map(|record| Mark::of(record.id.as_deref()))
                    .collect();
                let next = page.next_cursor().filter(|next| !next.is_empty());
                let returned = self.steps.arrived(next, &marks)?;
                Ok((page, marks, returned))
            });
            match page {
                Ok((page, marks, returned)) => {
                    self.rest = page.into_items().into_iter();
                    self.marks = marks.into_iter();
                    for _ in 0..returned {
                        self.rest.next();
                        self.marks.next();
                    }
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

/// Items are handed out, never pinned.
impl<T: Page> Unpin for All<T> {}

impl<T: Page + 'static> Stream for All<T> {
    type Item = Result<T::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

debug_fields!(All<T: Page>, |all| operation: all.steps.parts.operation.id);

struct Ids {
    results: Vec<Id>,
}

struct Id {
    id: Option<String>,
}

decode_fields!(Ids; "results" results);
decode_fields!(Id; "id" id);
