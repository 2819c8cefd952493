//! Responses of batch operations, which have one shape whatever their status.

use crate::error::BatchError;

/// The response to a batch, some inputs of which may have failed.
///
/// Results and errors are in no particular order. To match an error with its input, give each input a unique
/// `objectWriteTraceId`, which the error repeats. A batch create needs one on every input, or else one input that fails
/// fails the whole call, and nothing is created.
///
/// ```no_run
/// # #[cfg(feature = "contacts")]
/// # async fn example(hubspot: hubspot_generated::Client<hubspot_generated::Unchecked>) -> Result<(), hubspot_generated::Error> {
/// use hubspot_generated::Batch;
/// use hubspot_generated::models::{BatchCreate, BatchCreateInput};
///
/// let row = BatchCreateInput::new([("email", "ada@example.com")]).object_write_trace_id("row-1");
/// let response = hubspot.contacts().batch_create(BatchCreate::new([row])).send().await?;
/// if let Some(error) = response.error_of("row-1") {
///     println!("row 1 failed: {:?}", error.category);
/// }
/// # Ok(())
/// # }
/// ```
pub trait Batch {
    /// The result of one input.
    type Output;

    /// The results of the inputs that succeeded.
    fn results(&self) -> &[Self::Output];

    /// The errors of the inputs that failed.
    fn errors(&self) -> &[BatchError];

    /// Returns the results and the errors.
    fn into_parts(self) -> (Vec<Self::Output>, Vec<BatchError>);

    /// Returns whether every input succeeded.
    fn is_complete(&self) -> bool {
        self.errors().is_empty()
    }

    /// Returns the error of the input with this `objectWriteTraceId`, if there is one.
    fn error_of(&self, write_trace_id: &str) -> Option<&BatchError> {
        self.errors().iter().find(|error| {
            error
                .write_trace_ids()
                .iter()
                .any(|id| id == write_trace_id)
        })
    }
}

/// Implements [`Batch`] for a model with `results` and `errors`.
#[doc(hidden)]
#[macro_export]
macro_rules! __batch {
    ($name:ident; $output:ty) => {
        impl $crate::__rt::batch::Batch for $name {
            type Output = $output;

            fn results(&self) -> &[Self::Output] {
                &self.results
            }

            fn errors(&self) -> &[$crate::__rt::error::BatchError] {
                &self.errors
            }

            fn into_parts(self) -> (Vec<Self::Output>, Vec<$crate::__rt::error::BatchError>) {
                (self.results, self.errors)
            }
        }
    };
}
pub(crate) use __batch as batch;
