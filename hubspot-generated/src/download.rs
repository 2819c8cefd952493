//! The body of a response as it arrives, for files that may be larger than memory.

use std::fs;
use std::future::poll_fn;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::Body as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Body, Response, StatusCode};
use tokio::io::AsyncWriteExt as _;

use crate::debug::debug_fields;
use crate::error::{Error, Kind};
use crate::operation::Operation;

/// A file that HubSpot sends: the body of a response as it arrives, in chunks.
///
/// Operations that return files respond with it, and so does any request after
/// [`Request::download`](crate::Request::download). The request has succeeded by then: an error status is an error of
/// `send`, with HubSpot's message.
///
/// ```no_run
/// # #[cfg(feature = "cms-source-code")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// use std::time::Duration;
///
/// let source_code = hubspot.cms().source_code();
/// let file = source_code
///     .download("published", "theme/fonts.zip")
///     .timeout(Duration::from_secs(600))
///     .max_response_bytes(200_000_000)
///     .await?;
/// let bytes = file.save("fonts.zip").await?;
/// println!("saved {bytes} bytes");
///
/// // Or chunk by chunk.
/// let mut file = source_code.download("published", "theme/main.css").await?;
/// let mut length = 0;
/// while let Some(chunk) = file.chunk().await? {
///     length += chunk.len();
/// }
/// # let _ = length;
/// # Ok(())
/// # }
/// ```
///
/// # Limits
///
/// [`Request::max_response_bytes`](crate::Request::max_response_bytes) limits a download, however it is read. Without it,
/// [`bytes`](Self::bytes) has the limit of the client, because it holds the file in memory; other downloads have none.
///
/// The whole download must end within the request's [timeout](crate::Request::timeout). A download that breaks off is an
/// error of the chunk that did not arrive, and is not retried: nothing of a file is ever sent twice. Send a clone of the
/// request to start again.
///
/// As a [`Stream`] it ends after an error.
#[must_use = "nothing is received until it is read"]
pub struct Download {
    body: Body,
    operation: &'static Operation,
    status: StatusCode,
    content_type: Option<String>,
    length: Option<u64>,
    received: u64,
    limits: Limits,
    attempts: u32,
    is_over: bool,
}

/// The numbers of bytes that a download may have.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// However it is read, if the request has a limit.
    pub(crate) any: Option<usize>,
    /// In memory.
    pub(crate) whole: usize,
}

impl Download {
    /// The rest of a response whose headers were read.
    pub(crate) fn new(
        operation: &'static Operation,
        response: Response,
        headers: &HeaderMap,
        limits: Limits,
    ) -> Self {
        let content_type = headers.get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        Self {
            operation,
            status: response.status(),
            content_type: content_type.map(str::to_owned),
            length: response.content_length(),
            body: response.into(),
            received: 0,
            limits,
            attempts: 1,
            is_over: false,
        }
    }

    /// Adds how often the request was sent.
    pub(crate) fn of_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The media type, such as `text/css`, if HubSpot says it.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The length in bytes of the whole file. `None` if HubSpot does not say it, or sends the file compressed.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the next bytes, or `None` at the end of the file, and after an error.
    ///
    /// # Errors
    ///
    /// Fails if the connection is lost before the end, if the request times out, and if the file is longer than the
    /// request's limit, which [`Error::is_too_large`] tells.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.poll_chunk(context))
            .await
            .transpose()
    }

    /// Returns the whole file.
    ///
    /// # Errors
    ///
    /// See [`chunk`](Self::chunk). The limit is that of the request, or else that of the client.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let limit = *self.limits.any.get_or_insert(self.limits.whole);
        if self.length.is_some_and(|length| length > limit as u64) {
            return Err(self.error(Kind::TooLarge { limit }));
        }
        let first = self.chunk().await?.unwrap_or_default();
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let mut whole = BytesMut::from(first);
        whole.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    /// Writes the file to `path` and returns its length in bytes.
    ///
    /// What arrives is written to another file in the same folder, which gets its name when the file is complete. So an
    /// existing file is replaced by a whole one or not at all, and nothing is left behind after an error.
    ///
    /// # Errors
    ///
    /// See [`chunk`](Self::chunk). Also fails if the file cannot be written; its [source](std::error::Error::source) is then
    /// an [`io::Error`].
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let mut partial = match Partial::create(path) {
            Ok(partial) => partial,
            Err(error) => return Err(self.unsaved(path, error)),
        };
        while let Some(chunk) = self.chunk().await? {
            if let Err(error) = partial.file.write_all(&chunk).await {
                return Err(self.unsaved(path, error));
            }
        }
        let saved = partial.finish(path).await;
        saved.map_err(|error| self.unsaved(path, error))?;
        Ok(self.received)
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        while !self.is_over {
            let error = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                None => break,
                Some(Err(error)) => Kind::Transport(error.without_url()),
                Some(Ok(frame)) => {
                    let chunk = frame.into_data().unwrap_or_default();
                    self.received += chunk.len() as u64;
                    match self.limits.any {
                        Some(limit) if self.received > limit as u64 => Kind::TooLarge { limit },
                        _ if chunk.is_empty() => continue,
                        _ => return Poll::Ready(Some(Ok(chunk))),
                    }
                }
            };
            self.is_over = true;
            // Closes the connection.
            self.body = Body::default();
            return Poll::Ready(Some(Err(self.error(error))));
        }
        self.is_over = true;
        Poll::Ready(None)
    }

    fn error(&self, kind: Kind) -> Error {
        let error = Error::of_operation(self.operation, kind).of_status(self.status);
        error.after_attempts(self.attempts, false)
    }

    fn unsaved(&self, path: &Path, error: io::Error) -> Error {
        let path = path.to_owned();
        self.error(Kind::Save { path, error })
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

debug_fields!(Download, |download| operation: download.operation.id, received: download.received, content_length: download.length);

/// A file that is not complete, which is removed when this is dropped.
struct Partial {
    file: tokio::fs::File,
    path: TemporaryPath,
}

struct TemporaryPath(PathBuf);

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Partial {
    /// Creates a file beside `path`.
    fn create(path: &Path) -> io::Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(io::Error::other("the path does not name a file"));
        };
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        let random = RandomState::new().build_hasher().finish();
        temporary.push(format!(".{random:016x}.part"));
        let temporary = path.with_file_name(temporary);
        let file = fs::File::create_new(&temporary)?;
        Ok(Self {
            file: tokio::fs::File::from_std(file),
            path: TemporaryPath(temporary),
        })
    }

    /// Gives the file its name.
    async fn finish(mut self, path: &Path) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let Self {
            file,
            path: temporary,
        } = self;
        drop(file);
        tokio::fs::rename(&temporary.0, path).await
    }
}
