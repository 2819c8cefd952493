//! `cargo xtask power`: records what each scope allows, over all documents that HubSpot publishes.
//!
//! Reads the `security` of every operation below a folder, and writes the distinct requirements with the number of their
//! operations to `cargo-hubspot/src/power/operations.tsv`. The audit compares scopes by it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use anyhow::{Context, Result, bail, ensure};
use hubspot_codegen::analyze::only_reads;
use hubspot_scopes::{Alternative, LoginKind, LoginKinds, Requirement};
use serde_json::Value;

use crate::{files, workspace};

/// Options of `cargo xtask power`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with all of HubSpot's own documents, at any depth
    folder: PathBuf,
    /// Only compare: fail if the file is not what the documents say
    #[arg(long)]
    check: bool,
}

/// The operations of one requirement, as method and path.
#[derive(Default)]
struct Operations {
    reads: BTreeSet<(String, String)>,
    writes: BTreeSet<(String, String)>,
}

/// Some documents require this scope and another one where either is enough: see
/// `specs/overlays/records-of-commerce-need-one-scope.yaml`.
const EITHER_IS_ENOUGH: &str = "e-commerce";

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Writes the file, or compares it.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut found = BTreeMap::new();
    let mut documents = 0;
    for path in files::with_extension(&arguments.folder, "json")? {
        collect(&files::json(&path)?, &mut found);
        documents += 1;
    }
    ensure!(
        documents > 0,
        "no documents below {}",
        arguments.folder.display()
    );
    let text = table(&found);
    let place = workspace::root().join("cargo-hubspot/src/power/operations.tsv");
    let shown = workspace::shown(&place);
    if arguments.check {
        if fs::read_to_string(&place).unwrap_or_default() != text {
            bail!("{shown} is out of date: run cargo xtask power");
        }
    } else {
        fs::write(&place, text).with_context(|| format!("cannot write {shown}"))?;
    }
    let operations: usize = found
        .values()
        .map(|each| each.reads.len() + each.writes.len())
        .sum();
    println!(
        "{documents} documents: {} requirements of {operations} operations in {shown}",
        found.len()
    );
    Ok(())
}

fn collect(document: &Value, found: &mut BTreeMap<Requirement, Operations>) {
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let security = operation
                .get("security")
                .or_else(|| document.get("security"));
            let operations = found.entry(requirement(security)).or_default();
            let list = if only_reads(method, path) {
                &mut operations.reads
            } else {
                &mut operations.writes
            };
            list.insert((method.to_owned(), path.clone()));
        }
    }
}

/// The scopes that a `security` requires. One that names a single kind of login applies to both.
fn requirement(security: Option<&Value>) -> Requirement {
    let entries = security.and_then(Value::as_array).into_iter().flatten();
    let named = entries.filter_map(Value::as_object).flatten();
    let mut alternatives = Vec::new();
    for (scheme, scopes) in named {
        let Some(scheme) = LoginKind::from_openapi(scheme) else {
            continue;
        };
        let scopes = scopes.as_array().into_iter().flatten();
        let scopes: Vec<_> = scopes.filter_map(Value::as_str).collect();
        if scopes.len() == 2 && scopes.contains(&EITHER_IS_ENOUGH) {
            let each = scopes.into_iter().map(|scope| Alternative::all_of([scope]));
            alternatives.extend(each.map(|alternative| (scheme, alternative)));
        } else {
            alternatives.push((scheme, Alternative::all_of(scopes)));
        }
    }
    let kinds: BTreeSet<_> = alternatives.iter().map(|(scheme, _)| *scheme).collect();
    Requirement::new(alternatives.into_iter().map(|(scheme, alternative)| {
        alternative.with_logins(if kinds.len() == 1 {
            LoginKinds::EITHER
        } else {
            scheme.into()
        })
    }))
}

/// A line for each requirement that is not empty: how many operations read, how many write, the requirement.
fn table(found: &BTreeMap<Requirement, Operations>) -> String {
    let mut text = String::from(
        "# written by `cargo xtask power`: operations that read, operations that write, what they need\n",
    );
    let mut lines: Vec<_> = found
        .iter()
        .filter(|(requirement, _)| !requirement.is_none())
        .map(|(requirement, each)| {
            format!(
                "{}\t{}\t{requirement}\n",
                each.reads.len(),
                each.writes.len()
            )
        })
        .collect();
    lines.sort_by(|one, other| one.rsplit('\t').next().cmp(&other.rsplit('\t').next()));
    text.extend(lines);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_counted_by_requirement() {
        let document = serde_json::json!({
            "security": [{"oauth2": ["a"]}],
            "paths": {
                "/x": {"get": {}, "post": {"security": [{"oauth2": ["b"]}, {"private_apps_legacy": ["c", "d"]}]}},
                "/x/search": {"post": {}, "parameters": []},
                "/y": {"get": {"security": []}, "put": {"security": [{"developer_hapikey": []}]}},
                "/z": {"get": {"security": [{"oauth2": ["f", "e-commerce"]}]}},
            }
        });
        let mut found = BTreeMap::new();
        collect(&document, &mut found);
        collect(&document, &mut found);
        let text = table(&found);
        let lines: Vec<_> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "2\t0\t\"a\"",
                "1\t0\tany(\"e-commerce\", \"f\")",
                "0\t1\tany(oauth2(\"b\"), private_apps(\"c\", \"d\"))"
            ]
        );
    }
}
