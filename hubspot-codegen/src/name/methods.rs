//! What the operations of a resource are called.
//!
//! Of two that would have one name, each takes the end of HubSpot's own name that says by what a record is found, as in
//! `archive_folder_by_path`. Two that still have one name are an error; `[methods]` of `apis.toml` can tell them apart.
//!
//! Names follow the structure of paths below the resource's root, the path that its operations have in common:
//!
//! | below the root | GET | POST | PATCH | PUT | DELETE |
//! | --- | --- | --- | --- | --- | --- |
//! | nothing | `list` | `create` | `update` | `set` | `archive` |
//! | `{id}` | `get` | `create` | `update` | `set` | `archive` |
//! | `batch/read` | `get_batch_read` | `batch_read` | `update_batch_read` | `set_batch_read` | `archive_batch_read` |
//! | `notes/batch/read` | | `batch_read_notes` | | | |
//! | `send/batch` | | `batch_send` | | | |
//! | `{id}/notes` | `list_notes` | `create_note` | `update_notes` | `set_notes` | `archive_notes` |
//! | `{id}/notes/{id}` | `get_note` | `create_note` | `update_note` | `set_note` | `archive_note` |
//!
//! `notes` is a collection here because a path goes on with a parameter after it; `batch/read` is a call because none
//! does. A GET lists what has items or answers with a list, and gets everything else. A POST to a root without items
//! and without a list is a call: it is named after the root's last word.

use std::collections::{BTreeMap, BTreeSet};

use super::distinct::{Named, apart, whole_path};
use super::identifiers::snake;
use crate::config::{Config, entry, is_version};
use crate::error::{Error, Problem};
use crate::model::{Endpoint, Identifier, Model, Operation, Type, TypeDefinition};

/// The methods of one resource in one version, in the order of its operations.
pub(super) fn methods(
    endpoints: &[&Endpoint],
    model: &Model,
    config: &Config,
    errors: &mut Vec<Error>,
) -> Vec<Identifier> {
    let paths = Paths::new(endpoints, config);
    let given = |endpoint: &Endpoint| {
        let documents = endpoint.documents();
        entry(&config.apis.methods, documents, &endpoint.operation.key())
    };
    let by_path = endpoints.iter().map(|endpoint| match given(endpoint) {
        Some(_) => None,
        None => Some(paths.method(endpoint, model)),
    });
    let by_path = by_path.collect::<Vec<_>>();
    let is_shared =
        |name: &Option<String>| by_path.iter().filter(|other| *other == name).count() > 1;
    let mut names = Vec::with_capacity(endpoints.len());
    for (endpoint, by_path) in endpoints.iter().zip(&by_path) {
        let suffix = is_shared(by_path)
            .then(|| by_what(&endpoint.operation))
            .flatten();
        let ident = match (given(endpoint), by_path) {
            (Some(name), _) => snake(name),
            (None, name) => snake(&format!(
                "{} {}",
                name.as_deref().unwrap_or_default(),
                suffix.unwrap_or_default()
            )),
        };
        let text = endpoint.operation.key();
        let is_free = !config.complete && by_path.is_some();
        let longer = is_free.then(|| whole_path(&text));
        names.push(Named {
            ident,
            longer,
            text,
        });
    }
    apart(&mut names);
    let mut taken = BTreeMap::<&Identifier, &Endpoint>::new();
    for (endpoint, name) in endpoints.iter().zip(&names) {
        if let Some(other) = taken.insert(&name.ident, endpoint) {
            let problem = Problem::SameName {
                name: format!("{}.{}", endpoint.resource, name.ident),
                other: Box::new(other.operation.place.clone()),
                remedy: "name one of them in `[methods]` of apis.toml, as `\"POST /path\" = \"name\"`",
            };
            errors.push(Error::new(endpoint.operation.place.clone(), problem));
        }
    }
    names.into_iter().map(|name| name.ident).collect()
}

/// The end of HubSpot's name for an operation that says by what a record is found, such as `ByPath`.
fn by_what(operation: &Operation) -> Option<&str> {
    let name = operation.hubspot_name.as_deref()?;
    let (start, what) = (name.rfind("By")?, name.rsplit("By").next()?);
    let is_word = what.starts_with(|first: char| first.is_ascii_uppercase());
    (is_word && what != "Id").then(|| &name[start..])
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
        let path = endpoint.operation.path.as_str();
        let segments = segments(path);
        let below = segments.get(self.roots[path]..).unwrap_or_default();
        let words = below.iter().filter(|segment| **segment != "{}");
        let words = words.copied().collect::<Vec<_>>();
        let is_item = below.last() == Some(&"{}");
        let is_collection = self.collections.contains(&segments);
        let is_call = endpoint.operation.method == "POST" && !is_item && !is_collection;
        if is_call && !words.is_empty() {
            return call(&words);
        }
        if is_call && !self.listed {
            let mut words = segments.iter().rev().filter(|segment| **segment != "{}");
            return (*words.next().unwrap_or(&"")).to_owned();
        }
        let verb = match endpoint.operation.method.as_str() {
            "GET" if !is_item && (is_collection || answers_with_list(endpoint, model)) => "list",
            "GET" => "get",
            "POST" => "create",
            "PATCH" => "update",
            "PUT" => "set",
            _ => "archive",
        };
        named_after(verb, &words, is_item || verb == "create")
    }
}

/// The name of a call: `batch_read_notes` for `notes/batch/read`, `batch_send` for `send/batch`, else the words themselves.
fn call(words: &[&str]) -> String {
    match words {
        [nouns @ .., "batch", verb] if !nouns.is_empty() => {
            format!("batch_{verb}_{}", nouns.join("_"))
        }
        [verb, "batch"] => format!("batch_{verb}"),
        _ => words.join("_"),
    }
}

/// `list_notes`, or `get_note` for one.
fn named_after(verb: &str, words: &[&str], one: bool) -> String {
    let mut name = verb.to_owned();
    for (index, word) in words.iter().enumerate() {
        let is_last = index + 1 == words.len();
        name.push('_');
        name.push_str(&if one && is_last {
            singular(word)
        } else {
            (*word).to_owned()
        });
    }
    name
}

/// The segments of a path, parameters as `{}`, without those that say the version.
fn segments(path: &str) -> Vec<&str> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments = segments.filter(|segment| !is_version(segment));
    segments
        .map(|segment| if segment.contains('{') { "{}" } else { segment })
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
    match &endpoint.operation.response {
        Some(Type::Array(_)) => true,
        Some(Type::Named(id)) => {
            let definition = model.types.get(id);
            let mut fields = definition.into_iter().flat_map(TypeDefinition::fields);
            fields.any(|field| field.name == "results" && matches!(field.ty, Type::Array(_)))
        }
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
