//! Reads the fields of a record from its properties.

#![expect(
    clippy::option_option,
    reason = "no value is not the same as no property"
)]

use super::Record;
use super::id::RecordId;
use super::value::PropertyValue;
use crate::record_error::{RecordError, RecordProblem};
use crate::values::Properties;

/// What a response has for a property.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a>(Option<Option<&'a str>>);

impl Slot<'_> {
    /// The response lacks the property.
    pub const ABSENT: Self = Self(None);
}

/// The values of a record, in the order of [`Record::PROPERTIES`].
#[derive(Debug)]
pub struct Fields<'a> {
    object: &'static str,
    names: &'static [&'static str],
    id: &'a str,
    values: &'a [Slot<'a>],
    hides: bool,
}

impl<'a> Fields<'a> {
    /// Finds the values of a record's properties; `values` has a slot for each.
    pub fn of<T: Record>(
        id: &'a str,
        properties: &'a Properties,
        values: &'a mut [Slot<'a>],
    ) -> Self {
        locate(properties, T::PROPERTIES, values);
        Self {
            object: T::OBJECT,
            names: T::PROPERTIES,
            id,
            values,
            hides: false,
        }
    }

    /// The same, for a field whose value no error keeps.
    #[must_use]
    pub fn hidden(&self) -> Self {
        Self {
            hides: true,
            ..*self
        }
    }

    /// The record's id.
    pub fn id(&self) -> Result<RecordId, RecordError> {
        self.id.parse().map_err(|_| {
            let place = (self.object, self.id, "hs_object_id");
            RecordError::new(place, RecordProblem::Unreadable, "an id", Some(self.id))
        })
    }

    pub fn required<T: PropertyValue>(&self, index: usize) -> Result<T, RecordError> {
        match self.text(index) {
            Some(Some(text)) => self.read(index, text),
            Some(None) => Err(self.error(index, RecordProblem::NoValue, "", None)),
            None => Err(self.error(index, RecordProblem::Absent, "", None)),
        }
    }

    pub fn optional<T: PropertyValue>(&self, index: usize) -> Result<Option<T>, RecordError> {
        self.tracked(index).map(Option::flatten)
    }

    pub fn tracked<T: PropertyValue>(
        &self,
        index: usize,
    ) -> Result<Option<Option<T>>, RecordError> {
        match self.text(index) {
            Some(Some(text)) => self.read(index, text).map(|value| Some(Some(value))),
            Some(None) => Ok(Some(None)),
            None => Ok(None),
        }
    }

    /// Several values, separated by `;`. Empty ones are left out.
    pub fn multi<T: PropertyValue>(&self, index: usize) -> Result<Vec<T>, RecordError> {
        let text = self.text(index).flatten().unwrap_or_default();
        let values = text.split(';').map(str::trim);
        let values = values.filter(|value| !value.is_empty());
        values.map(|value| self.read(index, value)).collect()
    }

    /// The value; an empty one is none.
    fn text(&self, index: usize) -> Option<Option<&'a str>> {
        let value = self.values[index].0?;
        Some(value.filter(|text| !text.is_empty()))
    }

    fn read<T: PropertyValue>(&self, index: usize, text: &str) -> Result<T, RecordError> {
        let unreadable = || self.error(index, RecordProblem::Unreadable, T::EXPECTED, Some(text));
        T::from_property(text).ok_or_else(unreadable)
    }

    #[cold]
    fn error(
        &self,
        index: usize,
        problem: RecordProblem,
        expected: &'static str,
        value: Option<&str>,
    ) -> RecordError {
        let place = (self.object, self.id, self.names[index]);
        RecordError::new(place, problem, expected, value.filter(|_| !self.hides))
    }
}

/// Both lists are sorted by name, so that one walk finds all.
fn locate<'a>(properties: &'a Properties, names: &[&str], values: &mut [Slot<'a>]) {
    let mut found = properties.iter().peekable();
    for (name, slot) in names.iter().zip(values) {
        while found.next_if(|(other, _)| other < name).is_some() {}
        if let Some((_, value)) = found.next_if(|(other, _)| other == name) {
            *slot = Slot(Some(value));
        }
    }
}
