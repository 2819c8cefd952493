//! Finds records by the values of the properties that identify them, such as a contact's email.

use std::collections::{BTreeMap, BTreeSet};

use crate::definitions::{Identity, ObjectType, lower};
use crate::store::Record;
use crate::values::PropertyId;

/// An index from identifying values, in lower case, to the ids of live records.
#[derive(Debug, Default)]
pub(crate) struct Identities(BTreeMap<PropertyId, BTreeSet<(Box<str>, u64)>>);

impl Identities {
    /// Adds the values of a record.
    pub(crate) fn insert(&mut self, ty: &ObjectType, record: &Record) {
        for (property, text) in identities(ty, record) {
            let values = self.0.entry(property).or_default();
            values.insert((text, record.id));
        }
    }

    /// Removes the values of a record, which must not have changed since they were added.
    pub(crate) fn remove(&mut self, ty: &ObjectType, record: &Record) {
        for (property, text) in identities(ty, record) {
            if let Some(values) = self.0.get_mut(&property) {
                values.remove(&(text, record.id));
                if values.is_empty() {
                    self.0.remove(&property);
                }
            }
        }
    }

    /// Returns the ids of the records with a value of an identifying property, in ascending order.
    pub(crate) fn holders(&self, property: PropertyId, text: &str) -> impl Iterator<Item = u64> {
        let start = (Box::<str>::from(lower(text).as_ref()), 0);
        let end = (start.0.clone(), u64::MAX);
        let values = self.0.get(&property).into_iter();
        let found = values.flat_map(move |values| values.range(start.clone()..=end.clone()));
        found.map(|(_, id)| *id)
    }
}

/// The identifying values of a record.
fn identities(ty: &ObjectType, record: &Record) -> impl Iterator<Item = (PropertyId, Box<str>)> {
    record.filled().filter_map(|id| {
        let identifies = ty.property(id)?.identity != Identity::None;
        let text = record.stored(id).filter(|_| identifies)?;
        Some((id, Box::from(lower(text).as_ref())))
    })
}
