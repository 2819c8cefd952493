//! Operations that may be repeated without harm.
//!
//! In: the model. Out: the operations for which a second call has no effect beyond the first. Refuses nothing.
//!
//! GET, PUT and DELETE are, as HTTP has it. A POST is when its path says that it only reads, `search` and `batch/read`,
//! or that it is a DELETE of many, `batch/archive`. No other POST is, and a PATCH need not be.

use std::collections::BTreeSet;

use crate::model::{Model, Operation, OperationId};

pub(super) fn idempotent(model: &Model) -> BTreeSet<OperationId> {
    let idempotent = model
        .operations
        .iter()
        .filter(|endpoint| of_operation(&endpoint.operation));
    idempotent.map(|endpoint| endpoint.id.clone()).collect()
}

fn of_operation(operation: &Operation) -> bool {
    match operation.method.as_str() {
        "GET" | "PUT" | "DELETE" => true,
        "POST" => ["/search", "/batch/read", "/batch/archive"]
            .iter()
            .any(|end| operation.path.ends_with(end)),
        _ => false,
    }
}
