//! Creates records for tests and seed files.

use jiff::Timestamp;

use crate::behavior::objects::write;
use crate::behavior::objects::write::Writer;
use crate::store::Store;
use crate::values::Refusal;

/// Creates a record as if a person had entered it: read-only properties and the time of creation may be set.
pub(crate) fn seed<'a>(
    store: &mut Store,
    now: Timestamp,
    object_type: &str,
    properties: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<u64, Refusal> {
    let id = store.object_type(object_type)?;
    let properties = properties.into_iter();
    let properties = properties
        .map(|(name, value)| (name, Some(value)))
        .collect();
    write::create(store, id, &properties, Writer::seed(now)).map(|created| created.id)
}
