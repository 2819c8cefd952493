//! Evaluates the filters of lists by the conditions of searches.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::objects::search::{Condition, Filter};
use crate::store::{Record, Store};
use crate::values::{Refusal, TypeId};

/// How deep branches may be nested.
const MAX_DEPTH: u8 = 8;

/// Operators of lists with those of searches.
const OPERATORS: [(&str, &str); 18] = [
    ("IS", "EQ"),
    ("IS_EQUAL_TO", "EQ"),
    ("IS_EXACTLY", "EQ"),
    ("IS_ANY_OF", "EQ"),
    ("IS_NOT", "NEQ"),
    ("IS_NOT_EQUAL_TO", "NEQ"),
    ("IS_NONE_OF", "NEQ"),
    ("IS_NOT_ANY_OF", "NEQ"),
    ("IS_GREATER_THAN", "GT"),
    ("IS_GREATER_THAN_OR_EQUAL_TO", "GTE"),
    ("IS_LESS_THAN", "LT"),
    ("IS_LESS_THAN_OR_EQUAL_TO", "LTE"),
    ("IS_AFTER", "GT"),
    ("IS_BEFORE", "LT"),
    ("IS_BETWEEN", "BETWEEN"),
    ("IS_KNOWN", "HAS_PROPERTY"),
    ("IS_UNKNOWN", "NOT_HAS_PROPERTY"),
    ("IS_NOT_KNOWN", "NOT_HAS_PROPERTY"),
];

/// A filter with the filters that it consists of.
#[derive(Debug)]
pub(super) enum Branch {
    All(Vec<Branch>),
    Any(Vec<Branch>),
    Not(Box<Branch>),
    /// The body of a search filter.
    Property(Value),
    /// The value of a property has a part, in any case.
    Text {
        property: String,
        is_part: fn(&str, &str) -> bool,
        parts: Vec<String>,
    },
}

impl Branch {
    /// Reads a filter. Fails with 400 if it is not valid for the object type.
    pub(super) fn read(store: &Store, ty: TypeId, filter: &Value) -> Result<Self, Refusal> {
        let branch = branch(filter, MAX_DEPTH)?;
        branch.check(store, ty)?;
        Ok(branch)
    }

    /// Fails for a property that does not exist, or a value that does not suit it.
    fn check(&self, store: &Store, ty: TypeId) -> Result<(), Refusal> {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().try_for_each(|part| part.check(store, ty))
            }
            Self::Not(part) => part.check(store, ty),
            Self::Property(filter) => condition(store, ty, filter).map(drop),
            Self::Text { property, .. } => {
                condition(store, ty, &known("HAS_PROPERTY", property)).map(drop)
            }
        }
    }

    /// Whether a record matches.
    pub(super) fn matches(&self, store: &Store, ty: TypeId, record: &Record) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(store, ty, record)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(store, ty, record)),
            Self::Not(part) => !part.matches(store, ty, record),
            Self::Property(filter) => condition(store, ty, filter)
                .is_ok_and(|condition| condition.matches(store, ty, record)),
            Self::Text {
                property,
                is_part,
                parts,
            } => {
                let found = store.definition(ty).and_then(|ty| ty.find(property));
                let value = found.and_then(|id| record.stored(id)).unwrap_or_default();
                let value = value.to_lowercase();
                parts.iter().any(|part| is_part(&value, part))
            }
        }
    }
}

fn condition<'a>(store: &Store, ty: TypeId, filter: &'a Value) -> Result<Condition<'a>, Refusal> {
    let filter = Filter::deserialize(filter);
    filter
        .map_err(|cause| Refusal::validation(format!("Invalid filter: {cause}")))?
        .check(store, ty)
}

fn branch(json: &Value, depth: u8) -> Result<Branch, Refusal> {
    let deeper = depth
        .checked_sub(1)
        .ok_or_else(|| Refusal::validation("The filter is nested too deep"))?;
    let list = |name: &str| json[name].as_array().into_iter().flatten();
    let branches = list("filterBranches").map(|json| branch(json, deeper));
    let parts = list("filters").map(property).chain(branches);
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    match json["filterBranchType"].as_str().unwrap_or_default() {
        "AND" => Ok(Branch::All(parts)),
        "OR" => Ok(Branch::Any(parts)),
        "NOT_ALL" => Ok(Branch::Not(Box::new(Branch::All(parts)))),
        "NOT_ANY" => Ok(Branch::Not(Box::new(Branch::Any(parts)))),
        other => Err(unsupported("filter branches", other)),
    }
}

fn unsupported(what: &str, name: &str) -> Refusal {
    let message = format!("hubspot-mock does not evaluate {what} of type {name:?}");
    Refusal::validation(message).context("filterType", [name.to_owned()])
}

/// The search filter that a property has a value, or none.
fn known(operator: &str, property: &str) -> Value {
    json!({"propertyName": property, "operator": operator})
}

/// A filter on a property.
fn property(json: &Value) -> Result<Branch, Refusal> {
    let ty = json["filterType"].as_str().unwrap_or_default();
    if ty != "PROPERTY" {
        return Err(unsupported("filters", ty));
    }
    let (name, operation) = (&json["property"], &json["operation"]);
    let given = operation["operator"].as_str().unwrap_or_default();
    let name = name.as_str().unwrap_or_default();
    let branch = match comparison(name, given, operation)? {
        Some(text) => text,
        None => Branch::Property(condition_of(name, given, operation)?),
    };
    if operation["includeObjectsWithNoValueSet"] != json!(true) {
        return Ok(branch);
    }
    let without = Branch::Property(known("NOT_HAS_PROPERTY", name));
    Ok(Branch::Any(vec![without, branch]))
}

/// The comparison of a whole value with texts; `None` for another operator.
fn comparison(property: &str, given: &str, operation: &Value) -> Result<Option<Branch>, Refusal> {
    let is_part: fn(&str, &str) -> bool = match given {
        "STARTS_WITH" => |value, part| value.starts_with(part),
        "ENDS_WITH" => |value, part| value.ends_with(part),
        "CONTAINS" | "DOES_NOT_CONTAIN" => |value, part| value.contains(part),
        _ => return Ok(None),
    };
    let parts = values(operation);
    let parts = parts.iter().map(|part| part.to_lowercase());
    let parts = parts.collect::<Vec<_>>();
    if parts.is_empty() || parts.contains(&String::new()) {
        let message = format!("The operator {given} needs a value");
        return Err(Refusal::validation(message).context("operator", [given.to_owned()]));
    }
    let found = Branch::Text {
        property: property.to_owned(),
        is_part,
        parts,
    };
    Ok(Some(if given == "DOES_NOT_CONTAIN" {
        let has_value = Branch::Property(known("HAS_PROPERTY", property));
        Branch::All(vec![has_value, Branch::Not(Box::new(found))])
    } else {
        found
    }))
}

/// The body of a search filter with the same meaning.
fn condition_of(property: &str, given: &str, operation: &Value) -> Result<Value, Refusal> {
    let values = values(operation);
    let mut operators = OPERATORS.iter();
    let operator = operators.find(|(known, _)| *known == given);
    // With several values it would mean all of them at once.
    let operator = operator.filter(|_| given != "IS_EXACTLY" || values.len() == 1);
    let (_, operator) = operator.ok_or_else(|| unsupported("operators", given))?;
    let mut filter = known(operator, property);
    match *operator {
        "HAS_PROPERTY" | "NOT_HAS_PROPERTY" => {}
        "BETWEEN" => {
            filter["value"] = json!(text(&operation["lowerBound"]));
            filter["highValue"] = json!(text(&operation["upperBound"]));
        }
        "EQ" | "NEQ" if values.len() != 1 => {
            // Searches compare texts of a list in lower case.
            let lower = values.iter().map(|value| value.to_lowercase());
            filter["values"] = lower.collect();
            filter["operator"] = json!(if *operator == "EQ" { "IN" } else { "NOT_IN" });
        }
        _ => filter["value"] = json!(values.first().cloned().unwrap_or_default()),
    }
    Ok(filter)
}

/// The values of an operation.
fn values(operation: &Value) -> Vec<String> {
    let several = operation["values"].as_array().into_iter().flatten();
    let one = ["value", "timestamp"].map(|name| &operation[name]);
    let one = one.into_iter().filter(|value| !value.is_null());
    several.chain(one).map(text).collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
