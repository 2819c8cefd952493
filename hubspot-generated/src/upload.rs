//! Files to upload, and the multipart forms that contain them.
//!
//! A form is written while it is sent: no file is held in memory. Its length is known beforehand, which HubSpot requires.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use crate::decode::{DecodeError, Decoded, decode};
use crate::encode::{Encode, encode};

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// A file to upload: its name, its content and its length.
///
/// The content is sent as it is read, so a file may be larger than memory. An attempt, with the whole upload, must end
/// within the client's [timeout](crate::ClientBuilder::timeout); give the request a longer [one](crate::Request::timeout)
/// for large files.
///
/// ```
/// use hubspot_generated::Upload;
///
/// let contacts = Upload::from_bytes("contacts.csv", "email\nada@example.com\n").content_type("text/csv");
/// let export = Upload::from_path("exports/deals.csv");
/// # let _ = (contacts, export);
/// ```
#[derive(Clone)]
pub struct Upload {
    name: String,
    content_type: String,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path(PathBuf),
    Reader(Arc<Mutex<Option<Reader>>>, u64),
}

type Reader = Box<dyn AsyncRead + Send + Unpin>;

impl Upload {
    /// A file whose content is in memory.
    pub fn from_bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Content::Bytes(content.into()))
    }

    /// A file on disk, under its own name. It is opened when the request is sent, and again when it is retried.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::new(name.into_owned(), Content::Path(path))
    }

    /// A file whose content is read from `reader`, which must have at least `length` bytes. What follows them is not sent.
    ///
    /// It can be read once, so such a request is sent once: it is never retried.
    pub fn from_reader(
        name: impl Into<String>,
        reader: impl AsyncRead + Send + Unpin + 'static,
        length: u64,
    ) -> Self {
        let reader = Arc::new(Mutex::new(Some(Box::new(reader) as Reader)));
        Self::new(name.into(), Content::Reader(reader, length))
    }

    fn new(name: String, content: Content) -> Self {
        let content_type = "application/octet-stream".to_owned();
        Self {
            name,
            content_type,
            content,
        }
    }

    /// Sets the name, which HubSpot shows.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the media type. The default is `application/octet-stream`.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }
}

/// Shows the name only.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Equal are uploads of the same bytes, of one path, or of one reader.
impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        let content = match (&self.content, &other.content) {
            (Content::Bytes(one), Content::Bytes(other)) => one == other,
            (Content::Path(one), Content::Path(other)) => one == other,
            (Content::Reader(one, _), Content::Reader(other, _)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        content && self.name == other.name && self.content_type == other.content_type
    }
}

/// A body that is written as a multipart form.
pub trait Multipart {
    /// The form.
    fn form(self) -> Decoded<Form>;
}

/// Implements [`Multipart`] for a model, whose parts are given with their names: `text`, or `file` for one upload and
/// `files` for any number.
#[doc(hidden)]
#[macro_export]
macro_rules! __multipart {
    ($type:ident; $($name:literal $kind:ident $field:ident),* $(,)?) => {
        impl $crate::__rt::upload::Multipart for $type {
            fn form(self) -> $crate::__rt::decode::Decoded<$crate::__rt::upload::Form> {
                let mut form = $crate::__rt::upload::Form::new();
                $(form.$kind($name, &self.$field)?;)*
                Ok(form)
            }
        }
    };
}
pub(crate) use __multipart as multipart;

/// The parts of a multipart form.
#[derive(Clone)]
pub struct Form {
    /// Name, content, and whether it is a file.
    parts: Vec<(String, Upload, bool)>,
    /// Why an upload broke off.
    fault: Arc<Mutex<Option<String>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Form {
    /// An empty form.
    #[allow(clippy::new_without_default, reason = "only generated code makes one")]
    pub fn new() -> Self {
        Self {
            parts: Vec::new(),
            fault: Arc::default(),
        }
    }

    /// Adds a part that is text; an object is JSON. One that is unset is left out.
    pub fn text(&mut self, name: &str, value: &dyn Encode) -> Decoded {
        if value.is_unset() {
            return Ok(());
        }
        let json = encode(value).map_err(|error| error.at_key(name))?;
        let text = match json.first() {
            Some(b'"') => decode::<String>(&json)?.into_bytes(),
            _ => json,
        };
        let part = Upload::from_bytes("", text);
        self.parts.push((name.to_owned(), part, false));
        Ok(())
    }

    /// Adds a file.
    pub fn file(&mut self, name: &str, file: &Upload) -> Decoded {
        let texts = [name, &file.name, &file.content_type];
        if texts.iter().any(|text| text.contains(['\r', '\n', '\0'])) {
            let fault = "the name or the media type of the file contains a line break";
            return Err(DecodeError::new(fault).at_key(name));
        }
        self.parts.push((name.to_owned(), file.clone(), true));
        Ok(())
    }

    /// Adds any number of files.
    pub fn files<'a>(
        &mut self,
        name: &str,
        files: impl IntoIterator<Item = &'a Upload>,
    ) -> Decoded {
        files.into_iter().try_for_each(|file| self.file(name, file))
    }

    /// Adds any number of files, or none.
    pub fn optional_files(&mut self, name: &str, files: &Option<Vec<Upload>>) -> Decoded {
        self.files(name, files.iter().flatten())
    }

    /// Returns whether it can be sent again.
    pub(crate) fn is_repeatable(&self) -> bool {
        let mut parts = self.parts.iter();
        !parts.any(|(_, part, _)| matches!(part.content, Content::Reader(..)))
    }

    /// Why the upload broke off, if it did.
    pub(crate) fn take_fault(&self) -> Option<String> {
        lock(&self.fault).take()
    }

    /// The body of a request and its media type. Fails if a file cannot be opened.
    pub(crate) fn body(&self) -> Result<(String, FormBody), String> {
        let boundary = boundary();
        let mut segments = VecDeque::new();
        let mut length = 0_u64;
        for (name, part, is_file) in &self.parts {
            let mut head = format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"",
                quoted(name)
            );
            if *is_file {
                let (name, media_type) = (quoted(&part.name), &part.content_type);
                let _ = write!(head, "; filename=\"{name}\"\r\ncontent-type: {media_type}");
            }
            head.push_str("\r\n\r\n");
            let content = part.content.open()?;
            length = length
                .saturating_add(head.len() as u64)
                .saturating_add(content.length())
                .saturating_add(2);
            segments.extend([
                Segment::Bytes(head.into()),
                content,
                Segment::Bytes("\r\n".into()),
            ]);
        }
        let end = format!("--{boundary}--\r\n");
        length = length.saturating_add(end.len() as u64);
        segments.push_back(Segment::Bytes(end.into()));
        let body = FormBody {
            segments: Mutex::new(segments),
            left: length,
            fault: Arc::clone(&self.fault),
        };
        Ok((format!("multipart/form-data; boundary={boundary}"), body))
    }
}

/// A text that no file contains but by intent.
fn boundary() -> String {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    let random = || RandomState::new().build_hasher().finish();
    format!("hubspot-{:016x}{:016x}", random(), random())
}

/// A name within the quotes of a header, as browsers write it.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

impl Content {
    fn open(&self) -> Result<Segment, String> {
        match self {
            Self::Bytes(bytes) => Ok(Segment::Bytes(bytes.clone())),
            Self::Path(path) => {
                open(path).map_err(|error| format!("cannot upload {}: {error}", path.display()))
            }
            Self::Reader(reader, length) => {
                let reader = lock(reader).take();
                let reader =
                    reader.ok_or("the reader of an upload was read before: make a new request")?;
                Ok(Segment::Reader(reader, *length))
            }
        }
    }
}

fn open(path: &Path) -> io::Result<Segment> {
    // Before it is opened: opening a pipe waits for whoever writes to it, and a pipe has no length.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let file = fs::File::open(path)?;
    let length = file.metadata()?.len();
    let reader = tokio::fs::File::from_std(file);
    Ok(Segment::Reader(Box::new(reader), length))
}

/// A piece of a body that is being sent.
enum Segment {
    Bytes(Bytes),
    /// With how much of it is still to be sent.
    Reader(Reader, u64),
}

impl Segment {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Reader(_, left) => *left,
        }
    }
}

/// A multipart form that is being sent.
pub(crate) struct FormBody {
    /// A reader cannot be shared between threads without the lock, which nobody else takes.
    segments: Mutex<VecDeque<Segment>>,
    left: u64,
    fault: Arc<Mutex<Option<String>>>,
}

impl FormBody {
    /// Reads the next chunk; `None` at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        let segments = self
            .segments
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        loop {
            match segments.front_mut() {
                None => return Poll::Ready(Ok(None)),
                Some(Segment::Bytes(_)) => {
                    if let Some(Segment::Bytes(bytes)) = segments.pop_front()
                        && !bytes.is_empty()
                    {
                        return Poll::Ready(Ok(Some(bytes)));
                    }
                }
                Some(Segment::Reader(_, 0)) => drop(segments.pop_front()),
                Some(Segment::Reader(reader, left)) => {
                    let size = usize::try_from(*left).map_or(CHUNK, |left| left.min(CHUNK));
                    let mut chunk = BytesMut::zeroed(size);
                    let mut buffer = ReadBuf::new(&mut chunk);
                    ready!(Pin::new(reader).poll_read(context, &mut buffer))?;
                    let read = buffer.filled().len();
                    if read == 0 {
                        let what = format!("it ended {left} bytes early");
                        return Poll::Ready(Err(io::Error::new(
                            io::ErrorKind::UnexpectedEof,
                            what,
                        )));
                    }
                    *left -= read as u64;
                    chunk.truncate(read);
                    return Poll::Ready(Ok(Some(chunk.freeze())));
                }
            }
        }
    }
}

impl http_body::Body for FormBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match ready!(self.poll_chunk(context)) {
            Ok(None) => None,
            Ok(Some(chunk)) => {
                self.left = self.left.saturating_sub(chunk.len() as u64);
                Some(Ok(Frame::data(chunk)))
            }
            Err(error) => {
                *lock(&self.fault) = Some(error.to_string());
                Some(Err(error))
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
