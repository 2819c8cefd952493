//! Operations that return a page at a time, and how each is asked for the next page.
//!
//! The response is an object with a list `results` and a cursor `paging.next.after`; the cursor goes into the query
//! parameter `after`, else into the body's field `after`. An operation that takes no cursor has one page.

use std::collections::BTreeMap;

use crate::model::{Field, Model, Operation, OperationId, Paging, Type};

pub(super) fn paging(model: &Model) -> BTreeMap<OperationId, Paging> {
    let paged = model.operations.iter().filter_map(|endpoint| {
        Some((
            endpoint.id.clone(),
            of_operation(model, &endpoint.operation)?,
        ))
    });
    paged.collect()
}

fn of_operation(model: &Model, operation: &Operation) -> Option<Paging> {
    let response = operation.response.as_ref()?;
    let results = field(model, response, "results")?;
    let cursor = field(
        model,
        &field(model, &field(model, response, "paging")?.ty, "next")?.ty,
        "after",
    )?;
    if !matches!(results.ty, Type::Array(_)) || cursor.ty != Type::String {
        return None;
    }
    if operation
        .query_parameters
        .iter()
        .any(|parameter| parameter.name == "after")
    {
        return Some(Paging::Query);
    }
    field(model, &operation.body.as_ref()?.ty, "after").map(|_| Paging::Body)
}

fn field<'a>(model: &'a Model, ty: &Type, name: &str) -> Option<&'a Field> {
    let Type::Named(id) = ty else { return None };
    model
        .types
        .get(id)?
        .fields()
        .iter()
        .find(|field| field.name == name)
}
