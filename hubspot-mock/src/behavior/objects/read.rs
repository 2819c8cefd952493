//! Gets one record, and lists records.

use crate::behavior::common::{
    Page, Paging, Selection, View, cursor, flag, limit, longest, missing,
};
use crate::behavior::objects::{lookup, record_id};
use crate::behavior::{Call, Response};
use crate::store::{Collection, Store};
use crate::values::{Refusal, TypeId};

/// The default number of records of a page.
const PAGE: usize = 10;

/// Gets a record by its id or an identifying property.
pub(super) fn get(call: &Call, store: &Store, ty: TypeId) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let wanted = record_id(call);
    let record = lookup(
        collection,
        call.query("idProperty"),
        wanted,
        flag(call, "archived", false),
    )?;
    let record = record.ok_or_else(|| missing(collection, wanted))?;
    let mut selection = selection(call, store, collection);
    if call.query("idProperty").is_none() && record.id.to_string() != wanted {
        // The old id of a merged record finds no associations.
        selection = selection.with_associations([]);
    }
    Response::json(200, &View::new(store, ty, collection, record, &selection))
}

/// Lists records in the order of their ids. The cursor is the id of the next record.
pub(super) fn list(call: &Call, store: &Store, ty: TypeId) -> Result<Response, Refusal> {
    let collection = store.records(ty)?;
    let history = call.query_list("propertiesWithHistory").next().is_some();
    let limit = limit(call.query("limit"), PAGE, longest(history))?;
    let after = cursor(call.query("after"))?;
    let selection = selection(call, store, collection);
    let mut records = collection.from(after, flag(call, "archived", false));
    let results = records.by_ref().take(limit);
    let results = results.map(|record| View::new(store, ty, collection, record, &selection));
    let results = results.collect::<Vec<_>>();
    let paging = records.next().map(|record| Paging::next(record.id));
    Response::json(200, &Page::new(results, paging))
}

fn selection(call: &Call, store: &Store, collection: &Collection) -> Selection {
    let associated = call.query_list("associations");
    // Types that do not exist are ignored.
    let associated = associated.filter_map(|name| store.resolve_type(name));
    Selection::new(
        &collection.ty,
        call.query_list("properties"),
        call.query_list("propertiesWithHistory"),
    )
    .with_associations(associated)
}
