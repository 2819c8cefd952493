//! The indexes over the records of an object type, which keep lists and searches as fast in a large account as in a
//! small one.
//!
//! Comes in: records that come, change and go. Goes out: ids in the order of an indexed property, and how many there are
//! between two values, without walking over them. Refuses nothing.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

use indexset::BTreeSet;

use crate::definitions::object_type::ObjectType;
use crate::definitions::property::{Identity, Role};
use crate::definitions::value as values;
use crate::definitions::value::Key;
use crate::store::record::Record;
use crate::values::ids::PropertyId;

/// The indexes of one object type. Live records are in them, archived ones are not.
#[derive(Debug)]
pub(crate) struct Indexes {
    ids: BTreeSet<u64>,
    created: BTreeSet<(i64, u64)>,
    updated: BTreeSet<(i64, u64)>,
    /// The values, in lower case, of properties that identify records.
    values: BTreeMap<PropertyId, BTreeSet<(Box<str>, u64)>>,
    /// Whether records were created in the order of their ids. A seed that sets the time of creation ends this.
    chronological: bool,
}

/// One of the indexes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Index<'a> {
    /// Over `hs_object_id`.
    Ids(&'a BTreeSet<u64>),
    /// Over a moment.
    Moments(&'a BTreeSet<(i64, u64)>),
    /// Over text in lower case.
    Texts(&'a BTreeSet<(Box<str>, u64)>),
}

impl Default for Indexes {
    fn default() -> Self {
        Self {
            ids: BTreeSet::new(),
            created: BTreeSet::new(),
            updated: BTreeSet::new(),
            values: BTreeMap::new(),
            chronological: true,
        }
    }
}

impl Indexes {
    /// Takes a record in.
    pub(crate) fn insert(&mut self, ty: &ObjectType, record: &Record) {
        let latest = self
            .created
            .last()
            .is_none_or(|last| *last < (record.created_at, record.id));
        let newest = self.ids.last().is_none_or(|last| *last < record.id);
        self.chronological &= latest == newest;
        self.ids.insert(record.id);
        self.created.insert((record.created_at, record.id));
        self.updated.insert((record.updated_at, record.id));
        for (id, text) in identities(ty, record) {
            self.values.entry(id).or_default().insert((text, record.id));
        }
    }

    /// Lets a record go. It has to be as it was when it was taken in.
    pub(crate) fn remove(&mut self, ty: &ObjectType, record: &Record) {
        self.ids.remove(&record.id);
        self.created.remove(&(record.created_at, record.id));
        self.updated.remove(&(record.updated_at, record.id));
        for (id, text) in identities(ty, record) {
            if let Some(index) = self.values.get_mut(&id) {
                index.remove(&(text, record.id));
            }
        }
    }

    /// The ids of the records with a value of an identifying property, the oldest first.
    pub(crate) fn holders(&self, property: PropertyId, text: &str) -> impl Iterator<Item = u64> {
        let start = (Box::<str>::from(values::lower(text).as_ref()), 0);
        let index = self.values.get(&property);
        let from = index.map_or(0, |index| index.rank(&start));
        // `range_idx` panics on an empty range at the beginning.
        let index = index.filter(|index| from < index.len());
        let found = index.map(|index| index.range_idx(from..index.len()));
        let found = found.into_iter().flatten();
        found
            .take_while(move |(known, _)| *known == start.0)
            .map(|(_, id)| *id)
    }

    /// The ids of all records, in order.
    pub(crate) const fn ids(&self) -> Index<'_> {
        Index::Ids(&self.ids)
    }

    /// The index over a property, if there is one.
    pub(crate) fn of(&self, ty: &ObjectType, id: PropertyId) -> Option<Index<'_>> {
        let property = ty.property(id)?;
        match property.role {
            Role::Id => Some(Index::Ids(&self.ids)),
            Role::Created => Some(Index::Moments(&self.created)),
            Role::Updated => Some(Index::Moments(&self.updated)),
            Role::Plain | Role::ReadOnly => {
                // The order of numbers and days is not that of their texts.
                let index = property.ty.is_text().then(|| self.values.get(&id))??;
                Some(Index::Texts(index))
            }
        }
    }

    /// Whether both indexes have the same records in the same order.
    pub(crate) fn agree(&self, left: Index<'_>, right: Index<'_>) -> bool {
        let place = |index| match index {
            Index::Ids(_) => 0,
            Index::Moments(index) if std::ptr::eq(index, &raw const self.created) => {
                usize::from(!self.chronological)
            }
            Index::Moments(_) => 2,
            Index::Texts(_) => 3,
        };
        match (left, right) {
            (Index::Texts(left), Index::Texts(right)) => std::ptr::eq(left, right),
            _ => place(left) == place(right),
        }
    }
}

impl<'a> Index<'a> {
    /// How many records it has.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Ids(index) => index.len(),
            Self::Moments(index) => index.len(),
            Self::Texts(index) => index.len(),
        }
    }

    /// How many records come before `key`, or before what follows it where `after`.
    pub(crate) fn rank(self, key: &Key<'_>, after: bool) -> usize {
        let end = if after { u64::MAX } else { 0 };
        match (self, key) {
            (Self::Ids(index), Key::Number(number)) => id_rank(index, *number, after),
            (Self::Moments(index), Key::Moment(moment)) => index.rank(&(*moment, end)),
            (Self::Texts(index), Key::Text(text)) => index.rank(&(Box::from(text.as_ref()), end)),
            // A key of another kind is not in this index.
            _ => self.len(),
        }
    }

    /// The ids at these places, in either direction.
    pub(crate) fn between(
        self,
        places: Range<usize>,
    ) -> Box<dyn DoubleEndedIterator<Item = u64> + 'a> {
        let end = places.end.min(self.len());
        let places = places.start.min(end)..end;
        if places.is_empty() {
            // `range_idx` panics on an empty range at the beginning.
            return Box::new(iter::empty());
        }
        match self {
            Self::Ids(index) => Box::new(index.range_idx(places).copied()),
            Self::Moments(index) => Box::new(index.range_idx(places).map(|(_, id)| *id)),
            Self::Texts(index) => Box::new(index.range_idx(places).map(|(_, id)| *id)),
        }
    }
}

/// Ids are whole numbers; what they are compared with may be none.
fn id_rank(index: &BTreeSet<u64>, number: f64, after: bool) -> usize {
    let whole = number.floor();
    if whole < 0.0 {
        return 0;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and a number that is too large becomes the largest"
    )]
    let id = whole as u64;
    let whole_number = number.total_cmp(&whole) == Ordering::Equal;
    if whole_number && !after {
        index.rank(&id)
    } else {
        index.rank(&id.saturating_add(1))
    }
}

/// The values by which a record is found.
fn identities(ty: &ObjectType, record: &Record) -> impl Iterator<Item = (PropertyId, Box<str>)> {
    record.filled().filter_map(|id| {
        let property = ty.property(id)?;
        if property.identity == Identity::None {
            return None;
        }
        Some((id, Box::from(values::lower(record.stored(id)?).as_ref())))
    })
}
