//! Responses to batches: 200 or 201 if all inputs succeeded, otherwise 207 with the errors.
//!
//! HubSpot's documents of 2026-09 list no 207; their response has room for errors in every status. HubSpot itself responds
//! 207 in every version, and so does this mock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::values::{Detail, Refusal};

/// The maximum number of inputs of a batch.
pub(crate) const LONGEST: usize = 100;

/// The outcome of a batch.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<T> {
    status: &'static str,
    results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_errors: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InputError>,
    requested_at: String,
    started_at: String,
    completed_at: String,
}

/// Why inputs failed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InputError {
    status: &'static str,
    category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<&'static str>,
    message: String,
    errors: Vec<Detail>,
    context: BTreeMap<&'static str, Vec<String>>,
    links: BTreeMap<&'static str, &'static str>,
    /// How many inputs failed with it.
    #[serde(skip)]
    inputs: usize,
}

impl InputError {
    /// The error of one input. Only its trace id tells which input it was.
    pub(crate) fn new(refusal: Refusal, trace: Option<&str>) -> Self {
        let mut error = Self::of_many(refusal, 1);
        if let Some(trace) = trace {
            let trace = vec![trace.to_owned()];
            error.context.insert("objectWriteTraceId", trace);
        }
        error
    }

    /// The error of several inputs.
    pub(crate) fn of_many(refusal: Refusal, inputs: usize) -> Self {
        let body = refusal.body;
        Self {
            status: body.status,
            category: body.category,
            sub_category: body.sub_category,
            message: body.message,
            errors: body.errors,
            context: body.context,
            links: body.links,
            inputs,
        }
    }
}

/// The response to a batch. `status` is used if no input failed.
pub(crate) fn respond<T: Serialize>(
    call: &Call,
    status: u16,
    results: Vec<T>,
    errors: Vec<InputError>,
) -> Result<Response, Refusal> {
    let failed = errors.iter().map(|error| error.inputs).sum::<usize>();
    let status = if failed == 0 { status } else { 207 };
    let at = |time: Timestamp| moment_text(time.as_millisecond());
    Response::json(
        status,
        &Outcome {
            status: "COMPLETE",
            results,
            num_errors: (failed > 0).then_some(failed),
            errors,
            requested_at: at(call.now),
            started_at: at(call.now),
            completed_at: at(call.now),
        },
    )
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
