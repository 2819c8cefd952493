//! What a walk changes in the body of a search.

use serde_json::{Map, Value, json};

/// The property with the time of a record's last change, by the path of the search.
pub(super) fn changed_property(path: &str) -> &'static str {
    let object_type = path.trim_end_matches("/search").rsplit('/').next();
    match object_type {
        Some("contacts" | "contact" | "0-1") => "lastmodifieddate",
        _ => "hs_lastmodifieddate",
    }
}

/// HubSpot takes `filters` beside `filterGroups`, as the only group.
pub(super) fn with_groups(mut body: Map<String, Value>) -> Map<String, Value> {
    if !has_value(&body, "filterGroups")
        && let Some(filters) = body.remove("filters")
    {
        body.insert("filterGroups".to_owned(), json!([{"filters": filters}]));
    }
    body
}

pub(super) fn has_value(body: &Map<String, Value>, name: &str) -> bool {
    match body.get(name) {
        None | Some(Value::Null) => false,
        Some(Value::Array(values)) => !values.is_empty(),
        Some(_) => true,
    }
}

/// Adds a filter to each group of filters, one of which has to match.
pub(super) fn add_filter(
    body: &mut Map<String, Value>,
    property: &str,
    operator: &str,
    value: u64,
) {
    let filter =
        json!({"propertyName": property, "operator": operator, "value": value.to_string()});
    let groups = body.entry("filterGroups").or_insert(Value::Null);
    let groups = match groups {
        Value::Array(groups) if !groups.is_empty() => groups,
        other => {
            *other = json!([{"filters": []}]);
            match other {
                Value::Array(groups) => groups,
                _ => return,
            }
        }
    };
    for group in groups.iter_mut().filter_map(Value::as_object_mut) {
        let filters = group.entry("filters").or_insert(Value::Null);
        match filters {
            Value::Array(filters) => filters.push(filter.clone()),
            _ => *filters = json!([filter]),
        }
    }
}
