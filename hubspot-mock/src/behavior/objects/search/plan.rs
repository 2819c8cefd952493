//! How a search is answered: by an index where there is one, else by looking at every record.
//!
//! Comes in: conditions, words and a sort. Goes out: the ids of one page, and how many records match. Refuses nothing.
//!
//! One group of filters on an indexed property is answered without looking at more than a page of records, however large
//! the account: the index tells how many records lie within a range, and which stand at a place. Where the result is to
//! be in another order than the index has, either the matches are collected and sorted, or, when they are many, the
//! records are walked in the order of the result until the page is full. In one case the time grows with the account:
//! where many match and all of them stand at the far end of the other order, their ids have to be sorted after all.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::behavior::objects::search::condition::{Condition, Test};
use crate::behavior::objects::search::tokens::Words;
use crate::definitions::value::Key;
use crate::store::collection::Collection;
use crate::store::index::Index;
use crate::store::record::Record;
use crate::values::ids::PropertyId;

/// So many matches are collected and sorted rather than found by walking.
const FEW: usize = 5000;
/// So many records are walked over before the matches are collected after all.
const STEPS: usize = 10_000;

/// A search that was understood.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) collection: &'a Collection,
    /// Joined by *or*; within a group by *and*.
    pub(super) groups: Vec<Vec<Condition<'a>>>,
    pub(super) words: Words,
    /// Without it the oldest record comes first.
    pub(super) sort: Option<Sort>,
}

/// The order of a result.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sort {
    pub(super) property: PropertyId,
    pub(super) direction: Direction,
}

/// Which end comes first. Records without a value come last either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// Which of the results a page holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: usize,
}

impl Window {
    /// The number of results up to the page's end.
    pub(super) const fn end(self) -> usize {
        self.offset.saturating_add(self.limit)
    }

    /// Puts the page in order, and nothing after it.
    fn cut<T>(self, mut results: Vec<T>, order: impl Fn(&T, &T) -> Ordering + Copy) -> Vec<T> {
        if self.end() < results.len() {
            results.select_nth_unstable_by(self.end(), order);
            results.truncate(self.end());
        }
        results.sort_unstable_by(order);
        results.into_iter().skip(self.offset).collect()
    }
}

/// A page of what was found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) ids: Vec<u64>,
    pub(super) total: usize,
}

/// Where the records that may match are found.
enum Access<'a> {
    /// These, and no others.
    Ids(BTreeSet<u64>),
    /// Those at these places of an index; `exact` if all of them match.
    Places {
        index: Index<'a>,
        places: Range<usize>,
        exact: bool,
    },
}

impl<'a> Plan<'a> {
    /// Finds the page.
    pub(super) fn run(&self, window: Window) -> Found {
        match self.access() {
            Access::Ids(ids) => self.sorted(self.matching(ids.into_iter()), window),
            Access::Places {
                index,
                places,
                exact,
            } => self.by_places(index, places, exact, window),
        }
    }

    fn by_places(
        &self,
        index: Index<'a>,
        places: Range<usize>,
        exact: bool,
        window: Window,
    ) -> Found {
        let total = places.len();
        if !exact {
            return self.sorted(self.matching(index.between(places)), window);
        }
        let Some((order, direction)) = self.order() else {
            return self.sorted(self.matching(index.between(places)), window);
        };
        let indexes = &self.collection.indexes;
        let whole = total == indexes.ids().len();
        if indexes.agree(order, index) {
            // Of moments and ids every record has one; of texts those that lack one come last.
            return page(index, places, direction, window, total);
        }
        if whole && (order.len() == total || window.end() <= order.len()) {
            return page(order, 0..order.len(), direction, window, total);
        }
        if total > FEW
            && order.len() == indexes.ids().len()
            && let Some(ids) = self.walk(order, direction, window)
        {
            return Found { ids, total };
        }
        if indexes.agree(order, indexes.ids()) {
            // The index tells the ids, and they are in order: no record has to be looked at.
            let order = |left: &u64, right: &u64| match direction {
                Direction::Ascending => left.cmp(right),
                Direction::Descending => right.cmp(left),
            };
            let ids = window.cut(index.between(places).collect(), order);
            return Found { ids, total };
        }
        self.sorted(self.matching(index.between(places)), window)
    }

    /// Walks over records in the order of the result until the page is full; `None` if it is not full after a while.
    fn walk(&self, order: Index<'a>, direction: Direction, window: Window) -> Option<Vec<u64>> {
        let ids = order.between(0..order.len());
        let ids: Box<dyn Iterator<Item = u64>> = match direction {
            Direction::Ascending => ids,
            Direction::Descending => Box::new(ids.rev()),
        };
        let found = self.matching(ids.take(STEPS)).map(|record| record.id);
        let found = found.skip(window.offset).take(window.limit);
        let found = found.collect::<Vec<_>>();
        (found.len() == window.limit).then_some(found)
    }

    /// The index that has the order of the result, if one does.
    fn order(&self) -> Option<(Index<'a>, Direction)> {
        let indexes = &self.collection.indexes;
        match self.sort {
            None => Some((indexes.ids(), Direction::Ascending)),
            Some(sort) => Some((
                indexes.of(&self.collection.ty, sort.property)?,
                sort.direction,
            )),
        }
    }

    fn matching<'b>(
        &'b self,
        ids: impl Iterator<Item = u64> + 'b,
    ) -> impl Iterator<Item = &'a Record> + 'b {
        let records = ids.filter_map(|id| self.collection.get(id, false));
        records.filter(|record| self.holds(record))
    }

    fn holds(&self, record: &Record) -> bool {
        let ty = &self.collection.ty;
        let mut groups = self.groups.iter();
        let passes = self.groups.is_empty()
            || groups.any(|group| group.iter().all(|condition| condition.holds(ty, record)));
        if !passes || self.words.is_empty() {
            return passes;
        }
        let texts = ty
            .searched
            .iter()
            .filter_map(|id| record.text(*id, ty.property(*id)?));
        self.words.stand_in(texts)
    }

    /// Sorts what matches and cuts the page out.
    fn sorted(&self, matching: impl Iterator<Item = &'a Record>, window: Window) -> Found {
        let keyed = matching.map(|record| (self.key(record), record.id));
        let keyed = keyed.collect::<Vec<_>>();
        let descending = self
            .sort
            .is_some_and(|sort| sort.direction == Direction::Descending);
        let order = |left: &(Option<Key<'_>>, u64), right: &(Option<Key<'_>>, u64)| {
            let (left, right, turned) = (left, right, descending);
            let ids = left.1.cmp(&right.1);
            match (&left.0, &right.0) {
                (Some(left), Some(right)) => {
                    let order = left.order(right).then(ids);
                    if turned { order.reverse() } else { order }
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

    fn key(&self, record: &'a Record) -> Option<Key<'a>> {
        let sort = self.sort?;
        record.key(sort.property, self.collection.ty.property(sort.property)?)
    }

    /// The fewest records that hold all that may match.
    fn access(&self) -> Access<'a> {
        let indexes = &self.collection.indexes;
        let every = indexes.ids();
        let all = |exact| Access::Places {
            index: every,
            places: 0..every.len(),
            exact,
        };
        let wordless = self.words.is_empty();
        match self.groups.as_slice() {
            [] => all(wordless),
            [group] => match self.narrowest(group) {
                Some(Access::Places {
                    index,
                    places,
                    exact,
                }) => Access::Places {
                    index,
                    places,
                    exact: exact && wordless,
                },
                Some(ids) => ids,
                None => all(group.is_empty() && wordless),
            },
            groups => self.united(groups).map_or_else(|| all(false), Access::Ids),
        }
    }

    /// What any of several groups may match, as far as all of them are narrow.
    fn united(&self, groups: &[Vec<Condition<'a>>]) -> Option<BTreeSet<u64>> {
        let mut united = BTreeSet::new();
        for group in groups {
            match self.narrowest(group)? {
                Access::Ids(ids) => united.extend(ids),
                Access::Places { index, places, .. } if places.len() <= FEW => {
                    united.extend(index.between(places));
                }
                Access::Places { .. } => return None,
            }
        }
        Some(united)
    }

    fn narrowest(&self, group: &[Condition<'a>]) -> Option<Access<'a>> {
        let accesses = group
            .iter()
            .filter_map(|condition| self.narrow(condition, group.len() == 1));
        accesses.min_by_key(|access| match access {
            Access::Ids(ids) => ids.len(),
            Access::Places { places, .. } => places.len(),
        })
    }

    /// What one condition leaves, if its property has an index.
    fn narrow(&self, condition: &Condition<'a>, alone: bool) -> Option<Access<'a>> {
        let index = self
            .collection
            .indexes
            .of(&self.collection.ty, condition.property)?;
        match &condition.test {
            Test::In(keys) if !condition.is_several() => Some(holders(index, keys, alone)),
            Test::Range { low, high } => {
                let start = low
                    .as_ref()
                    .map_or(0, |(key, closed)| index.rank(key, !closed));
                let end = high
                    .as_ref()
                    .map_or(index.len(), |(key, closed)| index.rank(key, *closed));
                Some(Access::Places {
                    index,
                    places: start..end.max(start),
                    exact: alone,
                })
            }
            Test::Filled => Some(Access::Places {
                index,
                places: 0..index.len(),
                exact: alone,
            }),
            _ => None,
        }
    }
}

/// The records with one of these values.
fn holders<'a>(index: Index<'a>, keys: &[Key<'a>], alone: bool) -> Access<'a> {
    let places = |key| index.rank(key, false)..index.rank(key, true);
    if let [key] = keys {
        return Access::Places {
            index,
            places: places(key),
            exact: alone,
        };
    }
    Access::Ids(
        keys.iter()
            .flat_map(|key| index.between(places(key)))
            .collect(),
    )
}

/// A page of what an index has at these places.
fn page(
    index: Index<'_>,
    places: Range<usize>,
    direction: Direction,
    window: Window,
    total: usize,
) -> Found {
    let cut = |place: usize| place.clamp(places.start, places.end);
    let ids = match direction {
        Direction::Ascending => {
            let start = cut(places.start.saturating_add(window.offset));
            let end = cut(start.saturating_add(window.limit));
            index.between(start..end).collect()
        }
        Direction::Descending => {
            let end = cut(places.end.saturating_sub(window.offset));
            let start = cut(end.saturating_sub(window.limit));
            index.between(start..end).rev().collect()
        }
    };
    Found { ids, total }
}
