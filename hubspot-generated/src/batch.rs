//! Answers of batch operations.
//!
//! Comes in: an answer of status 200, 201 or 207. Goes out: what was done and what was not, in the same shape whatever
//! the status. Refuses nothing.

use crate::error::BatchError;

/// An answer to a batch, of which some inputs may have failed.
///
/// HubSpot answers in no particular order. To know which input an error is about, give each input an
/// `objectWriteTraceId` of its own; it comes back in the error.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// use hubspot_generated::Batch;
/// use hubspot_generated::models::{BatchCreate, BatchCreateInput};
///
/// let row = BatchCreateInput::new([("email", "ada@example.com")]).object_write_trace_id("row-1");
/// let answer = hubspot.contacts().batch_create(BatchCreate::new([row])).send().await?;
/// if let Some(error) = answer.error_of("row-1") {
///     println!("row 1 failed: {:?}", error.category);
/// }
/// # Ok(())
/// # }
/// ```
pub trait Batch {
    /// What became of one input.
    type Output;

    /// What was done.
    fn results(&self) -> &[Self::Output];

    /// What was not done, and why.
    fn errors(&self) -> &[BatchError];

    /// What was done and what was not.
    fn into_parts(self) -> (Vec<Self::Output>, Vec<BatchError>);

    /// Whether every input was done.
    fn is_complete(&self) -> bool {
        self.errors().is_empty()
    }

    /// Why the input with this `objectWriteTraceId` was not done; `None` if no error names it.
    fn error_of(&self, write_trace_id: &str) -> Option<&BatchError> {
        self.errors().iter().find(|error| {
            error
                .write_trace_ids()
                .iter()
                .any(|id| id == write_trace_id)
        })
    }
}
