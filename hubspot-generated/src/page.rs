//! Answers in pages.
//!
//! Comes in: a request for one page. Goes out: a stream of pages, or of their items, each page fetched when it is asked
//! for. Refuses: to go on when HubSpot gives a cursor that it has given before.

use std::collections::HashSet;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::{fmt, vec};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind};
use crate::operation::{Method, Paging};
use crate::request::Parts;
use crate::response::Answer;
use crate::transport::{self, Sending};

/// An answer that is one page of several.
pub trait Page {
    /// What the page lists.
    type Item;

    /// Where the next page begins; `None` on the last.
    fn next_cursor(&self) -> Option<&str>;

    /// What this page lists.
    fn into_items(self) -> Vec<Self::Item>;
}

/// The pages that a request leads to, in order.
///
/// A [`Stream`], and without one's extension traits to be used through [`try_next`](Self::try_next). Ends after the last
/// page or the first error. Waiting for a page may be abandoned and taken up again: nothing is lost.
pub struct Pages<T> {
    walk: Walk,
    page: PhantomData<fn() -> T>,
}

impl<T: Page + DeserializeOwned + 'static> Pages<T> {
    pub(crate) fn new(first: Box<Parts>) -> Self {
        Self {
            walk: Walk {
                parts: first,
                step: Step::Ready,
                seen: HashSet::new(),
            },
            page: PhantomData,
        }
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`Error`]; a search ends with a 400 after 10,000 results, which is HubSpot's limit.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let Some(answer) = ready!(self.walk.poll_answer(context)) else {
            return Poll::Ready(None);
        };
        let page = answer.and_then(|answer| answer.decode::<T>());
        if let Ok(page) = &page {
            self.walk.advance(page.next_cursor());
        }
        Poll::Ready(Some(page))
    }
}

impl<T: Page + DeserializeOwned + 'static> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.walk.parts.operation.id)
            .finish_non_exhaustive()
    }
}

/// The items of all pages that a request leads to, in order.
///
/// A [`Stream`], and without one's extension traits to be used through [`try_next`](Self::try_next). Ends after the last
/// item or the first error. Waiting for an item may be abandoned and taken up again: nothing is lost.
pub struct Items<T: Page> {
    pages: Pages<T>,
    rest: vec::IntoIter<T::Item>,
}

impl<T: Page + DeserializeOwned + 'static> Items<T> {
    pub(crate) fn new(pages: Pages<T>) -> Self {
        Self {
            pages,
            rest: Vec::new().into_iter(),
        }
    }

    /// The next item; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`Pages::try_next`].
    pub async fn try_next(&mut self) -> Result<Option<T::Item>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T::Item, Error>>> {
        loop {
            if let Some(item) = self.rest.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.rest = page.into_items().into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Items are handed out, never pinned.
impl<T: Page> Unpin for Items<T> {}

impl<T: Page + DeserializeOwned + 'static> Stream for Items<T> {
    type Item = Result<T::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<T: Page> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.pages.walk.parts.operation.id)
            .finish_non_exhaustive()
    }
}

/// The way from page to page, which does not depend on what the pages are.
struct Walk {
    parts: Box<Parts>,
    step: Step,
    /// The cursors that were followed.
    seen: HashSet<String>,
}

enum Step {
    /// `parts` asks for the next page.
    Ready,
    Waiting(Sending),
    Failed(Error),
    Done,
}

impl Walk {
    /// The next answer. After an answer the walk is over, unless [`advance`](Self::advance) says where it goes on.
    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Answer, Error>>> {
        if let Step::Ready = self.step {
            self.step = Step::Waiting(transport::send(self.parts.clone()));
        }
        if let Step::Waiting(sending) = &mut self.step {
            let answer = ready!(sending.as_mut().poll(context));
            self.step = Step::Done;
            return Poll::Ready(Some(answer));
        }
        match std::mem::replace(&mut self.step, Step::Done) {
            Step::Failed(error) => Poll::Ready(Some(Err(error))),
            _ => Poll::Ready(None),
        }
    }

    fn advance(&mut self, cursor: Option<&str>) {
        let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else {
            return;
        };
        let operation = self.parts.operation;
        if !self.seen.insert(cursor.to_owned()) {
            self.step = Step::Failed(Error::before_answer(operation, Kind::RepeatedCursor));
            return;
        }
        let in_query = match operation.paging {
            Some(paging) => paging == Paging::Query,
            None => operation.method == Method::Get,
        };
        if in_query {
            self.parts.set_parameter("after", Some(cursor.to_owned()));
        } else {
            self.parts.set_body_field("after", cursor);
        }
        self.step = Step::Ready;
    }
}
