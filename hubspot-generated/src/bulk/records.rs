//! Bulk runs over record types of the user. The methods `bulk_create` to `bulk_read_by` of their handles call these functions.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use super::Bulk;
use super::input::{Action, sealed::Write};
use super::plan::{Lookup, Template};
use crate::decode::{DecodeError, Decoded, ReadBody};
use crate::encode::{Encode, encode, object};
use crate::models::{BatchArchive, BatchCreate, BatchRead, BatchUpdate, BatchUpsert, ObjectId};
use crate::operation::Operation;
use crate::parts::Core;
use crate::record::{
    Patch, Property, Record, RecordBatch, RecordHistory, RecordId, Written, read_record,
};
use crate::request::Request;
use crate::response::Read;
use crate::settle::refusal_of;

type Of = &'static Operation;

pub fn bulk_create<T: Record>(core: &Arc<Core>, operation: Of) -> Bulk<T::Patch, Written> {
    writing(Action::Create, core, operation, BatchCreate::new([]))
}

pub fn bulk_update<T: Record>(
    core: &Arc<Core>,
    operation: Of,
) -> Bulk<(RecordId, T::Patch), Written> {
    writing(Action::Update, core, operation, BatchUpdate::new([]))
}

pub fn bulk_upsert<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
) -> Bulk<T::Patch, Written> {
    let mut upsert = writing(Action::Upsert, core, operation, BatchUpsert::new([]));
    upsert.by = Some(property.name());
    upsert
}

pub fn bulk_archive(core: &Arc<Core>, operation: Of) -> Bulk<RecordId, ()> {
    let body = BatchArchive::new([]);
    of_body(Action::Archive, core, operation, body, <()>::read_body)
}

pub fn bulk_read<T: Record>(core: &Arc<Core>, operation: Of) -> Bulk<RecordId, T> {
    let body = BatchRead::new([], T::PROPERTIES.iter().copied());
    of_body(Action::Read, core, operation, body, read_record)
}

pub fn bulk_read_by<T: Record, V>(
    core: &Arc<Core>,
    operation: Of,
    property: Property<T, V>,
) -> Bulk<String, T> {
    let body = BatchRead::new([], T::PROPERTIES.iter().copied()).id_property(property.name());
    of_body(Action::Read, core, operation, body, read_record)
}

fn writing<I>(
    kind: Action,
    core: &Arc<Core>,
    operation: Of,
    body: impl Encode,
) -> Bulk<I, Written> {
    of_body(kind, core, operation, body, Written::read_body)
}

fn of_body<I, R>(
    kind: Action,
    core: &Arc<Core>,
    operation: Of,
    body: impl Encode,
    read: Read<R>,
) -> Bulk<I, R> {
    let request = Request::<()>::new(core, operation, &[]).json_of(body);
    Bulk::new(kind, request, read)
}

impl<I: AsRef<Patch>> Bulk<I, Written> {
    /// Finds out whether a create took effect if its response is lost, by reading back a property with unique values.
    ///
    /// What happens to the inputs is the same as for creates without a record type: see `settle_by` above. An upsert needs
    /// no settling, and fails with it before anything is sent.
    ///
    /// ```no_run
    /// use hubspot_generated::{Client, Record, Unchecked};
    ///
    /// #[derive(Record)]
    /// #[hubspot(object = "contacts")]
    /// struct Lead {
    ///     email: String,
    /// }
    ///
    /// # async fn example(hubspot: Client<Unchecked>, rows: Vec<LeadPatch>) {
    /// let leads = hubspot.records::<Lead>();
    /// let report = leads
    ///     .bulk_create()
    ///     .settle_by(Lead::EMAIL, |emails| leads.batch_read_by(Lead::EMAIL, emails))
    ///     .inputs(rows)
    ///     .run()
    ///     .await;
    /// # }
    /// ```
    pub fn settle_by<T: Record<Patch = I>, V>(
        mut self,
        property: Property<T, V>,
        read: impl FnOnce(Vec<V>) -> Request<RecordBatch<T>>,
    ) -> Self {
        if self.kind == Action::Upsert {
            let refusal = "an upsert is not settled: it can be repeated";
            self.template.parts.refuse(refusal);
        } else if let Some(refusal) = refusal_of(property.name()) {
            self.template.parts.refuse(refusal);
        }
        self.lookup = Some(Lookup {
            property: property.name().to_owned(),
            template: Template::new(read(Vec::new()).into_parts().0),
        });
        self
    }
}

impl<I, T: Record> Bulk<I, T> {
    /// Reads the former values of the records' properties too, 50 records with each request.
    ///
    /// ```no_run
    /// use hubspot_generated::{Client, Record, RecordId, Unchecked};
    ///
    /// #[derive(Record)]
    /// #[hubspot(object = "deals")]
    /// struct Deal {
    ///     dealstage: Option<String>,
    /// }
    ///
    /// # async fn example(hubspot: Client<Unchecked>, ids: Vec<RecordId>) {
    /// let deals = hubspot.records::<Deal>();
    /// let mut deals = deals.bulk_read().with_history().inputs(ids);
    /// while let Some(outcome) = deals.next().await {
    ///     if let Some(deal) = outcome.status.record() {
    ///         println!("{} stages", deal.values(Deal::DEALSTAGE).count());
    ///     }
    /// }
    /// # }
    /// ```
    pub fn with_history(self) -> Bulk<I, RecordHistory<T>> {
        let mut template = self.template;
        template.with_history(&T::PROPERTIES.to_vec());
        Bulk {
            kind: self.kind,
            template,
            read: RecordHistory::read_body,
            by: self.by,
            lookup: self.lookup,
            in_flight: self.in_flight,
            journal: self.journal,
            stop: self.stop,
            on_progress: self.on_progress,
            inputs: PhantomData,
        }
    }
}

/// The patch of a record that is created, or upserted by a property.
impl<P: AsRef<Patch>> Write for P {
    fn json(&mut self, by: Option<&str>) -> Decoded<Vec<u8>> {
        let patch = self.as_ref();
        patch.writable()?;
        let Some(by) = by else {
            let associations = Some(patch.associations()).filter(|list| !list.is_empty());
            return fields(
                &["associations", "properties"],
                &[&associations.map(<[_]>::to_vec), patch.properties()],
            );
        };
        let id = patch.properties().get(by).filter(|id| !id.is_empty());
        let missing = || {
            DecodeError::new(format!(
                "the patch has no value of the property `{by}`, by which records are upserted"
            ))
        };
        let id = id.ok_or_else(missing)?.to_owned();
        fields(
            &["id", "idProperty", "properties"],
            &[&id, &by.to_owned(), patch.properties()],
        )
    }

    fn id<'a>(&'a self, by: Option<&'a str>) -> Option<(Cow<'a, str>, Option<&'a str>)> {
        let id = self.as_ref().properties().get(by?)?;
        Some((Cow::Borrowed(id), by))
    }

    fn value(&self, property: &str) -> Option<&str> {
        self.as_ref().properties().get(property)
    }
}

/// The patch of a record that exists.
impl<P: AsRef<Patch>> Write for (RecordId, P) {
    fn json(&mut self, _: Option<&str>) -> Decoded<Vec<u8>> {
        let (id, patch) = (self.0.to_string(), self.1.as_ref());
        patch.writable()?;
        fields(&["id", "properties"], &[&id, patch.properties()])
    }

    fn id(&self, _: Option<&str>) -> Option<(Cow<'_, str>, Option<&str>)> {
        Some((Cow::Owned(self.0.to_string()), None))
    }

    fn value(&self, property: &str) -> Option<&str> {
        self.1.as_ref().properties().get(property)
    }
}

fn fields(names: &[&str], values: &[&dyn Encode]) -> Decoded<Vec<u8>> {
    let mut json = String::new();
    object(&mut json, names, &[], values)?;
    Ok(json.into_bytes())
}

/// Ids of records, and values of a unique property.
macro_rules! write_id {
    ($($type:ty, |$this:ident| $id:expr;)*) => {
        $(
            impl Write for $type {
                fn json(&mut self, _: Option<&str>) -> Decoded<Vec<u8>> {
                    encode(&ObjectId::new(self.to_string()))
                }

                fn id(&self, _: Option<&str>) -> Option<(Cow<'_, str>, Option<&str>)> {
                    let $this = self;
                    Some(($id, None))
                }

                fn value(&self, _: &str) -> Option<&str> {
                    None
                }
            }
        )*
    };
}

write_id! {
    RecordId, |id| Cow::Owned(id.to_string());
    String, |id| Cow::Borrowed(id);
}
