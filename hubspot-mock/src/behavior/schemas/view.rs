//! Custom object types as JSON.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::behavior::Call;
use crate::behavior::common::flag;
use crate::definitions::{
    AssociationType, Choice, Identity, ObjectType, Property, RequiredProperties, Role, Schema,
    moment_text,
};
use crate::store::Store;
use crate::values::TypeId;

/// The user id in responses. Requests come from apps, which have none.
const USER: i64 = 1;

/// What the JSON of a type includes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Include {
    pub(super) properties: bool,
    pub(super) associations: bool,
    pub(super) audit: bool,
}

impl Include {
    /// Everything.
    pub(super) const fn all() -> Self {
        Self {
            properties: true,
            associations: true,
            audit: true,
        }
    }

    /// Reads the `include…` parameters of a query.
    pub(super) fn of_query(call: &Call) -> Self {
        Self {
            properties: flag(call, "includePropertyDefinitions", true),
            associations: flag(call, "includeAssociationDefinitions", true),
            audit: flag(call, "includeAuditMetadata", true),
        }
    }
}

/// A type with its properties and associations.
#[derive(Debug)]
pub(super) struct SchemaView<'a> {
    pub(super) store: &'a Store,
    pub(super) id: TypeId,
    pub(super) ty: &'a ObjectType,
    pub(super) schema: &'a Schema,
    pub(super) include: Include,
}

impl Serialize for SchemaView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        definition::<S>(&mut object, self.ty, self.schema)?;
        if self.include.audit {
            object.serialize_entry("createdByUserId", &USER)?;
            object.serialize_entry("updatedByUserId", &USER)?;
        }
        let properties = self.ty.properties().filter(|_| self.include.properties);
        let properties = properties.map(|(_, property)| PropertyView::new(property, self.schema));
        object.serialize_entry("properties", &properties.collect::<Vec<_>>())?;
        let types = self.store.associations.types().filter(|(_, ty)| {
            self.include.associations && (ty.from == self.id || ty.to == self.id)
        });
        let types = types.map(|(_, ty)| AssociationView {
            store: self.store,
            ty,
        });
        object.serialize_entry("associations", &types.collect::<Vec<_>>())?;
        object.end()
    }
}

/// A type without its properties and associations.
#[derive(Debug)]
pub(super) struct DefinitionView<'a> {
    pub(super) hub_id: i64,
    pub(super) ty: &'a ObjectType,
    pub(super) schema: &'a Schema,
}

impl Serialize for DefinitionView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        definition::<S>(&mut object, self.ty, self.schema)?;
        object.serialize_entry("portalId", &self.hub_id)?;
        object.end()
    }
}

/// The fields that all forms of a type have.
fn definition<S: Serializer>(
    object: &mut S::SerializeMap,
    ty: &ObjectType,
    schema: &Schema,
) -> Result<(), S::Error> {
    object.serialize_entry("id", &ty.id)?;
    object.serialize_entry("objectTypeId", &ty.id)?;
    object.serialize_entry("fullyQualifiedName", &ty.plural)?;
    object.serialize_entry("name", &schema.name)?;
    object.serialize_entry("labels", &schema.labels)?;
    if let Some(description) = &schema.description {
        object.serialize_entry("description", description)?;
    }
    if let Some(property) = &schema.primary_display_property {
        object.serialize_entry("primaryDisplayProperty", property)?;
    }
    let required = match &ty.required {
        RequiredProperties::AllOf(names) => names.as_slice(),
        RequiredProperties::AnyOf(_) => &[],
    };
    object.serialize_entry("requiredProperties", required)?;
    let name = |id: &_| ty.property(*id).map(|property| property.name.as_str());
    let searched = ty.searched.iter().filter_map(name).collect::<Vec<_>>();
    object.serialize_entry("searchableProperties", &searched)?;
    object.serialize_entry(
        "secondaryDisplayProperties",
        &schema.secondary_display_properties,
    )?;
    object.serialize_entry(
        "allowsSensitiveProperties",
        &schema.allows_sensitive_properties,
    )?;
    object.serialize_entry("archived", &schema.archived)?;
    object.serialize_entry("createdAt", &moment_text(schema.created_at))?;
    object.serialize_entry("updatedAt", &moment_text(schema.updated_at))
}

/// An association type as JSON.
#[derive(Debug)]
pub(super) struct AssociationView<'a> {
    pub(super) store: &'a Store,
    pub(super) ty: &'a AssociationType,
}

impl Serialize for AssociationView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let type_id = |id| self.store.definition(id).map_or("", |ty| ty.id.as_str());
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &self.ty.number.to_string())?;
        object.serialize_entry("fromObjectTypeId", type_id(self.ty.from))?;
        object.serialize_entry("toObjectTypeId", type_id(self.ty.to))?;
        object.serialize_entry("name", &self.ty.name)?;
        if let Some(created_at) = self.ty.created_at {
            object.serialize_entry("createdAt", &moment_text(created_at))?;
            object.serialize_entry("updatedAt", &moment_text(created_at))?;
        }
        object.end()
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the fields are HubSpot's")]
struct PropertyView<'a> {
    name: &'a str,
    label: &'a str,
    #[serde(rename = "type")]
    ty: &'static str,
    field_type: &'a str,
    description: &'a str,
    group_name: &'a str,
    options: Vec<OptionView<'a>>,
    display_order: i32,
    has_unique_value: bool,
    hidden: bool,
    form_field: bool,
    hubspot_defined: bool,
    archived: bool,
    calculated: bool,
    external_options: bool,
    data_sensitivity: &'static str,
    created_at: String,
    updated_at: String,
    modification_metadata: Modification,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OptionView<'a> {
    label: &'a str,
    value: &'a str,
    display_order: i32,
    hidden: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the fields are HubSpot's")]
struct Modification {
    archivable: bool,
    read_only_definition: bool,
    read_only_options: bool,
    read_only_value: bool,
}

impl<'a> PropertyView<'a> {
    fn new(property: &'a Property, schema: &Schema) -> Self {
        let created_at = moment_text(property.created_at.unwrap_or(schema.created_at));
        let own = property.hubspot_defined;
        Self {
            name: &property.name,
            label: &property.label,
            ty: property.ty.wire(),
            field_type: &property.field,
            description: &property.description,
            group_name: &property.group,
            options: property.options.iter().map(OptionView::new).collect(),
            display_order: property.display_order,
            has_unique_value: property.identity == Identity::Unique,
            hidden: property.hidden,
            form_field: property.form_field,
            hubspot_defined: own,
            archived: false,
            calculated: false,
            external_options: false,
            data_sensitivity: "non_sensitive",
            updated_at: created_at.clone(),
            created_at,
            modification_metadata: Modification {
                archivable: !own,
                read_only_definition: own,
                read_only_options: own,
                read_only_value: property.role != Role::Plain,
            },
        }
    }
}

impl<'a> OptionView<'a> {
    fn new(choice: &'a Choice) -> Self {
        Self {
            label: &choice.label,
            value: &choice.value,
            display_order: choice.display_order,
            hidden: choice.hidden,
            description: choice.description.as_deref(),
        }
    }
}
