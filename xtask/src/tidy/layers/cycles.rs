//! Finds files of a crate that import one another in a circle.
//!
//! A module may import its parents, and a parent its children. Any other circle is reported.

use std::collections::BTreeMap;

use petgraph::{algo::tarjan_scc, prelude::DiGraphMap};

use super::imports::Import;

/// A file of a crate.
pub(super) struct Module<'a> {
    /// Relative to the workspace.
    pub(super) file: &'a str,
    /// From the root of the crate.
    pub(super) path: Vec<String>,
    pub(super) imports: Vec<Import>,
    /// The names that its `use` items bring into scope, with the paths that they stand for.
    pub(super) names: BTreeMap<String, Vec<String>>,
}

/// The number of imports that are followed to find where a name comes from.
const DEPTH: usize = 8;

/// The circles among the files of a crate: one line each, with the imports that make it.
pub(super) fn faults(modules: &[Module<'_>]) -> Vec<String> {
    let mut graph = DiGraphMap::new();
    for (from, module) in modules.iter().enumerate() {
        for import in &module.imports {
            let Some(to) = target(&import.path, modules, DEPTH) else {
                continue;
            };
            if to != from && !module.path.starts_with(&modules[to].path) {
                graph.add_edge(from, to, import.line);
            }
        }
    }
    let circles = tarjan_scc(&graph).into_iter();
    let mut faults: Vec<_> = circles
        .filter(|circle| circle.len() > 1)
        .map(|circle| describe(&circle, &graph, modules))
        .collect();
    faults.sort();
    faults
}

/// The file that defines what a path names.
fn target(path: &[String], modules: &[Module<'_>], depth: usize) -> Option<usize> {
    let (index, module) = modules
        .iter()
        .enumerate()
        .filter(|(_, module)| path.starts_with(&module.path))
        .max_by_key(|(_, module)| module.path.len())?;
    let name = path.get(module.path.len());
    match name.and_then(|name| module.names.get(name)) {
        Some(whole) if depth > 0 => target(whole, modules, depth - 1).or(Some(index)),
        _ => Some(index),
    }
}

fn describe(circle: &[usize], graph: &DiGraphMap<usize, usize>, modules: &[Module<'_>]) -> String {
    let mut imports: Vec<_> = graph
        .all_edges()
        .filter(|(from, to, _)| circle.contains(from) && circle.contains(to))
        .map(|(from, to, line)| {
            let to = modules[to].path.join("::");
            format!("{}:{line} imports `{to}`", modules[from].file)
        })
        .collect();
    imports.sort();
    format!(
        "{}: files import one another in a circle",
        imports.join(", ")
    )
}
