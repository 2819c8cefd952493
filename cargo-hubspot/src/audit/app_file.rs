//! The files of HubSpot projects that say with which scopes an app is installed.
//!
//! Comes in: a folder. Goes out: each app file below it, with its scopes, and where these are not what the code declares.
//! Refused: a file that is no app file at all is left out; what is wrong with one that is stands in its `fault`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hubspot_scopes::Scheme;
use serde::Deserialize;

use crate::model::{AppFile, Difference, List, Listed, ScopeSet};

/// How the names of these files end.
const ENDING: &str = "-hsmeta.json";

/// What is read of one.
#[derive(Deserialize)]
struct Contents {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    config: Config,
}

#[derive(Default, Deserialize)]
struct Config {
    auth: Option<Auth>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    required_scopes: Vec<String>,
    #[serde(default)]
    conditionally_required_scopes: Vec<String>,
    #[serde(default)]
    optional_scopes: Vec<String>,
}

/// The files below `folder` that may be app files, in order; not in folders of builds, of other tools or that are hidden.
pub(crate) fn find(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let is_built = folder.join("CACHEDIR.TAG").exists();
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for entry in entries.filter(|_| !is_built) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let skipped = name.starts_with('.') || name == "node_modules" || name == "target";
            // A link to a folder is not followed: it may lead anywhere.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !skipped => open.push(entry.path()),
                Ok(kind) if !kind.is_dir() && name.ends_with(ENDING) => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// What a file says, `name` being what the report calls it; none for a file about something else than an app.
pub(super) fn read(path: &Path, name: String) -> Option<AppFile> {
    let contents = fs::read_to_string(path)
        .map_err(|error| format!("cannot be read: {error}"))
        .and_then(|text| {
            serde_json::from_str::<Contents>(&text)
                .map_err(|error| format!("is no app file: {error}"))
        });
    let mut file = AppFile {
        file: name,
        login: None,
        scopes: Vec::new(),
        differences: Vec::new(),
        fault: None,
    };
    match contents {
        Err(fault) => file.fault = Some(fault),
        Ok(contents) => {
            let is_app = contents.kind.as_deref().is_none_or(|kind| kind == "app");
            let auth = contents.config.auth.filter(|_| is_app)?;
            file.login = match auth.kind.as_deref() {
                Some("oauth") => Some(Scheme::OAuth2),
                Some("static") => Some(Scheme::PrivateApps),
                _ => None,
            };
            let lists = [
                (List::Required, auth.required_scopes),
                (List::Conditional, auth.conditionally_required_scopes),
                (List::Optional, auth.optional_scopes),
            ];
            for (list, scopes) in lists {
                let listed = |scope| Listed { scope, list };
                file.scopes.extend(scopes.into_iter().map(listed));
            }
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
        })
        .filter(|difference| difference.in_file != difference.in_code)
        .collect()
}
