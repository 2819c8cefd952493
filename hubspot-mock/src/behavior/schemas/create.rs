//! Creates custom object types.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::behavior::common::{PropertyInput, body};
use crate::behavior::schemas::respond;
use crate::behavior::schemas::view::Include;
use crate::behavior::{Call, Response};
use crate::definitions::{Group, Labels, ObjectType, RequiredProperties, Schema, standard};
use crate::store::{Definition, Store};
use crate::values::{Refusal, TypeId};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewSchema<'a> {
    name: &'a str,
    #[serde(default)]
    labels: Labels,
    description: Option<String>,
    #[serde(borrow)]
    properties: Vec<PropertyInput<'a>>,
    #[serde(default)]
    required_properties: Vec<String>,
    #[serde(borrow, default)]
    searchable_properties: Vec<&'a str>,
    primary_display_property: Option<String>,
    #[serde(default)]
    secondary_display_properties: Vec<String>,
    #[serde(borrow, default)]
    associated_objects: Vec<&'a str>,
    #[serde(default)]
    allows_sensitive_properties: bool,
}

pub(super) fn handle(call: &Call, store: &mut Store, hub_id: u64) -> Result<Response, Refusal> {
    let input: NewSchema<'_> = body(call)?;
    check_name(store, input.name)?;
    let associated = input
        .associated_objects
        .iter()
        .map(|name| store.object_type(name));
    // A type may be listed under two of its names.
    let associated = associated.collect::<Result<BTreeSet<_>, _>>()?;
    let now = call.now.as_millisecond();
    let ty = object_type(input, hub_id, now)?;
    let id = add(store, ty, associated, now);
    respond(201, store, id, Include::ALL)
}

/// Checks that the name is valid and not taken, not even by an archived type.
fn check_name(store: &Store, name: &str) -> Result<(), Refusal> {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !name.chars().all(letters)
    {
        return Err(Refusal::validation(format!(
            "\"{name}\" is not a valid name of an object type: it consists of letters, digits and underscores, and starts with a letter"
        ))
        .context("name", [name.to_owned()]));
    }
    let taken = store.collections().any(|(_, collection)| {
        let custom = collection.ty.custom.as_ref();
        custom.is_some_and(|schema| schema.name.eq_ignore_ascii_case(name))
    });
    if taken || store.resolve_type(name).is_some() {
        return Err(
            Refusal::conflict(format!("Object type already exists: {name}"))
                .context("name", [name.to_owned()]),
        );
    }
    Ok(())
}

/// Builds the type with its properties. Its id is assigned later, when nothing can fail any more.
fn object_type(input: NewSchema<'_>, hub_id: u64, now: i64) -> Result<ObjectType, Refusal> {
    let mut ty = ObjectType::new("", input.name, &format!("p{hub_id}_{}", input.name));
    standard::add_computed(&mut ty, "hs_createdate", "hs_lastmodifieddate");
    ty.shown = ty.always().collect();
    let group = format!("{}_information", input.name);
    let own = Group {
        name: group.clone(),
        label: format!("{} information", input.name),
        display_order: 0,
    };
    ty.groups.push(own);
    for property in &input.properties {
        if ty.add(property.define(&group, now)?).is_none() {
            return Err(Refusal::validation(format!(
                "Property \"{}\" is defined twice",
                property.name
            ))
            .context("propertyName", [property.name.to_owned()]));
        }
    }
    let shown = input
        .secondary_display_properties
        .iter()
        .map(String::as_str);
    let lists = shown
        .chain(input.primary_display_property.as_deref())
        .chain(input.required_properties.iter().map(String::as_str))
        .chain(input.searchable_properties.iter().copied());
    check_listed(&ty, lists)?;
    let searched = input.searchable_properties.iter();
    ty.searched = searched.filter_map(|name| ty.find(name)).collect();
    ty.required = RequiredProperties::AllOf(input.required_properties);
    ty.custom = Some(Schema {
        name: input.name.to_owned(),
        labels: input.labels,
        description: input.description,
        primary_display_property: input.primary_display_property,
        secondary_display_properties: input.secondary_display_properties,
        allows_sensitive_properties: input.allows_sensitive_properties,
        archived: false,
        created_at: now,
        updated_at: now,
    });
    Ok(ty)
}

/// Fails if a property in a list does not exist.
pub(super) fn check_listed<'a>(
    ty: &ObjectType,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Refusal> {
    let mut missing = names.filter(|name| ty.find(name).is_none());
    missing
        .next()
        .map_or(Ok(()), |name| Err(Refusal::unknown_property(name)))
}

fn add(store: &mut Store, mut ty: ObjectType, associated: BTreeSet<TypeId>, now: i64) -> TypeId {
    ty.id = format!("2-{}", store.next_type_number());
    let singular = ty.singular.clone();
    let names = [
        ty.id.clone(),
        ty.plural.clone(),
        singular.clone(),
        format!("p_{singular}"), // the short form of the fully qualified name
    ];
    let id = store.add_type(ty, names);
    for other in associated {
        let name = store.singular(other).to_owned();
        store.associations.define(Definition {
            from: id,
            to: other,
            names: [
                format!("{singular}_to_{name}"),
                format!("{name}_to_{singular}"),
            ],
            labels: None,
            now,
        });
    }
    id
}
