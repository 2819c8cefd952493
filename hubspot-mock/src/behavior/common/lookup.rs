//! Finds records that requests name.

use crate::store::Collection;
use crate::values::Refusal;

/// The 404 for a record.
pub(crate) fn missing(collection: &Collection, id: &str) -> Refusal {
    Refusal::not_found(format!("Object not found: {} {id}", collection.ty.singular))
        .context("id", [id.to_owned()])
}

/// Finds a live record by its id. Fails with 404.
pub(crate) fn live(collection: &Collection, wanted: &str) -> Result<u64, Refusal> {
    let id = wanted.parse::<u64>().ok();
    let record = id.and_then(|id| collection.get(id, false));
    record
        .map(|record| record.id)
        .ok_or_else(|| missing(collection, wanted))
}
