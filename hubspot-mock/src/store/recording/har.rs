//! Reads and writes HTTP archives.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::store::journal::redact::{redact_body, redact_target};
use crate::store::recording::pseudonyms::Pseudonyms;
use crate::store::recording::secrets::{Header, Secrets};
use crate::store::recording::sweep::Sweep;

/// Requests and responses, recorded by [`MockHubSpot::record`](crate::MockHubSpot::record), or by a browser or a proxy in
/// exchange with HubSpot itself (HAR 1.2).
///
/// ```
/// use hubspot_mock::{MockHubSpot, Recording};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir();
/// # let path = folder.join(format!("doc-{}.har", std::process::id()));
/// let recorded = MockHubSpot::start().await?;
/// recorded.record(&path)?;
/// // … run the program under test …
///
/// let recording = Recording::load(&path)?;
/// let hubspot = MockHubSpot::builder().replay(recording).start().await?;
/// # drop(hubspot);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Recording {
    pub(super) exchanges: Vec<Exchange>,
}

/// A request with its response.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Exchange {
    pub(super) method: String,
    /// The path with the query.
    pub(super) target: String,
    pub(super) request: String,
    pub(super) status: u16,
    pub(super) response: String,
}

/// An error of [`Recording::load`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The text is not that of an HTTP archive, for example because it is cut off.
    #[error("{place}: {source}; record it again, or export it as HAR 1.2 with contents")]
    Form {
        /// The file, with line and column where they are known.
        place: String,
        /// The cause.
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    post_data: Option<PostData>,
    #[serde(default)]
    headers: Vec<Header>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    encoding: String,
}

impl Content {
    /// The decoded text. `None` if it is no text.
    fn text(&self) -> Option<Cow<'_, str>> {
        if self.encoding != "base64" {
            return Some(Cow::Borrowed(&self.text));
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(&self.text);
        Some(Cow::Owned(String::from_utf8(bytes.ok()?).ok()?))
    }
}

impl Recording {
    /// Reads a recording from a file. Tokens, codes, client secrets and developer API keys are redacted, and headers are left
    /// out. Secrets of headers and of OAuth requests are redacted in the texts of all requests.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, or is not a complete HTTP archive.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|source| RecordingError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text).map_err(|source| RecordingError::Form {
            place: format!("{}:{}:{}", path.display(), source.line(), source.column()),
            source,
        })
    }

    fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let archive: Archive = serde_json::from_str(text)?;
        let entries = archive.log.entries;
        let mut secrets = Secrets::default();
        for Entry { request, response } in &entries {
            secrets.add_headers(&request.headers);
            let body = request.post_data.as_ref().map_or("", |data| &data.text);
            secrets.add(&request.url, body);
            secrets.add(&request.url, &response.content.text().unwrap_or_default());
        }
        let exchanges = entries.into_iter().filter_map(Entry::exchange);
        let mut exchanges = exchanges.collect::<Vec<_>>();
        let texts = exchanges.iter_mut().flat_map(|exchange| {
            let Exchange {
                target,
                request,
                response,
                ..
            } = exchange;
            [target, request, response]
        });
        secrets.remove_from(texts);
        Ok(Self { exchanges })
    }

    /// Replaces the values of properties, the names of lists, imports and exports, and the names and email addresses of
    /// people by others, the same ones wherever a value occurs, also within longer texts and in paths. Ids, numbers, dates
    /// and the options of HubSpot's own properties stay, and so do numbers, dates and flags in properties that are not known
    /// to be texts, unless they are a replaced value of seven digits or more. A body that is not JSON is dropped.
    #[must_use]
    pub fn pseudonymized(self) -> Self {
        let mut pseudonyms = Pseudonyms::default();
        let mut exchanges = self.exchanges;
        for exchange in &mut exchanges {
            let Exchange {
                target,
                request,
                response,
                ..
            } = exchange;
            for body in [request, response] {
                *body = pseudonyms.body(target, body);
            }
            pseudonyms.learn(target);
        }
        // Values also occur in paths and within longer texts, possibly before the request that tells that they are values.
        let mut sweep = Sweep::new(pseudonyms);
        for exchange in &mut exchanges {
            exchange.target = sweep.target(&exchange.target);
            exchange.request = sweep.body(&exchange.request);
            exchange.response = sweep.body(&exchange.response);
        }
        Self { exchanges }
    }

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }
}

impl std::str::FromStr for Recording {
    type Err = RecordingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(|source| RecordingError::Form {
            place: format!("line {}, column {}", source.line(), source.column()),
            source,
        })
    }
}

/// The number of requests. Values are left out.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("requests", &self.exchanges.len())
            .finish_non_exhaustive()
    }
}

/// The text of the HTTP archive.
impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.exchanges.iter().map(|exchange| {
            let url = format!("https://api.hubapi.com{}", exchange.target);
            exchange.entry(&url, "1970-01-01T00:00:00Z").to_string()
        });
        let entries = entries.collect::<Vec<_>>().join(",\n");
        write!(f, "{HEAD}{entries}{TAIL}")
    }
}

/// What comes before and after the entries.
pub(super) const HEAD: &str = concat!(
    r#"{"log":{"version":"1.2","creator":{"name":"hubspot-mock","version":""#,
    env!("CARGO_PKG_VERSION"),
    "\"},\"entries\":[\n"
);
pub(super) const TAIL: &str = "\n]}}\n";

impl Entry {
    /// `None` if it is no request of HTTP.
    fn exchange(self) -> Option<Exchange> {
        let url = url::Url::parse(&self.request.url).ok()?;
        let content = self.response.content;
        let response = content.text()?.into_owned();
        let redacted = |content_type: &str, text: String| {
            let body = redact_body(url.path(), Some(content_type.as_bytes()), &text.into());
            String::from_utf8_lossy(&body).into_owned()
        };
        let request = self.request.post_data;
        Some(Exchange {
            method: self.request.method,
            target: redact_target(url.path(), url.query().unwrap_or_default()),
            request: request.map_or_else(String::new, |data| redacted(&data.mime_type, data.text)),
            status: self.response.status,
            response: redacted(&content.mime_type, response),
        })
    }
}

impl Exchange {
    /// The entry of the archive.
    pub(super) fn entry(&self, url: &str, time: &str) -> Value {
        let mut entry = json!({
            "startedDateTime": time,
            "time": 0,
            "request": {
                "method": self.method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
                "queryString": [], "headersSize": -1, "bodySize": self.request.len(),
            },
            "response": {
                "status": self.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
                "content": {"size": self.response.len(), "mimeType": "application/json", "text": self.response},
                "redirectURL": "", "headersSize": -1, "bodySize": self.response.len(),
            },
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
        });
        if !self.request.is_empty() {
            entry["request"]["postData"] =
                json!({"mimeType": "application/json", "text": self.request});
        }
        entry
    }
}
