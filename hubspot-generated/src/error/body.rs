//! What HubSpot says about an error.
//!
//! Comes in: the body of an error answer, or an error within a batch answer. Goes out: its fields, as far as they are
//! there. Refuses nothing: every field may be missing, of another type, or the body be HTML or no text at all.

use std::collections::BTreeMap;

use hubspot_scopes::{Alternative, Requirement};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The body of an error answer.
#[derive(Default)]
pub(crate) struct ErrorBody {
    pub(crate) category: Option<String>,
    pub(crate) sub_category: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) policy_name: Option<String>,
    pub(crate) errors: Vec<ErrorDetail>,
    pub(crate) context: BTreeMap<String, Vec<String>>,
    pub(crate) missing_scopes: Option<Requirement>,
}

impl ErrorBody {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        let mut body = Self {
            // A rate limit has `errorType`, OAuth's errors `error` (RFC 6749) or a telling `status`.
            category: text(&object, "category")
                .or_else(|| text(&object, "errorType"))
                .or_else(|| text(&object, "error"))
                .or_else(|| text(&object, "status").filter(|status| status != "error")),
            sub_category: text(&object, "subCategory"),
            message: text(&object, "message").or_else(|| text(&object, "error_description")),
            correlation_id: text(&object, "correlationId"),
            policy_name: text(&object, "policyName"),
            errors: details(&object),
            context: context(&object),
            missing_scopes: None,
        };
        body.missing_scopes = body.find_missing_scopes();
        body
    }

    /// Reads what a `MISSING_SCOPES` answer names: each fault that lists scopes asks for any or for all of them.
    fn find_missing_scopes(&self) -> Option<Requirement> {
        let own = (self.message.as_deref(), &self.context);
        self.errors
            .iter()
            .map(|detail| (detail.message.as_deref(), &detail.context))
            .chain([own])
            .find_map(|(message, context)| {
                let scopes = ["requiredGranularScopes", "requiredScopes"]
                    .iter()
                    .find_map(|key| context.get(*key))?;
                let all = message.is_some_and(|message| message.trim_start().starts_with("All of"));
                Some(if all {
                    Requirement::all_of(scopes)
                } else {
                    Requirement::new(scopes.iter().map(|scope| Alternative::all_of([scope])))
                })
            })
            .filter(|requirement| !requirement.is_none())
    }
}

/// One fault among those that an error lists. Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// HubSpot's sentence for people. It may quote the values that were sent.
    pub message: Option<String>,
    /// The kind of fault: `PROPERTY_DOESNT_EXIST`, `INVALID_EMAIL`.
    pub code: Option<String>,
    /// The finer kind of fault.
    pub sub_category: Option<String>,
    /// The field or parameter that the fault is in (HubSpot's `in`).
    pub location: Option<String>,
    /// More about the fault: `propertyName`, `requiredGranularScopes`.
    pub context: BTreeMap<String, Vec<String>>,
}

impl ErrorDetail {
    fn from_object(object: &Object) -> Self {
        Self {
            message: text(object, "message"),
            code: text(object, "code"),
            sub_category: text(object, "subCategory"),
            location: text(object, "in"),
            context: context(object),
        }
    }
}

impl<'de> Deserialize<'de> for ErrorDetail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::deserialize(deserializer).map(|object| Self::from_object(&object))
    }
}

/// Why HubSpot did not do what one or more inputs of a batch asked for. Every field may be missing.
///
/// Within a batch answer of status 207. [`write_trace_ids`](Self::write_trace_ids) leads back to the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchError {
    /// HubSpot's word for the outcome: `error`.
    pub status: Option<String>,
    /// HubSpot's number of this error.
    pub id: Option<String>,
    /// The kind of error: `OBJECT_NOT_FOUND`, `VALIDATION_ERROR`, `CONFLICT`.
    pub category: Option<String>,
    /// The finer kind of error.
    pub sub_category: Option<String>,
    /// HubSpot's sentence for people. It may quote the values that were sent.
    pub message: Option<String>,
    /// The single faults.
    pub errors: Vec<ErrorDetail>,
    /// More about the error: `ids`, `objectWriteTraceId`.
    pub context: BTreeMap<String, Vec<String>>,
    /// Pages about this kind of error, by name.
    pub links: BTreeMap<String, String>,
}

impl BatchError {
    /// The `objectWriteTraceId` of every input that this error is about.
    ///
    /// Empty when the inputs had none: then only the ids in [`context`](Self::context), if any, tell.
    pub fn write_trace_ids(&self) -> &[String] {
        self.context
            .get("objectWriteTraceId")
            .map_or(&[], Vec::as_slice)
    }
}

impl<'de> Deserialize<'de> for BatchError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = Object::deserialize(deserializer)?;
        let links = object
            .get("links")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        Ok(Self {
            status: text(&object, "status"),
            id: text(&object, "id"),
            category: text(&object, "category"),
            sub_category: text(&object, "subCategory"),
            message: text(&object, "message"),
            errors: details(&object),
            context: context(&object),
            links: links
                .filter_map(|(name, link)| Some((name.clone(), scalar(link)?)))
                .collect(),
        })
    }
}

/// A scalar as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn text(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(scalar)
}

fn details(object: &Object) -> Vec<ErrorDetail> {
    let errors = object
        .get("errors")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    errors
        .filter_map(Value::as_object)
        .map(ErrorDetail::from_object)
        .collect()
}

/// `context` holds a list of texts by key; a single text is read as a list of one.
fn context(object: &Object) -> BTreeMap<String, Vec<String>> {
    let entries = object
        .get("context")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    entries
        .map(|(key, value)| {
            let values = match value {
                Value::Array(values) => values.iter().filter_map(scalar).collect(),
                other => scalar(other).into_iter().collect(),
            };
            (key.clone(), values)
        })
        .collect()
}
