//! From responses to definitions, and from a file to responses.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_codegen::records::{Association, Object, Objects, Property};
use hubspot_scopes::{Sensitivity, is_custom_object};

use super::catalogue::{Catalogue, ObjectType};
use super::responses::{self, Responses, Schema};

/// How a file has to be, for messages.
const FORMAT: &str = "a file of definitions is `{\"schemas\": …, \"properties\": {\"deals\": …}, \"associations\": {\"deals\": \
                      {\"contacts\": …}}}`, with a response of HubSpot at each `…`";

/// Reads a file of definitions. One that lists the custom object types may have none if types `may_be_gone`.
pub(super) fn read(path: &Path, may_be_gone: bool) -> Result<Responses> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let responses: Responses = serde_json::from_str(text)
        .with_context(|| format!("cannot read the definitions in `{shown}` ({FORMAT})"))?;
    let is_empty = responses.schemas.results.is_empty() && responses.properties.is_empty();
    ensure!(
        !is_empty || (may_be_gone && responses.schemas.is_given),
        "`{shown}` defines no object types: {FORMAT}"
    );
    Ok(responses)
}

/// Leaves out the properties and the associations of object types that the lock file has, and the account no longer.
pub(super) fn leave_out_gone(responses: &mut Responses, catalogue: &Catalogue, locked: &Objects) {
    let is_there = |name: &String| {
        let locked = locked.iter();
        let mut known = locked.map(|(key, object)| [key, &object.id, &object.object]);
        catalogue.find(name).is_some() || !known.any(|names| names.contains(&name))
    };
    responses.properties.retain(|name, _| is_there(name));
    responses.associations.retain(|from, to| {
        to.retain(|to, _| is_there(to));
        is_there(from)
    });
}

/// The object types that a file is about. Those of HubSpot that have no records are left out.
pub(super) fn named(responses: &Responses, catalogue: &Catalogue) -> Result<Vec<ObjectType>> {
    let schemas = responses.schemas.results.iter();
    let schemas = schemas.filter(|schema| !schema.archived);
    let names = schemas.map(Schema::type_id);
    let names = names.chain(responses.properties.keys());
    let names = names.filter(|name| !catalogue.is_unsupported(name));
    let names: Vec<_> = names.cloned().collect();
    Ok(catalogue.all(&names, false)?.into_values().collect())
}

/// The definitions of object types.
pub(super) fn objects(
    responses: &Responses,
    catalogue: &Catalogue,
    types: &[ObjectType],
) -> Result<Objects> {
    let mut properties = BTreeMap::new();
    let known = responses.properties.iter();
    for (name, list) in known.filter(|(name, _)| !catalogue.is_unsupported(name)) {
        let key = catalogue.get(name)?.key;
        if properties.insert(key, &list.results).is_some() {
            bail!("the properties of `{name}` are given twice, under two of its names");
        }
    }
    let mut objects = Objects::new();
    for ty in types {
        let mut schemas = responses.schemas.results.iter();
        let schema = schemas.find(|schema| *schema.type_id() == ty.id);
        let listed = properties.get(&ty.key).copied();
        let Some(listed) = listed.or(schema.map(|schema| &schema.properties)) else {
            bail!("the properties of `{}` are not defined", ty.key);
        };
        ensure!(
            ty.is_standard || is_custom_object(&ty.object),
            "`#[derive(Record)]` takes neither the name nor the id of the object type `{}`: the id is `{}`, and not like `2-123`",
            ty.key,
            ty.id
        );
        let object = Object {
            id: ty.id.clone(),
            object: ty.object.clone(),
            singular: ty.singular.clone(),
            properties: definitions(ty, listed)?,
            associations: associations(responses, catalogue, ty)?,
        };
        objects.insert(ty.key.clone(), object);
    }
    Ok(objects)
}

fn definitions(
    ty: &ObjectType,
    listed: &[responses::Property],
) -> Result<BTreeMap<String, Property>> {
    let mut properties = BTreeMap::new();
    for property in listed.iter().filter(|property| !property.archived) {
        let name = &property.name;
        ensure!(
            !name.is_empty(),
            "a property of `{}` has an empty name",
            ty.key
        );
        let definition = definition(ty, property)?;
        let earlier = properties.insert(name.clone(), definition);
        ensure!(
            earlier.is_none(),
            "the property `{name}` of `{}` is defined twice",
            ty.key
        );
    }
    Ok(properties)
}

fn definition(ty: &ObjectType, property: &responses::Property) -> Result<Property> {
    let sensitivity = match property.data_sensitivity.as_deref() {
        None | Some("non_sensitive" | "") => None,
        Some(name) => Some(Sensitivity::named(name).with_context(|| {
            format!(
                "the property `{}` of `{}` has the unknown sensitivity `{name}`",
                property.name, ty.key
            )
        })?),
    };
    let mut options = BTreeMap::new();
    for option in &property.options {
        options
            .entry(option.value.clone())
            .or_insert_with(|| option.label.clone());
    }
    Ok(Property {
        ty: property.ty.clone(),
        field_type: property.field_type.clone(),
        label: property.label.clone(),
        description: property.description.clone(),
        unique: property.has_unique_value || ty.unique.contains(&property.name.as_str()),
        read_only: property.calculated || property.modification_metadata.read_only_value,
        sensitivity,
        options,
    })
}

/// The association types that lead from an object type: those of the schemas, with the labels that are given for a pair.
/// A type that HubSpot defines and one of the account can have the same id.
fn associations(
    responses: &Responses,
    catalogue: &Catalogue,
    ty: &ObjectType,
) -> Result<Vec<Association>> {
    let mut found = BTreeMap::new();
    let schemas = responses.schemas.results.iter();
    let defined = schemas.flat_map(|schema| &schema.associations);
    for definition in defined.filter(|definition| definition.from_object_type_id == ty.id) {
        let to = key(catalogue, &definition.to_object_type_id);
        let association = Association {
            to: to.clone(),
            type_id: definition.id,
            category: None,
            label: None,
        };
        found.insert((to, definition.id, None), association);
    }
    for (from, pairs) in &responses.associations {
        if key_of(catalogue, from)? != ty.key {
            continue;
        }
        for (to, labels) in pairs {
            let to = key_of(catalogue, to)?;
            for label in &labels.results {
                let text = label.label.clone().filter(|label| !label.is_empty());
                let association = Association {
                    to: to.clone(),
                    type_id: label.type_id,
                    category: label.category.clone(),
                    label: text,
                };
                found.remove(&(to.clone(), label.type_id, None));
                let key = (to.clone(), label.type_id, label.category.clone());
                found.insert(key, association);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// The name of an object type by one of its names; the id of a type without records.
fn key_of(catalogue: &Catalogue, name: &str) -> Result<String> {
    if catalogue.is_unsupported(name) {
        return Ok(name.to_owned());
    }
    Ok(catalogue.get(name)?.key)
}

/// The name of an object type by its id; the id if it is not known.
pub(super) fn key(catalogue: &Catalogue, id: &str) -> String {
    let found = catalogue.find(id);
    found.map_or_else(|| id.to_owned(), |ty| ty.key.clone())
}
