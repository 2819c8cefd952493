//! Lowers operations: body, budget, and what `parameters`, `response` and `security` lower of them.

use indexmap::IndexMap;
use openapiv3::{MediaType, PathItem};
use serde_json::Value;

use super::resolve::{At, Files, resolve};
use super::schema::Schemas;
use super::security::Access;
use crate::config::is_version;
use crate::error::Error;
use crate::model::{Body, Budget, Encoding, Operation, Type};

/// An operation as the document has it.
#[derive(Clone)]
pub(super) struct Written<'a> {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) item: (At<'a>, &'a PathItem),
    pub(super) at: At<'a>,
    pub(super) operation: &'a openapiv3::Operation,
}

/// The operations of a path item.
pub(super) fn written<'a>(
    path: &str,
    at: &At<'a>,
    item: &'a PathItem,
) -> Result<Vec<Written<'a>>, Error> {
    if let Some((method, _)) = item
        .iter()
        .find(|(method, _)| matches!(*method, "options" | "head" | "trace"))
    {
        return Err(at
            .child(method)
            .unsupported(&format!("an operation `{method}`")));
    }
    let methods = [
        ("DELETE", "delete", &item.delete),
        ("GET", "get", &item.get),
        ("PATCH", "patch", &item.patch),
        ("POST", "post", &item.post),
        ("PUT", "put", &item.put),
    ];
    let written = methods.into_iter().filter_map(|(method, key, operation)| {
        let (at, item) = (at.child(key), (at.clone(), item));
        Some(Written {
            method,
            path: path.to_owned(),
            item,
            at,
            operation: operation.as_ref()?,
        })
    });
    Ok(written.collect())
}

/// Lowers operations of one document.
pub(super) struct Lowering<'a, 's> {
    pub(super) files: &'a Files<'a>,
    pub(super) schemas: &'s mut Schemas<'a>,
}

impl<'a> Lowering<'a, '_> {
    pub(super) fn operation(
        &mut self,
        written: &Written<'a>,
        access: Access,
    ) -> Result<Operation, Error> {
        let operation = written.operation;
        // What inline schemas are called, the same in every version.
        let name = format!("{} {}", written.method, without_version(&written.path));
        let (path_parameters, query_parameters) = self.parameters(written, &name)?;
        let responses = written.at.child("responses");
        let (response, response_encoding) =
            self.response(&responses, &operation.responses, &name)?;
        Ok(Operation {
            place: written.at.place(),
            method: written.method.to_owned(),
            path: written.path.clone(),
            summary: operation.summary.clone(),
            description: operation.description.clone(),
            hubspot_name: hubspot_name(operation),
            deprecated: operation.deprecated,
            path_parameters,
            query_parameters,
            body: self.body(written, &name)?,
            response,
            response_encoding,
            success: Self::success(&operation.responses),
            requirement: access.requirement,
            authentication: access.authentication,
            budget: budget(written)?,
        })
    }

    fn body(&mut self, written: &Written<'a>, name: &str) -> Result<Option<Body>, Error> {
        let Some(node) = &written.operation.request_body else {
            return Ok(None);
        };
        let (at, body) = resolve(self.files, written.at.child("requestBody"), node)?;
        let content = self.content(&at, &body.content, &format!("{name}/body"), Content::Body)?;
        let Some((media_type, encoding, ty)) = content else {
            return Err(at.unsupported("a body without `content`"));
        };
        Ok(Some(Body {
            encoding,
            media_type: media_type.to_owned(),
            ty,
            required: body.required,
        }))
    }

    pub(super) fn content(
        &mut self,
        at: &At<'a>,
        content: &'a IndexMap<String, MediaType>,
        name: &str,
        of: Content,
    ) -> Result<Option<(&'a str, Encoding, Type)>, Error> {
        let at = at.child("content");
        // Of several, the one with the most structure.
        let kinds = content
            .iter()
            .map(|(name, media)| (encoding(name), name, media));
        let Some((encoding, media_type, media)) = kinds.min_by_key(|(encoding, ..)| *encoding)
        else {
            return Ok(None);
        };
        let at = at.child(media_type);
        match encoding {
            Encoding::Text => return Ok(Some((media_type, encoding, Type::String))),
            Encoding::Bytes => return Ok(Some((media_type, encoding, Type::Binary))),
            Encoding::Json | Encoding::Form | Encoding::Multipart => {}
        }
        if media.schema.is_none() && encoding == Encoding::Json {
            return Ok(Some((media_type, encoding, Type::Any)));
        }
        if media.schema.is_none() {
            return Err(at.unsupported("a form without a `schema`"));
        }
        let at = at.child("schema");
        let typed = self.schemas.typed(&at, name)?;
        if typed.nullable && of == Content::Response {
            return Ok(Some((media_type, encoding, Type::Any)));
        }
        // What `*/*` has is JSON, unless its schema says otherwise.
        let encoding = match typed.ty {
            Type::Binary => Encoding::Bytes,
            _ => encoding,
        };
        Ok(Some((media_type, encoding, typed.ty)))
    }
}

/// What content belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A request never sends `null` as its body, even if it may.
    Body,
    /// One that may be `null` is any value.
    Response,
}

/// How content of a type is written and read.
fn encoding(media_type: &str) -> Encoding {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    match name.to_ascii_lowercase().as_str() {
        "application/json" | "*/*" => Encoding::Json,
        "application/x-www-form-urlencoded" => Encoding::Form,
        "multipart/form-data" => Encoding::Multipart,
        name if name.ends_with("+json") => Encoding::Json,
        name if name.starts_with("text/") => Encoding::Text,
        _ => Encoding::Bytes,
    }
}

/// The path without the segments that say the version.
fn without_version(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !is_version(segment));
    segments.collect::<Vec<_>>().join("/")
}

/// The part of an operationId that says something. Our documents have it alone.
fn hubspot_name(operation: &openapiv3::Operation) -> Option<String> {
    let ours = operation
        .extensions
        .get("x-hubspot-operation-id")
        .and_then(Value::as_str);
    let ours = ours.filter(|name| is_word(name)).map(str::to_owned);
    ours.or_else(|| hubspot_name_of(operation.operation_id.as_ref()?))
}

/// The part of an operationId that says something: `getPage` of `get-/crm/v3/objects/contacts_getPage`.
pub(crate) fn hubspot_name_of(operation_id: &str) -> Option<String> {
    let (_, name) = operation_id.rsplit_once('_')?;
    is_word(name).then(|| name.to_owned())
}

fn is_word(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric())
}

fn budget(written: &Written<'_>) -> Result<Budget, Error> {
    const KEY: &str = "x-hubspot-rate-limit-exemptions";
    match written.operation.extensions.get(KEY) {
        None => Ok(Budget::TenSecondly),
        Some(Value::Array(limits)) if limits.is_empty() => Ok(Budget::TenSecondly),
        Some(Value::Array(limits)) if limits.iter().all(|limit| limit == "ten-secondly") => {
            Ok(Budget::Secondly)
        }
        Some(Value::Array(limits))
            if limits
                .iter()
                .all(|limit| limit == "ten-secondly" || limit == "daily") =>
        {
            Ok(Budget::Exempt)
        }
        Some(other) => Err(written
            .at
            .child(KEY)
            .unsupported(&format!("an exemption from the rate limits {other}"))),
    }
}
