//! HubSpot's own object types and association types.
//!
//! `data/standard.json` has the properties that integrations use most. HubSpot has hundreds for each type; tests define what
//! else they need. All other facts about object types come from `specs/object-types.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::definitions::{Identity, ObjectType, Property, PropertyType, RequiredProperties, Role};
use crate::generated_object_types::OBJECT_TYPES;
use crate::table::ObjectType as Facts;

/// The content of `data/standard.json`. A test checks that it can be parsed.
static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/standard.json")).unwrap_or_default()
});

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Standard {
    /// By path.
    object_types: BTreeMap<String, StandardType>,
    association_types: Vec<StandardAssociation>,
}

/// The properties of an object type.
#[derive(Deserialize)]
struct StandardType {
    /// What a read returns if the request names no properties, besides the id and the times.
    shown: Vec<String>,
    /// What a search by text looks at.
    searched: Vec<String>,
    properties: BTreeMap<PropertyType, Vec<String>>,
    /// Properties with one of several options.
    #[serde(default)]
    enumerations: BTreeMap<String, Vec<String>>,
    /// Properties with some of several options.
    #[serde(default)]
    checkboxes: BTreeMap<String, Vec<String>>,
}

/// Both directions of an association type.
///
/// The numbers are those of HubSpot's association guide. The names are the `type` in responses, which HubSpot does not
/// document.
#[derive(Deserialize)]
pub(crate) struct StandardAssociation {
    pub(crate) types: [String; 2],
    pub(crate) numbers: [u32; 2],
    pub(crate) names: [String; 2],
    pub(crate) labels: Option<[String; 2]>,
    /// Whether a record can have the first direction with only one other record.
    #[serde(default)]
    pub(crate) exclusive: bool,
}

/// Returns the object types that every account has.
pub(crate) fn object_types() -> impl Iterator<Item = ObjectType> {
    OBJECT_TYPES.iter().filter_map(|facts| {
        let standard = STANDARD.object_types.get(facts.path)?;
        Some(object_type(facts, standard))
    })
}

/// Returns the association types that every account has.
pub(crate) fn association_types() -> &'static [StandardAssociation] {
    &STANDARD.association_types
}

/// Adds the properties that HubSpot computes for every record.
pub(crate) fn add_computed(ty: &mut ObjectType, created: &str, updated: &str) {
    for (name, property_type, role) in [
        ("hs_object_id", PropertyType::Number, Role::Id),
        (created, PropertyType::DateTime, Role::Created),
        (updated, PropertyType::DateTime, Role::Updated),
        ("hs_merged_object_ids", PropertyType::Text, Role::ReadOnly),
    ] {
        add(ty, Property::new(name, property_type), role);
    }
}

fn object_type(facts: &Facts, standard: &StandardType) -> ObjectType {
    let mut ty = ObjectType::new(facts.id, facts.singular, facts.path);
    ty.required = RequiredProperties::AnyOf(facts.required_any);
    for (property_type, names) in &standard.properties {
        for name in names {
            let mut property = Property::new(name, *property_type);
            if facts.unique.contains(&name.as_str()) {
                property.identity = Identity::Unique;
            } else if facts.shared.contains(&name.as_str()) {
                property.identity = Identity::Shared;
            }
            let role = match name.as_str() {
                "hs_additional_emails" | "hs_calculated_merged_vids" => Role::ReadOnly,
                _ => Role::Plain,
            };
            add(&mut ty, property, role);
        }
    }
    for (property_type, lists) in [
        (PropertyType::Enumeration, &standard.enumerations),
        (PropertyType::Checkboxes, &standard.checkboxes),
    ] {
        for (name, options) in lists {
            let property = Property::new(name, property_type).options(options);
            add(&mut ty, property, Role::Plain);
        }
    }
    add_computed(&mut ty, "createdate", facts.updated);
    let find = |names: &[String]| names.iter().filter_map(|name| ty.find(name)).collect();
    let (mut shown, searched): (Vec<_>, _) = (find(&standard.shown), find(&standard.searched));
    shown.extend(ty.always());
    (ty.shown, ty.searched) = (shown, searched);
    ty
}

fn add(ty: &mut ObjectType, property: Property, role: Role) {
    ty.add(Property {
        role,
        hubspot_defined: true,
        ..property
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_type_of_the_table_has_properties() {
        let paths = OBJECT_TYPES.iter().map(|facts| facts.path);
        let types = object_types().collect::<Vec<_>>();
        let names = types.iter().map(|ty| ty.plural.as_str());
        assert_eq!(names.collect::<Vec<_>>(), paths.collect::<Vec<_>>());
        for (facts, ty) in OBJECT_TYPES.iter().zip(&types) {
            let lists = [facts.unique, facts.shared, facts.required_any];
            for name in lists.into_iter().flatten() {
                assert!(ty.find(name).is_some(), "{}: {name}", facts.path);
            }
            let standard = &STANDARD.object_types[facts.path];
            for name in standard.shown.iter().chain(&standard.searched) {
                assert!(ty.find(name).is_some(), "{}: {name}", facts.path);
            }
        }
    }
}
