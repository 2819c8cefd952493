//! Evaluates the filters of lists by the conditions of searches.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::objects::search::{Condition, Filter};
use crate::store::{Record, Store};
use crate::values::{Refusal, TypeId};

/// How deep branches may be nested.
const MAX_DEPTH: u8 = 8;

/// Operators of lists with those of searches.
const OPERATORS: [(&str, &str); 24] = [
    ("IS", "EQ"),
    ("IS_EQUAL_TO", "EQ"),
    ("IS_EXACTLY", "EQ"),
    ("IS_ANY_OF", "EQ"),
    ("HAS_EVER_BEEN_ANY_OF", "EQ"),
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
    ("CONTAINS", "CONTAINS_TOKEN"),
    ("CONTAINS_EXACTLY", "CONTAINS_TOKEN"),
    ("DOES_NOT_CONTAIN", "NOT_CONTAINS_TOKEN"),
    ("STARTS_WITH", "CONTAINS_TOKEN"),
    ("ENDS_WITH", "CONTAINS_TOKEN"),
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

/// A filter on a property, as a search has it.
fn property(json: &Value) -> Result<Branch, Refusal> {
    let ty = json["filterType"].as_str().unwrap_or_default();
    if ty != "PROPERTY" {
        return Err(unsupported("filters", ty));
    }
    let operation = &json["operation"];
    let given = operation["operator"].as_str().unwrap_or_default();
    let mut operators = OPERATORS.iter();
    let operator = operators.find(|(known, _)| *known == given);
    let (_, operator) = operator.ok_or_else(|| unsupported("operators", given))?;
    let mut filter = json!({"propertyName": json["property"], "operator": operator});
    let values = values(operation);
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
        _ => {
            let value = values.first().cloned().unwrap_or_default();
            filter["value"] = json!(match given {
                "STARTS_WITH" => format!("{value}*"),
                "ENDS_WITH" => format!("*{value}"),
                "CONTAINS" | "DOES_NOT_CONTAIN" => format!("*{value}*"),
                _ => value,
            });
        }
    }
    Ok(Branch::Property(filter))
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
