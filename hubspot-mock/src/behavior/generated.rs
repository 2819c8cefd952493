//! Operations without behavior: a success that their document allows, made from the request.
//!
//! The response has `x-hubspot-mock: generated`. It has the required fields, and those that the request names as well: in
//! the path, in the body, or in the inputs of a batch. What the request does not say is empty, and the same in every run.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::behavior::{Call, Origin, Response};
use crate::table::{Shape, Type, Variant};
use crate::values::Refusal;

/// The time of everything that happened without being asked for.
const TIME: &str = "2026-01-01T00:00:00Z";

/// How deep a response may be nested. A type that needs itself ends with `null` here.
const MAX_DEPTH: u8 = 16;

/// Makes a response to a request that was validated. Nothing is kept.
pub(crate) fn handle(call: &Call) -> Result<Response, Refusal> {
    let response = match &call.endpoint.response {
        Some(ty) => Response::json(call.endpoint.status, &made(ty, &said(call)))?,
        None => Response {
            status: call.endpoint.status,
            ..Response::empty()
        },
    };
    Ok(Response {
        origin: Origin::Schema,
        ..response
    })
}

/// What the request says, by the names that a response has for it.
fn said(call: &Call) -> Value {
    let mut said = call.json().as_object().cloned().unwrap_or_default();
    if let Some(inputs) = said.get("inputs").cloned() {
        said.entry("results").or_insert(inputs);
    }
    for (name, text) in &call.path {
        said.insert((*name).to_owned(), json!(text));
    }
    if let Some((_, last)) = call.path.last() {
        said.entry("id").or_insert_with(|| json!(last));
    }
    Value::Object(said)
}

/// A value of a type, as near to what was said as the type allows.
pub(crate) fn made(ty: &Type, said: &Value) -> Value {
    value(ty, said, MAX_DEPTH)
}

fn value(ty: &Type, said: &Value, depth: u8) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Null;
    };
    match ty {
        Type::String => json!(text(said).unwrap_or_default()),
        Type::Binary => json!(""),
        Type::Constant(value) => json!(value),
        Type::DateTime => {
            let time = said
                .as_str()
                .filter(|text| text.parse::<Timestamp>().is_ok());
            json!(time.unwrap_or(TIME))
        }
        Type::Boolean => json!(said.as_bool().unwrap_or_default()),
        Type::Int32 => {
            let number = integer(said).and_then(|number| i32::try_from(number).ok());
            json!(number.unwrap_or_default())
        }
        Type::Int64 => json!(integer(said).unwrap_or_default()),
        Type::Double => json!(said.as_f64().unwrap_or_default()),
        Type::Any if said.is_null() => json!({}),
        Type::Any => said.clone(),
        Type::Array(item) => {
            let items = said.as_array().into_iter().flatten();
            items.map(|said| value(item, said, depth)).collect()
        }
        Type::Map { value: of, .. } => {
            let entries = said.as_object().into_iter().flatten();
            let entries = entries.map(|(key, said)| (key.clone(), value(of, said, depth)));
            Value::Object(entries.collect())
        }
        Type::Named(schema) => match schema.shape {
            Shape::Enum(values) => {
                let known = values.iter().find(|known| said.as_str() == Some(known));
                json!(known.or(values.first()).unwrap_or(&""))
            }
            Shape::Object(fields) => {
                let mut object = Map::new();
                for field in fields {
                    let part = said.get(field.name).unwrap_or(&Value::Null);
                    if field.required || !part.is_null() {
                        let part = value(&field.ty, part, depth);
                        object.insert(field.name.to_owned(), part);
                    }
                }
                Value::Object(object)
            }
            Shape::Union(variants) => union(variants, said, depth),
        },
    }
}

/// The variant that was said, or the first.
fn union(variants: &[Variant], said: &Value, depth: u8) -> Value {
    let is_said = |variant: &&Variant| {
        let found = said.get(variant.field);
        found.is_some_and(|found| {
            variant
                .value
                .is_none_or(|value| found.as_str() == Some(value))
        })
    };
    let variant = variants.iter().find(is_said).or(variants.first());
    variant.map_or(Value::Null, |variant| value(&variant.ty, said, depth))
}

fn text(said: &Value) -> Option<String> {
    match said {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn integer(said: &Value) -> Option<i64> {
    said.as_i64().or_else(|| said.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Field, Schema};

    static KIND: Schema = Schema {
        name: "Kind",
        shape: Shape::Enum(&["FIRST", "SECOND"]),
    };
    static NESTED: Schema = Schema {
        name: "Nested",
        shape: Shape::Object(&[
            field("itself", Type::Named(&NESTED), true),
            field("kind", Type::Named(&KIND), true),
        ]),
    };
    static ANSWER: Schema = Schema {
        name: "Answer",
        shape: Shape::Object(&[
            field("id", Type::String, true),
            field("count", Type::Int32, true),
            field("createdAt", Type::DateTime, true),
            field("kind", Type::Named(&KIND), true),
            field("name", Type::String, false),
            field("note", Type::String, false),
            field("results", Type::Array(&Type::Int64), true),
        ]),
    };

    const fn field(name: &'static str, ty: Type, required: bool) -> Field {
        Field {
            name,
            ty,
            required,
            nullable: false,
        }
    }

    #[test]
    fn what_was_said_is_echoed_and_the_rest_is_empty() {
        let said = json!({"count": 5_000_000_000_u64, "createdAt": "soon", "id": 7, "name": "a", "kind": "SECOND", "results": [1, "2"], "other": 1});
        let expected = json!({
            "id": "7", "count": 0, "createdAt": TIME, "kind": "SECOND", "name": "a", "results": [1, 2],
        });
        assert_eq!(made(&Type::Named(&ANSWER), &said), expected);
    }

    #[test]
    fn a_type_that_needs_itself_ends() {
        let nested = value(&Type::Named(&NESTED), &Value::Null, 2);
        let inner = json!({"itself": null, "kind": null});
        assert_eq!(nested, json!({"itself": inner, "kind": "FIRST"}));
    }
}
