//! The object types of an account, and their names.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;

use anyhow::{Result, bail};
use hubspot_codegen::records::standard_types;
use hubspot_scopes::is_custom_object;

use super::responses::Schema;

/// The object type that was asked for does not exist.
#[derive(Debug)]
pub(super) struct NoObjectType {
    pub(super) name: String,
    pub(super) message: String,
}

impl fmt::Display for NoObjectType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl Error for NoObjectType {}

/// An object type by its names.
#[derive(Clone, Debug)]
pub(super) struct ObjectType {
    /// The name that code has for it: `deals`, `car`.
    pub(super) key: String,
    /// `0-3`, `2-123`
    pub(super) id: String,
    /// What paths have for it.
    pub(super) path: String,
    /// What `#[hubspot(object = "…")]` has for it: its id if the derive does not take its name.
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
            let qualified = schema.fully_qualified_name.as_ref();
            let qualified = qualified.filter(|name| is_custom_object(name));
            let key = if is_taken { id } else { name };
            names.insert(key.clone());
            types.push(ObjectType {
                key: key.clone(),
                id: id.clone(),
                path: id.clone(),
                object: qualified.unwrap_or(id).clone(),
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
        let found = exact.or_else(|| {
            let lower = name.to_lowercase();
            self.0.iter().find(|ty| ty.names.contains(&lower))
        });
        found.or_else(|| {
            let is_meant = |known: &String| is_same_object(known, name);
            self.0.iter().find(|ty| ty.names.iter().any(is_meant))
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
        Err(NoObjectType {
            name: name.to_owned(),
            message: format!("there is no object type `{name}`; {own}"),
        }
        .into())
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

/// Returns whether two names of `#[hubspot(object = "…")]` are those of one object type: `p_car` is `p123_car` in any account.
pub(super) fn is_same_object(one: &str, other: &str) -> bool {
    let (one_parts, other_parts) = (qualified(one), qualified(other));
    let is_same = |((account, name), (other_account, other_name)): ((&str, &str), (&str, &str))| {
        name == other_name && (account.is_empty() || other_account.is_empty())
    };
    one == other || one_parts.zip(other_parts).is_some_and(is_same)
}

/// The account and the name in `p123_car`.
fn qualified(object: &str) -> Option<(&str, &str)> {
    let (account, name) = object.strip_prefix('p')?.split_once('_')?;
    let is_number = account.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((account, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_the_account_is_that_of_every_account() {
        for (one, other, expected) in [
            ("p_car", "p123_car", true),
            ("p123_car", "p_car", true),
            ("p_car", "p_car", true),
            ("p_my_car", "p123_my_car", true),
            ("p_car", "p123_cars", false),
            ("p1_car", "p123_car", false),
            ("p_car", "pa_car", false),
            ("p_car", "car", false),
            ("2-77", "2-78", false),
        ] {
            assert_eq!(is_same_object(one, other), expected, "{one} {other}");
        }
    }
}
