//! The associations API, for any two object types.

mod batch;
mod pair;
mod report;
pub(crate) mod v3;

use crate::behavior::common::unknown;
use crate::behavior::{Call, Context, Response};
use crate::store::Store;
use crate::values::{Refusal, TypeId};

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let store = &mut *context.store()?;
    match call.endpoint.action {
        "list" => pair::list(call, store),
        "set" => pair::set(call, store),
        "set_default" => pair::set_default(call, store),
        "archive" => pair::archive(call, store),
        "batch_read" => batch::read(call, store),
        "batch_create" => batch::create(call, store),
        "batch_set_default" => batch::associate_default(call, store),
        "batch_archive" => batch::archive(call, store),
        "batch_archive_labels" => batch::archive_labels(call, store),
        "create_high_usage_report" => report::request(call),
        _ => Err(unknown(call)),
    }
}

/// The object types in the path: where associations start, and where they lead.
fn object_types(call: &Call, store: &Store) -> Result<(TypeId, TypeId), Refusal> {
    let from = match call.path("fromObjectType") {
        "" => call.path("objectType"),
        name => name,
    };
    Ok((
        store.object_type(from)?,
        store.object_type(call.path("toObjectType"))?,
    ))
}
