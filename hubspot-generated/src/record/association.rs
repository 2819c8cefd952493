//! Associations of records, with both types known to the compiler.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::StatusCode;

use super::Record;
use super::body::{Paging, next_cursor};
use super::id::RecordId;
use crate::decode::{DecodeError, Decoded, ReadBody, decode, decode_fields};
use crate::error::{BatchError, Error, ErrorKind};
use crate::models::{AssociationCategory, AssociationSpec};
use crate::operation::Operation;
use crate::parts::Core;
use crate::request::Request;
use crate::response::RawResponse;
use crate::transport;

/// A type of association from records of `T` to records of `U`: one that HubSpot defines, or a label of the account.
///
/// The two directions of an association are different types with different ids.
pub struct AssociationType<T, U> {
    id: i32,
    is_own: bool,
    types: PhantomData<fn() -> (T, U)>,
}

impl<T, U> AssociationType<T, U> {
    /// A type that HubSpot defines, such as
    /// [`LINE_ITEM_TO_DEAL`](crate::association_types::LINE_ITEM_TO_DEAL).
    ///
    /// ```
    /// use hubspot_generated::{AssociationType, Record, RecordId, association_types};
    ///
    /// #[derive(Record)]
    /// #[hubspot(object = "deals")]
    /// struct Deal {
    ///     id: RecordId,
    /// }
    ///
    /// #[derive(Record)]
    /// #[hubspot(object = "companies")]
    /// struct Company {
    ///     id: RecordId,
    /// }
    ///
    /// const PRIMARY: AssociationType<Deal, Company> =
    ///     AssociationType::hubspot_defined(association_types::DEAL_TO_COMPANY_PRIMARY);
    /// assert_eq!(PRIMARY.id(), 5);
    /// ```
    pub const fn hubspot_defined(id: i32) -> Self {
        Self {
            id,
            is_own: false,
            types: PhantomData,
        }
    }

    /// A label that the account has defined.
    pub const fn user_defined(id: i32) -> Self {
        Self {
            id,
            is_own: true,
            types: PhantomData,
        }
    }

    /// HubSpot's id of the type.
    pub const fn id(self) -> i32 {
        self.id
    }

    pub(super) fn category(self) -> AssociationCategory {
        if self.is_own {
            AssociationCategory::UserDefined
        } else {
            AssociationCategory::HubspotDefined
        }
    }
}

impl<T, U> Clone for AssociationType<T, U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, U> Copy for AssociationType<T, U> {}

impl<T, U> fmt::Debug for AssociationType<T, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AssociationType").field(&self.id).finish()
    }
}

/// What associations from a record need; [`with`](Self::with) names the other record.
#[must_use = "an association does nothing until it is sent"]
pub struct Associate<T> {
    from: From,
    record: PhantomData<fn() -> T>,
}

#[derive(Clone)]
struct From {
    core: Arc<Core>,
    operation: &'static Operation,
    id: RecordId,
}

impl<T: Record> Associate<T> {
    pub(super) fn new(core: &Arc<Core>, operation: &'static Operation, id: RecordId) -> Self {
        Self {
            from: From::new(core, operation, id),
            record: PhantomData,
        }
    }

    /// The association with the record `id` of `U`. Without a label it is HubSpot's default one between the two types.
    pub fn with<U: Record>(self, id: impl Into<RecordId>) -> Association<T, U> {
        Association {
            from: self.from,
            to: id.into(),
            types: PhantomData,
        }
    }
}

impl From {
    fn new(core: &Arc<Core>, operation: &'static Operation, id: RecordId) -> Self {
        let core = Arc::clone(core);
        Self {
            core,
            operation,
            id,
        }
    }
}

/// An association that can be made. Send it with [`send`](Self::send) or `.await`.
#[must_use = "an association does nothing until it is sent"]
pub struct Association<T, U> {
    from: From,
    to: RecordId,
    types: PhantomData<fn() -> (T, U)>,
}

impl<T: Record, U: Record> Association<T, U> {
    /// Makes an association of this type instead of the default one.
    pub fn labelled(self, label: impl Into<AssociationType<T, U>>) -> Request<()> {
        let label = label.into();
        let From { core, id, .. } = &self.from;
        let arguments = [T::OBJECT, &id.to_string(), U::OBJECT, &self.to.to_string()];
        let operation = &crate::generated::operations::ASSOCIATIONS_SET;
        let spec = AssociationSpec::new(label.category(), label.id());
        Request::new(core, operation, &arguments).json_of(vec![spec])
    }

    /// Makes the association.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<(), Error> {
        self.request().send().await
    }

    fn request(&self) -> Request<()> {
        let From {
            core,
            operation,
            id,
        } = &self.from;
        let arguments = [&id.to_string(), U::OBJECT, &*self.to.to_string()];
        Request::new(core, operation, &arguments)
    }
}

impl<T: Record, U: Record> IntoFuture for Association<T, U> {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.request().into_future()
    }
}

/// Reads which records of `U` a record is associated with. Send it with [`send`](Self::send) or `.await`.
#[must_use = "nothing is read until it is sent"]
pub struct Associated<U> {
    from: From,
    after: Option<String>,
    record: PhantomData<fn() -> U>,
}

impl<U: Record> Associated<U> {
    pub(super) fn new(core: &Arc<Core>, operation: &'static Operation, id: RecordId) -> Self {
        Self {
            from: From::new(core, operation, id),
            after: None,
            record: PhantomData,
        }
    }

    /// Starts at the page of this cursor.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(cursor.into());
        self
    }

    /// Reads a page.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send(self) -> Result<AssociatedPage, Error> {
        self.page().await
    }

    /// Reads all pages, and returns the ids of the other records.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn all(mut self) -> Result<Vec<RecordId>, Error> {
        let mut ids = Vec::new();
        loop {
            let page = self.page().await?;
            ids.extend(page.results.iter().map(|one| one.id));
            match page.next {
                Some(next) if self.after.as_ref() != Some(&next) => self.after = Some(next),
                _ => return Ok(ids),
            }
        }
    }

    async fn page(&self) -> Result<AssociatedPage, Error> {
        let (parts, read) = self.request().into_parts();
        let mut response = transport::send(parts).await?;
        let reply = response.decode(read)?;
        match reply.error {
            Some(error) => {
                let error = of_input(&response, error);
                Err(error.of_scope_set(self.from.core.scope_set))
            }
            None => Ok(reply.page),
        }
    }

    fn request(&self) -> Request<Reply> {
        let From {
            core,
            operation,
            id,
        } = &self.from;
        let mut input = serde_json::json!({ "id": id.to_string() });
        if let Some(after) = &self.after {
            input["after"] = after.as_str().into();
        }
        let request = Request::<()>::new(core, operation, &[U::OBJECT]);
        let request = request.json(serde_json::json!({ "inputs": [input] }));
        request.response_type()
    }
}

impl<U: Record> IntoFuture for Associated<U> {
    type Output = Result<AssociatedPage, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// A page of the records that a record is associated with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssociatedPage {
    /// The other records.
    pub results: Vec<AssociatedRecord>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// A record that another is associated with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AssociatedRecord {
    /// Its id.
    pub id: RecordId,
    /// The ids of the association's types, of which a pair of records may have several.
    pub types: Vec<i32>,
    /// The labels of these types that have one.
    pub labels: Vec<String>,
}

struct Body {
    results: Vec<Around>,
    errors: Vec<BatchError>,
}
decode_fields!(Body; "errors" errors, "results" results);

struct Around {
    to: Vec<To>,
    paging: Option<Paging>,
}
decode_fields!(Around; "paging" paging, "to" to);

struct To {
    id: String,
    types: Vec<Type>,
}
decode_fields!(To; "associationTypes" types, "toObjectId" id);

struct Type {
    id: i32,
    label: Option<String>,
}
decode_fields!(Type; "label" label, "typeId" id);

/// A page, or why the record's associations cannot be read.
struct Reply {
    page: AssociatedPage,
    error: Option<BatchError>,
}

impl ReadBody for Reply {
    fn read_body(body: &[u8]) -> Decoded<Self> {
        let body: Body = decode(body)?;
        // A record without associations is an error of its input, but so is one that does not exist.
        let is_none = |error: &BatchError| {
            let sub_category = error.sub_category.as_deref().unwrap_or_default();
            sub_category.ends_with("NO_ASSOCIATIONS_FOUND")
        };
        let mut page = AssociatedPage {
            results: Vec::new(),
            next: None,
        };
        for around in body.results {
            let records = around.to.into_iter().map(AssociatedRecord::of);
            page.results.extend(records.collect::<Decoded<Vec<_>>>()?);
            page.next = next_cursor(around.paging);
        }
        let mut errors = body.errors.into_iter();
        Ok(Self {
            page,
            error: errors.find(|error| !is_none(error)),
        })
    }
}

/// The error of the only input of a batch.
fn of_input(response: &RawResponse, error: BatchError) -> Error {
    let status = match error.category.as_deref() {
        Some("OBJECT_NOT_FOUND") => StatusCode::NOT_FOUND,
        _ => response.status,
    };
    response.error(status, ErrorKind::Refused(Box::new(error.into())))
}

impl AssociatedRecord {
    fn of(to: To) -> Decoded<Self> {
        let id = to.id.parse();
        Ok(Self {
            id: id.map_err(|_| DecodeError::new("found an id that is no number"))?,
            types: to.types.iter().map(|ty| ty.id).collect(),
            labels: to.types.into_iter().filter_map(|ty| ty.label).collect(),
        })
    }
}

macro_rules! debug_ids {
    ($($name:ident<$($parameter:ident),*>)*) => {
        $(
            impl<$($parameter),*> fmt::Debug for $name<$($parameter),*> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name)).field("id", &self.from.id).finish_non_exhaustive()
                }
            }
        )*
    };
}

debug_ids!(Associate<T> Association<T, U> Associated<U>);
