//! Values to write: what is set, what is cleared, and what is left alone.

use std::fmt;

use super::Record;
use super::association::AssociationType;
use super::id::RecordId;
use super::update::{IntoUpdate, IntoValue};
use super::value::PropertyValue;
use crate::decode::{DecodeError, Decoded};
use crate::models::{AssociationSpec, CreateAssociation, ObjectId};
use crate::values::Properties;

/// The values of a patch. `#[derive(Record)]` writes a type with setters around it.
#[derive(Clone, Default)]
pub struct Patch {
    pub(super) properties: Properties,
    pub(super) associations: Vec<CreateAssociation>,
    /// The properties whose last value cannot be written.
    unwritable: Vec<&'static str>,
}

impl Patch {
    /// The properties to write, by name. An empty value clears the property.
    ///
    /// A value that cannot be written is not among them: see [`unwritable`](Self::unwritable).
    pub fn properties(&self) -> &Properties {
        &self.properties
    }

    /// The property that was set to a value that cannot be written, such as `f64::NAN`.
    ///
    /// Operations on records fail with such a patch, before anything is sent. Check this where you pass
    /// [`properties`](Self::properties) to other operations, which would leave the property as it is.
    pub fn unwritable(&self) -> Option<&'static str> {
        self.unwritable.first().copied()
    }

    pub(crate) fn associations(&self) -> &[CreateAssociation] {
        &self.associations
    }

    /// Fails if a value cannot be written.
    pub(crate) fn writable(&self) -> Decoded {
        match self.unwritable() {
            Some(name) => Err(DecodeError::new(format!(
                "a value of the property `{name}` has no form in HubSpot"
            ))),
            None => Ok(()),
        }
    }

    #[doc(hidden)]
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.unwritable.is_empty()
    }

    /// Leaves a value that cannot be written out, and remembers its property: the request fails. The last value counts.
    fn write(&mut self, name: &'static str, value: Option<String>) {
        self.unwritable.retain(|other| *other != name);
        if let Some(value) = value {
            self.properties.insert(name, value);
        } else {
            self.properties.remove(name);
            self.unwritable.push(name);
        }
    }

    /// Writes values of a property that holds several. None of them can contain what separates them. Empty ones are left
    /// out, as they are when values are read: HubSpot would take a separator at the beginning for a request to add values.
    fn write_all(&mut self, name: &'static str, values: impl Iterator<Item = Option<String>>) {
        let is_value =
            |value: &Option<String>| value.as_ref().is_none_or(|text| !text.trim().is_empty());
        let values = values.filter(is_value);
        let values = values.map(|value| value.filter(|text| !text.contains(';')));
        let values = values.collect::<Option<Vec<_>>>();
        self.write(name, values.map(|values| values.join(";")));
    }

    #[doc(hidden)]
    pub fn clear(&mut self, name: &'static str) {
        self.unwritable.retain(|other| *other != name);
        self.properties.clear(name);
    }

    #[doc(hidden)]
    pub fn associate<T: Record, U: Record>(&mut self, ty: AssociationType<T, U>, id: RecordId) {
        let spec = AssociationSpec::new(ty.category(), ty.id());
        let association = CreateAssociation::new(ObjectId::new(id.to_string()), [spec]);
        self.associations.push(association);
    }
}

// What setters call. They take the patch and return it, which the compiler checks faster than a change in place.

#[doc(hidden)]
pub fn set_value<V>(mut patch: Patch, name: &'static str, value: impl IntoValue<V>) -> Patch {
    patch.write(name, value.into_value());
    patch
}

#[doc(hidden)]
pub fn update_value<V>(mut patch: Patch, name: &'static str, value: impl IntoUpdate<V>) -> Patch {
    patch.write(name, value.into_update());
    patch
}

#[doc(hidden)]
pub fn set_values<V>(
    mut patch: Patch,
    name: &'static str,
    values: impl IntoIterator<Item = impl IntoValue<V>>,
) -> Patch {
    patch.write_all(name, values.into_iter().map(IntoValue::into_value));
    patch
}

// What the patch of a record's values is made with: the names of properties of one type, and their values.

#[doc(hidden)]
pub fn put<V: PropertyValue, const N: usize>(
    patch: &mut Patch,
    names: [&'static str; N],
    values: [&V; N],
) {
    for (name, value) in names.into_iter().zip(values) {
        patch.write(name, value.checked_property());
    }
}

#[doc(hidden)]
pub fn put_optional<V: PropertyValue, const N: usize>(
    patch: &mut Patch,
    names: [&'static str; N],
    values: [&Option<V>; N],
) {
    for (name, value) in names.into_iter().zip(values) {
        if let Some(value) = value {
            patch.write(name, value.checked_property());
        }
    }
}

#[doc(hidden)]
pub fn put_tracked<V: PropertyValue, const N: usize>(
    patch: &mut Patch,
    names: [&'static str; N],
    values: [&Option<Option<V>>; N],
) {
    for (name, value) in names.into_iter().zip(values) {
        match value {
            Some(Some(value)) => patch.write(name, value.checked_property()),
            Some(None) => patch.clear(name),
            None => {}
        }
    }
}

#[doc(hidden)]
pub fn put_all<V: PropertyValue, const N: usize>(
    patch: &mut Patch,
    names: [&'static str; N],
    values: [&Vec<V>; N],
) {
    for (name, values) in names.into_iter().zip(values) {
        if !values.is_empty() {
            patch.write_all(name, values.iter().map(PropertyValue::checked_property));
        }
    }
}

/// Shows the names of the properties only: values are data of an account.
impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.properties.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}
