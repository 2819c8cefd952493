//! `--format rustc-json`: adds to rustc's errors the edit that declares the scope, which an editor offers as a quick fix.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::errors::Errors;
use super::plan::{Found, granted, lacking, list_of};
use crate::finding::quoted;

/// The lines of rustc or cargo, with suggestions. `found` has the scope set of each error.
pub(super) fn lines(text: &str, root: &Path, errors: &Errors, found: &[Option<Found>]) -> String {
    let mut suggestions = errors
        .missing
        .iter()
        .zip(found)
        .filter_map(|(missing, found)| {
            let needs = [(missing.needs.clone(), missing.operation.clone())];
            let suggestion = suggestion(root, found.as_ref()?, &needs)?;
            Some((missing.line, suggestion))
        });
    let mut next = suggestions.next();
    let mut output = String::new();
    for (number, line) in text.lines().enumerate() {
        let Some((_, suggestion)) = next.take_if(|(line, _)| *line == number) else {
            output += line;
            output.push('\n');
            continue;
        };
        next = suggestions.next();
        let Ok(mut value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let message = if value.get("message").is_some_and(Value::is_object) {
            &mut value["message"]
        } else {
            &mut value
        };
        if let Some(children) = message.get_mut("children").and_then(Value::as_array_mut) {
            children.push(suggestion);
        }
        output += &value.to_string();
        output.push('\n');
    }
    output
}

/// A help with the edit; `None` if an app file has the lists, or if the scope is in another list.
fn suggestion(root: &Path, found: &Found, needs: &[super::plan::Need]) -> Option<Value> {
    let lists = found.lists().ok()?;
    let (scopes, undecided) = lacking(&granted(&lists), needs);
    if found.set.file.is_some()
        || !undecided.is_empty()
        || scopes.is_empty()
        || scopes.iter().any(|scope| lists.contains_key(scope))
    {
        return None;
    }
    let text = fs::read_to_string(&found.file).ok()?;
    let names: Vec<_> = scopes.iter().map(String::as_str).collect();
    // One edit changes one list.
    let list = list_of(names.first()?);
    if names.iter().any(|name| list_of(name) != list) {
        return None;
    }
    let (range, new) = found.set.add(&text, list, &names).ok()??;
    let [(line_start, column_start), (line_end, column_end)] =
        [range.start, range.end].map(|byte| position(&text, byte));
    let lines = text
        .lines()
        .skip(line_start - 1)
        .take(line_end + 1 - line_start);
    let lines = lines.map(|line| json!({ "text": line, "highlight_start": 1, "highlight_end": line.chars().count() + 1 }));
    let names = quoted(&Vec::from_iter(scopes.clone()));
    let file = super::plan::shown(root, &found.file);
    Some(json!({
        "message": format!(
            "declare {names} in `{}`: every installed account has to consent again",
            found.set.name
        ),
        "code": null,
        "level": "help",
        "spans": [{
            "file_name": file,
            "byte_start": range.start,
            "byte_end": range.end,
            "line_start": line_start,
            "line_end": line_end,
            "column_start": column_start,
            "column_end": column_end,
            "is_primary": true,
            "text": lines.collect::<Vec<_>>(),
            "label": null,
            "suggested_replacement": new,
            // The app in HubSpot has to ask for the scope, too.
            "suggestion_applicability": "MaybeIncorrect",
            "expansion": null,
        }],
        "children": [],
        "rendered": null,
    }))
}

/// The line and the column of a byte, from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text
        .get(..byte)
        .unwrap_or(text)
        .trim_start_matches('\u{feff}');
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}
