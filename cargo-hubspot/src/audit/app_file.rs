//! Compares app files (`*-hsmeta.json`) with the scopes that the code declares.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::app_file;
use crate::folder::real;
use crate::model::{CheckedAppFile, Difference, List, Listed, ScopeSet};

/// Compares a file, which the report calls `name`, with the scope sets of the package in a folder. Returns `None` if it
/// does not describe an app.
pub(super) fn check(
    path: &Path,
    name: String,
    (sets, folder): (&[&ScopeSet], &Path),
) -> Option<CheckedAppFile> {
    let mut file = CheckedAppFile {
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
            let listed = app
                .scopes
                .scopes()
                .map(|(list, scope): (_, &String)| Listed {
                    scope: scope.clone(),
                    list,
                });
            file.scopes = listed.collect();
            // A set that is read from the file does not differ from it.
            let is_read_from_it = |set: &&ScopeSet| {
                let source = set.source.as_ref().map(|source| real(&folder.join(source)));
                source.is_some_and(|source| source == real(path))
            };
            if !sets.iter().all(is_read_from_it) {
                file.differences = differences(&file.scopes, sets);
            }
        }
    }
    Some(file)
}

/// The scopes that are not in the same list in a file and in the sets together.
fn differences(listed: &[Listed], sets: &[&ScopeSet]) -> Vec<Difference> {
    let listed = listed.iter().map(|one| (&one.scope, one.list));
    let in_file: BTreeMap<_, _> = listed.collect();
    let mut in_code: BTreeMap<&String, List> = BTreeMap::new();
    for declared in sets.iter().flat_map(|set| &set.scopes) {
        let Some(list) = declared.list.in_app_file() else {
            continue;
        };
        // A scope that one set requires and another one has as optional is required.
        let known = in_code.entry(&declared.scope).or_insert(list);
        *known = list.min(*known);
    }
    let scopes: BTreeSet<_> = in_file.keys().chain(in_code.keys()).copied().collect();
    let differences = scopes.into_iter().map(|scope| Difference {
        scope: scope.clone(),
        in_file: in_file.get(scope).copied(),
        in_code: in_code.get(scope).copied(),
        may_be_needed: false,
    });
    differences
        .filter(|difference| difference.in_file != difference.in_code)
        .collect()
}
