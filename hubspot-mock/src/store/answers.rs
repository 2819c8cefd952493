//! Responses that a test has set for operations.

use std::collections::BTreeMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::HeaderValue;
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
    answers: RwLock<BTreeMap<&'static str, Answer>>,
}

/// The response of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// `None` for JSON.
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// A response with JSON, or with no body for `null`.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let body = match body {
            Value::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        Self {
            status,
            content_type: None,
            body,
        }
    }
}

impl Answers {
    /// Sets the response of an operation. Fails if no operation has this id.
    pub(crate) fn set(&self, operation: &str, answer: Answer) -> Result<(), UnknownOperation> {
        let endpoint = named(operation)?;
        sync::write(&self.answers).insert(endpoint.id, answer);
        self.armed.store(true, Ordering::Release);
        Ok(())
    }

    pub(crate) fn get(&self, operation: &'static str) -> Option<Answer> {
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
