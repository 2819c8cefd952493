//! HubSpot's own object types.
//!
//! `data/standard.json` has the properties that integrations use most, with their groups, options and the pages that describe
//! them. HubSpot has hundreds for each type; tests define what else they need. All other facts about object types come from `specs/object-types.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::definitions::{
    Choice, Choices, Group, Identity, ObjectType, Pipeline, PipelineProperties, Property,
    PropertyType, RequiredProperties, Role, Stage,
};
use crate::generated_object_types::OBJECT_TYPES;
use crate::table::ObjectType as TableEntry;

/// The content of `data/standard.json`. A test checks that it can be parsed.
static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/standard.json")).unwrap_or_default()
});

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Standard {
    /// By path.
    object_types: BTreeMap<String, StandardType>,
}

/// The properties of an object type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StandardType {
    /// What a read returns if the request names no properties, besides the id and the times.
    shown: Vec<String>,
    /// What a search by text looks at.
    searched: Vec<String>,
    pipelines: Option<StandardPipelines>,
    groups: Vec<StandardGroup>,
}

/// A group of properties. The file also names the page that the properties are from.
#[derive(Deserialize)]
struct StandardGroup {
    name: String,
    label: String,
    properties: BTreeMap<String, StandardProperty>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StandardProperty {
    label: String,
    #[serde(rename = "type")]
    kind: ValueKind,
    /// The `fieldType`, if it is not the usual one of the type.
    field: Option<String>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    forward_only: bool,
    /// Values and labels.
    #[serde(default)]
    options: Vec<(String, String)>,
}

/// The type of a property, or what its values name.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ValueKind {
    Owner,
    Pipeline,
    Stage,
    #[serde(untagged)]
    Type(PropertyType),
}

#[derive(Deserialize)]
struct StandardPipelines {
    /// The names of the properties.
    pipeline: String,
    stage: String,
    defaults: Vec<StandardPipeline>,
}

#[derive(Deserialize)]
struct StandardPipeline {
    id: String,
    label: String,
    /// Ids, labels and metadata.
    stages: Vec<(String, String, BTreeMap<String, String>)>,
}

/// Returns the object types that every account has.
pub(crate) fn object_types() -> impl Iterator<Item = ObjectType> {
    OBJECT_TYPES.iter().filter_map(|facts| {
        let standard = STANDARD.object_types.get(facts.path)?;
        Some(object_type(facts, standard))
    })
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

fn object_type(facts: &TableEntry, standard: &StandardType) -> ObjectType {
    let mut ty = ObjectType::new(facts.id, facts.singular, facts.path);
    ty.required = RequiredProperties::AnyOf(facts.required_any);
    for (group, display_order) in standard.groups.iter().zip(0..) {
        ty.groups.push(Group {
            name: group.name.clone(),
            label: group.label.clone(),
            display_order,
        });
        for (name, property) in &group.properties {
            let (role, property) = property.define(facts, name, &group.name);
            add(&mut ty, property, role);
        }
    }
    add_computed(&mut ty, "createdate", facts.updated);
    let find = |names: &[String]| names.iter().filter_map(|name| ty.find(name)).collect();
    let (mut shown, searched): (Vec<_>, _) = (find(&standard.shown), find(&standard.searched));
    shown.extend(ty.always());
    (ty.shown, ty.searched) = (shown, searched);
    if let Some(pipelines) = &standard.pipelines {
        ty.pipeline_properties = pipelines.properties(&ty);
        ty.pipelines = pipelines
            .defaults
            .iter()
            .map(StandardPipeline::define)
            .collect();
    }
    ty
}

impl StandardProperty {
    fn define(&self, facts: &TableEntry, name: &str, group: &str) -> (Role, Property) {
        let (ty, choices) = match self.kind {
            ValueKind::Type(ty) => (ty, Choices::Options),
            ValueKind::Owner => (PropertyType::Enumeration, Choices::Owners),
            ValueKind::Pipeline => (PropertyType::Enumeration, Choices::Pipelines),
            ValueKind::Stage => (PropertyType::Enumeration, Choices::Stages),
        };
        let mut property = Property::new(name, ty).label(&self.label).group(group);
        property.choices = choices;
        property.forward_only = self.forward_only;
        if let Some(field) = &self.field {
            property.field.clone_from(field);
        }
        let options = self.options.iter().zip(0..);
        property.options = options
            .map(|((value, label), display_order)| Choice {
                value: value.clone(),
                label: label.clone(),
                display_order,
                hidden: false,
                description: None,
            })
            .collect();
        if facts.unique.contains(&name) {
            property.identity = Identity::Unique;
        } else if facts.shared.contains(&name) {
            property.identity = Identity::Shared;
        }
        let role = if self.read_only {
            Role::ReadOnly
        } else {
            Role::Plain
        };
        (role, property)
    }
}

impl StandardPipelines {
    fn properties(&self, ty: &ObjectType) -> Option<PipelineProperties> {
        Some(PipelineProperties {
            pipeline: ty.find(&self.pipeline)?,
            stage: ty.find(&self.stage)?,
        })
    }
}

impl StandardPipeline {
    fn define(&self) -> Pipeline {
        let stages = self.stages.iter().zip(0..);
        let stages = stages.map(|((id, label, metadata), display_order)| Stage {
            id: id.clone(),
            label: label.clone(),
            display_order,
            metadata: metadata.clone(),
            created_at: 0,
            updated_at: 0,
        });
        Pipeline {
            id: self.id.clone(),
            label: self.label.clone(),
            display_order: 0,
            stages: stages.collect(),
            created_at: 0,
            updated_at: 0,
        }
    }
}

fn add(ty: &mut ObjectType, property: Property, role: Role) {
    let group = match property.group.as_str() {
        "" => ty.default_group().to_owned(),
        group => group.to_owned(),
    };
    ty.add(Property {
        role,
        group,
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
