//! Merges two records into a new one. Line items have no such operation.

use serde::Deserialize;

use crate::behavior::common::{body, missing};
use crate::behavior::objects::write::Written;
use crate::behavior::objects::{lookup, respond_written};
use crate::behavior::{Call, Response};
use crate::definitions::{ObjectType, Role};
use crate::store::{Record, Source, Store};
use crate::values::{PropertyId, Refusal, TypeId};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Merge<'a> {
    primary_object_id: &'a str,
    object_id_to_merge: &'a str,
}

pub(super) fn handle(call: &Call, store: &mut Store, ty: TypeId) -> Result<Response, Refusal> {
    let merge: Merge<'_> = body(call)?;
    let collection = store.records(ty)?;
    let find = |wanted| {
        let record = lookup(collection, None, wanted, false)?;
        Ok::<_, Refusal>(record.ok_or_else(|| missing(collection, wanted))?.id)
    };
    let primary = find(merge.primary_object_id)?;
    let other = find(merge.object_id_to_merge)?;
    if primary == other {
        return Err(Refusal::validation(format!(
            "{} and {} are the same record",
            merge.primary_object_id, merge.object_id_to_merge
        )));
    }
    let id = store.next_id();
    let collection = store.records_mut(ty)?;
    let absorbed = collection.absorb(primary, id);
    if let Some((primary, other)) = absorbed.zip(collection.absorb(other, id)) {
        collection.add_aliases(&other, id);
        let now = call.now.as_millisecond();
        collection.insert(merged(&collection.ty, id, primary, &other, now));
    }
    // Of an exclusive association type, the primary record's association is kept.
    for old in [primary, other] {
        store.associations.take_over((ty, old), (ty, id));
        store.lists.take_over(ty, old, id);
    }
    let properties = store.records(ty)?.ty.shown.clone();
    respond_written(200, store, ty, &Written { id, properties })
}

/// The new record: the primary record with the values that it lacks from the other one.
fn merged(ty: &ObjectType, id: u64, primary: Record, other: &Record, now: i64) -> Record {
    let ids = [primary.id, other.id];
    let (email, emails) = (ty.find("email"), ty.find("hs_additional_emails"));
    let email_of = |record: &Record| record.stored(email?).map(str::to_owned);
    let mut record = primary.with_id(id);
    // The other record's email is an additional one, unless the primary record has none.
    if let (Some(_), Some(text)) = (email_of(&record), email_of(other)) {
        add(&mut record, emails, &text, now);
    }
    let merged_ids = ty.find("hs_merged_object_ids");
    let vids = ty.find("hs_calculated_merged_vids");
    for old in ids {
        add(&mut record, merged_ids, &old.to_string(), now);
        add(&mut record, vids, &format!("{old}:{now}"), now);
    }
    for list in [merged_ids, vids, emails] {
        if let Some(text) = list.and_then(|list| other.stored(list)) {
            add(&mut record, list, text, now);
        }
    }
    for id in other.filled() {
        let is_plain = ty
            .property(id)
            .is_some_and(|property| property.role == Role::Plain);
        if let Some(text) = other.stored(id).filter(|_| is_plain)
            && record.stored(id).is_none()
        {
            record.set(id, text, now, Source::Merge);
        }
    }
    record.updated_at = now.max(record.updated_at);
    record
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
