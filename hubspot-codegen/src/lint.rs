//! Finds the known faults of HubSpot's documents, each with the overlay action that mends it, if there is one.

mod faults;
mod operations;

use serde_json::{Value, json};

use crate::error::{join, unescape};
use crate::load::Source;
use crate::model::Place;

/// A fault at a place.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub fault: &'static str,
    /// What the overlay does to the target.
    action: Action,
    /// What the action selects, as a JSON path.
    target: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    Update(Value),
    Remove,
    /// Nothing: what is right is to be found out.
    Decide,
}

impl Finding {
    /// The action that mends it, as JSON, which is YAML too. None if the document does not show what would be right.
    pub fn action(&self) -> Option<String> {
        let (target, fault) = (&self.target, self.fault);
        let action = match &self.action {
            Action::Update(value) => {
                json!({"target": target, "description": fault, "update": value})
            }
            Action::Remove => json!({"target": target, "description": fault, "remove": true}),
            Action::Decide => return None,
        };
        Some(action.to_string())
    }
}

/// Every known fault of a document, in order of place.
pub fn lint(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    visit(
        &source.value,
        &source.value,
        "",
        &mut |pointer, fault, target, action| {
            findings.push(Finding {
                place: Place {
                    document: source.path.clone(),
                    pointer: pointer.to_owned(),
                },
                fault,
                action,
                target,
            });
        },
    );
    findings.sort_by(|one, other| (&one.place, one.fault).cmp(&(&other.place, other.fault)));
    findings
}

/// Reports a fault: its pointer, what it is, the JSON path of the action's target, the action.
type Report<'a> = dyn FnMut(&str, &'static str, String, Action) + 'a;

/// Looks for faults at and below a value.
fn visit(document: &Value, value: &Value, pointer: &str, report: &mut Report<'_>) {
    faults::at(document, value, pointer, report);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                visit(document, field, &join(pointer, name), report);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(document, item, &join(pointer, &index.to_string()), report);
            }
        }
        _ => {}
    }
}

/// A JSON pointer as a path of RFC 9535, which overlays use.
fn json_path(pointer: &str) -> String {
    let mut before = "";
    let parts = pointer.split('/').skip(1).map(|part| {
        // Statuses are keys, other numbers are places in lists.
        let is_key = std::mem::replace(&mut before, part) == "responses";
        if !is_key && !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit()) {
            return format!("[{part}]");
        }
        let name = unescape(part).replace('\\', "\\\\").replace('\'', "\\'");
        format!("['{name}']")
    });
    parts.fold("$".to_owned(), |path, part| path + &part)
}
