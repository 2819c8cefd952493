//! The known faults: how each is recognized, and what mends it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

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

const METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];

/// Reports the faults of one value.
pub(super) fn at(document: &Value, value: &Value, pointer: &str, report: &mut Report<'_>) {
    let parts = pointer.split('/').collect::<Vec<_>>();
    let Value::Object(fields) = value else {
        return;
    };
    match parts[..] {
        ["", "paths", _, method] if METHODS.contains(&method) => {
            operation(document, fields, pointer, report);
        }
        ["", "components", "schemas", name] => schema(&unescape(name), fields, pointer, report),
        [.., "properties", name] => field(&unescape(name), fields, pointer, report),
        [.., "content"] => content(fields, pointer, report),
        _ => {}
    }
    reference(document, fields, pointer, report);
}

fn operation(
    document: &Value,
    fields: &Map<String, Value>,
    pointer: &str,
    report: &mut Report<'_>,
) {
    let security = fields.get("security").or_else(|| document.get("security"));
    let entries = security
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if entries.is_empty() {
        let scopes = json!({"security": [{"oauth2": []}]});
        let fault = "no `security`, which would mean that no token is needed: list the scopes";
        report(pointer, fault, json_path(pointer), Action::Update(scopes));
    }
    joined(entries, pointer, report);
    let id = fields.get("operationId");
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values);
    let all = items.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)));
    if id.is_some() && all.filter(|other| other.get("operationId") == id).count() > 1 {
        let at = join(pointer, "operationId");
        let own = pointer.rsplit_once('/').unwrap_or_default();
        let path = unescape(own.0.trim_start_matches("/paths/"));
        let update = json!({"operationId": format!("{}-{path}", own.1)});
        let fault = "an `operationId` that another operation has too";
        report(&at, fault, json_path(pointer), Action::Update(update));
    }
}

/// Entries that ask for two scopes at once where either is enough.
fn joined(entries: &[Value], pointer: &str, report: &mut Report<'_>) {
    let mut separate = Vec::new();
    let mut filters = BTreeSet::new();
    for (scheme, scopes) in entries.iter().filter_map(Value::as_object).flatten() {
        let scopes = scopes.as_array().map_or(&[][..], Vec::as_slice);
        let place = scopes.iter().position(|scope| scope == "e-commerce");
        if let (2, Some(place)) = (scopes.len(), place) {
            separate.extend(scopes.iter().map(|scope| json!({scheme.as_str(): [scope]})));
            filters.insert(format!(
                "(@['{scheme}'][{place}] == 'e-commerce' && @['{scheme}'][1])"
            ));
        }
    }
    if separate.is_empty() {
        return;
    }
    let at = join(pointer, "security");
    let filters = filters.into_iter().collect::<Vec<_>>().join(" || ");
    let target = format!("{}[?{filters}]", json_path(&at));
    let fault = "a scope and `e-commerce` at once, where either is enough: first remove them";
    report(&at, fault, target, Action::Remove);
    let fault = "a scope and `e-commerce` at once, where either is enough: then list them apart";
    report(
        &at,
        fault,
        json_path(pointer),
        Action::Update(json!({"security": separate})),
    );
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
    let is_record = pointer.contains("/SimplePublicObject/")
        || pointer.contains("/SimplePublicObjectWithAssociations/");
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
