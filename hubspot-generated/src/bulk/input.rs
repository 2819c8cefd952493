//! The inputs of a run: how they are written, and which of them must not share a batch.

use std::borrow::Cow;

use crate::decode::Decoded;
use crate::encode::{Encode, encode};
use crate::error::Error;
use crate::hash::hash;
use crate::models::{BatchCreateInput, BatchUpdateInput, BatchUpsertInput, ObjectId};

/// What a batch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Update,
    Upsert,
    Archive,
    Read,
}

/// An input of a batch operation.
///
/// Implemented for the inputs of the operations on CRM objects. It cannot be implemented for other types.
pub trait BulkInput: Sized + Send + 'static + sealed::Write {}

impl<I: sealed::Write + Send + 'static> BulkInput for I {}

/// An input without its type.
#[derive(Debug)]
pub(super) struct Job {
    /// The input's position in the source.
    pub(super) index: u64,
    /// The JSON without a trace id.
    pub(super) json: String,
    /// Identifies the content of the input in a journal.
    pub(super) hash: u64,
    /// The record that the input names.
    pub(super) id: String,
    /// The property that `id` is a value of. The inputs of a batch must have the same one.
    pub(super) id_property: Option<String>,
    /// Inputs with the same key are for the same record. They go into different batches, in their order.
    pub(super) key: Option<String>,
    /// The value of the property that a create is settled by.
    pub(super) unique: Option<String>,
    /// A record with this key that this run has written before.
    pub(super) rival: Option<String>,
    /// When a create was first sent.
    pub(super) attempt: Option<Attempt>,
    /// Whether it may have taken effect.
    pub(super) is_unknown: bool,
    /// How often the input was found not to have taken effect.
    pub(super) rounds: u8,
}

/// When an input was first sent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attempt {
    /// In this run.
    Here(std::time::Instant),
    /// In an earlier run, in seconds since 1970 by HubSpot's clock, if that run knew HubSpot's time.
    Earlier(Option<u64>),
}

impl Job {
    /// Notes that an earlier run has sent it, at this time if it is not 0.
    pub(super) fn note_earlier(&mut self, at: u64) {
        self.attempt = Some(Attempt::Earlier((at != 0).then_some(at)));
        self.is_unknown = true;
    }

    /// Notes that it may have taken effect.
    pub(super) fn note_unknown(&mut self, error: &Error) {
        if let (Some(Attempt::Here(at)), Some(sent), false) =
            (&mut self.attempt, error.sent_at(), self.is_unknown)
        {
            // Without the time that it waited for the rate limit.
            *at = sent;
        }
        self.is_unknown = true;
    }
}

pub(super) mod sealed {
    use std::borrow::Cow;

    use crate::decode::Decoded;

    /// What the run needs to know of an input.
    pub trait Write {
        /// The JSON without a trace id. `by` is the property that records of the user's types are upserted by.
        fn json(&mut self, by: Option<&str>) -> Decoded<Vec<u8>>;

        /// The record that the input names, and the property whose value that is.
        fn id<'a>(&'a self, by: Option<&'a str>) -> Option<(Cow<'a, str>, Option<&'a str>)>;

        /// The value that the input gives a property.
        fn value(&self, property: &str) -> Option<&str>;
    }
}

/// Writes an input whose own trace id is left out.
macro_rules! write_input {
    ($type:ident, |$this:ident| $id:expr) => {
        impl sealed::Write for $type {
            fn json(&mut self, _: Option<&str>) -> Decoded<Vec<u8>> {
                let own = self.object_write_trace_id.take();
                let json = encode(self as &dyn Encode);
                self.object_write_trace_id = own;
                json
            }

            fn id(&self, _: Option<&str>) -> Option<(Cow<'_, str>, Option<&str>)> {
                let $this = self;
                let id: Option<(&str, Option<&str>)> = $id;
                id.map(|(id, property)| (Cow::Borrowed(id), property))
            }

            fn value(&self, property: &str) -> Option<&str> {
                self.properties.get(property)
            }
        }
    };
}
write_input!(BatchCreateInput, |_input| None);
write_input!(BatchUpdateInput, |input| Some((
    &input.id,
    input.id_property.as_deref()
)));
write_input!(BatchUpsertInput, |input| Some((
    &input.id,
    Some(&input.id_property)
)));

impl sealed::Write for ObjectId {
    fn json(&mut self, _: Option<&str>) -> Decoded<Vec<u8>> {
        encode(self as &dyn Encode)
    }

    fn id(&self, _: Option<&str>) -> Option<(Cow<'_, str>, Option<&str>)> {
        Some((Cow::Borrowed(&self.id), None))
    }

    fn value(&self, _: &str) -> Option<&str> {
        None
    }
}

/// Writes an input. `settle_by` is the property that a create is settled by.
pub(super) fn job(
    input: &mut impl BulkInput,
    index: u64,
    kind: Action,
    by: Option<&str>,
    settle_by: Option<&str>,
) -> Decoded<Job> {
    let json = input.json(by)?;
    let unique = settle_by.and_then(|property| input.value(property));
    let unique = unique.map(str::trim).filter(|value| !value.is_empty());
    let (id, id_property) = input.id(by).unwrap_or_default();
    let key = match (kind, unique) {
        (Action::Create, unique) => unique.map(normal),
        _ => Some(normal(&id)),
    };
    Ok(Job {
        index,
        hash: hash(&json),
        json: String::from_utf8(json).unwrap_or_default(),
        id: id.into_owned(),
        id_property: id_property.map(str::to_owned),
        key,
        unique: unique.map(str::to_owned),
        rival: None,
        attempt: None,
        is_unknown: false,
        rounds: 0,
    })
}

/// A value as HubSpot compares unique values.
pub(super) fn normal(value: &str) -> String {
    value.trim().to_lowercase()
}

#[cfg(all(test, feature = "contacts"))]
mod tests {
    use super::super::{Bulk, Status};
    use super::*;
    use crate::client::Client;
    use crate::decode::decode;
    use crate::models::{BatchCreate, CrmObject};

    /// An input with a number, which JSON may not have.
    struct Number(f64);

    impl sealed::Write for Number {
        fn json(&mut self, _: Option<&str>) -> Decoded<Vec<u8>> {
            encode(&self.0 as &dyn Encode)
        }

        fn id(&self, _: Option<&str>) -> Option<(Cow<'_, str>, Option<&str>)> {
            None
        }

        fn value(&self, _: &str) -> Option<&str> {
            None
        }
    }

    #[tokio::test]
    async fn inputs_that_cannot_be_written_fail_and_nothing_is_sent() {
        let hubspot = Client::unchecked_builder().access_token("pat-na1-1");
        let hubspot = hubspot.base_url("http://127.0.0.1:1").build().unwrap();
        let request = hubspot.contacts().batch_create(BatchCreate::new([]));
        let create = Bulk::<Number, CrmObject>::new(Action::Create, request, decode);
        let inputs = [f64::NAN, f64::INFINITY].map(Number);
        let report = create.inputs(inputs).run().await;
        assert!(report.end.is_complete());
        assert_eq!((report.progress.failed, report.progress.requests), (2, 0));
        for outcome in report.rest {
            let Status::Failed(error) = outcome.status else {
                panic!("{:?}", outcome.status);
            };
            assert!(error.to_string().contains("number"), "{error}");
        }
    }
}
