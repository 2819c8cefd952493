//! Lowers schemas that are made of others: `allOf` to an object with the fields of every part, `oneOf` and `anyOf` to a
//! union of variants.
//!
//! A field that two parts have in ways that no value fits is an error.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AdditionalProperties, ReferenceOr, SchemaKind};

use super::resolve::{At, resolve};
use super::schema::Schemas;
use crate::error::{Error, Problem};
use crate::model::{Field, Notes, Place, Shape, Type, Variant};

/// The keywords for a choice among schemas. Both are taken as "one of these".
const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// What was gathered of a schema.
#[derive(Default)]
struct Parts<'a> {
    fields: BTreeMap<String, Field>,
    required: BTreeSet<String>,
    /// The schemas to choose from.
    choice: Option<Vec<At<'a>>>,
    /// The schemas on the way, which a choice among them leads back to.
    passed: Vec<Place>,
}

impl<'a> Schemas<'a> {
    /// What a schema looks like that is made of others.
    pub(super) fn composed(&mut self, at: &At<'a>, name: &str) -> Result<Shape, Error> {
        let mut parts = Parts::default();
        self.gather(at, name, &mut parts)?;
        for required in &parts.required {
            match parts.fields.get_mut(required) {
                Some(field) => field.required = true,
                // Each of the variants may have it.
                None if parts.choice.is_some() => {}
                None => {
                    let what = format!("the required field `{required}` without a schema");
                    return Err(at.child("required").unsupported(&what));
                }
            }
        }
        let fields = parts.fields.into_values().collect::<Vec<_>>();
        let Some(choice) = parts.choice else {
            return Ok(Shape::Object(fields));
        };
        let mut variants = Vec::with_capacity(choice.len());
        for (index, at) in choice.iter().enumerate() {
            let typed = self.typed(at, &format!("{name}/variant{}", index + 1))?;
            variants.push(Variant {
                name: String::new(),
                field: String::new(),
                value: None,
                ty: typed.ty,
                notes: Notes {
                    description: None,
                    place: at.place(),
                },
            });
        }
        self.siblings.insert(name.to_owned(), fields);
        Ok(Shape::Union(variants))
    }

    /// Gathers the fields of a schema, of what it is made of, and its choice.
    fn gather(&mut self, at: &At<'a>, name: &str, parts: &mut Parts<'a>) -> Result<(), Error> {
        if parts.passed.contains(&at.place()) {
            return Err(at.error(Problem::Circular(name.to_owned())));
        }
        parts.passed.push(at.place());
        let ReferenceOr::Item(schema) = at.schema()? else {
            return Err(at.unsupported("a reference to a reference in `allOf`"));
        };
        self.gather_own(at, schema, name, parts)?;
        for index in 0..at.members("allOf") {
            let node = at.child("allOf").child(&index.to_string());
            let is_reference = matches!(node.schema()?, ReferenceOr::Reference { .. });
            let (inner, _) = resolve(self.files, node.clone(), node.schema()?)?;
            let inner_name = if is_reference {
                inner.name()
            } else {
                name.to_owned()
            };
            self.gather(&inner, &inner_name, parts)?;
        }
        for keyword in CHOICES {
            let choice = (0..at.members(keyword)).map(|index| {
                let at = at.child(keyword).child(&index.to_string());
                let (target, _) = resolve(self.files, at.clone(), at.schema()?)?;
                Ok((at, target.place()))
            });
            let choice = choice.collect::<Result<Vec<_>, Error>>()?;
            // A type among the variants of its own base has the fields of the base only.
            let leads_back = |(_, target): &(_, Place)| parts.passed.contains(target);
            if choice.is_empty() || choice.iter().any(leads_back) {
                continue;
            }
            if parts.choice.is_some() {
                return Err(at
                    .child(keyword)
                    .unsupported("two choices among schemas in one"));
            }
            parts.choice = Some(choice.into_iter().map(|(at, _)| at).collect());
        }
        Ok(())
    }

    /// Gathers the fields that stand in a schema itself.
    fn gather_own(
        &mut self,
        at: &At<'a>,
        schema: &'a openapiv3::Schema,
        name: &str,
        parts: &mut Parts<'a>,
    ) -> Result<(), Error> {
        let (names, required, additional) = match &schema.schema_kind {
            SchemaKind::Type(openapiv3::Type::Object(object)) => (
                object.properties.keys().collect::<Vec<_>>(),
                &object.required,
                &object.additional_properties,
            ),
            SchemaKind::Any(any) if matches!(any.typ.as_deref(), None | Some("object")) => (
                any.properties.keys().collect(),
                &any.required,
                &any.additional_properties,
            ),
            SchemaKind::AllOf { .. } | SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => {
                return Ok(());
            }
            _ => return Err(at.unsupported("something other than objects in `allOf`")),
        };
        if matches!(additional, Some(AdditionalProperties::Schema(_))) {
            return Err(at.unsupported("keys that are data beside `allOf`, `oneOf` or `anyOf`"));
        }
        for field in self.fields(at, names, required, name)? {
            let field = match parts.fields.remove(&field.name) {
                Some(other) => self.both(other, field)?,
                None => field,
            };
            parts.fields.insert(field.name.clone(), field);
        }
        parts.required.extend(required.iter().cloned());
        Ok(())
    }

    /// A field that two parts of an object have, with the narrower of its types.
    fn both(&self, one: Field, other: Field) -> Result<Field, Error> {
        let Some(ty) = self.narrower(&one.ty, &other.ty) else {
            let problem = Problem::Contradiction {
                name: other.name,
                other: one.notes.place,
            };
            return Err(Error::new(other.notes.place, problem));
        };
        Ok(Field {
            ty,
            required: one.required || other.required,
            nullable: one.nullable || other.nullable,
            deprecated: one.deprecated || other.deprecated,
            notes: Notes {
                description: other.notes.description.or(one.notes.description),
                place: other.notes.place,
            },
            name: other.name,
        })
    }

    /// The one of two types whose values all are of the other.
    fn narrower(&self, one: &Type, other: &Type) -> Option<Type> {
        use Type::{Any, Array, Constant, DateTime, Double, Int32, Int64, Map, Named, String};
        Some(match (one, other) {
            _ if one == other => one.clone(),
            (Any, narrow)
            | (narrow, Any)
            | (String, narrow @ (DateTime | Constant(_)))
            | (narrow @ (DateTime | Constant(_)), String)
            | (Double, narrow @ (Int32 | Int64))
            | (narrow @ (Int32 | Int64), Double)
            | (Int64, narrow @ Int32)
            | (narrow @ Int32, Int64) => narrow.clone(),
            (String, narrow @ Named(name)) | (narrow @ Named(name), String)
                if self.is_text(name) =>
            {
                narrow.clone()
            }
            (Array(one), Array(other)) => Array(Box::new(self.narrower(one, other)?)),
            (
                Map { value, nullable },
                Map {
                    value: other,
                    nullable: others,
                },
            ) => Map {
                value: Box::new(self.narrower(value, other)?),
                nullable: *nullable || *others,
            },
            _ => return None,
        })
    }
}
