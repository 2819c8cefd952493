//! Batches: their inputs, and their responses: 200 or 201 if all inputs succeeded, otherwise 207 with the errors.
//!
//! HubSpot's documents of 2026-09 list no 207; their response has room for errors in every status. HubSpot itself responds
//! 207 in every version, and so does this mock.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::behavior::common::body;
use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::values::Refusal;

/// The maximum number of inputs of a batch.
pub(crate) const LONGEST: usize = 100;

/// The maximum number of records of a response, with or without the history of properties.
pub(crate) const fn longest(history: bool) -> usize {
    if history { 50 } else { LONGEST }
}

#[derive(Deserialize)]
struct Inputs<T> {
    inputs: Vec<T>,
}

/// Reads the inputs of a batch. Fails if there are more than `longest`.
pub(crate) fn inputs<'a, T: Deserialize<'a>>(
    call: &'a Call,
    longest: usize,
) -> Result<Vec<T>, Refusal> {
    let Inputs { inputs } = body::<Inputs<T>>(call)?;
    check_length(inputs.len(), longest)?;
    Ok(inputs)
}

/// Fails if a batch has more inputs than `longest`.
pub(crate) fn check_length(inputs: usize, longest: usize) -> Result<(), Refusal> {
    if inputs <= longest {
        return Ok(());
    }
    Err(Refusal::validation(format!(
        "A batch has at most {longest} inputs; this one has {inputs}"
    )))
}

#[derive(Debug)]
pub(crate) struct Outcomes<T> {
    pub(crate) results: Vec<T>,
    errors: Vec<Value>,
    /// How many inputs failed.
    failed: usize,
}

/// The response to a batch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<T> {
    status: &'static str,
    results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_errors: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Value>,
    requested_at: String,
    started_at: String,
    completed_at: String,
}

impl<T> Default for Outcomes<T> {
    fn default() -> Self {
        Self {
            results: Vec::new(),
            errors: Vec::new(),
            failed: 0,
        }
    }
}

impl<T> FromIterator<Result<T, Refusal>> for Outcomes<T> {
    fn from_iter<I: IntoIterator<Item = Result<T, Refusal>>>(outcomes: I) -> Self {
        let mut all = Self::default();
        for outcome in outcomes {
            match outcome {
                Ok(result) => all.results.push(result),
                Err(refusal) => all.fail(refusal, 1),
            }
        }
        all
    }
}

impl<T> Outcomes<T> {
    /// Adds the error of this many inputs.
    pub(crate) fn fail(&mut self, refusal: Refusal, inputs: usize) {
        let body = refusal.body;
        let mut error = json!({
            "status": body.status,
            "category": body.category,
            "message": body.message,
            "errors": body.errors,
            "context": body.context,
            "links": body.links,
        });
        if let Some(category) = body.sub_category {
            error["subCategory"] = category.into();
        }
        self.errors.push(error);
        self.failed += inputs;
    }

    /// Converts the results.
    pub(crate) fn map<'s, U>(&'s self, convert: impl FnMut(&'s T) -> Option<U>) -> Outcomes<U> {
        Outcomes {
            results: self.results.iter().filter_map(convert).collect(),
            errors: self.errors.clone(),
            failed: self.failed,
        }
    }
}

impl<T: Serialize> Outcomes<T> {
    /// The response. `status` is used if no input failed.
    pub(crate) fn respond(self, call: &Call, status: u16) -> Result<Response, Refusal> {
        let status = if self.failed == 0 { status } else { 207 };
        let now = moment_text(call.now.as_millisecond());
        let body = Body {
            status: "COMPLETE",
            results: self.results,
            num_errors: (self.failed > 0).then_some(self.failed),
            errors: self.errors,
            requested_at: now.clone(),
            started_at: now.clone(),
            completed_at: now,
        };
        Response::json(status, &body)
    }
}
