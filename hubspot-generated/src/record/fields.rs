//! Reads the fields of a record from its properties.

#![expect(
    clippy::option_option,
    reason = "no value is not the same as no property"
)]

use std::borrow::Cow;
use std::cell::OnceCell;

use super::Record;
use super::id::RecordId;
use super::value::PropertyValue;
use crate::record_error::{RecordError, RecordProblem};
use crate::values::Properties;

/// What a response has for a property.
#[derive(Clone)]
pub(super) enum Slot<'a> {
    /// The response lacks the property.
    Absent,
    NoValue,
    Text(Cow<'a, str>),
    /// JSON that is no value of a property: a list or an object.
    Structure(&'a str),
}

impl<'a> Slot<'a> {
    pub(super) fn of(value: Option<Cow<'a, str>>) -> Self {
        value.map_or(Self::NoValue, Self::Text)
    }
}

/// The values of a record, in the order of [`Record::PROPERTIES`].
pub struct Fields<'a> {
    object: &'static str,
    names: &'static [&'static str],
    id: &'a str,
    values: &'a [Slot<'a>],
    /// The indices of the properties whose values no error keeps.
    sensitive: &'a [usize],
    /// Why a field cannot be read.
    error: OnceCell<RecordError>,
}

impl<'a> Fields<'a> {
    /// The fields of a record whose properties have these values.
    pub(super) const fn of<T: Record>(id: &'a str, values: &'a [Slot<'a>]) -> Self {
        Self {
            object: T::OBJECT,
            names: T::PROPERTIES,
            id,
            values,
            sensitive: T::SENSITIVE,
            error: OnceCell::new(),
        }
    }

    /// The record, unless one of its fields could not be read.
    pub fn finish<T>(self, record: T) -> Result<T, RecordError> {
        self.error.into_inner().map_or(Ok(record), Err)
    }

    /// Why a required field has no value. Its error is kept before this is called.
    #[cold]
    pub fn failed<T>(self) -> Result<T, RecordError> {
        let place = (self.object, self.id, "hs_object_id");
        let unknown = || RecordError::new(place, RecordProblem::Absent, "", None);
        Err(self.error.into_inner().unwrap_or_else(unknown))
    }

    fn id(&self) -> Result<RecordId, RecordError> {
        self.id.parse().map_err(|_| {
            let place = (self.object, self.id, "hs_object_id");
            RecordError::new(place, RecordProblem::Unreadable, "an id", Some(self.id))
        })
    }

    fn required<T: PropertyValue>(&self, index: usize) -> Option<T> {
        let problem = match self.text(index) {
            Some(Some(text)) => return self.kept(index, text),
            Some(None) => RecordProblem::NoValue,
            None => RecordProblem::Absent,
        };
        self.keep(self.error(index, problem, "", None));
        None
    }

    fn tracked<T: PropertyValue>(&self, index: usize) -> Option<Option<T>> {
        let text = self.text(index)?;
        Some(text.and_then(|text| self.kept(index, text)))
    }

    /// Several values, separated by `;`. Empty ones are left out.
    fn multi<T: PropertyValue>(&self, index: usize) -> Vec<T> {
        let text = self.text(index).flatten().unwrap_or_default();
        let values = text.split(';').map(str::trim);
        let values = values.filter(|value| !value.is_empty());
        values.filter_map(|value| self.kept(index, value)).collect()
    }

    /// A value; what is wrong with it is kept for [`finish`](Self::finish).
    fn kept<T: PropertyValue>(&self, index: usize, text: &str) -> Option<T> {
        let value = T::from_property(text);
        if value.is_none() {
            self.keep(self.error(index, RecordProblem::Unreadable, T::EXPECTED, Some(text)));
        }
        value
    }

    /// Keeps the first error.
    fn keep(&self, error: RecordError) {
        _ = self.error.set(error);
    }

    /// The value; an empty one is none, and so is what is no value: why is kept for [`finish`](Self::finish).
    fn text(&self, index: usize) -> Option<Option<&'a str>> {
        match &self.values[index] {
            Slot::Absent => None,
            Slot::NoValue => Some(None),
            Slot::Text(text) => Some(Some(&**text).filter(|text| !text.is_empty())),
            Slot::Structure(json) => {
                self.keep(self.error(index, RecordProblem::Unreadable, "text", Some(json)));
                Some(None)
            }
        }
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
        RecordError::new(
            place,
            problem,
            expected,
            value.filter(|_| !self.sensitive.contains(&index)),
        )
    }
}

// Derived code calls these, once for all fields of a type.

/// The record's id.
pub fn id(fields: &Fields<'_>) -> Result<RecordId, RecordError> {
    fields.id()
}

/// Values without which there is no record: if one is missing, [`Fields::failed`] says why.
pub fn required<T: PropertyValue, const N: usize>(
    fields: &Fields<'_>,
    indices: [usize; N],
) -> [Option<T>; N] {
    indices.map(|index| fields.required(index))
}

pub fn optional<T: PropertyValue, const N: usize>(
    fields: &Fields<'_>,
    indices: [usize; N],
) -> [Option<T>; N] {
    indices.map(|index| fields.tracked(index).flatten())
}

pub fn tracked<T: PropertyValue, const N: usize>(
    fields: &Fields<'_>,
    indices: [usize; N],
) -> [Option<Option<T>>; N] {
    indices.map(|index| fields.tracked(index))
}

pub fn multi<T: PropertyValue, const N: usize>(
    fields: &Fields<'_>,
    indices: [usize; N],
) -> [Vec<T>; N] {
    indices.map(|index| fields.multi(index))
}

/// The value of each name. Both lists are sorted by name, so that one walk finds all.
pub(super) fn locate<'a>(properties: &'a Properties, names: &[&str]) -> Vec<Slot<'a>> {
    let mut found = properties.iter().peekable();
    let value = |name: &&str| {
        while found.next_if(|(other, _)| other < name).is_some() {}
        let value = found.next_if(|(other, _)| other == name);
        value.map_or(Slot::Absent, |(_, value)| {
            Slot::of(value.map(Cow::Borrowed))
        })
    };
    names.iter().map(value).collect()
}
