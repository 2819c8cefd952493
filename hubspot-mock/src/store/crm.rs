//! The CRM data of one account: object types, records and associations.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::definitions::rule::Rule;
use crate::definitions::{Identity, ObjectType, Property, standard};
use crate::store::{Associations, Collection, Definition, Jobs, Lists, Owners};
use crate::values::{Refusal, TypeId};

/// The first id of a record. It exceeds 32 bits, as HubSpot's ids do, so that clients that truncate ids fail.
const FIRST_ID: u64 = 40_000_000_001;

/// The number of the first custom type, of `2-50000001`.
const FIRST_TYPE_NUMBER: u64 = 50_000_001;

/// The first id of a pipeline or a stage that an account defines.
const FIRST_PIPELINE_NUMBER: u64 = 150_000_001;
/// A pipeline with this many stages at most gets ids of its own.
const STAGES: u64 = 1000;

/// The CRM data of one account.
#[derive(Debug)]
pub(crate) struct Store {
    /// By [`TypeId`]. A removed custom type leaves a gap.
    collections: Vec<Option<Collection>>,
    /// Type ids by every name of the type, in lower case.
    names: HashMap<String, TypeId>,
    pub(crate) associations: Associations,
    pub(crate) owners: Owners,
    pub(crate) lists: Lists,
    pub(crate) jobs: Jobs,
    last_id: u64,
    last_type_number: u64,
    last_pipeline_number: u64,
}

impl Default for Store {
    fn default() -> Self {
        let mut store = Self {
            collections: Vec::new(),
            names: HashMap::new(),
            associations: Associations::default(),
            owners: Owners::default(),
            lists: Lists::default(),
            jobs: Jobs::default(),
            last_id: FIRST_ID - 1,
            last_type_number: FIRST_TYPE_NUMBER - 1,
            last_pipeline_number: FIRST_PIPELINE_NUMBER - 1,
        };
        for ty in standard::object_types() {
            let names = [ty.id.clone(), ty.singular.clone(), ty.plural.clone()];
            store.add_type(ty, names);
        }
        store.associations = Associations::standard(|name| store.resolve_type(name));
        store
    }
}

impl Store {
    /// Finds an object type by its id (`0-1`), its plural or singular name or, for a custom type, its fully qualified name.
    pub(crate) fn resolve_type(&self, name: &str) -> Option<TypeId> {
        let id = self.names.get(name).copied();
        id.or_else(|| self.names.get(name.to_lowercase().as_str()).copied())
    }

    /// Finds the object type that a request names. Fails with 400.
    pub(crate) fn object_type(&self, name: &str) -> Result<TypeId, Refusal> {
        let unknown = || Refusal::validation(format!("Unable to infer object type from: {name}"));
        self.resolve_type(name).ok_or_else(unknown)
    }

    pub(crate) fn definition(&self, id: TypeId) -> Option<&ObjectType> {
        self.collection(id).map(|collection| &collection.ty)
    }

    /// The name of one record of an object type.
    pub(crate) fn singular(&self, id: TypeId) -> &str {
        self.definition(id).map_or("", |ty| ty.singular.as_str())
    }

    /// The name of an object type.
    pub(crate) fn plural(&self, id: TypeId) -> &str {
        self.definition(id).map_or("", |ty| ty.plural.as_str())
    }

    /// The records of an object type.
    pub(crate) fn collection(&self, id: TypeId) -> Option<&Collection> {
        self.collections.get(id.0)?.as_ref()
    }

    /// The records of an object type, mutably.
    pub(crate) fn collection_mut(&mut self, id: TypeId) -> Option<&mut Collection> {
        self.collections.get_mut(id.0)?.as_mut()
    }

    /// The records of an object type. Fails with 404.
    pub(crate) fn records(&self, id: TypeId) -> Result<&Collection, Refusal> {
        self.collection(id).ok_or_else(gone)
    }

    /// The records of an object type, mutably. Fails with 404.
    pub(crate) fn records_mut(&mut self, id: TypeId) -> Result<&mut Collection, Refusal> {
        self.collection_mut(id).ok_or_else(gone)
    }

    /// Every object type with its records.
    pub(crate) fn collections(&self) -> impl Iterator<Item = (TypeId, &Collection)> {
        let numbered = self.collections.iter().enumerate();
        numbered.filter_map(|(index, collection)| Some((TypeId(index), collection.as_ref()?)))
    }

    /// Adds an object type with its names. Names that are taken keep their type.
    pub(crate) fn add_type(
        &mut self,
        ty: ObjectType,
        names: impl IntoIterator<Item = String>,
    ) -> TypeId {
        let id = TypeId(self.collections.len());
        self.collections.push(Some(Collection::new(ty)));
        self.add_names(id, names);
        id
    }

    /// Adds names of an object type. Names that are taken keep their type.
    pub(crate) fn add_names(&mut self, id: TypeId, names: impl IntoIterator<Item = String>) {
        for name in names {
            self.names.entry(name.to_lowercase()).or_insert(id);
        }
    }

    /// Removes the names of an object type, so that requests no longer find it.
    pub(crate) fn remove_names(&mut self, id: TypeId) {
        self.names.retain(|_, known| *known != id);
    }

    /// Removes an object type with all its records.
    pub(crate) fn remove_type(&mut self, id: TypeId) {
        self.remove_names(id);
        self.associations.forget_type(id);
        if let Some(place) = self.collections.get_mut(id.0) {
            *place = None;
        }
    }

    /// Returns a new record id.
    pub(crate) const fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The id of the last record.
    pub(crate) const fn last_id(&self) -> u64 {
        self.last_id
    }

    /// Removes the records of an object type that were created after `last_id`, with their associations.
    pub(crate) fn undo_creates(&mut self, ty: TypeId, last_id: u64) {
        for id in last_id + 1..=self.last_id {
            self.associations.forget((ty, id));
            if let Some(collection) = self.collection_mut(ty) {
                collection.erase(id);
            }
        }
        self.last_id = last_id;
    }

    /// An id for a new pipeline; those that follow are for its stages.
    pub(crate) const fn pipeline_number(&self) -> u64 {
        self.last_pipeline_number + STAGES
    }

    /// Makes [`Store::pipeline_number`] return another id.
    pub(crate) const fn use_pipeline_number(&mut self) {
        self.last_pipeline_number += STAGES;
    }

    /// Returns a new number for a custom object type.
    pub(crate) const fn next_type_number(&mut self) -> u64 {
        self.last_type_number += 1;
        self.last_type_number
    }

    /// Defines or redefines a property.
    pub(crate) fn define_property(
        &mut self,
        object_type: &str,
        mut property: Property,
    ) -> Result<(), Refusal> {
        let id = self.object_type(object_type)?;
        let invalid = |rule: &Rule| Some((rule.ty.clone(), rule.invalid_arguments()?));
        if let Some((ty, what)) = property.rules.iter().find_map(invalid) {
            return Err(Refusal::validation(format!("The rule {ty} {what}")));
        }
        let collection = self.records_mut(id)?;
        if property.group.is_empty() {
            collection
                .ty
                .default_group()
                .clone_into(&mut property.group);
        }
        let indexed = property.identity != Identity::None;
        if !collection.ty.define(property) {
            return Err(Refusal::validation(format!(
                "{object_type} has the maximum number of properties"
            )));
        }
        if indexed {
            collection.reindex();
        }
        Ok(())
    }

    /// Defines an association label, and returns the number of its type in each direction. Within one object type, a label
    /// that is the same in both directions has one number.
    pub(crate) fn define_label(
        &mut self,
        now: Timestamp,
        (from, to): (&str, &str),
        (label, inverse): (&str, &str),
    ) -> Result<(u32, u32), Refusal> {
        let (from, to) = (self.object_type(from)?, self.object_type(to)?);
        let name = |label: &str| label.to_lowercase().replace(' ', "_");
        let defined = self.associations.define(Definition {
            from,
            to,
            names: [name(label), name(inverse)],
            labels: Some([label.to_owned(), inverse.to_owned()]),
            now: now.as_millisecond(),
        });
        let number = |index| self.associations.get(index).map_or(0, |ty| ty.number);
        Ok((number(defined[0]), number(defined[1])))
    }
}

fn gone() -> Refusal {
    Refusal::not_found("The object type was deleted")
}
