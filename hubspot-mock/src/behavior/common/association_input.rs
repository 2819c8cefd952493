//! Associations as requests name them.

use serde::Deserialize;

use crate::behavior::common::live;
use crate::definitions::Spec;
use crate::store::Store;
use crate::values::{RecordKey, Refusal, TypeId, TypeIndex};

/// An association that a new record is created with.
#[derive(Debug, Deserialize)]
pub(crate) struct AssociationInput<'a> {
    #[serde(borrow)]
    to: Target<'a>,
    types: Vec<Spec>,
}

/// A record that a request names.
#[derive(Debug, Deserialize)]
pub(crate) struct Target<'a> {
    pub(crate) id: &'a str,
}

/// A validated association.
#[derive(Debug)]
pub(crate) struct CheckedAssociation {
    to: RecordKey,
    types: Vec<TypeIndex>,
}

impl AssociationInput<'_> {
    /// Fails unless the types start from `from` and lead to one object type, and the record exists there.
    pub(crate) fn check(&self, store: &Store, from: TypeId) -> Result<CheckedAssociation, Refusal> {
        let types = self.types.iter().map(|spec| named(store, from, *spec));
        let types = types.collect::<Result<Vec<_>, _>>()?;
        let mut targets = types
            .iter()
            .filter_map(|index| store.associations.get(*index));
        let to = targets.next().map(|ty| ty.to).ok_or_else(|| {
            Refusal::validation("An association needs at least one type")
                .context("to", [self.to.id.to_owned()])
        })?;
        if targets.any(|ty| ty.to != to) {
            return Err(Refusal::validation(
                "The types of an association lead to several object types",
            ));
        }
        let id = live(store.records(to)?, self.to.id)?;
        Ok(CheckedAssociation {
            to: (to, id),
            types,
        })
    }
}

impl CheckedAssociation {
    pub(crate) fn link(&self, store: &mut Store, from: RecordKey) {
        store.associations.link(from, self.to, &self.types);
    }
}

/// Finds the association type that a request names. Fails with 400 if none starts from this object type.
pub(crate) fn named(store: &Store, from: TypeId, spec: Spec) -> Result<TypeIndex, Refusal> {
    store.associations.named(from, spec).ok_or_else(|| {
        let name = store.plural(from);
        let number = spec.number.to_string();
        Refusal::validation(format!("No association type {number} starts from {name}"))
            .context("associationTypeId", [number])
    })
}
