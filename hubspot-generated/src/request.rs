//! Requests.
//!
//! What cannot be sent is reported by `send`, so that building a request stays a chain of calls.

use std::borrow::Cow;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::debug::debug_fields;
use crate::decode::{Decode, DecodeError, Decoded, ReadBody, decode};
use crate::download::Download;
use crate::encode::{Encode, WriteBody, encode};
use crate::error::Error;
use crate::operation::{Method, Operation};
use crate::parts::{Body, Core, Parts, join};
use crate::path;
use crate::response::{Read, Reading, Response};
use crate::retry::RetryPolicy;
use crate::transport;
use crate::upload::Multipart;

/// A request that can be sent.
///
/// `T` is the type of the response; `P` stands for the operation's optional parameters, each of which is a method. Send it
/// with [`send`](Self::send) or `.await`. A request borrows nothing, so it can be stored, and sent from another task.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// use std::time::Duration;
///
/// let contact = hubspot
///     .contacts()
///     .get("ada@example.com")
///     .id_property("email")
///     .properties(["firstname", "lastname"])
///     .timeout(Duration::from_secs(5))
///     .send()
///     .await?;
/// println!("{:?}", contact.properties.get("firstname"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct Request<T, P = ()> {
    parts: Box<Parts>,
    read: Reading<T>,
    parameters: PhantomData<fn() -> P>,
}

impl<T, P> Request<T, P> {
    /// A request for `operation`, whose path takes `arguments` in order.
    #[doc(hidden)]
    pub fn new(core: &Arc<Core>, operation: &'static Operation, arguments: &[&str]) -> Self
    where
        T: Decode,
    {
        Self {
            parts: Parts::new(core, operation, path::fill(operation.path, arguments)),
            read: Reading::Whole(decode),
            parameters: PhantomData,
        }
    }

    /// A request for a path that the caller wrote.
    pub(crate) fn raw(core: &Arc<Core>, method: Method, path: &str) -> Self
    where
        T: Decode,
    {
        let checked = path::check_raw(path).map(|()| path.to_owned());
        Self {
            parts: Parts::new(core, Operation::raw(method, path), checked),
            read: Reading::Whole(decode),
            parameters: PhantomData,
        }
    }

    /// Sets a parameter of the operation, replacing an earlier value.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "setters hand over numbers, flags and owned text"
    )]
    #[doc(hidden)]
    pub fn parameter(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parts.set_parameter(name, Some(value.to_string()));
        self
    }

    /// Sets a parameter that takes several values, separated by commas. No values: no parameter.
    #[doc(hidden)]
    pub fn parameter_list<I, V>(self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator<Item = V>,
        V: AsRef<str>,
    {
        self.parameter_joined(name, ",", values)
    }

    /// The same with another separator.
    #[doc(hidden)]
    pub fn parameter_joined<I, V>(mut self, name: &'static str, separator: &str, values: I) -> Self
    where
        I: IntoIterator<Item = V>,
        V: AsRef<str>,
    {
        self.parts.set_parameter(name, join(values, separator));
        self
    }

    /// Sets a parameter that is repeated for each of several values.
    #[doc(hidden)]
    pub fn parameter_each<I, V>(mut self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator<Item = V>,
        V: AsRef<str>,
    {
        let values = values.into_iter().map(|value| value.as_ref().to_owned());
        self.parts.set_parameter(name, values);
        self
    }

    /// Replaces the body with JSON.
    ///
    /// For [raw requests](crate::Client::request), and for fields that this crate does not know yet: a generated operation
    /// already has its body. `body` is a model of this crate, or a type that implements serde's `Serialize`, such as a
    /// `serde_json::Value`. If it cannot be written, sending fails with the path of the value.
    pub fn json(mut self, body: impl WriteBody) -> Self {
        self.parts.set_json(body.write_body());
        self
    }

    /// Replaces the body with a form. `body` must be a flat struct or map; fields that are `None` are left out.
    pub fn form(mut self, body: impl WriteBody) -> Self {
        self.parts.set_form(body.write_body());
        self
    }

    /// Makes sending fail without a request.
    pub(crate) fn refuse(&mut self, fault: String) {
        self.parts.refuse(fault);
    }

    /// Sets the body of an operation that takes JSON.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "operations take their bodies by value"
    )]
    #[doc(hidden)]
    pub fn json_of(mut self, body: impl Encode) -> Self {
        self.parts.set_json(encode(&body));
        self
    }

    /// Adds a member to a body that is a JSON object with others.
    pub(crate) fn member(mut self, name: &str, value: &dyn Encode) -> Self {
        self.parts.add_member(name, value);
        self
    }

    /// Sets the body of an operation that takes a form.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "operations take their bodies by value"
    )]
    #[doc(hidden)]
    pub fn form_of(mut self, body: impl Encode) -> Self {
        self.parts.set_form(encode(&body));
        self
    }

    /// Sets the body of an operation that takes a multipart form.
    #[doc(hidden)]
    pub fn multipart_of(mut self, body: impl Multipart) -> Self {
        self.parts.set_multipart(body.form());
        self
    }

    /// Sets the body of an operation that takes text or bytes.
    #[doc(hidden)]
    pub fn bytes_of(mut self, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.parts.body = Some(Body {
            bytes: body.into(),
            content_type: media_type,
        });
        self
    }

    /// Sets the length of the longest response, instead of the client's
    /// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes). A longer one is an
    /// [error](Error::is_too_large), for which at most this much is read.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.parts.max_response_bytes = Some(bytes);
        self
    }

    /// Sets how long one attempt may take, instead of the client's [`timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Sets how this request is retried, instead of the client's [policy](crate::ClientBuilder::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.parts.retry = Some(policy);
        self
    }

    /// Sends this request once, whatever the client's policy.
    ///
    /// A new access token is still obtained, and the request repeated with it, if HubSpot refuses the old one.
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::none())
    }

    /// Lets requests in the foreground go first, if both wait for the account's [rate limit](crate::Pacing).
    ///
    /// For work that nobody waits for, such as a nightly export beside a program that serves users. Such requests are always
    /// spaced evenly, and at least one of ten is sent while others wait.
    pub fn background(mut self) -> Self {
        self.parts.is_background = true;
        self
    }

    /// Sets a header, replacing an earlier value.
    ///
    /// Sending fails if it is a header that the client sets itself: `authorization`, `host`, `content-length`, and those of
    /// the connection, such as `connection`, `transfer-encoding`, `te` and `upgrade`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.parts.set_header(name, value);
        self
    }

    /// Adds a query parameter that the operation has no method for.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts
            .query
            .push((Cow::Owned(name.into()), value.into()));
        self
    }

    /// Decodes the response as `U` instead: a model of this crate, or a type that implements serde's `Deserialize`.
    ///
    /// Like every response, it is decoded with tolerance: where `U` has text, a number is read too, and the reverse; `null`
    /// is an empty list or map.
    ///
    /// ```no_run
    /// # #[cfg(feature = "contacts")]
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::{Method, models};
    ///
    /// // A model of this crate, sent and read.
    /// let deal = hubspot
    ///     .request(Method::Post, "/crm/objects/2026-09/deals")
    ///     .json(models::CreateObject::new([("dealname", "Renewal")]))
    ///     .response_type::<models::CrmObject>()
    ///     .await?;
    ///
    /// // Types of your own, by serde.
    /// #[derive(serde::Deserialize)]
    /// struct Owner {
    ///     id: String,
    ///     email: Option<String>,
    /// }
    /// let owner = hubspot
    ///     .request(Method::Get, "/crm/owners/2026-09/7")
    ///     .response_type::<Owner>()
    ///     .await?;
    /// # let _ = (deal.id, owner.id, owner.email);
    /// # Ok(())
    /// # }
    /// ```
    pub fn response_type<U: ReadBody>(self) -> Request<U, P> {
        let mut parts = self.parts;
        parts.is_download = false;
        Request {
            parts,
            read: Reading::Whole(U::read_body),
            parameters: PhantomData,
        }
    }

    /// Receives the response as a [`Download`]: undecoded bytes, as they arrive.
    ///
    /// The request accepts any media type, unless its `accept` [header](Self::header) was set.
    ///
    /// ```no_run
    /// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
    /// use hubspot_generated::Method;
    ///
    /// let file = hubspot.request(Method::Get, "/cms/hubdb/2026-09/tables/5/export").download().await?;
    /// file.save("table.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(self) -> Request<Download, P> {
        let mut parts = self.parts;
        parts.is_download = true;
        parts.accept_any();
        Request {
            parts,
            read: Reading::Stream(|download| download),
            parameters: PhantomData,
        }
    }
}

impl<P> Request<(), P> {
    /// Decodes the response by this function.
    pub(crate) fn reading<U>(self, read: Read<U>) -> Request<U, P> {
        Request {
            parts: self.parts,
            read: Reading::Whole(read),
            parameters: PhantomData,
        }
    }

    /// Receives the response as it is.
    #[doc(hidden)]
    pub fn read_bytes(self) -> Request<Download, P> {
        self.download()
    }

    /// Reads the response as text.
    #[doc(hidden)]
    pub fn read_text(mut self) -> Request<String, P> {
        self.parts.accept_any();
        self.reading(read_text)
    }
}

/// Reads a body that is text.
fn read_text(body: &[u8]) -> Decoded<String> {
    let text = std::str::from_utf8(body);
    text.map(str::to_owned)
        .map_err(|_| DecodeError::new("the body is not UTF-8"))
}

impl<T, P> Request<T, P> {
    /// Sends the request and returns the decoded response.
    ///
    /// Dropping the future cancels the request; HubSpot may still have acted on it.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<T, Error> {
        transport::send(self.parts).await?.read(self.read)
    }

    /// Sends the request and returns the response with its status and headers.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send_with_response(self) -> Result<Response<T>, Error> {
        transport::send(self.parts).await?.into_response(self.read)
    }
}

/// `.await` is short for `.send().await`.
impl<T: 'static, P: 'static> IntoFuture for Request<T, P> {
    type Output = Result<T, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T, P> Request<T, P> {
    /// The request and the function that decodes its response. One that is a download is never sent this way.
    pub(crate) fn into_parts(mut self) -> (Box<Parts>, Read<T>) {
        const NOT_DECODED: &str = "a download is not decoded";
        match self.read {
            Reading::Whole(read) => (self.parts, read),
            Reading::Stream(_) => {
                self.parts.refuse(NOT_DECODED);
                (self.parts, |_| Err(DecodeError::new(NOT_DECODED)))
            }
        }
    }
}

impl<T, P> Clone for Request<T, P> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            read: self.read,
            parameters: PhantomData,
        }
    }
}

// Shows the operation only: path, query and body hold data of the account.
debug_fields!(Request<T, P>, |request| operation: request.parts.operation.id);
