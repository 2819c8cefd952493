//! The records of a server, to compare those of two runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::definitions::Role;
use crate::store::{Collection, Record, ServerState, Store};
use crate::values::{TypeId, sync};

/// How many records there are of each description.
pub(super) type Records = BTreeMap<String, usize>;

/// The records of all accounts, described by their values and the number of their associations, and their lists with the
/// number of members. Ids and times are left out.
pub(super) fn records(state: &ServerState, ignored: &BTreeSet<String>) -> Records {
    let mut records = Records::new();
    for account in sync::read(&state.accounts).values() {
        let store = sync::lock(&account.crm);
        for (ty, collection) in store.collections() {
            for record in collection.from(0, false) {
                let described = describe(&store, ty, collection, record, ignored);
                let described = format!("{}: {described}", account.name);
                *records.entry(described).or_default() += 1;
            }
        }
        let lists = store.lists.by_id.values();
        for list in lists.filter(|list| list.deleted_at.is_none()) {
            let (name, members) = (&list.name, list.members.len());
            let described = format!("{}: list {name:?} with {members} members", account.name);
            *records.entry(described).or_default() += 1;
        }
    }
    records
}

fn describe(
    store: &Store,
    ty: TypeId,
    collection: &Collection,
    record: &Record,
    ignored: &BTreeSet<String>,
) -> String {
    let values = record.filled().filter_map(|id| {
        let property = collection.ty.property(id)?;
        let is_compared = property.role == Role::Plain && !ignored.contains(&property.name);
        let text = record.stored(id).filter(|_| is_compared)?;
        Some(format!("{}={text:?}", property.name))
    });
    let linked = store.collections().filter_map(|(to, others)| {
        let neighbours = store.associations.neighbours((ty, record.id), to)?;
        (!neighbours.is_empty()).then(|| format!("{} {}", neighbours.len(), others.ty.plural))
    });
    let mut parts = values.collect::<Vec<_>>();
    parts.sort_unstable();
    parts.extend(linked);
    format!("{} {}", collection.ty.singular, parts.join(", "))
}

/// The records that `left` has and `right` has not, with how many more there are.
pub(super) fn surplus(left: &Records, right: &Records) -> Vec<(String, usize)> {
    let more = left.iter().filter_map(|(record, count)| {
        let more = count.saturating_sub(right.get(record).copied().unwrap_or(0));
        (more > 0).then(|| (record.clone(), more))
    });
    more.collect()
}
