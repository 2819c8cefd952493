//! The known faults: how each is recognized, and what mends it.

use serde_json::{Map, Value, json};

use super::operations::{self, METHODS};
use super::{Action, Report, json_path};
use crate::error::{join, unescape};

/// Fields that a document requires by mistake: schema and field.
const REQUIRED_BY_MISTAKE: [(&str, &[&str]); 5] = [
    (
        "PublicObjectSearchRequest",
        &["after", "filterGroups", "limit", "properties", "sorts"],
    ),
    ("SimplePublicObjectInputForCreate", &["associations"]),
    ("SimplePublicObjectBatchInputForCreate", &["associations"]),
    ("ObjectTypeDefinitionPatch", &["clearDescription"]),
    (
        "BatchReadInputSimplePublicObjectId",
        &["propertiesWithHistory"],
    ),
];

/// Ids and times that outgrow 32 bits.
const LARGE_NUMBERS: [&str; 36] = [
    "appId",
    "app_id",
    "applicationId",
    "contactVid",
    "createdAt",
    "createdById",
    "createdByUserId",
    "createdUserId",
    "endMillisUtc",
    "enrollmentId",
    "fileId",
    "fromUserId",
    "fulcrumPortalId",
    "hubId",
    "hub_id",
    "initiatingUserId",
    "integrationAppId",
    "lowerBoundTimestamp",
    "lowerTimestamp",
    "objectId",
    "ownerId",
    "ownerPortalId",
    "portalId",
    "startMillisUtc",
    "templateId",
    "timestamp",
    "updatedAt",
    "updatedById",
    "updatedByUserId",
    "updatedUserId",
    "upperBoundTimestamp",
    "upperTimestamp",
    "userId",
    "user_id",
    "vid",
    "workflowId",
];

/// Schemas of records, whose properties may have no value.
const RECORDS: [&str; 3] = [
    "SimplePublicObject",
    "SimplePublicObjectWithAssociations",
    "SimplePublicUpsertObject",
];

/// Reports the faults of one value.
pub(super) fn at(document: &Value, value: &Value, pointer: &str, report: &mut Report<'_>) {
    let parts = pointer.split('/').collect::<Vec<_>>();
    let Value::Object(fields) = value else {
        return;
    };
    match parts[..] {
        ["", "paths", _, method] if METHODS.contains(&method) => {
            operations::at(document, fields, pointer, report);
        }
        [.., "parameters", _] => parameter(fields, pointer, report),
        ["", "components", "schemas", name] => schema(&unescape(name), fields, pointer, report),
        [.., "properties", name] => field(&unescape(name), fields, pointer, report),
        [.., "content"] => content(fields, pointer, report),
        _ => {}
    }
    reference(document, fields, pointer, report);
}

fn schema(name: &str, fields: &Map<String, Value>, pointer: &str, report: &mut Report<'_>) {
    let listed = REQUIRED_BY_MISTAKE
        .iter()
        .find(|(schema, _)| *schema == name);
    let required = fields.get("required").and_then(Value::as_array);
    let (Some((_, names)), Some(required)) = (listed, required) else {
        return;
    };
    let is_listed = |field: &&Value| names.iter().any(|name| *field == name);
    let (wrong, rest): (Vec<_>, Vec<_>) = required.iter().partition(is_listed);
    if wrong.is_empty() {
        return;
    }
    let at = join(pointer, "required");
    let fault = "fields that HubSpot does not require: first remove the list";
    report(&at, fault, json_path(&at), Action::Remove);
    if !rest.is_empty() {
        let fault = "fields that HubSpot does not require: then list the others";
        let update = Action::Update(json!({"required": rest}));
        report(&at, fault, json_path(pointer), update);
    }
}

fn field(name: &str, fields: &Map<String, Value>, pointer: &str, report: &mut Report<'_>) {
    let is = |key: &str, value: &str| fields.get(key).is_some_and(|found| found == value);
    if LARGE_NUMBERS.contains(&name) && is("type", "integer") && is("format", "int32") {
        let fault = "an id or a time of 32 bits, which HubSpot's outgrow";
        report(
            pointer,
            fault,
            json_path(pointer),
            Action::Update(json!({"format": "int64"})),
        );
    }
    if name == "subCategory" && is("type", "object") {
        let text = json!({"type": "string"});
        report(
            pointer,
            "an object, which is text",
            json_path(pointer),
            Action::Update(text),
        );
    }
    if fields.contains_key("$ref") && is("description", "") {
        let at = join(pointer, "description");
        let update = Action::Update(json!({"description": "TODO"}));
        report(
            &at,
            "an empty description beside a `$ref`",
            json_path(pointer),
            update,
        );
    }
    let values = fields.get("additionalProperties");
    let is_text = values.is_some_and(|values| values.get("type") == Some(&json!("string")));
    let is_record = RECORDS
        .iter()
        .any(|record| pointer.contains(&format!("/{record}/")));
    if name == "properties"
        && is_record
        && is_text
        && values.and_then(|values| values.get("nullable")).is_none()
    {
        let at = join(pointer, "additionalProperties");
        let fault = "a property without a value comes as null";
        report(
            &at,
            fault,
            json_path(&at),
            Action::Update(json!({"nullable": true})),
        );
    }
}

fn parameter(fields: &Map<String, Value>, pointer: &str, report: &mut Report<'_>) {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let ty = fields.get("schema").and_then(|schema| schema.get("type"));
    let is_list = text("in") == "query" && ty == Some(&json!("array"));
    let is_repeated = fields
        .get("explode")
        .is_none_or(|explode| *explode == json!(true));
    if is_list && is_repeated && text("description").to_lowercase().contains("comma") {
        let fault = "a list that is repeated, and separated by commas by its own description";
        let update = Action::Update(json!({"explode": false}));
        report(pointer, fault, json_path(pointer), update);
    }
}

fn content(fields: &Map<String, Value>, pointer: &str, report: &mut Report<'_>) {
    if let Some(any) = fields.get("*/*") {
        let at = join(pointer, "*/*");
        let json = json!({"application/json": any});
        report(
            &at,
            "`*/*` as a content type: HubSpot sends JSON",
            json_path(pointer),
            Action::Update(json),
        );
        report(
            &at,
            "`*/*` beside the content type that is meant",
            json_path(&at),
            Action::Remove,
        );
    }
}

fn reference(
    document: &Value,
    fields: &Map<String, Value>,
    pointer: &str,
    report: &mut Report<'_>,
) {
    let target = fields.get("$ref").and_then(Value::as_str);
    let Some(inside) = target.and_then(|target| target.strip_prefix('#')) else {
        return;
    };
    if document.pointer(inside).is_none() {
        report(
            pointer,
            "a `$ref` to nothing",
            json_path(pointer),
            Action::Remove,
        );
    }
}
