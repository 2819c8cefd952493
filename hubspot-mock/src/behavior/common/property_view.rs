//! Properties as JSON.

use serde_json::{Value, json};

use crate::definitions::{
    Choice, Choices, Identity, ObjectType, Pipeline, Property, Role, Stage, moment_text,
};

/// When HubSpot defined its own properties: 2020-01-01.
const FIRST: i64 = 1_577_836_800_000;

/// The definition of a property of an object type.
pub(crate) fn property_json(ty: &ObjectType, property: &Property) -> Value {
    let custom = ty.custom.as_ref().map(|schema| schema.created_at);
    let created_at = property.created_at.or(custom).unwrap_or(FIRST);
    let own = property.hubspot_defined;
    let mut json = json!({
        "name": property.name,
        "label": property.label,
        "type": property.ty.wire(),
        "fieldType": property.field,
        "description": property.description,
        "groupName": property.group,
        "options": options(ty, property),
        "displayOrder": property.display_order,
        "hasUniqueValue": property.identity == Identity::Unique,
        "hidden": property.hidden,
        "formField": property.form_field,
        "hubspotDefined": own,
        "archived": property.archived_at.is_some(),
        "calculated": false,
        "externalOptions": property.choices != Choices::Options,
        "dataSensitivity": "non_sensitive",
        "createdAt": moment_text(created_at),
        "updatedAt": moment_text(property.updated_at.unwrap_or(created_at)),
        "modificationMetadata": {
            "archivable": !own,
            "readOnlyDefinition": own,
            "readOnlyOptions": property.choices != Choices::Options,
            "readOnlyValue": property.role != Role::Plain,
        },
    });
    if property.choices == Choices::Owners {
        json["referencedObjectType"] = json!("OWNER");
    }
    if let Some(archived_at) = property.archived_at {
        json["archivedAt"] = json!(moment_text(archived_at));
    }
    json
}

fn options(ty: &ObjectType, property: &Property) -> Vec<Value> {
    let option = |label: &str, value: &str, order: i64, hidden: bool| json!({"label": label, "value": value, "displayOrder": order, "hidden": hidden});
    let of_stage = |stage: &Stage| option(&stage.label, &stage.id, stage.display_order, false);
    let of_pipeline =
        |known: &Pipeline| option(&known.label, &known.id, known.display_order, false);
    let of_choice = |choice: &Choice| {
        let order = choice.display_order.into();
        let mut json = option(&choice.label, &choice.value, order, choice.hidden);
        if let Some(description) = &choice.description {
            json["description"] = json!(description);
        }
        json
    };
    match property.choices {
        Choices::Options => property.options.iter().map(of_choice).collect(),
        Choices::Owners => Vec::new(),
        Choices::Pipelines => ty.pipelines.iter().map(of_pipeline).collect(),
        Choices::Stages => {
            let stages = ty.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
            stages.map(of_stage).collect()
        }
    }
}
