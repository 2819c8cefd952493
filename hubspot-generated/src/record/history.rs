//! Records with the values that their properties had before.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use super::Record;
use super::body::{Found, read_one, record_of};
use super::calls::{GetRecord, ListRecords};
use super::filter::Property;
use super::page::{RecordBatch, RecordPage};
use super::value::PropertyValue;
use crate::decode::{Decoded, ReadBody, decode};
use crate::models::ValueWithTimestamp;
use crate::record_error::{RecordError, RecordProblem};
use crate::request::Request;
use crate::values::DateTime;

impl<T: Record> Request<T, GetRecord> {
    /// Reads the former values of the record's properties too.
    ///
    /// ```no_run
    /// use hubspot_generated::{Client, Error, Record, RecordId, Unchecked};
    ///
    /// #[derive(Record)]
    /// #[hubspot(object = "companies")]
    /// struct Company {
    ///     id: RecordId,
    ///     #[hubspot(name = "numberofemployees")]
    ///     employees: Option<i64>,
    /// }
    ///
    /// # async fn example(hubspot: Client<Unchecked>) -> Result<(), Error> {
    /// let company = hubspot.records::<Company>().get(512).with_history().await?;
    /// for past in company.values(Company::EMPLOYEES) {
    ///     println!("{:?} since {:?}", past.value(), past.timestamp());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_history(self) -> Request<RecordHistory<T>, GetRecord> {
        self.parameter_list("propertiesWithHistory", T::PROPERTIES)
            .response_type()
    }
}

impl<T: Record> Request<RecordPage<T>, ListRecords> {
    /// Reads the former values of the records' properties too.
    ///
    /// HubSpot then returns pages of at most 50 records.
    pub fn with_history(self) -> Request<RecordPage<RecordHistory<T>>, ListRecords> {
        self.parameter_list("propertiesWithHistory", T::PROPERTIES)
            .response_type()
    }
}

impl<T: Record> Request<RecordBatch<T>> {
    /// Reads the former values of the records' properties too.
    ///
    /// HubSpot then takes at most 50 ids.
    pub fn with_history(self) -> Request<RecordBatch<RecordHistory<T>>> {
        self.member("propertiesWithHistory", &T::PROPERTIES.to_vec())
            .response_type()
    }
}

/// A record, and the values that its properties had.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordHistory<T> {
    /// The record as it is.
    pub record: T,
    id: String,
    values: BTreeMap<String, Vec<ValueWithTimestamp>>,
}

impl<T: Record> RecordHistory<T> {
    /// The values that a property has and had, the newest first.
    pub fn values<V: PropertyValue>(
        &self,
        property: Property<T, V>,
    ) -> impl Iterator<Item = PastValue<'_, V>> {
        let values = self.values.get(property.name()).into_iter().flatten();
        values.map(move |value| PastValue {
            place: (T::OBJECT, &self.id, property.name()),
            value,
            ty: PhantomData,
        })
    }
}

/// A value that a property has or had.
#[derive(Clone, Copy)]
pub struct PastValue<'a, V> {
    place: (&'static str, &'a str, &'static str),
    value: &'a ValueWithTimestamp,
    ty: PhantomData<fn() -> V>,
}

impl<V: PropertyValue> PastValue<'_, V> {
    /// The value; `None` if the property was cleared.
    ///
    /// # Errors
    ///
    /// Fails if the value is not of the property's type. The error does not keep the value.
    pub fn value(&self) -> Result<Option<V>, RecordError> {
        let text = Some(&*self.value.value).filter(|text| !text.is_empty());
        text.map(|text| self.read(text)).transpose()
    }

    /// The values of a property that holds several.
    ///
    /// # Errors
    ///
    /// Fails if one of them is not of the property's type. The error does not keep the value.
    pub fn values(&self) -> Result<Vec<V>, RecordError> {
        let values = self.value.value.split(';').map(str::trim);
        let values = values.filter(|value| !value.is_empty());
        values.map(|value| self.read(value)).collect()
    }

    fn read(&self, text: &str) -> Result<V, RecordError> {
        let unreadable =
            || RecordError::new(self.place, RecordProblem::Unreadable, V::EXPECTED, None);
        V::from_property(text).ok_or_else(unreadable)
    }
}

impl<V> PastValue<'_, V> {
    /// When the value was set.
    pub const fn timestamp(&self) -> &DateTime {
        &self.value.timestamp
    }

    /// What set the value: `CRM_UI`, `API`, `INTEGRATION`, `FORM`, `IMPORT`, …
    pub fn source_type(&self) -> &str {
        &self.value.source_type
    }

    /// Which one of the sources it was: the id of a user, an app, a form, a workflow.
    pub fn source_id(&self) -> Option<&str> {
        self.value.source_id.as_deref()
    }
}

/// Does not show the value, which is data of an account.
impl<V> fmt::Debug for PastValue<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastValue")
            .field("property", &self.place.2)
            .field("timestamp", self.timestamp())
            .field("source_type", &self.source_type())
            .finish_non_exhaustive()
    }
}

/// Does not show former values.
impl<T: fmt::Debug> fmt::Debug for RecordHistory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordHistory")
            .field("record", &self.record)
            .finish_non_exhaustive()
    }
}

impl<T: Record> RecordHistory<T> {
    fn read(found: &Found<'_>) -> Result<Self, RecordError> {
        let unreadable = |_| {
            let place = (T::OBJECT, found.id, "propertiesWithHistory");
            RecordError::new(place, RecordProblem::Unreadable, "a list of values", None)
        };
        let values = found.history.map(|json| decode(json.as_bytes()));
        Ok(Self {
            record: record_of(found)?,
            id: found.id.to_owned(),
            values: values.transpose().map_err(unreadable)?.unwrap_or_default(),
        })
    }
}

impl<T: Record> ReadBody for RecordHistory<T> {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        read_one::<T, Self>(body, Self::read)
    }
}

impl<T: Record> ReadBody for RecordPage<RecordHistory<T>> {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        Self::read::<T>(body, RecordHistory::read)
    }
}

impl<T: Record> ReadBody for RecordBatch<RecordHistory<T>> {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        Self::read::<T>(body, RecordHistory::read)
    }
}
