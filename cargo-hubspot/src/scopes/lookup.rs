//! Finds operations by id, path or request, and says why there is none.

use std::collections::BTreeSet;

use hubspot_generated::Operation;

use super::known;
use crate::object_types::canonical;
use crate::operations;
use crate::path::{self, fits, without_version};
use crate::request::{METHODS, Written};

/// The operations with this id, with or without the version, with this path, which may have values for parameters, or with
/// this method and path.
pub(crate) fn operations_called(name: &str) -> Vec<&'static Operation> {
    let name = name.trim();
    let by_id: Vec<_> = operations::all()
        .filter(|operation| is_called(operation, name))
        .collect();
    if !by_id.is_empty() {
        return by_id;
    }
    match Written::parse(name).filter(|request| request.elsewhere().is_none()) {
        Some(request) => requested(request.method.as_deref(), &request.path),
        None => Vec::new(),
    }
}

/// Returns whether `name` is the id of an operation, with or without the version.
fn is_called(operation: &Operation, name: &str) -> bool {
    let version = operation.id.strip_suffix(name);
    let version = version.filter(|_| name.contains('.'));
    version.is_some_and(|version| version.is_empty() || version.ends_with('.'))
}

/// The operations with this path, and with this method if there is one.
fn requested(method: Option<&str>, path: &str) -> Vec<&'static Operation> {
    let is_asked = |known: &str| method.is_none_or(|method| method == known);
    let is_of_path =
        |operation: &&Operation| operation.path == path && is_asked(operation.method.as_str());
    let of_path: Vec<_> = operations::all().filter(is_of_path).collect();
    if !of_path.is_empty() {
        return of_path;
    }
    let methods = METHODS.into_iter().filter(|known| is_asked(known));
    let fitting = methods.filter_map(|method| operations::of_request(method, path));
    fitting.collect()
}

/// Why no scope and no operation is called so.
pub(super) fn unknown_name(name: &str) -> String {
    unknown_request(name).unwrap_or_else(|| {
        let ids = operations::all().map(|operation| operation.id);
        let nearest = nearest(name, known().chain(ids));
        let shown = path::shown(name);
        format!("no scope and no operation is called `{shown}`{nearest}")
    })
}

/// Why no operation is called so.
#[cfg(feature = "mcp")]
pub(crate) fn unknown_operation(name: &str) -> String {
    unknown_request(name).unwrap_or_else(|| {
        let ids = operations::all().map(|operation| operation.id);
        let nearest = nearest(name, ids);
        format!("no operation is called `{}`{nearest}", path::shown(name))
    })
}

/// Why no operation has this path; `None` if the name is no path.
fn unknown_request(name: &str) -> Option<String> {
    let request = Written::parse(name)?;
    if let Some(host) = request.elsewhere() {
        let host = path::shown(host);
        return Some(format!(
            "`{host}` is no host of HubSpot's API: that is `api.hubapi.com`"
        ));
    }
    let shown = path::shown(&request.path);
    let others = requested(None, &request.path);
    let others: BTreeSet<_> = others.iter().map(|one| one.method.as_str()).collect();
    if let Some(method) = request.method.filter(|_| !others.is_empty()) {
        let method = path::shown(&method);
        let others = Vec::from_iter(others).join(", ");
        return Some(format!("`{shown}` has no {method}, but {others}"));
    }
    let bare = without_version(&canonical(&request.path));
    let paths = operations::all().filter(|one| one.resource() != "objects");
    let paths: BTreeSet<_> = paths.map(|one| one.path).collect();
    let alike = paths
        .iter()
        .filter(|path| fits(&without_version(path), &bare));
    let end = match alike.min_by_key(|path| path.matches('{').count()) {
        Some(other) => format!(", but `{other}` in another version"),
        None => nearest(&request.path, paths.into_iter()),
    };
    Some(format!("no operation has the path `{shown}`{end}"))
}

/// How many names an error offers.
const OFFERED: usize = 3;

/// The known names that are most like this one, as the end of a message.
pub(crate) fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> String {
    if name.len() > path::LONGEST {
        return String::new();
    }
    let mut near: Vec<_> = names
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let near = near
        .iter()
        .take(OFFERED)
        .map(|(_, known)| format!("`{known}`"));
    match near.collect::<Vec<_>>().join(", ") {
        near if near.is_empty() => near,
        near => format!("; near it are {near}"),
    }
}
