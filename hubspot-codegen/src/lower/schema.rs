//! Lowers schemas to types, each named schema once.
//!
//! What has no type yet is an error: `oneOf` and its kin, objects with both fields and additional properties, lists that may
//! hold `null`.

use std::collections::BTreeMap;

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, IntegerFormat, ObjectType, ReferenceOr, SchemaKind,
    StringFormat, StringType, VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::reach::BATCH_ERROR;
use super::resolve::{At, Files, follow};
use super::variants;
use crate::error::{Error, Problem, join};
use crate::model::{Field, Notes, Place, Schema, Shape, Type};

/// The named schemas of one document.
pub(super) struct Schemas<'a> {
    pub(super) files: &'a Files<'a>,
    /// The fields that stand beside the choice of a union, by the union's name.
    pub(super) siblings: BTreeMap<String, Vec<Field>>,
    /// The schema of each name.
    found: BTreeMap<String, Found>,
    /// Schemas that a reference led to and that are not lowered yet.
    waiting: Vec<(String, At<'a>, &'a openapiv3::Schema)>,
}

/// A name that a reference led to, or that was given to an inline schema.
struct Found {
    place: Place,
    /// `None` until it is lowered.
    schema: Option<Result<Schema, Error>>,
}

/// A type, and what belongs to the field or map that has it.
pub(super) struct Typed {
    pub(super) ty: Type,
    pub(super) nullable: bool,
    deprecated: bool,
    description: Option<String>,
}

impl<'a> Schemas<'a> {
    pub(super) const fn new(files: &'a Files<'a>) -> Self {
        Self {
            files,
            siblings: BTreeMap::new(),
            found: BTreeMap::new(),
            waiting: Vec::new(),
        }
    }

    /// The type of a schema. An inline object or enum becomes a named type under `name`.
    pub(super) fn typed(&mut self, at: &At<'a>, name: &str) -> Result<Typed, Error> {
        match at.schema()? {
            ReferenceOr::Reference { reference } => self.named(at, reference),
            ReferenceOr::Item(schema) => self.inline(at, schema, name),
        }
    }

    /// Lowers every schema that references have led to, and those that these lead to.
    pub(super) fn finish(mut self) -> BTreeMap<String, Result<Schema, Error>> {
        while let Some((name, at, schema)) = self.waiting.pop() {
            self.lower_now(&at, schema, &name);
        }
        let found = self.found.into_iter();
        let mut found = found
            .filter_map(|(name, found)| Some((name, found.schema?)))
            .collect();
        variants::complete(&mut found, &self.siblings);
        found
    }

    /// Lowers a schema whose name is reserved.
    fn lower_now(&mut self, at: &At<'a>, schema: &'a openapiv3::Schema, name: &str) {
        let lowered = self.shape(at, schema, name).map(|shape| Schema {
            place: at.place(),
            description: schema.schema_data.description.clone(),
            shape,
        });
        if let Some(found) = self.found.get_mut(name) {
            found.schema = Some(lowered);
        }
    }

    /// Lowers the schema of a batch's errors too, where the document has one: it may be needed.
    pub(super) fn expect_batch_errors(&mut self, document: &At<'a>) -> Result<(), Error> {
        if document
            .file
            .schemas
            .contains_key(&join("/components/schemas", BATCH_ERROR))
        {
            self.named(document, "#/components/schemas/StandardError")?;
        }
        Ok(())
    }

    /// Returns whether the schema of this name is text.
    pub(super) fn is_text(&self, name: &str) -> bool {
        let Some(found) = self.found.get(name) else {
            return false;
        };
        if let Some(Ok(schema)) = &found.schema {
            return matches!(schema.shape, Shape::Enum(_));
        }
        let mut waiting = self.waiting.iter();
        waiting.any(|(other, _, schema)| {
            let kind = &schema.schema_kind;
            other == name && matches!(kind, SchemaKind::Type(openapiv3::Type::String(_)))
        })
    }

    fn named(&mut self, at: &At<'a>, reference: &'a str) -> Result<Typed, Error> {
        let (at, schema) = follow::<openapiv3::Schema>(self.files, at, reference)?;
        let name = at.name();
        if self.claim(&name, at.place(), None)? {
            self.waiting.push((name.clone(), at, schema));
        }
        Ok(Typed {
            ty: Type::Named(name),
            nullable: schema.schema_data.nullable,
            deprecated: schema.schema_data.deprecated,
            description: None,
        })
    }

    /// Reserves a name for the schema at a place, and returns whether it was free. The name of another schema is an error.
    fn claim(&mut self, name: &str, place: Place, schema: Option<Schema>) -> Result<bool, Error> {
        match self.found.get(name) {
            Some(found) if found.place == place => Ok(false),
            Some(found) => {
                let other = found.place.clone();
                Err(Error::new(
                    place,
                    Problem::AmbiguousSchema {
                        name: name.to_owned(),
                        other,
                    },
                ))
            }
            None => {
                self.found.insert(
                    name.to_owned(),
                    Found {
                        place,
                        schema: schema.map(Ok),
                    },
                );
                Ok(true)
            }
        }
    }

    fn inline(
        &mut self,
        at: &At<'a>,
        schema: &'a openapiv3::Schema,
        name: &str,
    ) -> Result<Typed, Error> {
        let data = &schema.schema_data;
        let typed = |ty, description| Typed {
            ty,
            nullable: data.nullable || has_null(schema),
            deprecated: data.deprecated,
            description,
        };
        if let SchemaKind::AllOf { all_of } = &schema.schema_kind
            && !at.is_composed(schema)
        {
            // The way to say more about a reference than OpenAPI 3.0 lets one say beside it.
            let inner = self.typed(&sole(at, all_of)?, name)?;
            let outer = typed(inner.ty, data.description.clone().or(inner.description));
            return Ok(Typed {
                nullable: outer.nullable || inner.nullable,
                deprecated: outer.deprecated || inner.deprecated,
                ..outer
            });
        }
        let description = data.description.clone();
        if at.is_composed(schema) {
            // What it is made of may lead back here, so the name comes first.
            if self.claim(name, at.place(), None)? {
                self.lower_now(at, schema, name);
            }
            return Ok(typed(Type::Named(name.to_owned()), description));
        }
        let shape = self.shape(at, schema, name)?;
        if let Shape::Alias(ty) = shape {
            return Ok(typed(ty, description));
        }
        self.claim(
            name,
            at.place(),
            Some(Schema {
                place: at.place(),
                description: description.clone(),
                shape,
            }),
        )?;
        Ok(typed(Type::Named(name.to_owned()), description))
    }

    /// What a schema looks like. Inline objects and enums within it get names that begin with `name`.
    fn shape(
        &mut self,
        at: &At<'a>,
        schema: &'a openapiv3::Schema,
        name: &str,
    ) -> Result<Shape, Error> {
        if at.is_composed(schema) {
            return self.composed(at, name);
        }
        let ty = match &schema.schema_kind {
            SchemaKind::Type(openapiv3::Type::String(string)) => return string_shape(at, string),
            SchemaKind::Type(openapiv3::Type::Object(object)) => {
                return self.object(at, object, name);
            }
            SchemaKind::Type(openapiv3::Type::Array(array)) => self.array(at, array, name)?,
            SchemaKind::Type(openapiv3::Type::Number(_)) => Type::Double,
            SchemaKind::Type(openapiv3::Type::Integer(integer)) => match &integer.format {
                VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => Type::Int32,
                _ => Type::Int64,
            },
            SchemaKind::Type(openapiv3::Type::Boolean(_)) => Type::Boolean,
            SchemaKind::AllOf { all_of } => self.typed(&sole(at, all_of)?, name)?.ty,
            SchemaKind::OneOf { .. } | SchemaKind::AnyOf { .. } => {
                return self.composed(at, name);
            }
            SchemaKind::Not { .. } => Type::Any,
            SchemaKind::Any(any) => untyped(at, any)?,
        };
        Ok(Shape::Alias(ty))
    }

    fn array(&mut self, at: &At<'a>, array: &'a ArrayType, name: &str) -> Result<Type, Error> {
        if array.items.is_none() {
            return Ok(Type::Array(Box::new(Type::Any)));
        }
        let at = at.child("items");
        let items = self.typed(&at, name)?;
        if items.nullable {
            return Err(at.unsupported("`null` as an element of a list"));
        }
        Ok(Type::Array(Box::new(items.ty)))
    }

    fn object(&mut self, at: &At<'a>, object: &'a ObjectType, name: &str) -> Result<Shape, Error> {
        for required in &object.required {
            if !object.properties.contains_key(required) {
                return Err(at
                    .child("required")
                    .unsupported(&format!("the required field `{required}` without a schema")));
            }
        }
        let values = at.child("additionalProperties");
        // Unknown fields are ignored, whether the schema allows them or not.
        let is_map = matches!(
            object.additional_properties,
            Some(AdditionalProperties::Schema(_))
        ) && !is_anything(values.schema()?);
        match is_map.then_some(values) {
            Some(values) if !object.properties.is_empty() => {
                Err(values.unsupported("an object that has both fields and keys that are data"))
            }
            Some(values) => {
                let values = self.typed(&values, name)?;
                let nullable = values.nullable;
                Ok(Shape::Alias(Type::Map {
                    value: Box::new(values.ty),
                    nullable,
                }))
            }
            None if object.properties.is_empty() => Ok(Shape::Alias(Type::Any)),
            None => {
                let names = object.properties.keys().collect();
                let fields = self.fields(at, names, &object.required, name);
                fields.map(Shape::Object)
            }
        }
    }

    /// The fields of an object, sorted by name.
    pub(super) fn fields(
        &mut self,
        at: &At<'a>,
        names: Vec<&'a String>,
        required: &[String],
        parent: &str,
    ) -> Result<Vec<Field>, Error> {
        let at = at.child("properties");
        let mut fields = Vec::with_capacity(names.len());
        for name in names {
            let at = at.child(name);
            let typed = self.typed(&at, &format!("{parent}/{name}"))?;
            fields.push(Field {
                name: name.clone(),
                ty: typed.ty,
                required: required.contains(name),
                nullable: typed.nullable,
                deprecated: typed.deprecated,
                notes: Notes {
                    description: typed.description,
                    place: at.place(),
                },
            });
        }
        fields.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(fields)
    }
}

/// A schema without a single constraint.
fn is_anything(node: &ReferenceOr<openapiv3::Schema>) -> bool {
    matches!(node, ReferenceOr::Item(openapiv3::Schema { schema_kind: SchemaKind::Any(any), .. }) if *any == AnySchema::default())
}

/// Returns whether `null` is one of the values that a schema lists.
fn has_null(schema: &openapiv3::Schema) -> bool {
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::String(string)) => string.enumeration.contains(&None),
        _ => false,
    }
}

/// The only member of an `allOf`.
fn sole<'a>(at: &At<'a>, all_of: &[ReferenceOr<openapiv3::Schema>]) -> Result<At<'a>, Error> {
    match all_of {
        [_] => Ok(at.child("allOf").child("0")),
        _ => Err(at.unsupported("`allOf` with other than one member")),
    }
}

fn string_shape(at: &At<'_>, string: &StringType) -> Result<Shape, Error> {
    if !string.enumeration.is_empty() {
        let mut values = string
            .enumeration
            .iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>();
        values.sort();
        values.dedup();
        return Ok(Shape::Enum(values));
    }
    // openapiv3 does not tell an empty list from none.
    let values = at.value.and_then(|value| value.get("enum"));
    if values.and_then(Value::as_array).is_some_and(Vec::is_empty) {
        return Err(at.child("enum").error(Problem::EmptyEnum));
    }
    Ok(Shape::Alias(match &string.format {
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Type::DateTime,
        VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => Type::Binary,
        _ => Type::String,
    }))
}

/// A schema that fits none of openapiv3's kinds: any value, unless its type is unknown.
fn untyped(at: &At<'_>, any: &AnySchema) -> Result<Type, Error> {
    match any.typ.as_deref() {
        Some(other)
            if !["array", "boolean", "integer", "number", "object", "string"].contains(&other) =>
        {
            let problem = Problem::NotAllowed(format!("`{other}` is no type"));
            Err(at.child("type").error(problem))
        }
        _ => Ok(Type::Any),
    }
}
