//! Records as types of the user: what `#[derive(Record)]` stands on.
//!
//! The derive writes tables and calls of the functions here. Nothing here is generic over the scope set; what is generic over
//! the record is a few lines.

mod association;
mod body;
#[allow(missing_docs, reason = "the methods of handles have the documentation")]
mod calls;
mod derived;
#[allow(missing_docs, reason = "derived code calls it")]
mod fields;
mod filter;
mod history;
mod id;
mod page;
mod patch;
mod time;
mod update;
mod value;

use crate::client::Client;
pub use crate::record_error::RecordError;
pub use crate::values::Properties;

pub use association::{
    Associate, Associated, AssociatedPage, AssociatedRecord, Association, AssociationType,
};
pub(crate) use body::read_record;
pub use calls::*;
pub use derived::derived;
pub use fields::{Fields, id, multi, optional, required, tracked};
pub use filter::{Property, RecordFilter, RecordSearch, RecordSort, property};
pub use history::{PastValue, RecordHistory};
pub use id::RecordId;
pub use page::{RecordBatch, RecordPage, Written, WrittenBatch};
pub use patch::{
    Patch, put, put_all, put_optional, put_tracked, set_value, set_values, update_value,
};
pub use update::{IntoUpdate, IntoValue};
pub use value::{Json, OptionText, Ordered, PropertyValue, Tokens};

/// A record of the CRM as a struct: the properties to request, and how to read and write them.
///
/// `#[derive(Record)]` implements it. [`Client::records`] returns the handle with the operations.
///
/// ```no_run
/// use hubspot_generated::{Client, Error, PropertyEnum, Record, RecordId, scope_set};
///
/// scope_set! {
///     struct SalesScopes {
///         required: ["crm.objects.companies.read", "crm.objects.companies.write"],
///     }
/// }
///
/// #[derive(Debug, Record)]
/// #[hubspot(object = "companies")]
/// struct Company {
///     id: RecordId,
///     name: String,
///     #[hubspot(name = "numberofemployees")]
///     employees: Option<i64>,
///     lifecyclestage: Option<Stage>,
/// }
///
/// #[derive(Debug, PropertyEnum)]
/// enum Stage {
///     Lead,
///     Customer,
///     Other(String),
/// }
///
/// # async fn example(hubspot: Client<SalesScopes>) -> Result<(), Error> {
/// let companies = hubspot.records::<Company>();
/// let company = companies.get(512).await?;
/// companies.update(company.id, company.patch().lifecyclestage(Stage::Customer)).await?;
///
/// let big = Company::EMPLOYEES.gte(10).and(Company::NAME.has_value());
/// let mut found = companies.search(big.limit(100)).items();
/// while let Some(company) = found.try_next().await? {
///     match company {
///         Ok(company) => println!("{} {:?}", company.name, company.employees),
///         Err(unreadable) => println!("{unreadable}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # The struct
///
/// `#[hubspot(object = "…")]` names the object type: `contacts`, `companies`, `deals` and so on, or the id (`2-123`) or fully
/// qualified name (`p123_car`) of a custom object. `crate = path` names this crate where it is renamed.
///
/// Each field is a property, named after the field unless `#[hubspot(name = "…")]` says otherwise. A field of the type
/// [`RecordId`] without a name is the record's id.
///
/// | field | no value | not in the response |
/// | --- | --- | --- |
/// | `T` | error | error |
/// | `Option<T>` | `None` | `None` |
/// | `Option<Option<T>>` | `Some(None)` | `None` |
/// | `#[hubspot(multi)] Vec<T>`, for several checkboxes | empty | empty |
///
/// An empty text is no value. `T` is a type that implements [`PropertyValue`].
///
/// | key | |
/// | --- | --- |
/// | `read_only` | the patch has no setter for it |
/// | `sensitive`, `highly_sensitive` | the property needs these scopes of the object type; errors do not keep its values, and the derive writes the struct's `Debug`, without them |
///
/// A struct with a sensitive field cannot have another `Debug`, derived or written by hand, and the types of its other fields
/// have to implement `Debug`.
///
/// # What the derive adds
///
/// For a struct `Company`: a constant for each property (`Company::EMPLOYEES`, a [`Property`]), the patch `CompanyPatch` with a
/// setter for each property, and the handle `CompanyRecords<S>` with the operations. Each operation has the scopes of the
/// object type as its bound, plus those for sensitive fields.
pub trait Record: Sized + Send + 'static {
    /// The object type in paths, such as `contacts` or `2-123`.
    const OBJECT: &'static str;

    /// The internal names of the properties, sorted.
    const PROPERTIES: &'static [&'static str];

    /// Values to write.
    type Patch: From<Patch> + Into<Patch> + AsRef<Patch>;

    /// The handle with the operations, for a client with the scopes `S`.
    type Records<S>;

    /// The indices of the properties whose values no error keeps.
    #[doc(hidden)]
    const SENSITIVE: &'static [usize];

    #[doc(hidden)]
    fn records<S>(client: &Client<S>) -> Self::Records<S>;

    #[doc(hidden)]
    fn from_fields(fields: Fields<'_>) -> Result<Self, RecordError>;

    /// Reads a record, for example the id and the properties of a [`CrmObject`](crate::models::CrmObject).
    ///
    /// # Errors
    ///
    /// Fails if a property cannot be read, or is missing where the field is required.
    fn read(id: &str, properties: &Properties) -> Result<Self, RecordError> {
        let values = fields::locate(properties, Self::PROPERTIES);
        Self::from_fields(Fields::of::<Self>(id, &values))
    }
}

impl<S> Client<S> {
    /// Returns the operations on the records that `T` describes.
    ///
    /// The handle's methods ask for the scopes of the object type, and for those of sensitive properties in `T`. See
    /// [`Record`](trait@Record).
    pub fn records<T: Record>(&self) -> T::Records<S> {
        T::records(self)
    }
}
