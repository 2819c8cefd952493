//! The body of an error response, and the errors within the response to a batch.
//!
//! Parsing never fails: any field may be missing or of another type, and the body may be HTML.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::clean::{first_sentence, is_name, redact_json};
use crate::decode::fields::readable_fields;
use crate::decode::{Decode, Decoded, Decoder};

type Object = Map<String, Value>;
type Context = BTreeMap<String, Vec<String>>;

/// The body of an error response.
#[derive(Default)]
pub(crate) struct ErrorBody {
    pub(crate) category: Option<String>,
    pub(crate) sub_category: Option<String>,
    pub(crate) message: Option<String>,
    /// As much of the message as an error shows.
    pub(crate) sentence: Option<String>,
    pub(crate) correlation_id: Option<String>,
    pub(crate) policy_name: Option<String>,
    pub(crate) errors: Vec<ErrorDetail>,
    pub(crate) context: Context,
    /// As the text of a requirement.
    pub(crate) missing_scopes: Option<String>,
}

impl ErrorBody {
    /// Reads what is there, with `secrets` redacted.
    pub(crate) fn parse(body: &[u8], secrets: &[String]) -> Self {
        // Of an object with a value that cannot be read, the others.
        let body = readable_fields(body).unwrap_or_default();
        let Value::Object(object) = redact_json(Value::Object(body), secrets) else {
            return Self::default();
        };
        let message = text(&object, "message").or_else(|| text(&object, "error_description"));
        let sentence = message.as_deref().and_then(first_sentence);
        let mut body = Self {
            // A rate limit has `errorType`, OAuth's errors `error` (RFC 6749) or a telling `status`.
            category: text(&object, "category")
                .or_else(|| text(&object, "errorType"))
                .or_else(|| text(&object, "error"))
                .or_else(|| text(&object, "status").filter(|status| status != "error")),
            sub_category: text(&object, "subCategory"),
            sentence,
            message,
            correlation_id: text(&object, "correlationId"),
            policy_name: text(&object, "policyName"),
            errors: details(&object),
            context: context(&object),
            missing_scopes: None,
        };
        body.missing_scopes = body.find_missing_scopes();
        body
    }

    /// Reads the missing scopes: the first error that lists scopes asks for any or for all of them.
    fn find_missing_scopes(&self) -> Option<String> {
        for detail in &self.errors {
            if let Some(scopes) = write_requirement(detail.message.as_deref(), &detail.context) {
                return Some(scopes);
            }
        }
        write_requirement(self.message.as_deref(), &self.context)
    }
}

/// Returns the requirement that an error states as text, or `None` if it names no scopes.
fn write_requirement(message: Option<&str>, context: &Context) -> Option<String> {
    let scopes = context
        .get("requiredGranularScopes")
        .or_else(|| context.get("requiredScopes"))?;
    if scopes.is_empty() || !scopes.iter().all(|scope| is_name(scope)) {
        return None;
    }
    let mut list = String::new();
    for scope in scopes {
        list.push_str(if list.is_empty() { "\"" } else { ", \"" });
        list.push_str(scope);
        list.push('"');
    }
    let all = message.is_some_and(|message| message.trim_start().starts_with("All of"));
    Some(if all || scopes.len() == 1 {
        list
    } else {
        format!("any({list})")
    })
}

/// One of the errors that an [`Error`](crate::Error) or a [`BatchError`] lists. Every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, rename_all = "camelCase"))]
#[non_exhaustive]
pub struct ErrorDetail {
    /// HubSpot's message. It may quote values of the request.
    pub message: Option<String>,
    /// The error code, such as `PROPERTY_DOESNT_EXIST` or `INVALID_EMAIL`.
    pub code: Option<String>,
    /// The subcategory.
    pub sub_category: Option<String>,
    /// The field or parameter with the error (HubSpot's `in`).
    #[cfg_attr(feature = "serde", serde(rename = "in"))]
    pub location: Option<String>,
    /// More details by key, such as `propertyName` or `requiredGranularScopes`.
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

/// The error of one or more inputs of a batch, in a response with status 207. Every field may be missing.
///
/// [`write_trace_ids`](Self::write_trace_ids) tells which inputs failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, rename_all = "camelCase"))]
#[non_exhaustive]
pub struct BatchError {
    /// HubSpot's status, `error`.
    pub status: Option<String>,
    /// HubSpot's id of this error.
    pub id: Option<String>,
    /// The category, such as `OBJECT_NOT_FOUND`, `VALIDATION_ERROR` or `CONFLICT`.
    pub category: Option<String>,
    /// The subcategory.
    pub sub_category: Option<String>,
    /// HubSpot's message. It may quote values of the request.
    pub message: Option<String>,
    /// The individual errors.
    pub errors: Vec<ErrorDetail>,
    /// More details by key, such as `ids` or `objectWriteTraceId`.
    pub context: BTreeMap<String, Vec<String>>,
}

#[cfg(feature = "bulk")]
impl From<BatchError> for ErrorBody {
    fn from(error: BatchError) -> Self {
        Self {
            sentence: error.message.as_deref().and_then(first_sentence),
            category: error.category,
            sub_category: error.sub_category,
            message: error.message,
            errors: error.errors,
            context: error.context,
            ..Self::default()
        }
    }
}

impl BatchError {
    /// The `objectWriteTraceId` of every input that failed with this error; empty if the inputs had none.
    pub fn write_trace_ids(&self) -> &[String] {
        self.context
            .get("objectWriteTraceId")
            .map_or(&[], Vec::as_slice)
    }

    /// The category, and as much of the message as an error shows.
    pub(crate) fn summary(&self) -> Option<String> {
        let category = self
            .category
            .as_deref()
            .filter(|category| is_name(category));
        let sentence = self.message.as_deref().and_then(first_sentence);
        match (category, sentence) {
            (Some(category), Some(sentence)) => Some(format!("{category}: {sentence}")),
            (Some(category), None) => Some(category.to_owned()),
            (None, sentence) => sentence,
        }
    }

    fn from_object(object: &Object) -> Self {
        Self {
            status: text(object, "status"),
            id: text(object, "id"),
            category: text(object, "category"),
            sub_category: text(object, "subCategory"),
            message: text(object, "message"),
            errors: details(object),
            context: context(object),
        }
    }
}

impl Decode for BatchError {
    fn empty() -> Self {
        Self::default()
    }

    fn decode(&mut self, decoder: &mut Decoder<'_>) -> Decoded {
        *self = Self::from_object(&readable_fields(decoder.raw()?.as_bytes())?);
        Ok(())
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
    let mut details = Vec::new();
    if let Some(Value::Array(errors)) = object.get("errors") {
        for error in errors {
            if let Value::Object(error) = error {
                details.push(ErrorDetail::from_object(error));
            }
        }
    }
    details
}

/// `context` has a list of strings by key; a single string is read as a list of one.
fn context(object: &Object) -> Context {
    let mut context = BTreeMap::new();
    if let Some(Value::Object(entries)) = object.get("context") {
        for (key, value) in entries {
            let values = match value {
                Value::Array(values) => values.iter().filter_map(scalar).collect(),
                other => scalar(other).into_iter().collect(),
            };
            context.insert(key.clone(), values);
        }
    }
    context
}

/// The id in a conflict's message, the only place where HubSpot says it: "Contact already exists. Existing ID: 123".
pub(crate) fn existing_id(message: &str) -> Option<&str> {
    let (_, after) = message.rsplit_once("Existing ID:")?;
    let after = after.trim_start();
    let end = after
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(after.len());
    Some(&after[..end]).filter(|id| !id.is_empty())
}
