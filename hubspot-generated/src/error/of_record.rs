//! Errors of records that are not of the user's type.

use super::{Error, ErrorKind};
use crate::record_error::RecordError;

impl Error {
    /// Why the record in the response cannot be read as a `Record`, if that is the error.
    pub fn record_error(&self) -> Option<&RecordError> {
        match self.kind() {
            ErrorKind::Record(error) => Some(error),
            _ => None,
        }
    }
}

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        Self::new(None, ErrorKind::Record(error))
    }
}
