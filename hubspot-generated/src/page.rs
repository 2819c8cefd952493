//! Walks over pages and their items.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use reqwest::Url;
use serde_json::Value;

use crate::debug::debug_fields;
use crate::decode::{decode, decode_fields};
use crate::error::{Error, ErrorKind};
use crate::operation::Paging;
use crate::parts::Parts;
use crate::request::Request;
use crate::response::{RawResponse, Read};
use crate::transport::spawn::spawn;
use crate::transport::{self, Sending};

impl<T: Page + 'static, P> Request<T, P> {
    /// Returns all pages from this request's on. Each is fetched when it is asked for.
    pub fn pages(self) -> Pages<T> {
        let (parts, read) = self.into_parts();
        Pages::new(parts, read)
    }

    /// Returns the items of all pages from this request's on. A page is fetched when the items before it are used up.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// let mut contacts = hubspot.contacts().list().limit(100).items();
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}", contact.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<T> {
        Items::new(self.pages())
    }
}

/// A response that is one page of several.
pub trait Page {
    /// What the page lists.
    type Item;

    /// The cursor of the next page; `None` on the last.
    fn next_cursor(&self) -> Option<&str>;

    /// Returns what this page lists.
    fn into_items(self) -> Vec<Self::Item>;
}

/// Implements [`Page`] for a model whose items are `results`; the cursor is given as an expression.
#[doc(hidden)]
#[macro_export]
macro_rules! __page {
    ($name:ident; $item:ty, |$page:ident| $cursor:expr) => {
        impl $crate::__rt::page::Page for $name {
            type Item = $item;

            fn next_cursor(&self) -> Option<&str> {
                let $page = self;
                $cursor
            }

            fn into_items(self) -> Vec<Self::Item> {
                self.results
            }
        }
    };
}
pub(crate) use __page as page;

/// The pages of a list or a search, in order; see [`Request::pages`](crate::Request::pages).
///
/// A [`Stream`]; [`try_next`](Self::try_next) needs none of its extension traits. It ends after the last page. After an
/// error it stays where it is: the next call requests the same page again. A wait that is dropped loses nothing.
#[must_use = "pages are fetched when they are asked for"]
pub struct Pages<T> {
    walk: Walk,
    read: Read<T>,
}

impl<T: Page + 'static> Pages<T> {
    fn new(first: Box<Parts>, read: Read<T>) -> Self {
        Self {
            walk: Walk::new(first),
            read,
        }
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`Error`]. The page that could not be read is requested again by the next call, so an error never looks like
    /// the end. A search fails with 400 after 10,000 results, which is HubSpot's limit.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let Some(response) = ready!(self.walk.poll_response(context)) else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(response.and_then(|mut response| {
            let page = response.decode(self.read)?;
            self.walk.advance(page.next_cursor(), &response.body);
            Ok(page)
        })))
    }
}

impl<T> Pages<T> {
    /// Requests the next page while one is read. Off by default.
    ///
    /// Speeds up walks over slow pages. A walk that is not read to its end may request a page for nothing.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.walk.prefetches = prefetch;
        self
    }

    /// The cursor of the page that [`try_next`](Self::try_next) requests next; `None` for the first page, and after the
    /// last.
    ///
    /// Give it to the list's or the search's `after` to continue from there later, in another process too. HubSpot does
    /// not document how long a cursor lives.
    pub fn cursor(&self) -> Option<&str> {
        self.walk.cursor.as_deref()
    }
}

impl<T: Page + 'static> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

debug_fields!(Pages<T>, |pages| operation: pages.walk.parts.operation.id);

/// The items of all pages of a list or a search, in order; see [`Request::items`](crate::Request::items).
///
/// A [`Stream`]; [`try_next`](Self::try_next) needs none of its extension traits. It ends after the last item. After an
/// error it stays where it is: the next call requests the same page again. A wait that is dropped loses nothing.
#[must_use = "items are fetched when they are asked for"]
pub struct Items<T: Page> {
    pages: Pages<T>,
    rest: vec::IntoIter<T::Item>,
    /// The cursor of the page that `rest` is left of.
    cursor: Option<String>,
}

impl<T: Page + 'static> Items<T> {
    fn new(pages: Pages<T>) -> Self {
        Self {
            pages,
            rest: Vec::new().into_iter(),
            cursor: None,
        }
    }

    /// The next item; `None` after the last.
    ///
    /// # Errors
    ///
    /// See [`Pages::try_next`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use std::time::Duration;
    ///
    /// let mut contacts = hubspot.contacts().list().items();
    /// loop {
    ///     match contacts.try_next().await {
    ///         Ok(Some(contact)) => println!("{}", contact.id),
    ///         Ok(None) => break,
    ///         // The next call requests the same page again.
    ///         Err(error) if error.is_retryable() => tokio::time::sleep(Duration::from_mins(5)).await,
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_next(&mut self) -> Result<Option<T::Item>, Error> {
        poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T::Item, Error>>> {
        loop {
            if let Some(item) = self.rest.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let cursor = self.pages.cursor().map(str::to_owned);
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => {
                    self.rest = page.into_items().into_iter();
                    self.cursor = cursor;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: Page> Items<T> {
    /// Requests the next page while the items of one are read; see [`Pages::prefetch`]. Off by default.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.pages.walk.prefetches = prefetch;
        self
    }

    /// The cursor of the page with the next item; `None` for the first page, and after the last item.
    ///
    /// Give it to the list's or the search's `after` to continue from there later. Items of that page that were returned
    /// already are returned again; none is left out.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>, saved: Option<String>) -> Result<(), hubspot_generated::Error> {
    /// let mut list = hubspot.contacts().list();
    /// if let Some(cursor) = saved {
    ///     list = list.after(cursor);
    /// }
    /// let mut contacts = list.items();
    /// while let Some(contact) = contacts.try_next().await? {
    ///     println!("{}; continue with {:?}", contact.id, contacts.cursor());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cursor(&self) -> Option<&str> {
        if self.rest.as_slice().is_empty() {
            self.pages.cursor()
        } else {
            self.cursor.as_deref()
        }
    }
}

/// Items are handed out, never pinned.
impl<T: Page> Unpin for Items<T> {}

impl<T: Page + 'static> Stream for Items<T> {
    type Item = Result<T::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

debug_fields!(Items<T: Page>, |items| operation: items.pages.walk.parts.operation.id);

/// Requests page after page; does not depend on the type of the pages.
struct Walk {
    parts: Box<Parts>,
    /// Where the page that `parts` asks for begins.
    cursor: Option<String>,
    step: Step,
    /// Whether a page is requested while the one before it is read.
    prefetches: bool,
    /// The cursors that were followed, the first page's among them.
    seen: HashSet<String>,
}

enum Step {
    /// `parts` asks for the next page.
    Ready,
    Waiting(Sending),
    /// The next page cannot be requested; `ErrorKind` says why.
    Stuck(fn() -> ErrorKind),
    Done,
}

impl Walk {
    fn new(first: Box<Parts>) -> Self {
        let cursor = match first.paging() {
            Paging::Query => first.parameter("after"),
            Paging::Body => first.body_field("after"),
        };
        let mut seen = HashSet::new();
        seen.extend(cursor.clone());
        Self {
            parts: first,
            step: Step::Ready,
            prefetches: false,
            seen,
            cursor,
        }
    }

    /// The next response. The walk stays where it is unless [`advance`](Self::advance) is called.
    fn poll_response(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<RawResponse, Error>>> {
        let operation = self.parts.operation;
        match &mut self.step {
            Step::Ready => {
                self.step = Step::Waiting(transport::send(self.parts.clone()));
                self.poll_response(context)
            }
            Step::Waiting(sending) => {
                let response = ready!(sending.as_mut().poll(context));
                self.step = Step::Ready;
                Poll::Ready(Some(response))
            }
            Step::Stuck(kind) => Poll::Ready(Some(Err(Error::of_operation(operation, kind())))),
            Step::Done => Poll::Ready(None),
        }
    }

    /// Goes on to the page after the one that was read from `body`.
    fn advance(&mut self, next: Option<&str>, body: &[u8]) {
        let link = if next.is_none_or(str::is_empty) {
            next_link(body)
        } else {
            None
        };
        self.cursor = match &link {
            Some(link) => cursor_of(link),
            None => next.filter(|next| !next.is_empty()).map(str::to_owned),
        };
        let Some(cursor) = self.cursor.clone() else {
            self.step = match (link, next) {
                (Some(_), None) => Step::Stuck(|| ErrorKind::MissingCursor),
                _ => Step::Done,
            };
            return;
        };
        if !self.seen.insert(cursor.clone()) {
            self.step = Step::Stuck(|| ErrorKind::RepeatedCursor);
            return;
        }
        match self.parts.paging() {
            Paging::Query => self.parts.set_parameter("after", Some(cursor)),
            Paging::Body => self.parts.set_body_field("after", &cursor),
        }
        self.step = if self.prefetches {
            Step::Waiting(spawn(self.parts.clone()))
        } else {
            Step::Ready
        };
    }
}

/// The link to the next page, for a page without a cursor.
fn next_link(body: &[u8]) -> Option<Value> {
    struct Page {
        paging: Option<Paging>,
    }
    struct Paging {
        next: Option<Next>,
    }
    struct Next {
        link: Option<Value>,
    }
    decode_fields!(Page; "paging" paging);
    decode_fields!(Paging; "next" next);
    decode_fields!(Next; "link" link);
    let page: Page = decode(body).ok()?;
    page.paging?.next?.link.filter(|link| link != "")
}

/// The cursor in the query of a link.
fn cursor_of(link: &Value) -> Option<String> {
    let (_, query) = link.as_str()?.split_once('?')?;
    // The rest of the link does not matter: the walk goes on where it began.
    let mut url = Url::parse("https://api.hubapi.com").ok()?;
    url.set_query(query.split('#').next());
    let mut pairs = url.query_pairs();
    let (_, cursor) = pairs.find(|(name, value)| name == "after" && !value.is_empty())?;
    Some(cursor.into_owned())
}
