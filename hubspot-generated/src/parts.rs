//! What a request carries, and what the requests of a client share.
//!
//! A leaf: building, sending and paging all work on these types.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};

use crate::clock::Clock;
use crate::credential::{Credential, Target, token_of};
use crate::decode::fields::entries;
use crate::decode::{DecodeError, Decoded, Decoder, Scalar, decode};
use crate::download::Limits;
use crate::encode::{self, Encode, with_member};
use crate::operation::{Authentication, Method, Operation, Paging};
use crate::pacing::Limiter;
#[cfg(feature = "oauth")]
use crate::pacing::Pacing;
use crate::path;
use crate::recorder::ScopeRecorder;
use crate::retry::{RetryPolicy, RetryTokens};
use crate::upload::Form;

/// What the requests of a client share.
#[derive(Clone)]
pub struct Core {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    pub(crate) credential: Credential,
    /// The name of the scope set that the client was built with, for errors.
    pub(crate) scope_set: &'static str,
    pub(crate) user_agent: HeaderValue,
    /// `None` if it is that of `http`.
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_response_bytes: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) retry_tokens: Arc<RetryTokens>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) recorder: Option<ScopeRecorder>,
    #[cfg(feature = "oauth")]
    pub(crate) pacing: Pacing,
    /// The limiter of the account; `None` without pacing, and for requests about no account.
    pub(crate) limiter: Option<Arc<Limiter>>,
}

/// A request without its types.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) core: Arc<Core>,
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) query: Vec<(Cow<'static, str>, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<Body>,
    /// A body that is a multipart form, in place of another.
    pub(crate) form: Option<Form>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) is_background: bool,
    pub(crate) max_response_bytes: Option<usize>,
    /// Whether the body of a success is read as it arrives.
    pub(crate) is_download: bool,
    /// The first thing that was wrong, which sending reports.
    pub(crate) fault: Option<String>,
}

/// A serialized body.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: &'static str,
}

/// The fields of OAuth's forms that are no secrets.
const PUBLIC: [&str; 5] = [
    "client_id",
    "grant_type",
    "redirect_uri",
    "scope",
    "token_type_hint",
];

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The headers that authorize a request, say where it goes, or frame it on the connection.
const TRANSPORT_HEADERS: [&str; 13] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Several values as one, with a separator between them. No values: `None`.
pub(crate) fn join<V: AsRef<str>>(
    values: impl IntoIterator<Item = V>,
    separator: &str,
) -> Option<String> {
    let join = |mut joined: String, value: V| {
        joined.push_str(separator);
        joined.push_str(value.as_ref());
        joined
    };
    let mut values = values.into_iter();
    let first = values.next()?.as_ref().to_owned();
    Some(values.fold(first, join))
}

impl Parts {
    /// Counts the call, if the client has a recorder and the request can be sent.
    pub(crate) fn record(&self) {
        if let (Some(recorder), None) = (&self.core.recorder, &self.fault) {
            recorder.count(self.operation, &self.path);
        }
    }

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
            form: None,
            timeout: None,
            retry: None,
            is_background: false,
            max_response_bytes: None,
            is_download: false,
            fault,
        })
    }

    pub(crate) fn refuse(&mut self, fault: impl Into<String>) {
        self.fault.get_or_insert_with(|| fault.into());
    }

    /// Whether a success counts although its body is cut off or too long: what arrived may have a new refresh token.
    pub(crate) fn accepts_truncated(&self) -> bool {
        self.operation.returns_tokens()
    }

    /// The length of the longest response, which is a success or an error.
    pub(crate) fn limit(&self, is_success: bool) -> usize {
        let (own, of_client) = (self.max_response_bytes, self.core.max_response_bytes);
        match (self.is_download, is_success) {
            (true, true) => own.unwrap_or(usize::MAX),
            (true, false) => of_client,
            (false, _) => own.unwrap_or(of_client),
        }
    }

    /// The length of the longest download.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            of_request: self.max_response_bytes,
            in_memory: self.core.max_response_bytes,
        }
    }

    /// Sets or removes a query parameter.
    pub(crate) fn set_parameter(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = String>,
    ) {
        self.query.retain(|(other, _)| other != name);
        let values = values.into_iter();
        self.query
            .extend(values.map(|value| (Cow::Borrowed(name), value)));
    }

    /// Sets the body to JSON.
    pub(crate) fn set_json(&mut self, json: Decoded<Vec<u8>>) {
        self.set_body(json, JSON);
    }

    /// Adds a member to a body that is a JSON object with others.
    pub(crate) fn add_member(&mut self, name: &str, value: &dyn Encode) {
        if let Some(body) = &self.body {
            self.set_json(with_member(&body.bytes, name, value));
        }
    }

    /// Sets the body to the form with the fields of a flat JSON object.
    pub(crate) fn set_form(&mut self, json: Decoded<Vec<u8>>) {
        self.set_body(json.and_then(|json| write_form(&json)), FORM);
    }

    /// Sets the body to a multipart form.
    pub(crate) fn set_multipart(&mut self, form: Decoded<Form>) {
        match form {
            Ok(form) => (self.body, self.form) = (None, Some(form)),
            Err(error) => self.refuse_body(&error, "multipart/form-data"),
        }
    }

    pub(crate) fn set_body(&mut self, bytes: Decoded<Vec<u8>>, content_type: &'static str) {
        match bytes {
            Ok(bytes) => {
                self.form = None;
                self.body = Some(Body {
                    bytes: bytes.into(),
                    content_type,
                });
            }
            Err(error) => self.refuse_body(&error, content_type),
        }
    }

    fn refuse_body(&mut self, error: &DecodeError, content_type: &str) {
        let path = error.path();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!("at `{path}`, ")
        };
        self.refuse(format!(
            "the body cannot be written as {content_type}: {place}{}",
            error.what()
        ));
    }

    /// Returns whether it can be sent again.
    pub(crate) fn is_repeatable(&self) -> bool {
        self.form.as_ref().is_none_or(Form::is_repeatable)
    }

    /// Identifies what the request is for: the operation, or the path of a raw request.
    pub(crate) fn target(&self) -> Target {
        let mut hasher = DefaultHasher::new();
        self.operation.id.hash(&mut hasher);
        if self.operation.is_raw() {
            self.path.hash(&mut hasher);
        }
        hasher.finish()
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

    /// One field of a JSON body, if it is text or a number, with all its digits.
    pub(crate) fn body_field(&self, name: &str) -> Option<String> {
        let entries = entries(&self.body.as_ref()?.bytes).ok()?;
        match Decoder::new(entries.get(name)?).scalar().ok()? {
            Scalar::Text(text) => Some(text.into_owned()),
            Scalar::Number(text) => Some(text.to_owned()),
            _ => None,
        }
    }

    /// Sets one field of a JSON body. The others stay as they were written.
    pub(crate) fn set_body_field(&mut self, name: &str, value: &str) {
        let body = self.body.as_ref().map(|body| entries(&body.bytes));
        let Some(Ok(mut entries)) = body else {
            return self.refuse("the body has no room for a page cursor: it is not a JSON object");
        };
        let mut text = String::new();
        encode::text(&mut text, value);
        entries.0.retain(|(other, _)| other != name);
        // Models are written in order of name.
        let later = entries.0.iter().position(|(other, _)| &**other > name);
        let place = later.unwrap_or(entries.0.len());
        entries.0.insert(place, (name.into(), &text));
        let mut json = String::new();
        for (name, value) in &entries.0 {
            json.push(if json.is_empty() { '{' } else { ',' });
            encode::text(&mut json, name);
            json.push(':');
            json.push_str(value);
        }
        json.push('}');
        self.set_json(Ok(json.into_bytes()));
    }

    /// Accepts a response of any media type, unless the caller has set or sets the header.
    pub(crate) fn accept_any(&mut self) {
        self.headers
            .insert(0, (ACCEPT, HeaderValue::from_static("*/*")));
    }

    pub(crate) fn set_header(&mut self, name: &str, value: &str) {
        let Ok(name) = HeaderName::try_from(name) else {
            return self.refuse("a header's name has characters that it cannot have");
        };
        if TRANSPORT_HEADERS.contains(&name.as_str()) {
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
        let token = authorization.and_then(token_of);
        let mut secrets = Vec::from_iter(token.map(|token| token.expose_secret().to_owned()));
        // Paths of v1 end with the token that they are about.
        let last = self.path.strip_prefix("/oauth/");
        if let Some((_, last)) = last.and_then(|path| path.rsplit_once("-tokens/")) {
            let last = percent_encoding::percent_decode_str(last);
            secrets.push(last.decode_utf8_lossy().into_owned());
        }
        if let Some(body) = &self.body {
            secrets.extend(self.body_secrets(body));
        }
        let encoded: Vec<_> = secrets
            .iter()
            .map(|secret| path::encode(secret).to_string())
            .collect();
        secrets.extend(encoded);
        secrets
    }

    fn body_secrets(&self, body: &Body) -> Vec<String> {
        if body.content_type == FORM {
            let mut url = self.core.base_url.clone();
            url.set_query(std::str::from_utf8(&body.bytes).ok());
            let fields = url.query_pairs();
            let fields = fields.filter(|(name, _)| !PUBLIC.contains(&&**name));
            return fields.map(|(_, value)| value.into_owned()).collect();
        }
        match entries(&body.bytes) {
            Ok(entries) if self.operation.authentication == Authentication::None => {
                let texts = entries.0.iter().map(|(_, json)| json);
                let texts = texts.filter(|json| json.starts_with('"'));
                let texts = texts.map(|json| decode(json.as_bytes()));
                texts.filter_map(Result::ok).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Writes a flat JSON object as a form. Fields that are `null` are left out.
fn write_form(json: &[u8]) -> Decoded<Vec<u8>> {
    let mut form = String::new();
    for (name, json) in entries(json)?.0 {
        let value: Option<String> = decode(json.as_bytes()).map_err(|error| error.at_key(&name))?;
        let Some(value) = value else {
            continue;
        };
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(path::encode(&name));
        form.push('=');
        form.extend(path::encode(&value));
    }
    Ok(form.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn every_value_keeps_its_place_in_a_list() {
        assert_eq!(join([""; 0], ","), None);
        assert_eq!(join([""], ",").as_deref(), Some(""));
        assert_eq!(join(["", "a", ""], ",").as_deref(), Some(",a,"));
    }
}
