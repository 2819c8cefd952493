//! Custom object types as JSON.

use serde_json::{Value, json};

use crate::behavior::Call;
use crate::behavior::common::{flag, property_json};
use crate::definitions::{AssociationType, ObjectType, RequiredProperties, moment_text};
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
    pub(super) const ALL: Self = Self {
        properties: true,
        associations: true,
        audit: true,
    };

    /// Reads the `include…` parameters of a query.
    pub(super) fn of_query(call: &Call) -> Self {
        Self {
            properties: flag(call, "includePropertyDefinitions", true),
            associations: flag(call, "includeAssociationDefinitions", true),
            audit: flag(call, "includeAuditMetadata", true),
        }
    }
}

/// A type with its properties and associations; `None` if it is not a custom type.
pub(super) fn schema(store: &Store, id: TypeId, include: Include) -> Option<Value> {
    let ty = store.definition(id)?;
    let mut json = definition(ty)?;
    if include.audit {
        json["createdByUserId"] = USER.into();
        json["updatedByUserId"] = USER.into();
    }
    let properties = ty.properties().filter(|_| include.properties);
    let properties = properties.map(|(_, known)| property_json(ty, known));
    json["properties"] = properties.collect();
    let types = store.associations.types();
    let own = types.filter(|(_, ty)| include.associations && (ty.from == id || ty.to == id));
    json["associations"] = own.map(|(_, ty)| association(store, ty)).collect();
    Some(json)
}

/// A type without its properties and associations; `None` if it is not a custom type.
pub(super) fn definition(ty: &ObjectType) -> Option<Value> {
    let schema = ty.custom.as_ref()?;
    let required = match &ty.required {
        RequiredProperties::AllOf(names) => names.as_slice(),
        RequiredProperties::AnyOf(_) => &[],
    };
    let name = |id: &_| ty.property(*id).map(|property| property.name.as_str());
    let mut json = json!({
        "id": ty.id,
        "objectTypeId": ty.id,
        "fullyQualifiedName": ty.plural,
        "name": schema.name,
        "labels": schema.labels,
        "requiredProperties": required,
        "searchableProperties": ty.searched.iter().filter_map(name).collect::<Vec<_>>(),
        "secondaryDisplayProperties": schema.secondary_display_properties,
        "allowsSensitiveProperties": schema.allows_sensitive_properties,
        "archived": schema.archived,
        "createdAt": moment_text(schema.created_at),
        "updatedAt": moment_text(schema.updated_at),
    });
    if let Some(description) = &schema.description {
        json["description"] = json!(description);
    }
    if let Some(property) = &schema.primary_display_property {
        json["primaryDisplayProperty"] = json!(property);
    }
    Some(json)
}

pub(super) fn association(store: &Store, ty: &AssociationType) -> Value {
    let type_id = |id| store.definition(id).map_or("", |ty| ty.id.as_str());
    let mut json = json!({
        "id": ty.number.to_string(),
        "fromObjectTypeId": type_id(ty.from),
        "toObjectTypeId": type_id(ty.to),
        "name": ty.name,
    });
    if let Some(created_at) = ty.created_at {
        json["createdAt"] = moment_text(created_at).into();
        json["updatedAt"] = moment_text(created_at).into();
    }
    json
}
