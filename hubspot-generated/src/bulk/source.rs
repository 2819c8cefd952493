//! Where the inputs of a run come from.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::outcome::End;

pub(super) type SourceError = Box<dyn std::error::Error + Send + Sync>;
type Inputs<I> = dyn Stream<Item = Result<I, SourceError>> + Send;

/// Inputs that are read one by one, when there is room for them.
pub(super) struct Source<I> {
    /// `None` after the last one.
    inputs: Option<Pin<Box<Inputs<I>>>>,
}

impl<I> Source<I> {
    pub(super) fn new(
        inputs: impl Stream<Item = Result<I, impl Into<SourceError>>> + Send + 'static,
    ) -> Self
    where
        I: 'static,
    {
        Self {
            inputs: Some(Box::pin(Converted(Box::pin(inputs)))),
        }
    }

    /// The next input; `None` after the last, and after one that failed.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<I, End>> {
        let Some(inputs) = &mut self.inputs else {
            return Poll::Ready(Err(End::Complete));
        };
        // What was read before has to get its outcome whatever the source does.
        let next = catch_unwind(AssertUnwindSafe(|| inputs.as_mut().poll_next(context)));
        let end = match next {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Some(Ok(input)))) => return Poll::Ready(Ok(input)),
            Ok(Poll::Ready(Some(Err(error)))) => End::Source(error),
            Ok(Poll::Ready(None)) => End::Complete,
            Err(panic) => End::SourcePanicked(message(&*panic)),
        };
        self.close();
        Poll::Ready(Err(end))
    }

    /// Reads no more.
    pub(super) fn close(&mut self) {
        let inputs = self.inputs.take();
        // A source that has panicked may panic again when it is dropped.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(inputs)));
    }

    pub(super) fn is_open(&self) -> bool {
        self.inputs.is_some()
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

/// A stream whose errors are boxed.
struct Converted<S>(Pin<Box<S>>);

impl<I, E: Into<SourceError>, S: Stream<Item = Result<I, E>>> Stream for Converted<S> {
    type Item = Result<I, SourceError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|next| next.map(|next| next.map_err(Into::into)))
    }
}

/// An iterator as a stream.
pub(super) struct Iter<T>(pub(super) T);

impl<T> Unpin for Iter<T> {}

impl<T: Iterator> Stream for Iter<T> {
    type Item = T::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// A stream that does not fail.
pub(super) struct Infallible<S>(pub(super) Pin<Box<S>>);

impl<S: Stream> Stream for Infallible<S> {
    type Item = Result<S::Item, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|next| next.map(Ok))
    }
}
