//! Finds fields that a document does not know. HubSpot ignores them; in what a test sets up, they are typing errors.

use serde_json::Value;

use crate::pipeline::validate::is_marked;
use crate::pipeline::validate::location::Location;
use crate::table::{Shape, Type};

/// Describes the first field of a body that its type does not know.
pub(crate) fn unknown_field(ty: &Type, body: &Value) -> Option<String> {
    find(&Location::Body, ty, body)
}

fn find(place: &Location<'_>, ty: &Type, value: &Value) -> Option<String> {
    match (ty, value) {
        (Type::Array(item), Value::Array(values)) => {
            let mut values = values.iter().enumerate();
            values.find_map(|(index, value)| find(&Location::Item(place, index), item, value))
        }
        (Type::Map { value: item, .. }, Value::Object(fields)) => {
            let mut fields = fields.iter();
            fields.find_map(|(name, value)| find(&Location::Field(place, name), item, value))
        }
        (Type::Named(schema), Value::Object(fields)) => match &schema.shape {
            Shape::Object(known) => fields.iter().find_map(|(name, value)| {
                let place = Location::Field(place, name);
                if let Some(field) = known.iter().find(|field| field.name == name) {
                    return find(&place, &field.ty, value);
                }
                let names = known.iter().map(|field| format!("`{}`", field.name));
                let names = names.collect::<Vec<_>>().join(", ");
                Some(format!("unknown field `{place}`, expected one of {names}"))
            }),
            Shape::Union(variants) => {
                let variant = variants.iter().find(|variant| is_marked(variant, value));
                variant.and_then(|variant| find(place, &variant.ty, value))
            }
            Shape::Enum(_) => None,
        },
        _ => None,
    }
}
