//! Sets the responses of operations.

use std::sync::Arc;

use axum::http::HeaderValue;
use bytes::Bytes;
use serde_json::Value;

use crate::store::{Answer, ServerState};

/// The response of one operation, from [`MockHubSpot::on`](crate::MockHubSpot::on).
#[derive(Clone, Debug)]
#[must_use = "nothing is set without `answer`"]
pub struct On {
    pub(super) state: Arc<ServerState>,
    pub(super) operation: String,
}

impl On {
    /// Sets the body of the response, with the status 200. `null` stands for no body.
    #[track_caller]
    pub fn answer(self, body: impl Into<Value>) {
        self.answer_with(200, body);
    }

    /// Sets the status and the body of the response.
    ///
    /// # Panics
    ///
    /// Panics if the status is not one of HTTP's, 200 to 599.
    #[track_caller]
    pub fn answer_with(self, status: u16, body: impl Into<Value>) {
        assert!(
            (200..600).contains(&status),
            "{status} is no status of a response"
        );
        self.set(Answer::json(status, &body.into()));
    }

    /// Sets the content of the response of an operation that returns a file or text, with the status 200.
    ///
    /// # Panics
    ///
    /// Panics if the media type, such as `text/csv`, is not valid in a header.
    #[track_caller]
    pub fn answer_bytes(self, content_type: &str, body: impl Into<Bytes>) {
        let Ok(content_type) = HeaderValue::try_from(content_type) else {
            panic!("{content_type:?} is not valid in a header");
        };
        self.set(Answer {
            status: 200,
            content_type: Some(content_type),
            body: body.into(),
        });
    }

    #[track_caller]
    fn set(self, answer: Answer) {
        accepted(self.state.answers.set(&self.operation, answer));
    }

    /// Restores what the server responds itself.
    #[track_caller]
    pub fn restore(self) {
        accepted(self.state.answers.clear(&self.operation));
    }
}

#[track_caller]
fn accepted<E: std::fmt::Display>(outcome: Result<(), E>) {
    if let Err(unknown) = outcome {
        panic!("{unknown}");
    }
}
