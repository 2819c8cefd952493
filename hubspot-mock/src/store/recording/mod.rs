//! Recordings of requests and responses, in the HTTP archive format (HAR 1.2) that browsers and proxies write.

mod har;
mod pseudonyms;
mod recorder;
mod replay;
mod secrets;
mod sweep;

pub use self::har::{Recording, RecordingError};
pub(crate) use self::recorder::{Exchanged, Recorder};
pub(crate) use self::replay::Replay;
