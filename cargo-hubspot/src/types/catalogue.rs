//! The object types of an account, and their names.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use hubspot_codegen::records::standard_types;

use super::responses::Schema;

/// An object type by its names.
#[derive(Clone, Debug)]
pub(super) struct ObjectType {
    /// The name that code has for it: `deals`, `car`.
    pub(super) key: String,
    /// `0-3`, `2-123`
    pub(super) id: String,
    /// What paths have for it.
    pub(super) path: String,
    /// What `#[hubspot(object = "…")]` has for it.
    pub(super) object: String,
    pub(super) singular: String,
    /// All of its names.
    names: BTreeSet<String>,
    /// Properties that are unique, whatever their definitions say.
    pub(super) unique: Vec<&'static str>,
    /// Whether it is one of HubSpot's own.
    pub(super) is_standard: bool,
}

/// The object types of an account.
pub(super) struct Catalogue(Vec<ObjectType>);

impl Catalogue {
    /// HubSpot's own types, and those of the schemas. A schema whose name another type has is called by its id.
    pub(super) fn new(schemas: &[Schema]) -> Self {
        let standard = standard_types().map(|ty| {
            let names = [ty.id, ty.path, ty.resource, ty.singular].map(str::to_owned);
            ObjectType {
                key: ty.resource.to_owned(),
                id: ty.id.to_owned(),
                path: ty.path.to_owned(),
                object: ty.resource.to_owned(),
                singular: ty.singular.to_owned(),
                names: names.into(),
                unique: ty.unique,
                is_standard: true,
            }
        });
        let mut types: Vec<_> = standard.collect();
        for schema in schemas {
            let (id, name) = (schema.type_id(), &schema.name);
            if types.iter().any(|ty| ty.id == *id) {
                continue;
            }
            let mut same = schemas.iter().filter(|other| other.name == *name);
            let is_taken = types.iter().any(|ty| ty.names.contains(name))
                || same.any(|other| other.type_id() != id);
            let names = schema.fully_qualified_name.iter().chain([id]).cloned();
            let mut names: BTreeSet<_> = names.collect();
            let key = if is_taken { id } else { name };
            names.insert(key.clone());
            types.push(ObjectType {
                key: key.clone(),
                id: id.clone(),
                path: id.clone(),
                object: schema.fully_qualified_name.as_ref().unwrap_or(id).clone(),
                singular: name.clone(),
                names,
                unique: Vec::new(),
                is_standard: false,
            });
        }
        Self(types)
    }

    /// The type with this id or name.
    pub(super) fn find(&self, name: &str) -> Option<&ObjectType> {
        let exact = self.0.iter().find(|ty| ty.names.contains(name));
        exact.or_else(|| {
            let lower = name.to_lowercase();
            self.0.iter().find(|ty| ty.names.contains(&lower))
        })
    }

    /// The type with this id or name.
    pub(super) fn get(&self, name: &str) -> Result<ObjectType> {
        if let Some(found) = self.find(name) {
            return Ok(found.clone());
        }
        if self.is_unsupported(name) {
            bail!(
                "`#[derive(Record)]` does not know HubSpot's object type `{name}`: its operations and scopes are not those of \
                 records"
            );
        }
        let own = self.0.iter().filter(|ty| !ty.is_standard);
        let own: Vec<_> = own.map(|ty| format!("`{}`", ty.key)).collect();
        let own = if own.is_empty() {
            "there are no custom object types".to_owned()
        } else {
            format!("the custom object types are {}", own.join(", "))
        };
        bail!("there is no object type `{name}`; {own}")
    }

    /// Returns whether a name is the id of a type of HubSpot's without records: `0-54`.
    pub(super) fn is_unsupported(&self, name: &str) -> bool {
        let number = name.strip_prefix("0-");
        number.is_some_and(|number| number.parse::<u32>().is_ok()) && self.find(name).is_none()
    }

    /// The types with these ids or names, by the names that code has for them. Those that do not exist are left out if they
    /// `may_be_gone`.
    pub(super) fn all(
        &self,
        names: &[String],
        may_be_gone: bool,
    ) -> Result<BTreeMap<String, ObjectType>> {
        let mut all = BTreeMap::new();
        for name in names {
            match self.get(name) {
                Ok(ty) => _ = all.insert(ty.key.clone(), ty),
                Err(_) if may_be_gone => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// The custom object types.
    pub(super) fn custom(&self) -> impl Iterator<Item = &ObjectType> {
        self.0.iter().filter(|ty| !ty.is_standard)
    }
}
