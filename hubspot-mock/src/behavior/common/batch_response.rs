//! Responses to batches: 200 or 201 if all inputs succeeded, otherwise 207 with the errors.
//!
//! HubSpot's documents of 2026-09 list no 207; their response has room for errors in every status. HubSpot itself responds
//! 207 in every version, and so does this mock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::behavior::call::{Call, Response};
use crate::definitions::value::moment_text;
use crate::values::refusal::{Detail, Refusal};

/// The most inputs of a batch.
pub(crate) const LONGEST: usize = 100;

/// What became of a batch.
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
    /// How many inputs it stands for.
    #[serde(skip)]
    inputs: usize,
}

impl InputError {
    /// Why one input was refused. Its trace id is the only way to tell which input it was.
    pub(crate) fn new(refusal: Refusal, trace: Option<&str>) -> Self {
        let mut error = Self::of_many(refusal, 1);
        if let Some(trace) = trace {
            let trace = vec![trace.to_owned()];
            error.context.insert("objectWriteTraceId", trace);
        }
        error
    }

    /// Why several inputs were refused.
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

/// The answer to a batch; `status` is that of a success.
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

/// Refuses a batch of more inputs than `longest`.
pub(crate) fn check_length(inputs: usize, longest: usize) -> Result<(), Refusal> {
    if inputs <= longest {
        return Ok(());
    }
    Err(Refusal::validation(format!(
        "A batch holds {longest} inputs at most; this one has {inputs}"
    )))
}
