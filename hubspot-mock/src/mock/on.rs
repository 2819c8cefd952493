//! Sets the responses of operations.

use std::sync::Arc;

use serde_json::Value;

use crate::store::ServerState;

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
        let set = self
            .state
            .answers
            .set(&self.operation, status, &body.into());
        accepted(set);
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
