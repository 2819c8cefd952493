//! Responses that a test has set for operations.

use std::collections::BTreeMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use serde_json::Value;

use crate::definitions::UnknownOperation;
use crate::definitions::operation::named;
use crate::values::sync;

/// The responses by operation.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Whether there is any. Saves most requests from taking the lock.
    armed: AtomicBool,
    answers: RwLock<BTreeMap<&'static str, (u16, Bytes)>>,
}

impl Answers {
    /// Sets the response of an operation. Fails if no operation has this id.
    pub(crate) fn set(
        &self,
        operation: &str,
        status: u16,
        body: &Value,
    ) -> Result<(), UnknownOperation> {
        let endpoint = named(operation)?;
        let body = match body {
            Value::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        sync::write(&self.answers).insert(endpoint.id, (status, body));
        self.armed.store(true, Ordering::Release);
        Ok(())
    }

    pub(crate) fn get(&self, operation: &'static str) -> Option<(u16, Bytes)> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        sync::read(&self.answers).get(operation).cloned()
    }

    /// Removes the response of an operation. Fails if no operation has this id.
    pub(crate) fn clear(&self, operation: &str) -> Result<(), UnknownOperation> {
        let endpoint = named(operation)?;
        sync::write(&self.answers).remove(endpoint.id);
        Ok(())
    }
}
