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
use hubspot_scopes::security::{self, Entry};
use hubspot_scopes::{Alternative, Requirement};
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

/// The scopes that a `security` requires.
fn requirement(security: Option<&Value>) -> Requirement {
    let entries = security.and_then(Value::as_array).into_iter().flatten();
    let entries = entries.filter_map(Value::as_object).map(|schemes| {
        Entry::new(schemes.iter().map(|(name, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten();
            (name.as_str(), scopes.filter_map(Value::as_str))
        }))
    });
    let entries: Vec<_> = entries.collect();
    let requirement = security::requirement(&entries, security::logins(&entries));
    either_is_enough(&requirement.unwrap_or_default())
}

/// The requirement without the pairs of which one scope is enough.
fn either_is_enough(requirement: &Requirement) -> Requirement {
    let mut alternatives = Vec::new();
    for alternative in requirement.alternatives() {
        let scopes = alternative.scopes();
        if scopes.len() == 2 && scopes.contains(EITHER_IS_ENOUGH) {
            let each = scopes.iter().map(|scope| Alternative::all_of([scope]));
            alternatives.extend(each.map(|one| one.with_logins(alternative.logins())));
        } else {
            alternatives.push(alternative.clone());
        }
    }
    Requirement::new(alternatives)
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
