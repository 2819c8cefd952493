//! Object types and their properties.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::definitions::{Pipeline, PipelineProperties, Property, Role};
use crate::values::PropertyId;

/// The properties that a new record requires.
#[derive(Debug)]
pub(crate) enum RequiredProperties {
    /// At least one of these.
    AnyOf(&'static [&'static str]),
    /// All of these.
    AllOf(Vec<String>),
}

/// The definition of a custom object type.
#[derive(Debug)]
pub(crate) struct Schema {
    /// `car`
    pub(crate) name: String,
    pub(crate) labels: Labels,
    pub(crate) description: Option<String>,
    pub(crate) primary_display_property: Option<String>,
    pub(crate) secondary_display_properties: Vec<String>,
    pub(crate) allows_sensitive_properties: bool,
    pub(crate) archived: bool,
    /// Milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// The labels of a custom object type.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Labels {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) singular: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) plural: Option<String>,
}

/// A group of properties.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) display_order: i64,
}

#[derive(Debug)]
pub(crate) struct ObjectType {
    /// `0-1`, `2-3465404`.
    pub(crate) id: String,
    /// `contact`; a custom type's name.
    pub(crate) singular: String,
    /// `contacts`, as paths have it; a custom type's fully qualified name.
    pub(crate) plural: String,
    /// By number.
    properties: Vec<Property>,
    names: HashMap<String, PropertyId>,
    /// The properties that a read returns by default.
    pub(crate) shown: Vec<PropertyId>,
    /// The properties that a search by text looks at.
    pub(crate) searched: Vec<PropertyId>,
    pub(crate) required: RequiredProperties,
    pub(crate) groups: Vec<Group>,
    pub(crate) pipelines: Vec<Pipeline>,
    /// Set if records have a pipeline.
    pub(crate) pipeline_properties: Option<PipelineProperties>,
    pub(crate) custom: Option<Schema>,
}

impl ObjectType {
    /// Creates a type without properties.
    pub(crate) fn new(id: &str, singular: &str, plural: &str) -> Self {
        Self {
            id: id.to_owned(),
            singular: singular.to_owned(),
            plural: plural.to_owned(),
            properties: Vec::new(),
            names: HashMap::new(),
            shown: Vec::new(),
            searched: Vec::new(),
            required: RequiredProperties::AllOf(Vec::new()),
            groups: Vec::new(),
            pipelines: Vec::new(),
            pipeline_properties: None,
            custom: None,
        }
    }

    /// Whether it is HubSpot's own type with this name in paths.
    pub(crate) fn is(&self, path: &str) -> bool {
        !self.is_custom() && self.plural == path
    }

    /// Whether the account has defined it.
    pub(crate) const fn is_custom(&self) -> bool {
        self.custom.is_some()
    }

    /// Adds a property. Returns `None` if its name is taken or the type has 65,536 properties.
    pub(crate) fn add(&mut self, property: Property) -> Option<PropertyId> {
        let id = PropertyId::try_from(self.properties.len()).ok()?;
        if self.names.contains_key(&property.name) {
            return None;
        }
        self.names.insert(property.name.clone(), id);
        self.properties.push(property);
        Some(id)
    }

    /// Adds or replaces a property. Returns `false` if the type has 65,536 properties.
    pub(crate) fn define(&mut self, property: Property) -> bool {
        let known = self.names.get(&property.name).copied();
        match known.and_then(|id| self.properties.get_mut(usize::from(id))) {
            Some(known) => {
                // Computed properties stay computed.
                let computed = matches!(known.role, Role::Id | Role::Created | Role::Updated);
                let role = if computed { known.role } else { property.role };
                *known = Property { role, ..property };
                true
            }
            None => self.add(property).is_some(),
        }
    }

    /// Archives a property, so that it is no longer found by its name.
    pub(crate) fn archive(&mut self, id: PropertyId, now: i64) {
        if let Some(property) = self.properties.get_mut(usize::from(id)) {
            property.archived_at = Some(now);
            self.names.remove(&property.name);
        }
    }

    /// Finds a property by its name, in any case.
    pub(crate) fn find(&self, name: &str) -> Option<PropertyId> {
        let found = self.names.get(name).copied();
        found.or_else(|| self.names.get(name.to_lowercase().as_str()).copied())
    }

    pub(crate) fn property(&self, id: PropertyId) -> Option<&Property> {
        self.properties.get(usize::from(id))
    }

    /// Finds a property and its id by its name, in any case.
    pub(crate) fn named(&self, name: &str) -> Option<(PropertyId, &Property)> {
        let id = self.find(name)?;
        Some((id, self.property(id)?))
    }

    /// All properties that are not archived, with their ids.
    pub(crate) fn properties(&self) -> impl Iterator<Item = (PropertyId, &Property)> {
        let all = (0..=PropertyId::MAX).zip(&self.properties);
        all.filter(|(_, property)| property.archived_at.is_none())
    }

    pub(crate) fn archived_properties(&self) -> impl Iterator<Item = &Property> {
        let all = self.properties.iter();
        all.filter(|property| property.archived_at.is_some())
    }

    /// Whether the definition of the type names a property, as required or to be shown.
    pub(crate) fn schema_names(&self, name: &str) -> bool {
        let required = match &self.required {
            RequiredProperties::AnyOf(_) => &[][..],
            RequiredProperties::AllOf(names) => names,
        };
        let schema = self.custom.iter();
        let shown = schema.flat_map(|schema| {
            let primary = schema.primary_display_property.iter();
            primary.chain(&schema.secondary_display_properties)
        });
        required.iter().chain(shown).any(|known| known == name)
    }

    /// The name of the group of properties that name none.
    pub(crate) fn default_group(&self) -> &str {
        self.groups.first().map_or("", |group| group.name.as_str())
    }

    /// The properties that every response includes: the id and the two times.
    pub(crate) fn always(&self) -> impl Iterator<Item = PropertyId> {
        let computed = |role| matches!(role, Role::Id | Role::Created | Role::Updated);
        let found = self
            .properties()
            .filter(move |(_, property)| computed(property.role));
        found.map(|(id, _)| id)
    }
}
