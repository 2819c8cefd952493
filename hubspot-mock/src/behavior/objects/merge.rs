//! Merges two records. Line items have no such operation.

use serde::Deserialize;

use crate::behavior::common::{body, missing};
use crate::behavior::objects::write::Written;
use crate::behavior::objects::{lookup, respond_written};
use crate::behavior::{Call, Response};
use crate::definitions::Role;
use crate::store::{Collection, Record, Source, Store};
use crate::values::{PropertyId, Refusal, TypeId};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Merge<'a> {
    primary_object_id: &'a str,
    object_id_to_merge: &'a str,
}

pub(super) fn handle(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let merge: Merge<'_> = body(call)?;
    let collection = store.records_mut(ty)?;
    let find = |wanted| {
        let record = lookup(collection, None, wanted, false)?;
        Ok::<_, Refusal>(record.ok_or_else(|| missing(collection, wanted))?.id)
    };
    let survivor = find(merge.primary_object_id)?;
    let loser = find(merge.object_id_to_merge)?;
    if survivor == loser {
        return Err(Refusal::validation(format!(
            "{} and {} are the same record",
            merge.primary_object_id, merge.object_id_to_merge
        )));
    }
    if let Some(merged) = collection.absorb(loser, survivor) {
        take_over(collection, survivor, &merged, call.now.as_millisecond());
    }
    store.associations.take_over((ty, loser), (ty, survivor));
    let shown = store.records(ty)?.ty.shown.clone();
    let written = Written {
        id: survivor,
        properties: shown,
    };
    respond_written(200, store, ty, &written)
}

/// Copies the values that the survivor lacks from the merged record.
fn take_over(collection: &mut Collection, survivor: u64, merged: &Record, now: i64) {
    let values = merged.filled().filter_map(|id| {
        let property = collection.ty.property(id)?;
        (property.role == Role::Plain)
            .then(|| (id, merged.stored(id).unwrap_or_default().to_owned()))
    });
    let values = values.collect::<Vec<_>>();
    let ids = collection.ty.find("hs_merged_object_ids");
    let emails = collection.ty.find("hs_additional_emails");
    let email = collection.ty.find("email");
    let known = |id: Option<PropertyId>| merged.stored(id?);
    let merged_ids = [Some(merged.id.to_string().as_str()), known(ids)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(";");
    let merged_emails = [known(email), known(emails)].map(|text| text.map(ToOwned::to_owned));
    collection.change(survivor, |record| {
        let had_email = email.is_some_and(|id| record.stored(id).is_some());
        for (id, text) in &values {
            if record.stored(*id).is_none() {
                record.set(*id, text, now, Source::Merge);
            }
        }
        add(record, ids, &merged_ids, now);
        for (index, text) in merged_emails.iter().enumerate() {
            // The merged record's email is an additional one, unless the survivor had none.
            if let Some(text) = text.as_deref().filter(|_| index > 0 || had_email) {
                add(record, emails, text, now);
            }
        }
        record.updated_at = now.max(record.updated_at);
    });
}

/// Adds to a list that is joined by `;`.
fn add(record: &mut Record, id: Option<PropertyId>, text: &str, now: i64) {
    let Some(id) = id else { return };
    let joined = match record.stored(id) {
        Some(present) => format!("{present};{text}"),
        None => text.to_owned(),
    };
    record.set(id, &joined, now, Source::Merge);
}
