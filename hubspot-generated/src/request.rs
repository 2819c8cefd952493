//! A request in the making.
//!
//! Comes in: an operation, its arguments, and options. Goes out: the answer, read as `T`. Refuses: arguments, headers
//! and bodies that cannot be sent; the refusal waits until the request is sent, so that building stays a chain.

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::Core;
use crate::credential::token_of;
use crate::error::Error;
use crate::operation::{Method, Operation, Paging};
use crate::page::{Items, Page, Pages};
use crate::path;
use crate::response::Response;
use crate::transport;

/// A request that is ready to be sent, and may be given options first.
///
/// `T` is what the answer is read as; `P` names the operation's optional parameters, which are methods of their own.
/// Send it with [`send`](Self::send) or `.await`. It owns what it needs: it can be stored, and sent from another task.
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
    types: PhantomData<fn() -> (T, P)>,
}

/// All of a request that does not depend on its types.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) core: Arc<Core>,
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<Body>,
    pub(crate) timeout: Option<Duration>,
    /// The first thing that was wrong.
    pub(crate) fault: Option<String>,
}

/// A body, written out.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: &'static str,
}

const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

impl<T, P> Request<T, P> {
    /// A call of `operation`, whose path takes `arguments` in order.
    pub(crate) fn new(core: &Arc<Core>, operation: &'static Operation, arguments: &[&str]) -> Self {
        Self {
            parts: Parts::new(core, operation, path::fill(operation.path, arguments)),
            types: PhantomData,
        }
    }

    /// A call of a path that the caller spelled out.
    pub(crate) fn raw(core: &Arc<Core>, operation: &'static Operation, path: &str) -> Self {
        let path = path::check_raw(path).map(|()| path.to_owned());
        Self {
            parts: Parts::new(core, operation, path),
            types: PhantomData,
        }
    }

    /// Sets a parameter of the operation, in place of an earlier value.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "setters hand over numbers, flags and owned text"
    )]
    pub(crate) fn parameter(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parts.set_parameter(name, Some(value.to_string()));
        self
    }

    /// Sets a parameter that takes several values, separated by commas. No values: no parameter.
    pub(crate) fn parameter_list<I, V>(mut self, name: &'static str, values: I) -> Self
    where
        I: IntoIterator<Item = V>,
        V: AsRef<str>,
    {
        let mut joined = String::new();
        for value in values {
            if !joined.is_empty() {
                joined.push(',');
            }
            joined.push_str(value.as_ref());
        }
        self.parts
            .set_parameter(name, Some(joined).filter(|joined| !joined.is_empty()));
        self
    }

    /// Sets the body, as JSON, in place of the one the request has.
    ///
    /// A generated operation has its body already; this is for [raw requests](crate::Client::request), and for fields
    /// that this crate does not know yet.
    pub fn json(mut self, body: impl Serialize) -> Self {
        self.parts.set_body(serde_json::to_vec(&body).ok(), JSON);
        self
    }

    /// Sets the body, as a form: `body` must be a flat struct or map. Fields that are `None` are left out.
    pub fn form(mut self, body: impl Serialize) -> Self {
        let value = serde_json::to_value(&body).unwrap_or_default();
        self.parts.set_body(write_form(&value), FORM);
        self
    }

    /// How long one attempt of this call may take, in place of the client's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.parts.timeout = Some(timeout);
        self
    }

    /// Sets a header, in place of an earlier value.
    ///
    /// Not `authorization`, `host` or `content-length`, which are the client's affair: the request is then refused when
    /// it is sent.
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

    /// Reads the answer as `U` instead.
    pub fn decode<U>(self) -> Request<U, P> {
        Request {
            parts: self.parts,
            types: PhantomData,
        }
    }
}

impl<T: DeserializeOwned + 'static, P> Request<T, P> {
    /// Sends the request and reads the answer.
    ///
    /// Dropping the future before it is done cancels the call; HubSpot may have acted on it all the same.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<T, Error> {
        transport::send(self.parts).await?.decode()
    }

    /// Sends the request and reads the answer, with its status and headers.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn with_response(self) -> Result<Response<T>, Error> {
        transport::send(self.parts).await?.into_response()
    }
}

impl<T: Page + DeserializeOwned + 'static, P> Request<T, P> {
    /// All pages, from this request's on, each fetched when it is asked for.
    pub fn pages(self) -> Pages<T> {
        Pages::new(self.parts)
    }

    /// All items of all pages, from this request's page on. The next page is fetched when one is used up.
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

/// `.await` is short for `.send().await`.
impl<T: DeserializeOwned + 'static, P: 'static> IntoFuture for Request<T, P> {
    type Output = Result<T, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T, P> Clone for Request<T, P> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            types: PhantomData,
        }
    }
}

/// Shows the operation only: path, query and body hold data of the account.
impl<T, P> fmt::Debug for Request<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.parts.operation.id)
            .finish_non_exhaustive()
    }
}

impl Parts {
    pub(crate) fn new(
        core: &Arc<Core>,
        operation: &'static Operation,
        path: Result<String, String>,
    ) -> Box<Self> {
        let (path, fault) =
            path.map_or_else(|fault| (String::new(), Some(fault)), |path| (path, None));
        Box::new(Self {
            core: Arc::clone(core),
            operation,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            timeout: None,
            fault,
        })
    }

    pub(crate) fn refuse(&mut self, fault: impl Into<String>) {
        self.fault.get_or_insert_with(|| fault.into());
    }

    /// Sets or takes away a query parameter.
    pub(crate) fn set_parameter(&mut self, name: &'static str, value: Option<String>) {
        self.query.retain(|(other, _)| other != name);
        self.query
            .extend(value.map(|value| (Cow::Borrowed(name), value)));
    }

    pub(crate) fn set_body(&mut self, bytes: Option<Vec<u8>>, content_type: &'static str) {
        match bytes {
            Some(bytes) => {
                self.body = Some(Body {
                    bytes,
                    content_type,
                });
            }
            None => self.refuse(format!("the body cannot be written as {content_type}")),
        }
    }

    /// Where the cursor of the next page goes.
    pub(crate) fn paging(&self) -> Paging {
        match (self.operation.paging, self.operation.method) {
            (Some(paging), _) => paging,
            (None, Method::Get) => Paging::Query,
            (None, _) => Paging::Body,
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut parameters = self.query.iter().filter(|(other, _)| other == name);
        parameters.next_back().map(|(_, value)| value.clone())
    }

    fn json_object(&self) -> Option<serde_json::Map<String, Value>> {
        serde_json::from_slice(&self.body.as_ref()?.bytes).ok()
    }

    /// One field of a JSON body, if it is text or a number.
    pub(crate) fn body_field(&self, name: &str) -> Option<String> {
        match self.json_object()?.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Sets one field of a JSON body.
    pub(crate) fn set_body_field(&mut self, name: &str, value: &str) {
        let Some(mut object) = self.json_object() else {
            return self.refuse("the body has no room for a page cursor: it is not a JSON object");
        };
        object.insert(name.to_owned(), Value::from(value));
        self.set_body(serde_json::to_vec(&object).ok(), JSON);
    }

    fn set_header(&mut self, name: &str, value: &str) {
        let Ok(name) = HeaderName::try_from(name) else {
            return self.refuse("a header's name has characters that it cannot have");
        };
        if [header::AUTHORIZATION, header::HOST, header::CONTENT_LENGTH].contains(&name) {
            return self.refuse(format!("the header `{name}` is set by the client"));
        }
        match HeaderValue::try_from(value) {
            Ok(value) => self.headers.push((name, value)),
            Err(_) => self.refuse(format!(
                "the value of the header `{name}` has characters that it cannot have"
            )),
        }
    }
}

impl Parts {
    /// What an error must not repeat where HubSpot does: the token, and tokens and secrets in the body of OAuth's calls.
    pub(crate) fn secrets(&self, authorization: Option<&HeaderValue>) -> Vec<String> {
        const PUBLIC: [&str; 5] = [
            "client_id",
            "grant_type",
            "redirect_uri",
            "scope",
            "token_type_hint",
        ];
        let token = authorization.and_then(token_of);
        let mut secrets = Vec::from_iter(token.map(|token| token.expose_secret().to_owned()));
        let Some(body) = &self.body else {
            return secrets;
        };
        if body.content_type == FORM {
            let mut url = self.core.base_url.clone();
            url.set_query(std::str::from_utf8(&body.bytes).ok());
            let fields = url.query_pairs();
            let fields = fields.filter(|(name, _)| !PUBLIC.contains(&&**name));
            secrets.extend(fields.map(|(_, value)| value.into_owned()));
        } else if !self.operation.authenticated
            && let Ok(Value::Object(object)) = serde_json::from_slice(&body.bytes)
        {
            let texts = object.values().filter_map(Value::as_str);
            secrets.extend(texts.map(str::to_owned));
        }
        secrets
    }
}

/// Writes a flat JSON object as a form; `None` for anything else.
fn write_form(value: &Value) -> Option<Vec<u8>> {
    let mut form = String::new();
    for (name, value) in value.as_object()? {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => return None,
        };
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(percent_encoding::utf8_percent_encode(
            name,
            path::UNRESERVED,
        ));
        form.push('=');
        form.extend(percent_encoding::utf8_percent_encode(
            &text,
            path::UNRESERVED,
        ));
    }
    Some(form.into_bytes())
}
