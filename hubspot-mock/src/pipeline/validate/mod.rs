//! Validates and decodes the parameters and the body of a request.
//!
//! Fails with 400 `VALIDATION_ERROR` and a list of errors, or with 415 for another content type. HubSpot ignores query
//! parameters and JSON fields that it does not know, and so does this module. A `null` counts as a missing field. HubSpot
//! documents no codes for these errors; the ones here are this mock's own.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::behavior::Content;
use crate::behavior::objects::search;
use crate::table::{Body, Encoding, Endpoint, Field, Parameter, Schema, Shape, Type, Variant};
use crate::values::form::is_content_type;
use crate::values::multipart::Part;
use crate::values::{Detail, Refusal, form, multipart};

mod location;
mod optional;
pub(crate) mod unknown;

use crate::pipeline::validate::location::Location;
use crate::pipeline::validate::optional::is_optional_in_practice;

/// The maximum number of errors in a response. A body could have as many as it has bytes.
const MAX_ERRORS: usize = 100;

/// The parts of a request to validate.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    /// The path's parameters, decoded.
    pub(crate) path: &'a [(&'static str, String)],
    /// As it came.
    pub(crate) query: &'a str,
    /// The header, if there is one.
    pub(crate) content_type: Option<&'a [u8]>,
    /// As it came.
    pub(crate) body: &'a [u8],
}

/// The validated and decoded parts of a request.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Content,
}

/// Validates and decodes a request.
pub(crate) fn check(endpoint: &Endpoint, form: &Form<'_>) -> Result<Checked, Refusal> {
    let query =
        form::decode(form.query).map_err(|_| Refusal::validation("The query is not UTF-8."))?;
    let mut errors = Errors::default();
    errors.check_parameters(endpoint.path_parameters, |name| {
        let named = form.path.iter().filter(move |(known, _)| *known == name);
        named.map(|(_, value)| value.as_str())
    });
    errors.check_parameters(endpoint.query_parameters, |name| {
        let named = query.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    });
    let body = match &endpoint.body {
        Some(body) => errors.read_body(body, form, endpoint.action == "search")?,
        None => Content::Empty,
    };
    errors.into_result()?;
    Ok(Checked { query, body })
}

/// The errors found so far.
#[derive(Debug, Default)]
struct Errors {
    errors: Vec<Detail>,
    unlisted: usize,
}

impl Errors {
    fn add(&mut self, code: &'static str, place: String, what: &str) {
        if self.errors.len() >= MAX_ERRORS {
            self.unlisted += 1;
            return;
        }
        self.errors.push(Detail {
            message: format!("{place} {what}."),
            code: Some(code),
            place: Some(place),
            ..Detail::default()
        });
    }

    fn into_result(self) -> Result<(), Refusal> {
        let Some(first) = self.errors.first() else {
            return Ok(());
        };
        let more = self.errors.len() - 1 + self.unlisted;
        let message = match more {
            0 => format!("Invalid input: {}", first.message),
            _ => format!(
                "Invalid input: {} There are {more} more errors.",
                first.message
            ),
        };
        Err(Refusal::validation(message).details(self.errors))
    }

    fn check_parameters<'a, V>(
        &mut self,
        parameters: &[Parameter],
        values: impl Fn(&'static str) -> V,
    ) where
        V: Iterator<Item = &'a str>,
    {
        for parameter in parameters {
            let mut missing = true;
            for value in values(parameter.name) {
                missing = false;
                self.check_text(parameter.name, &parameter.ty, value);
            }
            if missing && parameter.required {
                self.add("REQUIRED_FIELD", parameter.name.to_owned(), "is missing");
            }
        }
    }

    /// Checks a value of the path or the query.
    fn check_text(&mut self, name: &str, ty: &Type, value: &str) {
        let fits = match ty {
            Type::Array(item) => {
                let parts = value.split(',').map(str::trim);
                for part in parts.filter(|part| !part.is_empty()) {
                    self.check_text(name, item, part);
                }
                return;
            }
            Type::Boolean => ["true", "false", "0", "1"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(value)),
            Type::Int32 => value.parse::<i32>().is_ok(),
            Type::Int64 => value.parse::<i64>().is_ok(),
            Type::Double => value.parse::<f64>().is_ok_and(f64::is_finite),
            Type::DateTime => value.parse::<jiff::Timestamp>().is_ok(),
            Type::Named(schema) => match &schema.shape {
                Shape::Enum(known) => known.contains(&value),
                Shape::Object(_) | Shape::Union(_) => true,
            },
            Type::Constant(known) => *known == value,
            Type::String | Type::Binary | Type::Any | Type::Map { .. } => true,
        };
        if !fits {
            self.add("INVALID_TYPE", name.to_owned(), &must_be(ty));
        }
    }

    fn read_body(
        &mut self,
        body: &Body,
        form: &Form<'_>,
        is_search: bool,
    ) -> Result<Content, Refusal> {
        if form.body.is_empty() {
            if body.required {
                self.add("REQUIRED_FIELD", "body".to_owned(), "is missing");
            }
            return Ok(Content::Empty);
        }
        check_content_type(body.encoding, form.content_type)?;
        match body.encoding {
            Encoding::Json => {
                let mut value = serde_json::from_slice::<Value>(form.body).map_err(|error| {
                    Refusal::validation(format!("Invalid input JSON: {error}."))
                })?;
                if is_search {
                    remove_nulls(&mut value);
                    search::normalize(&mut value);
                }
                self.check_value(&Location::Body, &body.ty, &mut value);
                remove_nulls(&mut value);
                Ok(Content::Json(value))
            }
            Encoding::Multipart => {
                let parts = form
                    .content_type
                    .and_then(|of| multipart::parts(of, form.body));
                let parts = parts
                    .ok_or_else(|| Refusal::validation("The multipart form cannot be read."))?;
                self.check_parts(&body.ty, &parts);
                Ok(Content::Multipart(parts))
            }
            Encoding::Text | Encoding::Bytes => {
                Ok(Content::Bytes(Bytes::copy_from_slice(form.body)))
            }
            // The OAuth operations check the fields of forms, because their errors have another shape.
            Encoding::Form => std::str::from_utf8(form.body)
                .and_then(form::decode)
                .map(Content::Form)
                .map_err(|_| Refusal::validation("The form is not UTF-8.")),
        }
    }

    /// Checks the parts of a multipart form. What is in an object is for the operation to check.
    fn check_parts(&mut self, ty: &Type, parts: &[Part]) {
        let Type::Named(Schema {
            shape: Shape::Object(fields),
            ..
        }) = ty
        else {
            return;
        };
        for field in *fields {
            let named = parts.iter().filter(|part| part.name == field.name);
            let place = || Location::Field(&Location::Body, field.name).to_string();
            let is_file = match field.ty {
                Type::Array(item) => matches!(item, Type::Binary),
                ty => matches!(ty, Type::Binary),
            };
            let mut is_missing = true;
            for part in named {
                is_missing = false;
                if is_file != part.is_file {
                    let what = if is_file {
                        "must be a file"
                    } else {
                        "must be no file"
                    };
                    self.add("INVALID_TYPE", place(), what);
                }
            }
            if is_missing && field.required {
                self.add("REQUIRED_FIELD", place(), "is missing");
            }
        }
    }

    /// Checks a value, and converts numbers to strings where the type is a string, as HubSpot does.
    fn check_value(&mut self, place: &Location<'_>, ty: &Type, value: &mut Value) {
        if let (Type::String, Value::Number(_)) = (ty, &*value) {
            *value = Value::String(value.to_string());
        }
        let fits = match (ty, &mut *value) {
            (Type::Array(item), Value::Array(values)) => {
                for (index, value) in values.iter_mut().enumerate() {
                    self.check_value(&Location::Item(place, index), item, value);
                }
                true
            }
            (Type::Map { value, nullable }, Value::Object(fields)) => {
                for (name, field) in fields {
                    // Values of properties may be flags.
                    if let (Type::String, Value::Bool(flag)) = (value, &*field) {
                        *field = Value::String(flag.to_string());
                    }
                    if !(*nullable && field.is_null()) {
                        self.check_value(&Location::Field(place, name), value, field);
                    }
                }
                true
            }
            (Type::Named(schema), value) => match (&schema.shape, value) {
                (Shape::Object(known), Value::Object(fields)) => {
                    self.check_fields(place, schema, known, fields);
                    true
                }
                (Shape::Enum(known), Value::String(text)) => known.contains(&text.as_str()),
                (Shape::Union(variants), value @ Value::Object(_)) => {
                    let variant = variants.iter().find(|variant| is_marked(variant, value));
                    variant.is_some_and(|variant| {
                        self.check_value(place, &variant.ty, value);
                        true
                    })
                }
                _ => false,
            },
            (ty, value) => fits_scalar(ty, value),
        };
        if !fits {
            self.add("INVALID_TYPE", place.to_string(), &must_be(ty));
        }
    }

    fn check_fields(
        &mut self,
        place: &Location<'_>,
        schema: &Schema,
        known: &[Field],
        fields: &mut Map<String, Value>,
    ) {
        for field in known {
            let place = Location::Field(place, field.name);
            let required = field.required && !is_optional_in_practice(schema, field.name);
            match fields.get_mut(field.name) {
                None | Some(Value::Null) if !required || field.nullable => {}
                None | Some(Value::Null) => {
                    self.add("REQUIRED_FIELD", place.to_string(), "is missing");
                }
                Some(value) => self.check_value(&place, &field.ty, value),
            }
        }
    }
}

/// Returns whether a value has what tells a variant from the others.
fn is_marked(variant: &Variant, value: &Value) -> bool {
    let found = value.get(variant.field);
    match variant.value {
        Some(known) => found.and_then(Value::as_str) == Some(known),
        None => found.is_some_and(|found| !found.is_null()),
    }
}

fn fits_scalar(ty: &Type, value: &Value) -> bool {
    match ty {
        Type::Any => true,
        Type::String => value.is_string(),
        Type::Constant(known) => value.as_str() == Some(known),
        Type::Boolean => value.is_boolean(),
        Type::Int32 => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        Type::Int64 => value.is_i64(),
        Type::Double => value.is_number(),
        Type::DateTime => value
            .as_str()
            .is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok()),
        Type::Binary | Type::Array(_) | Type::Map { .. } | Type::Named(_) => false,
    }
}

fn must_be(ty: &Type) -> String {
    let what = match ty {
        Type::String => "a string",
        Type::Binary => "a file",
        Type::Constant(known) => return format!("must be {known}"),
        Type::Boolean => "true or false",
        Type::Int32 => "an integer of 32 bits",
        Type::Int64 => "an integer of 64 bits",
        Type::Double => "a number",
        Type::DateTime => "a date and time as in RFC 3339",
        Type::Any => "a value",
        Type::Array(_) => "a list",
        Type::Map { .. } => "an object",
        Type::Named(schema) => match &schema.shape {
            Shape::Object(_) => return format!("must be an object ({})", schema.name),
            Shape::Enum(known) => return format!("must be one of {}", known.join(", ")),
            Shape::Union(variants) => return must_be_variant(variants),
        },
    };
    format!("must be {what}")
}

fn must_be_variant(variants: &[Variant]) -> String {
    let marks = variants.iter().map(|variant| match variant.value {
        Some(value) => format!("`{}` {value}", variant.field),
        None => format!("`{}`", variant.field),
    });
    let marks = marks.collect::<Vec<_>>().join(", ");
    format!("must be an object with one of {marks}")
}

/// HubSpot does not document its response to another or a missing content type; HTTP has 415 for it.
fn check_content_type(encoding: Encoding, given: Option<&[u8]>) -> Result<(), Refusal> {
    let expected = match encoding {
        Encoding::Json => "application/json",
        Encoding::Form => "application/x-www-form-urlencoded",
        Encoding::Multipart => "multipart/form-data",
        // The document lists others that HubSpot takes, too.
        Encoding::Text | Encoding::Bytes => return Ok(()),
    };
    if given.is_some_and(|given| is_content_type(given, expected)) {
        return Ok(());
    }
    let message = format!("The body must be sent with the content type {expected}.");
    Err(Refusal::new(415, "", message))
}

/// Removes the fields that are `null`, in which HubSpot sees fields that are not set.
fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;
