//! Runs a search: finds the records that match, and the page of them in the right order.
//!
//! A search looks at every record of the object type, with two exceptions that callers rely on. Conditions on the id limit
//! the records by binary search, and a search by id alone reads no record at all, so that a walk by `hs_object_id > x`
//! takes the same time in an account of any size. A condition `EQ` or `IN` on an identifying property, such as a contact's
//! email, uses the index that uniqueness needs anyway.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::behavior::objects::search::condition::{Condition, PropertyTest, Test};
use crate::behavior::objects::search::tokens::Words;
use crate::definitions::{Identity, Key, Property, Role};
use crate::store::{Collection, Record, Store};
use crate::values::{PropertyId, TypeId};

/// A validated search.
#[derive(Debug)]
pub(super) struct Query<'a> {
    /// The store and the object type of [`Query::collection`].
    pub(super) node: (&'a Store, TypeId),
    pub(super) collection: &'a Collection,
    /// What the search finds instead of the records with these ids; `None` if it does not find them at all.
    pub(super) former: &'a BTreeMap<u64, Option<Record>>,
    /// A record matches if it meets all conditions of one group. Without groups, every record matches.
    pub(super) groups: Vec<Vec<Condition<'a>>>,
    pub(super) words: Words,
    /// Ascending order of ids if unset.
    pub(super) sort: Option<Sort>,
}

/// The order of the results.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) property: PropertyId,
    /// Records without a value come last either way.
    pub(super) descending: bool,
}

/// The part of the results that a page holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

/// A page of results.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) ids: Vec<u64>,
    /// How many records match, on all pages.
    pub(super) total: usize,
}

impl Window {
    /// The number of results up to the end of the page.
    pub(super) const fn end(self) -> usize {
        self.offset.saturating_add(self.limit)
    }

    /// Sorts the results as far as the page needs it, and returns the page.
    fn cut<T>(self, mut results: Vec<T>, order: impl Fn(&T, &T) -> Ordering + Copy) -> Vec<T> {
        if self.end() < results.len() {
            results.select_nth_unstable_by(self.end(), order);
            results.truncate(self.end());
        }
        results.sort_unstable_by(order);
        results.into_iter().skip(self.offset).collect()
    }
}

impl<'a> Query<'a> {
    pub(super) fn run(&self, window: Window) -> Found {
        let ids = self.ids();
        if let Some(descending) = self.is_by_id_alone() {
            return page(ids, descending, window);
        }
        match (self.holders(), ids) {
            (Some(holders), _) => self.sorted(holders.into_iter(), window),
            (None, []) => self.sorted([].into_iter(), window),
            (None, [first, .., last] | [first @ last]) => {
                let records = self.collection.from(*first, false);
                self.sorted(records.take_while(|record| record.id <= *last), window)
            }
        }
    }

    /// The ids that the conditions on the id allow.
    fn ids(&self) -> &'a [u64] {
        let mut ids = self.collection.ids();
        let [group] = self.groups.as_slice() else {
            return ids;
        };
        for test in group.iter().filter_map(|condition| self.on_id(condition)) {
            let position = |id: &u64| test.position(&Key::id(*id));
            let start = ids.partition_point(|id| position(id) == Some(Ordering::Less));
            let end = ids.partition_point(|id| position(id) != Some(Ordering::Greater));
            ids = ids.get(start..end).unwrap_or_default();
        }
        ids
    }

    /// If [`Query::ids`] are the results, whether their order is descending.
    fn is_by_id_alone(&self) -> Option<bool> {
        let sort = self.sort.filter(|sort| !self.is_id(sort.property));
        let exact = match self.groups.as_slice() {
            [] => true,
            [group] => group.iter().all(|condition| {
                let test = self.on_id(condition);
                test.is_some_and(|test| test.position(&Key::id(0)).is_some())
            }),
            _ => false,
        };
        let by_id = sort.is_none() && exact && self.words.is_empty() && self.former.is_empty();
        by_id.then(|| self.sort.is_some_and(|sort| sort.descending))
    }

    /// The records that may match, if one condition asks for values of an identifying property.
    fn holders(&self) -> Option<Vec<&'a Record>> {
        let [group] = self.groups.as_slice() else {
            return None;
        };
        // The index has current values only.
        if !self.former.is_empty() {
            return None;
        }
        group.iter().find_map(|condition| {
            let Condition::Property(condition) = condition else {
                return None;
            };
            let property = self.property(condition.property)?;
            let Test::In(keys) = &condition.test else {
                return None;
            };
            if property.identity == Identity::None || !property.ty.is_text() {
                return None;
            }
            let holders = keys.iter().filter_map(|key| match key {
                Key::Text(text) => Some(self.collection.holders(condition.property, text)),
                Key::Number(_) | Key::Moment(_) => None,
            });
            let mut holders = holders.flatten().collect::<Vec<_>>();
            holders.sort_unstable_by_key(|record| record.id);
            holders.dedup_by_key(|record| record.id);
            Some(holders)
        })
    }

    /// The version of a record that the search finds.
    pub(super) fn version(&self, record: &'a Record) -> Option<&'a Record> {
        match self.former.get(&record.id) {
            Some(former) => former.as_ref(),
            None => Some(record),
        }
    }

    fn property(&self, id: PropertyId) -> Option<&'a Property> {
        self.collection.ty.property(id)
    }

    fn is_id(&self, id: PropertyId) -> bool {
        self.property(id)
            .is_some_and(|property| property.role == Role::Id)
    }

    fn on_id<'c>(&self, condition: &'c Condition<'a>) -> Option<&'c PropertyTest<'a>> {
        match condition {
            Condition::Property(test) if self.is_id(test.property) => Some(test),
            _ => None,
        }
    }

    fn matches(&self, record: &Record) -> bool {
        let (store, ty) = self.node;
        let meets = |condition: &Condition<'_>| condition.matches(store, ty, record);
        let mut groups = self.groups.iter();
        let passes = self.groups.is_empty() || groups.any(|group| group.iter().all(meets));
        if !passes || self.words.is_empty() {
            return passes;
        }
        let ty = &self.collection.ty;
        let searched = ty.searched.iter();
        let texts = searched.filter_map(|id| record.text(*id, ty.property(*id)?));
        self.words.are_in(texts)
    }

    /// Sorts the records that match, and returns the page.
    fn sorted(&self, records: impl Iterator<Item = &'a Record>, window: Window) -> Found {
        let known = records.filter_map(|record| self.version(record));
        let matching = known.filter(|record| self.matches(record));
        let keyed = matching.map(|record| (self.key(record), record.id));
        let keyed = keyed.collect::<Vec<_>>();
        let descending = self.sort.is_some_and(|sort| sort.descending);
        let order = |left: &(Option<Key<'_>>, u64), right: &(Option<Key<'_>>, u64)| {
            let ids = left.1.cmp(&right.1);
            match (&left.0, &right.0) {
                (Some(left), Some(right)) => {
                    let order = left.order(right).then(ids);
                    if descending { order.reverse() } else { order }
                }
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => ids,
            }
        };
        let total = keyed.len();
        let cut = window.cut(keyed, order).into_iter();
        Found {
            ids: cut.map(|(_, id)| id).collect(),
            total,
        }
    }

    /// What a record is sorted by; `None` if it has no value of the property.
    fn key(&self, record: &'a Record) -> Option<Key<'a>> {
        let sort = self.sort?;
        record.key(sort.property, self.property(sort.property)?)
    }
}

/// A page of sorted ids.
fn page(ids: &[u64], descending: bool, window: Window) -> Found {
    let page = |ids: &mut dyn Iterator<Item = &u64>| {
        let page = ids.skip(window.offset).take(window.limit);
        page.copied().collect()
    };
    Found {
        ids: if descending {
            page(&mut ids.iter().rev())
        } else {
            page(&mut ids.iter())
        },
        total: ids.len(),
    }
}
