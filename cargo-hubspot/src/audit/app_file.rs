//! Compares app files (`*-hsmeta.json`) with the scopes that the code declares.
//!
//! Files that describe something other than an app are skipped. If an app file cannot be read, `fault` says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::app_file;
use crate::model::{AppFile, Difference, List, Listed, ScopeSet};

/// What a file says, `name` being what the report calls it; none for a file about something else than an app.
pub(super) fn read(path: &Path, name: String) -> Option<AppFile> {
    let mut file = AppFile {
        file: name,
        login: None,
        scopes: Vec::new(),
        differences: Vec::new(),
        fault: None,
    };
    match app_file::look(path) {
        Err(fault) => file.fault = Some(fault),
        Ok(app) => {
            let app = app?;
            file.login = app.login;
            let listed = |(list, scope): (_, &String)| Listed {
                scope: scope.clone(),
                list,
            };
            file.scopes = app.scopes.scopes().map(listed).collect();
        }
    }
    Some(file)
}

/// Where a file is not what the sets declare together. One that is read from the file is the file.
pub(super) fn differences(
    file: &AppFile,
    path: &Path,
    sets: &[(&ScopeSet, PathBuf)],
) -> Vec<Difference> {
    let reads_it = |(set, folder): &&(&ScopeSet, PathBuf)| {
        let source = set.source.as_ref().map(|source| folder.join(source));
        source.and_then(|source| source.canonicalize().ok()) == path.canonicalize().ok()
    };
    if file.fault.is_some() || sets.iter().all(|set| reads_it(&set)) {
        return Vec::new();
    }
    let in_file: BTreeMap<_, _> = file
        .scopes
        .iter()
        .map(|listed| (&listed.scope, listed.list))
        .collect();
    let mut in_code: BTreeMap<&String, List> = BTreeMap::new();
    for declared in sets.iter().flat_map(|(set, _)| &set.scopes) {
        let list = match declared.list {
            List::Assume => continue,
            List::Unlisted => List::Required,
            list => list,
        };
        // What one set requires and another one takes if it can is required.
        let known = in_code.entry(&declared.scope).or_insert(list);
        *known = list.min(*known);
    }
    let mut scopes: Vec<_> = in_file.keys().chain(in_code.keys()).copied().collect();
    scopes.sort();
    scopes.dedup();
    scopes
        .into_iter()
        .map(|scope| Difference {
            scope: scope.clone(),
            in_file: in_file.get(scope).copied(),
            in_code: in_code.get(scope).copied(),
            may_be_needed: false,
        })
        .filter(|difference| difference.in_file != difference.in_code)
        .collect()
}
