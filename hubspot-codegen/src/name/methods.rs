//! What the operations of a resource are called.
//!
//! In: the operations of one resource in one version. Out: a method name for each. Refused: two operations that would
//! have one name; `[methods]` of `apis.toml` can tell them apart.
//!
//! Names follow the structure of paths below the resource's root, the path that its operations have in common:
//!
//! | below the root | GET | POST | PATCH | PUT | DELETE |
//! | --- | --- | --- | --- | --- | --- |
//! | nothing | `list` | `create` | `update` | `set` | `archive` |
//! | `{id}` | `get` | `create` | `update` | `set` | `archive` |
//! | `batch/read` | `get_batch_read` | `batch_read` | `update_batch_read` | `set_batch_read` | `archive_batch_read` |
//! | `{id}/notes` | `list_notes` | `create_note` | `update_notes` | `set_notes` | `archive_notes` |
//! | `{id}/notes/{id}` | `get_note` | `create_note` | `update_note` | `set_note` | `archive_note` |
//!
//! `notes` is a collection here because a path goes on with a parameter after it; `batch/read` is a call because none
//! does. A GET lists what has items or answers with a list, and gets everything else. A POST to a root without items
//! and without a list is a call: it is named after the root's last word.

use std::collections::{BTreeMap, BTreeSet};

use super::identifiers::snake;
use crate::config::{Config, parameter_name};
use crate::error::{Error, Problem};
use crate::model::{Endpoint, Model, Shape, Type};

/// The methods of one resource in one version, in the order of its operations.
pub(super) fn methods(
    endpoints: &[&Endpoint],
    model: &Model,
    config: &Config,
    errors: &mut Vec<Error>,
) -> Vec<String> {
    let paths = Paths::new(endpoints, config);
    let mut taken = BTreeMap::<String, &Endpoint>::new();
    let mut names = Vec::with_capacity(endpoints.len());
    for endpoint in endpoints {
        let key = format!("{} {}", endpoint.operation.method, endpoint.operation.path);
        let given = config.apis.methods.get(&key).cloned();
        let name = snake(&given.unwrap_or_else(|| paths.method(endpoint, model)));
        if let Some(other) = taken.insert(name.clone(), endpoint) {
            let problem = Problem::SameName {
                name: format!("{}.{name}", endpoint.resource),
                other: Box::new(other.operation.place.clone()),
                remedy: "name one of them in `[methods]` of apis.toml, as `\"POST /path\" = \"name\"`",
            };
            errors.push(Error::new(endpoint.operation.place.clone(), problem));
        }
        names.push(name);
    }
    names
}

/// Where a method stands among those of its resource, for readers: the everyday ones first.
pub(crate) fn rank(method: &str) -> usize {
    const ORDER: [&str; 13] = [
        "list",
        "create",
        "get",
        "update",
        "set",
        "archive",
        "search",
        "merge",
        "batch_create",
        "batch_read",
        "batch_update",
        "batch_upsert",
        "batch_archive",
    ];
    ORDER
        .iter()
        .position(|known| *known == method)
        .unwrap_or(ORDER.len())
}

/// The paths of one resource.
struct Paths<'a> {
    /// How many segments of each path are its root, by path.
    roots: BTreeMap<&'a str, usize>,
    /// Every path up to a parameter, parameters as `{}`.
    collections: BTreeSet<Vec<&'a str>>,
    /// Whether the root is listed.
    listed: bool,
}

impl<'a> Paths<'a> {
    fn new(endpoints: &[&'a Endpoint], config: &Config) -> Self {
        let paths = endpoints
            .iter()
            .map(|endpoint| endpoint.operation.path.as_str())
            .collect::<BTreeSet<_>>();
        let common = common_root(&paths);
        // A generic resource stands behind parameters, hence has no root in common: its own name ends it.
        let generic = endpoints
            .first()
            .map(|endpoint| endpoint.resource.as_str())
            .filter(|resource| {
                config
                    .apis
                    .generics
                    .iter()
                    .any(|generic| generic.resource == *resource)
            });
        let root = |path: &str| {
            let name =
                generic.and_then(|name| segments(path).iter().position(|segment| *segment == name));
            name.map_or(common, |index| index + 1)
        };
        let roots = paths
            .iter()
            .map(|path| (*path, root(path)))
            .collect::<BTreeMap<_, _>>();
        let mut collections = BTreeSet::new();
        for path in &paths {
            let segments = segments(path);
            let parameters = segments
                .iter()
                .enumerate()
                .filter(|(_, segment)| **segment == "{}");
            collections.extend(parameters.map(|(index, _)| segments[..index].to_vec()));
        }
        let listed = endpoints.iter().any(|endpoint| {
            let path = endpoint.operation.path.as_str();
            endpoint.operation.method == "GET" && segments(path).len() == roots[path]
        });
        Self {
            roots,
            collections,
            listed,
        }
    }

    fn method(&self, endpoint: &Endpoint, model: &Model) -> String {
        let segments = segments(&endpoint.operation.path);
        let root = self
            .roots
            .get(endpoint.operation.path.as_str())
            .copied()
            .unwrap_or_default();
        let below = &segments[root.min(segments.len())..];
        let words = below
            .iter()
            .filter(|segment| **segment != "{}")
            .copied()
            .collect::<Vec<_>>();
        let is_item = below.last() == Some(&"{}");
        let is_collection = self.collections.contains(&segments);
        let lists = is_collection || answers_with_list(endpoint, model);
        let verb = match (endpoint.operation.method.as_str(), is_item) {
            ("GET", false) if lists => "list",
            ("GET", _) => "get",
            ("POST", false) if words.is_empty() && !is_collection && !self.listed => {
                let mut words = segments.iter().rev().filter(|segment| **segment != "{}");
                return (*words.next().unwrap_or(&"")).to_owned();
            }
            ("POST", false) if !words.is_empty() && !is_collection => return words.join("_"),
            ("POST", _) => "create",
            ("PATCH", _) => "update",
            ("PUT", _) => "set",
            _ => "archive",
        };
        let one = is_item || verb == "create";
        let last = words.len().saturating_sub(1);
        let words = words.iter().enumerate();
        let words = words.map(|(index, word)| {
            if one && index == last {
                singular(word)
            } else {
                (*word).to_owned()
            }
        });
        std::iter::once(verb.to_owned())
            .chain(words)
            .collect::<Vec<_>>()
            .join("_")
    }
}

/// The segments of a path, parameters as `{}`.
fn segments(path: &str) -> Vec<&str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments
        .map(|segment| {
            if parameter_name(segment).is_some() {
                "{}"
            } else {
                segment
            }
        })
        .collect()
}

/// How many segments all paths begin with, up to `batch`.
fn common_root(paths: &BTreeSet<&str>) -> usize {
    let mut all = paths.iter().map(|path| segments(path));
    let Some(first) = all.next() else { return 0 };
    let common = all.fold(first.len(), |common, path| {
        first
            .iter()
            .zip(&path)
            .take(common)
            .take_while(|(one, other)| one == other)
            .count()
    });
    first
        .iter()
        .take(common)
        .take_while(|segment| **segment != "batch")
        .count()
}

fn answers_with_list(endpoint: &Endpoint, model: &Model) -> bool {
    match &endpoint.operation.answer {
        Some(Type::Array(_)) => true,
        Some(Type::Named(id)) => match model.types.get(id).map(|definition| &definition.shape) {
            Some(Shape::Object(fields)) => fields
                .iter()
                .any(|field| field.name == "results" && matches!(field.ty, Type::Array(_))),
            _ => false,
        },
        _ => false,
    }
}

/// A word of a path for one instead of many.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let stem = word.strip_suffix('s').filter(|stem| !stem.ends_with('s'));
    stem.unwrap_or(word).to_owned()
}
