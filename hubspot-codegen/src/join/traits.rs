//! Responses that the runtime knows more of: pages and batches.

use super::TypeOf;
use super::assemble::Join;
use crate::error::Error;
use crate::model::{Field, Shape, Type, TypeDefinition, TypeId};

/// A page of a list: `results`, and the cursor `paging.next.after`.
pub(crate) struct Page<'a> {
    pub(crate) item: TypeOf<'a>,
    /// Whether `paging` is always there, and `next` within it, and `after` within that.
    pub(crate) has_paging: bool,
    pub(crate) has_next: bool,
    pub(crate) has_after: bool,
}

/// The outcome of a batch: `results`, and `errors` of the runtime's own type.
pub(crate) struct Batch<'a> {
    pub(crate) output: TypeOf<'a>,
}

impl<'a> Join<'a> {
    pub(super) fn page(
        &self,
        id: &'a TypeId,
        definition: &'a TypeDefinition,
    ) -> Result<Option<Page<'a>>, Error> {
        let mut endpoints = self.model.operations.iter();
        let is_page = endpoints.any(|endpoint| {
            is_response(endpoint.operation.response.as_ref(), id)
                && self.analysis.paging.contains_key(&endpoint.id)
        });
        if !is_page || self.is_sent(id) {
            return Ok(None);
        }
        let inner = |outer: Option<(&'a TypeId, &'a Field)>, name| match &outer?.1.ty {
            Type::Named(id) => {
                let (id, definition) = self.model.types.get_key_value(id)?;
                Some((id, field(definition.fields(), name)?))
            }
            _ => None,
        };
        let paging = field(definition.fields(), "paging").map(|paging| (id, paging));
        let next = inner(paging, "next");
        let results = element(definition.fields(), "results");
        let (Some(item), Some(paging), Some(next), Some(after)) =
            (results, paging, next, inner(next, "after"))
        else {
            return Ok(None);
        };
        let is_always_there = |(owner, field): (&TypeId, &Field)| {
            field.required && !field.nullable && !self.is_informational(owner, field)
        };
        Ok(Some(Page {
            item: self.ty(item)?,
            has_paging: is_always_there(paging),
            has_next: is_always_there(next),
            has_after: is_always_there(after),
        }))
    }

    pub(super) fn batch(
        &self,
        id: &TypeId,
        definition: &'a TypeDefinition,
    ) -> Result<Option<Batch<'a>>, Error> {
        let mut endpoints = self.model.operations.iter();
        let is_response =
            endpoints.any(|endpoint| is_response(endpoint.operation.response.as_ref(), id));
        let results = element(definition.fields(), "results");
        let errors = element(definition.fields(), "errors");
        let (true, false, Some(output), Some(error)) =
            (is_response, self.is_sent(id), results, errors)
        else {
            return Ok(None);
        };
        let Type::Named(of_error) = error else {
            return Ok(None);
        };
        if !self.names.runtime.contains_key(of_error) {
            return Ok(None);
        }
        Ok(Some(Batch {
            output: self.ty(output)?,
        }))
    }

    /// Of types that are sent too, lists may be absent, and the runtime's traits know no absence.
    fn is_sent(&self, id: &TypeId) -> bool {
        let direction = self.analysis.directions.get(id);
        direction.is_some_and(|direction| direction.request)
    }

    /// Returns whether a field of this type is optional in Rust although its document says `required`.
    ///
    /// So are the texts, numbers and objects of envelopes. Lists, maps, flags, times and enums have a value for absence.
    pub(super) fn is_informational(&self, owner: &TypeId, field: &Field) -> bool {
        let has_no_empty = match &field.ty {
            Type::String | Type::Int32 | Type::Int64 | Type::Double | Type::Any => true,
            Type::Named(id) => {
                let definition = self.model.types.get(id);
                definition.is_some_and(|of| matches!(of.shape, Shape::Object(_) | Shape::Union(_)))
            }
            Type::Boolean
            | Type::DateTime
            | Type::Constant(_)
            | Type::Binary
            | Type::Array(_)
            | Type::Map { .. } => false,
        };
        has_no_empty && field.required && self.analysis.envelopes.contains(owner)
    }
}

fn is_response(response: Option<&Type>, id: &TypeId) -> bool {
    matches!(response, Some(Type::Named(response)) if response == id)
}

fn field<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name)
}

/// The elements of a list.
fn element<'a>(fields: &'a [Field], name: &str) -> Option<&'a Type> {
    match &field(fields, name)?.ty {
        Type::Array(element) => Some(element),
        _ => None,
    }
}
