//! The generic handle for object types that are known at compile time.

use std::fmt;
use std::marker::PhantomData;

use crate::client::Client;
use crate::models::{
    BatchArchive, BatchCreate, BatchRead, BatchUpdate, BatchUpsert, CreateObject, CrmObject,
    ObjectBatch, ObjectPage, Search, SearchPage, UpdateObject, UpsertedObjectBatch,
};
use crate::operation::Operation;
use crate::operations::{
    OBJECTS_ARCHIVE, OBJECTS_BATCH_ARCHIVE, OBJECTS_BATCH_CREATE, OBJECTS_BATCH_READ,
    OBJECTS_BATCH_UPDATE, OBJECTS_BATCH_UPSERT, OBJECTS_CREATE, OBJECTS_GET, OBJECTS_LIST,
    OBJECTS_SEARCH, OBJECTS_UPDATE,
};
use crate::request::Request;
use crate::requests::{BatchReadObjectsQuery, GetObject, ListObjects, UpdateObjectQuery};
use crate::scopes::grants::{CrmObjectsCustomRead, CrmObjectsCustomWrite};

/// An object type of the CRM that is known at compile time, for [`Client::objects_of`].
///
/// [`object_types`](crate::object_types) has HubSpot's own types. An object type that an account defines is
/// [`Custom`]. The trait cannot be implemented for other types.
///
/// Code that is generic over object types has [`Readable`] and [`Writable`] as its bounds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no object type of the CRM",
    label = "not an object type",
    note = "if `{Self}` is a type parameter: state `{Self}: ObjectType`, or `Readable` and `Writable` with the scopes of the client",
    note = "HubSpot's own types are in `object_types`; for one that an account defines, implement `CustomObject` and write `Custom<{Self}>`"
)]
pub trait ObjectType: sealed::Calls + Send + Sync + 'static {
    /// The name in paths, such as `deals`, `0-162` or `p123_car`.
    const PATH: &'static str;
}

/// The object types whose records a client with the scopes `S` may read.
///
/// Implemented for each object type if `S` has the scopes that reading needs.
#[diagnostic::on_unimplemented(
    message = "a client with the scopes `{S}` is not known to read records of `{Self}`",
    label = "this HubSpot call reads records of `{Self}`",
    note = "if `{Self}` is a type parameter: state `{Self}: Readable<{S}>` on the function"
)]
pub trait Readable<S>: ObjectType {}

/// The object types whose records a client with the scopes `S` may write.
///
/// Implemented for each object type if `S` has the scopes that writing needs.
#[diagnostic::on_unimplemented(
    message = "a client with the scopes `{S}` is not known to write records of `{Self}`",
    label = "this HubSpot call writes records of `{Self}`",
    note = "if `{Self}` is a type parameter: state `{Self}: Writable<{S}>` on the function"
)]
pub trait Writable<S>: ObjectType {}

/// An object type that an account defines.
///
/// HubSpot's own types need other scopes, so their names do not compile:
///
/// ```compile_fail,E0080
/// use hubspot_generated::{Custom, CustomObject, ObjectType};
///
/// struct Contacts;
///
/// impl CustomObject for Contacts {
///     const NAME: &'static str = "contacts";
/// }
///
/// const PATH: &str = <Custom<Contacts> as ObjectType>::PATH;
/// ```
pub trait CustomObject: Send + Sync + 'static {
    /// Its id (`2-123`) or its fully qualified name (`p123_car`).
    const NAME: &'static str;
}

/// The object type that `C` names, for [`Client::objects_of`].
#[cfg_attr(
    feature = "scope-audit",
    deprecated(
        note = "hubspot-scopes-object-type: objects \"crm.objects.custom.read\" writes \"crm.objects.custom.write\""
    )
)]
pub struct Custom<C>(PhantomData<fn() -> C>);

impl<C> fmt::Debug for Custom<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Custom")
    }
}

impl<C: CustomObject> ObjectType for Custom<C> {
    const PATH: &'static str = {
        assert!(
            hubspot_scopes::is_custom_object(C::NAME),
            "`NAME` of a `CustomObject` is its id, such as `2-123`, or its fully qualified name, such as `p123_car`"
        );
        C::NAME
    };
}

impl<C: CustomObject, S: CrmObjectsCustomRead> Readable<S> for Custom<C> {}
impl<C: CustomObject, S: CrmObjectsCustomWrite> Writable<S> for Custom<C> {}

pub(crate) mod sealed {
    use super::Operation;

    /// The operations on the records of an object type. Each is a constant of its own, so that a program has those only
    /// that it calls.
    pub trait Calls {
        /// Whether the path of an operation has the object type as a parameter.
        const IS_NAMED_IN_PATH: bool = false;
        const LIST: &'static Operation;
        const GET: &'static Operation;
        const SEARCH: &'static Operation;
        const CREATE: &'static Operation;
        const UPDATE: &'static Operation;
        const ARCHIVE: &'static Operation;
        const BATCH_READ: &'static Operation;
        const BATCH_CREATE: &'static Operation;
        const BATCH_UPDATE: &'static Operation;
        const BATCH_UPSERT: &'static Operation;
        const BATCH_ARCHIVE: &'static Operation;
    }
}

impl<C: CustomObject> sealed::Calls for Custom<C> {
    const IS_NAMED_IN_PATH: bool = true;
    const LIST: &'static Operation = &OBJECTS_LIST;
    const GET: &'static Operation = &OBJECTS_GET;
    const SEARCH: &'static Operation = &OBJECTS_SEARCH;
    const CREATE: &'static Operation = &OBJECTS_CREATE;
    const UPDATE: &'static Operation = &OBJECTS_UPDATE;
    const ARCHIVE: &'static Operation = &OBJECTS_ARCHIVE;
    const BATCH_READ: &'static Operation = &OBJECTS_BATCH_READ;
    const BATCH_CREATE: &'static Operation = &OBJECTS_BATCH_CREATE;
    const BATCH_UPDATE: &'static Operation = &OBJECTS_BATCH_UPDATE;
    const BATCH_UPSERT: &'static Operation = &OBJECTS_BATCH_UPSERT;
    const BATCH_ARCHIVE: &'static Operation = &OBJECTS_BATCH_ARCHIVE;
}

/// Declares one of HubSpot's object types: its name and path, the note for the audit, and its operations in the order of
/// [`sealed::Calls`].
macro_rules! object_type {
    (
        $name:ident = $path:literal,
        $list:ident, $get:ident, $search:ident, $create:ident, $update:ident, $archive:ident,
        $batch_read:ident, $batch_create:ident, $batch_update:ident, $batch_upsert:ident, $batch_archive:ident
    ) => {
        impl crate::objects_of::sealed::Calls for $name {
            const LIST: &'static crate::Operation = &crate::operations::$list;
            const GET: &'static crate::Operation = &crate::operations::$get;
            const SEARCH: &'static crate::Operation = &crate::operations::$search;
            const CREATE: &'static crate::Operation = &crate::operations::$create;
            const UPDATE: &'static crate::Operation = &crate::operations::$update;
            const ARCHIVE: &'static crate::Operation = &crate::operations::$archive;
            const BATCH_READ: &'static crate::Operation = &crate::operations::$batch_read;
            const BATCH_CREATE: &'static crate::Operation = &crate::operations::$batch_create;
            const BATCH_UPDATE: &'static crate::Operation = &crate::operations::$batch_update;
            const BATCH_UPSERT: &'static crate::Operation = &crate::operations::$batch_upsert;
            const BATCH_ARCHIVE: &'static crate::Operation = &crate::operations::$batch_archive;
        }

        impl crate::ObjectType for $name {
            const PATH: &'static str = $path;
        }
    };
}
pub(crate) use object_type;

/// Operations on the records of an object type `T`, for a client with the scopes `S`. See [`Client::objects_of`].
pub struct ObjectsOf<T, S> {
    client: Client<S>,
    object_type: PhantomData<fn() -> T>,
}

impl<S> Client<S> {
    /// Returns the operations on the records of an object type that is known at compile time.
    ///
    /// Every call has the scopes of that type as its bound, in code that is generic over object types too. Where the type is
    /// known only at run time, `objects("2-123")` takes its name, and the compiler checks the scopes of custom objects.
    ///
    /// ```no_run
    /// # #[cfg(feature = "deals")]
    /// # mod example {
    /// use hubspot_generated::object_types::{Contacts, Deals};
    /// use hubspot_generated::{Client, Custom, CustomObject, Error, Readable, scope_set};
    ///
    /// scope_set! {
    ///     pub struct ExportScopes {
    ///         required: [
    ///             "crm.objects.contacts.read",
    ///             "crm.objects.custom.read",
    ///             "crm.objects.deals.read",
    ///         ],
    ///     }
    /// }
    ///
    /// async fn count<T: Readable<S>, S>(hubspot: &Client<S>) -> Result<usize, Error> {
    ///     let mut records = hubspot.objects_of::<T>().list().limit(100).items();
    ///     let mut count = 0;
    ///     while records.try_next().await?.is_some() {
    ///         count += 1;
    ///     }
    ///     Ok(count)
    /// }
    ///
    /// struct Car;
    ///
    /// impl CustomObject for Car {
    ///     const NAME: &'static str = "p123_car";
    /// }
    ///
    /// pub async fn count_all(hubspot: &Client<ExportScopes>) -> Result<usize, Error> {
    ///     Ok(count::<Contacts, _>(hubspot).await?
    ///         + count::<Deals, _>(hubspot).await?
    ///         + count::<Custom<Car>, _>(hubspot).await?)
    /// }
    /// # }
    /// ```
    pub fn objects_of<T: ObjectType>(&self) -> ObjectsOf<T, S> {
        ObjectsOf {
            client: self.clone(),
            object_type: PhantomData,
        }
    }
}

impl<T: ObjectType, S> ObjectsOf<T, S> {
    /// Lists records, a page at a time.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: reads")
    )]
    pub fn list(&self) -> Request<ObjectPage, ListObjects>
    where
        T: Readable<S>,
    {
        self.call(T::LIST, &[])
    }

    /// Reads a record by its id, or with `id_property` by the value of a unique property.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: reads")
    )]
    pub fn get(&self, id: impl AsRef<str>) -> Request<CrmObject, GetObject>
    where
        T: Readable<S>,
    {
        self.call(T::GET, &[id.as_ref()])
    }

    /// Searches records, a page at a time. New and changed records show up after some seconds.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: reads")
    )]
    pub fn search(&self, body: Search) -> Request<SearchPage>
    where
        T: Readable<S>,
    {
        self.call(T::SEARCH, &[]).json_of(body)
    }

    /// Reads up to 100 records.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: reads")
    )]
    pub fn batch_read(&self, body: BatchRead) -> Request<ObjectBatch, BatchReadObjectsQuery>
    where
        T: Readable<S>,
    {
        self.call(T::BATCH_READ, &[]).json_of(body)
    }

    /// Creates a record.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn create(&self, body: CreateObject) -> Request<CrmObject>
    where
        T: Writable<S>,
    {
        self.call(T::CREATE, &[]).json_of(body)
    }

    /// Updates the properties of a record that `body` names.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn update(
        &self,
        id: impl AsRef<str>,
        body: UpdateObject,
    ) -> Request<CrmObject, UpdateObjectQuery>
    where
        T: Writable<S>,
    {
        self.call(T::UPDATE, &[id.as_ref()]).json_of(body)
    }

    /// Archives a record. It can be restored for 90 days.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn archive(&self, id: impl AsRef<str>) -> Request<()>
    where
        T: Writable<S>,
    {
        self.call(T::ARCHIVE, &[id.as_ref()])
    }

    /// Creates up to 100 records.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn batch_create(&self, body: BatchCreate) -> Request<ObjectBatch>
    where
        T: Writable<S>,
    {
        self.call(T::BATCH_CREATE, &[]).json_of(body)
    }

    /// Updates up to 100 records.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn batch_update(&self, body: BatchUpdate) -> Request<ObjectBatch>
    where
        T: Writable<S>,
    {
        self.call(T::BATCH_UPDATE, &[]).json_of(body)
    }

    /// Creates or updates up to 100 records by the values of a unique property.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn batch_upsert(&self, body: BatchUpsert) -> Request<UpsertedObjectBatch>
    where
        T: Writable<S>,
    {
        self.call(T::BATCH_UPSERT, &[]).json_of(body)
    }

    /// Archives up to 100 records.
    #[cfg_attr(
        feature = "scope-audit",
        deprecated(note = "hubspot-scopes-object-call: writes")
    )]
    pub fn batch_archive(&self, body: BatchArchive) -> Request<()>
    where
        T: Writable<S>,
    {
        self.call(T::BATCH_ARCHIVE, &[]).json_of(body)
    }

    fn call<R: crate::decode::Decode, P>(
        &self,
        operation: &'static Operation,
        id: &[&str],
    ) -> Request<R, P> {
        match id {
            [id] if T::IS_NAMED_IN_PATH => self.client.__call(operation, &[T::PATH, id]),
            _ if T::IS_NAMED_IN_PATH => self.client.__call(operation, &[T::PATH]),
            arguments => self.client.__call(operation, arguments),
        }
    }
}

impl<T, S> Clone for ObjectsOf<T, S> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            object_type: PhantomData,
        }
    }
}

impl<T: ObjectType, S> fmt::Debug for ObjectsOf<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectsOf")
            .field("client", &self.client)
            .field("object_type", &T::PATH)
            .finish()
    }
}
