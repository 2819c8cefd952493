//! HubSpot's error responses.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::json;

/// An error response, or the error of one input of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// 400, 401, 403, …
    pub(crate) status: u16,
    /// The body. The server adds `correlationId`.
    pub(crate) body: Box<ErrorBody>,
    /// Seconds for `Retry-After`.
    pub(crate) retry_after: Option<u64>,
    /// Methods for `Allow`.
    pub(crate) allow: Option<String>,
}

/// HubSpot's error body.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorBody {
    /// `error`
    pub(crate) status: &'static str,
    /// What went wrong.
    pub(crate) message: String,
    /// Added by the server.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) correlation_id: String,
    /// `VALIDATION_ERROR`, `OBJECT_NOT_FOUND`, …
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) category: &'static str,
    /// A more specific category.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub_category: Option<&'static str>,
    /// The individual errors, such as one per invalid property.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<Detail>,
    /// Details by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) context: BTreeMap<&'static str, Vec<String>>,
    /// Links to documentation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) links: BTreeMap<&'static str, &'static str>,
    /// The fields that only a 429 has.
    #[serde(flatten)]
    pub(crate) rate_limit: Option<RateLimit>,
    /// The fields that only the long form of a 409 has.
    #[serde(flatten)]
    pub(crate) contact_exists: Option<ContactExists>,
}

/// The fields that only a 429 has; it has no category.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateLimit {
    /// `RATE_LIMIT`
    pub(crate) error_type: &'static str,
    /// `TEN_SECONDLY_ROLLING`, `SECONDLY` or `DAILY`
    pub(crate) policy_name: &'static str,
    pub(crate) group_name: &'static str,
}

/// The fields that only the long form of a 409 for a contact has.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactExists {
    /// `CONTACT_EXISTS`
    error: &'static str,
    /// The contact that exists.
    identity_profile: serde_json::Value,
}

/// One of several errors.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Detail {
    /// What went wrong.
    pub(crate) message: String,
    /// The error code: `PROPERTY_DOESNT_EXIST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<&'static str>,
    /// The field or parameter.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<String>,
    /// Details by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) context: BTreeMap<&'static str, Vec<String>>,
}

impl Detail {
    /// An error of a property.
    pub(crate) fn of_property(name: &str, code: &'static str, message: String) -> Self {
        Self {
            message,
            code: Some(code),
            place: Some(name.to_owned()),
            context: BTreeMap::from([("propertyName", vec![name.to_owned()])]),
        }
    }
}

impl Refusal {
    /// An error with a category and a message.
    pub(crate) fn new(status: u16, category: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            body: Box::new(ErrorBody {
                status: "error",
                message: message.into(),
                category,
                ..ErrorBody::default()
            }),
            retry_after: None,
            allow: None,
        }
    }

    /// 400 `VALIDATION_ERROR`.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(400, "VALIDATION_ERROR", message)
    }

    /// 400 for a property that does not exist.
    pub(crate) fn unknown_property(name: &str) -> Self {
        let message = format!("Property \"{name}\" does not exist");
        Self::validation(message).context("propertyName", [name.to_owned()])
    }

    /// 404 `OBJECT_NOT_FOUND`.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "OBJECT_NOT_FOUND", message)
    }

    /// 409 `CONFLICT`.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "CONFLICT", message)
    }

    /// Makes a 409 the long form for a contact that has this email already.
    pub(crate) fn contact_exists(mut self, id: u64, email: &str, now: i64) -> Self {
        self.body.category = "OBJECT_ALREADY_EXISTS";
        let identity =
            json!({"type": "EMAIL", "value": email, "isPrimary": true, "timestamp": now});
        let identity_profile = json!({
            "vid": id,
            "identity": [identity],
            "linkedVid": [],
            "isContact": true,
            "savedAtTimestamp": now,
        });
        self.body.contact_exists = Some(ContactExists {
            error: "CONTACT_EXISTS",
            identity_profile,
        });
        self
    }

    /// 401, with `INVALID_AUTHENTICATION` or `EXPIRED_AUTHENTICATION`.
    pub(crate) fn unauthorized(category: &'static str, message: impl Into<String>) -> Self {
        Self::new(401, category, message)
    }

    /// 429.
    pub(crate) fn rate_limit(message: impl Into<String>, rate_limit: RateLimit) -> Self {
        let mut refusal = Self::new(429, "", message);
        refusal.body.rate_limit = Some(rate_limit);
        refusal
    }

    /// 500: a bug of this mock.
    pub(crate) fn internal(cause: &dyn fmt::Display) -> Self {
        Self::new(500, "INTERNAL_ERROR", format!("internal error: {cause}"))
    }

    /// Adds a detail to the context.
    pub(crate) fn context(mut self, name: &'static str, values: impl Into<Vec<String>>) -> Self {
        self.body.context.insert(name, values.into());
        self
    }

    /// Adds a link to documentation.
    pub(crate) fn link(mut self, name: &'static str, url: &'static str) -> Self {
        self.body.links.insert(name, url);
        self
    }

    /// Adds individual errors.
    pub(crate) fn details(mut self, details: impl IntoIterator<Item = Detail>) -> Self {
        self.body.errors.extend(details);
        self
    }
}
