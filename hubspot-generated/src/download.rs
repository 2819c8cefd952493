//! The body of a response as it arrives, for files that may be larger than memory.

use std::fs::{self, Metadata};
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
use crate::error::{Error, ErrorKind};
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
    /// That of the request, however it is read.
    pub(crate) of_request: Option<usize>,
    /// That of the client, which is for files in memory.
    pub(crate) in_memory: usize,
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
    /// See [`chunk`](Self::chunk). The limit is that of the request, or else that of the client. Also fails if a part of the
    /// file was read before, or its end or an error was reached.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.check_unread()?;
        let limit = *self.limits.of_request.get_or_insert(self.limits.in_memory);
        if self.length.is_some_and(|length| length > limit as u64) {
            return Err(self.error(ErrorKind::TooLarge { limit }));
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
    /// existing file is replaced by a whole one or not at all, and nothing is left behind after an error. The new file has the
    /// permissions of the one that it replaces. A symbolic link is followed. What is no ordinary file, such as a device or a
    /// pipe, is written to directly.
    ///
    /// # Errors
    ///
    /// See [`chunk`](Self::chunk). Fails before anything is written if a part of the file was read before, or its end or an
    /// error was reached. Also fails if the file cannot be written; its [source](std::error::Error::source) is then an
    /// [`io::Error`].
    pub async fn save(mut self, path: impl AsRef<Path>) -> Result<u64, Error> {
        self.check_unread()?;
        let path = path.as_ref();
        let mut partial = match Partial::create(path).await {
            Ok(partial) => partial,
            Err(error) => return Err(self.unsaved(path, error)),
        };
        while let Some(chunk) = self.chunk().await? {
            if let Err(error) = partial.file.write_all(&chunk).await {
                return Err(self.unsaved(path, error));
            }
        }
        let saved = partial.finish().await;
        saved.map_err(|error| self.unsaved(path, error))?;
        Ok(self.received)
    }

    /// Fails if what is left of the body may not be the whole file.
    fn check_unread(&self) -> Result<(), Error> {
        if self.received == 0 && !self.is_over {
            return Ok(());
        }
        Err(self.error(ErrorKind::Decode {
            path: String::new(),
            what: "a part of it was read before".to_owned(),
        }))
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        while !self.is_over {
            let error = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                None => break,
                Some(Err(error)) => ErrorKind::Transport(error.without_url()),
                Some(Ok(frame)) => {
                    let chunk = frame.into_data().unwrap_or_default();
                    self.received += chunk.len() as u64;
                    match self.limits.of_request {
                        Some(limit) if self.received > limit as u64 => {
                            ErrorKind::TooLarge { limit }
                        }
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

    fn error(&self, kind: ErrorKind) -> Error {
        let error = Error::of_operation(self.operation, kind).of_status(self.status);
        error.after_attempts(self.attempts, false)
    }

    fn unsaved(&self, path: &Path, error: io::Error) -> Error {
        let path = path.to_owned();
        self.error(ErrorKind::Save { path, error })
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(context)
    }
}

debug_fields!(Download, |download| operation: download.operation.id, received: download.received, content_length: download.length);

/// A file that is not complete.
struct Partial {
    file: tokio::fs::File,
    /// `None` for a device or a pipe, which is written to directly.
    temporary: Option<Temporary>,
}

/// A file that gets its name when it is complete, and is removed otherwise.
struct Temporary {
    path: PathBuf,
    target: PathBuf,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Partial {
    /// Opens what is written before `path` has the whole file.
    async fn create(path: &Path) -> io::Result<Self> {
        let target = follow_links(path)?;
        let existing = fs::metadata(&target).ok();
        if target.file_name().is_none() || existing.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if existing.as_ref().is_some_and(|found| !found.is_file()) {
            let mut options = tokio::fs::OpenOptions::new();
            return Ok(Self {
                file: options.write(true).open(target).await?,
                temporary: None,
            });
        }
        // Any name of a file may be as long as names can be, so this one is not a part of it.
        let random = RandomState::new().build_hasher().finish();
        let path = target.with_file_name(format!(".{random:016x}.part"));
        let file = create_new(&path, existing.as_ref())?;
        let temporary = Temporary { path, target };
        #[cfg(unix)]
        if let Some(existing) = existing {
            file.set_permissions(existing.permissions())?;
        }
        Ok(Self {
            file: tokio::fs::File::from_std(file),
            temporary: Some(temporary),
        })
    }

    /// Gives the file its name.
    async fn finish(mut self) -> io::Result<()> {
        self.file.flush().await?;
        let Some(temporary) = self.temporary else {
            return Ok(());
        };
        self.file.sync_all().await?;
        drop(self.file);
        tokio::fs::rename(&temporary.path, &temporary.target).await
    }
}

/// Creates a file that nobody else can read before it has the permissions of the existing one.
fn create_new(path: &Path, existing: Option<&Metadata>) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if existing.is_some() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = existing;
    options.open(path)
}

/// The file that a path stands for, which need not exist.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    // As many as Linux follows.
    const MOST: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST {
        let Ok(link) = fs::read_link(&target) else {
            return Ok(target);
        };
        target = target.parent().unwrap_or(Path::new("")).join(link);
    }
    Err(io::Error::other("too many symbolic links"))
}
