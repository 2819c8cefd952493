//! Corrects HubSpot's published documents: applies overlays, and fills in path parameters that have a fixed value.
//!
//! A correction that matches nothing is an error, because the document was mended since.

use std::collections::BTreeSet;

use roas_overlay::apply::{Apply, ApplyErrorKind, ApplyOptions};
use roas_overlay::v1_0;
use roas_overlay::validation::Validate;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::analyze::only_reads;
use crate::config::{Config, DocumentEntry, parameter_name};
use crate::error::{Error, Errors, Problem};
use crate::load::{self, Sources};
use crate::model::Place;

/// Which documents an overlay corrects: an extension of ours, `["2026-09/contacts", "v3/*"]`.
const APPLIES_TO: &str = "x-applies-to";

/// The pattern of an overlay without [`APPLIES_TO`].
const EVERY_DOCUMENT: &str = "*/*";

/// From so many alternatives on, `security` lists the scopes of every object type instead of those of one.
pub(crate) const ANY_OBJECT: usize = 50;

/// Corrections to published documents: an `OpenAPI` Overlay 1.0 document.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    path: String,
    applies_to: Vec<String>,
    /// An overlay an action.
    actions: Vec<v1_0::Overlay>,
}

impl Overlay {
    /// Reads an overlay; the path is for messages, and its end says how the text is written.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<Self, Error> {
        let refuse = |cause: String| Error::in_file(path, Problem::Overlay(cause));
        let content = load::parse(path, bytes)?;
        let content =
            v1_0::Overlay::deserialize(&content).map_err(|cause| refuse(cause.to_string()))?;
        #[expect(
            clippy::default_trait_access,
            reason = "the set's type is of a crate that is not needed otherwise"
        )]
        content
            .validate(Default::default())
            .map_err(|cause| refuse(cause.to_string()))?;
        let extensions = content.extensions.as_ref();
        let applies_to = match extensions.and_then(|extensions| extensions.get(APPLIES_TO)) {
            None => vec![EVERY_DOCUMENT.to_owned()],
            Some(patterns) => Vec::deserialize(patterns)
                .map_err(|cause| refuse(format!("`{APPLIES_TO}`: {cause}")))?,
        };
        let single = |action: &v1_0::Action| v1_0::Overlay {
            actions: vec![action.clone()],
            ..content.clone()
        };
        Ok(Self {
            path: path.to_owned(),
            applies_to,
            actions: content.actions.iter().map(single).collect(),
        })
    }

    fn place(&self, pointer: String) -> Place {
        Place {
            document: self.path.clone(),
            pointer,
        }
    }

    fn is_for(&self, document: &str) -> bool {
        self.applies_to
            .iter()
            .any(|pattern| matches(pattern, document))
    }

    /// Applies each action to a document, and notes which of them found something there.
    fn apply(&self, value: &mut Value, found: &mut BTreeSet<usize>) -> Result<(), Error> {
        for (index, action) in self.actions.iter().enumerate() {
            match action.apply(value, ApplyOptions::ErrorOnZeroMatch.into()) {
                Ok(_) => drop(found.insert(index)),
                Err(error) if matches!(error.kind, ApplyErrorKind::ZeroMatch) => {}
                Err(error) => {
                    let place = self.place(format!("/actions/{index}"));
                    return Err(Error::new(place, Problem::Overlay(error.to_string())));
                }
            }
        }
        Ok(())
    }

    /// The actions that found nothing in any document. `of` is the index of this overlay.
    fn unused(&self, of: usize, used: &Used) -> impl Iterator<Item = Error> {
        let actions = self.actions.iter().enumerate();
        let unused = actions.filter(move |(index, _)| !used.contains(&(of, *index)));
        unused.flat_map(|(index, action)| {
            let place = self.place(format!("/actions/{index}"));
            let targets = action.actions.iter().map(|action| action.target.clone());
            targets.map(move |target| Error::new(place.clone(), Problem::OverlayTarget(target)))
        })
    }
}

/// Applies the overlays to the documents, in the order given, then binds path parameters.
pub fn correct(
    mut sources: Sources,
    config: &Config,
    overlays: &[Overlay],
) -> Result<Sources, Errors> {
    let mut errors = Vec::new();
    for overlay in overlays {
        for (index, pattern) in overlay.applies_to.iter().enumerate() {
            if !config
                .apis
                .documents
                .iter()
                .any(|entry| matches(pattern, &entry.id()))
            {
                let place = overlay.place(format!("/{APPLIES_TO}/{index}"));
                let problem = Problem::Unknown {
                    kind: "document",
                    name: pattern.clone(),
                    known: Vec::new(),
                };
                errors.push(Error::new(place, problem));
            }
        }
    }
    let used = apply(&mut sources, config, overlays, &mut errors);
    Errors::check(errors)?;
    Errors::check(unused(overlays, &used))?;
    Ok(sources)
}

/// The actions of overlays that matched something, by the index of the overlay and of the action.
pub type Used = BTreeSet<(usize, usize)>;

/// Applies the overlays to the documents, in the order given, then binds path parameters. What cannot be done is added to
/// `errors`. An action that matches nothing is no error here: see [`unused`].
pub fn apply(
    sources: &mut Sources,
    config: &Config,
    overlays: &[Overlay],
    errors: &mut Vec<Error>,
) -> Used {
    let mut used = Used::new();
    for source in &mut sources.documents {
        let Some(entry) = config.apis.document(&source.api, &source.version) else {
            continue;
        };
        for (index, overlay) in overlays.iter().enumerate() {
            if overlay.is_for(&entry.id()) {
                let mut found = BTreeSet::new();
                errors.extend(overlay.apply(&mut source.value, &mut found).err());
                used.extend(found.into_iter().map(|action| (index, action)));
            }
        }
        errors.extend(bind(config, entry, &source.path, &mut source.value));
    }
    used
}

/// One error for each action of an overlay that is not among those that matched something.
pub fn unused(overlays: &[Overlay], used: &Used) -> Vec<Error> {
    let overlays = overlays.iter().enumerate();
    let unused = overlays.flat_map(|(index, overlay)| overlay.unused(index, used));
    unused.collect()
}

/// Returns whether a document's id matches a pattern, in which `*` stands for any API or version.
fn matches(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split('/').zip(id.split('/'));
    pattern.split('/').count() == id.split('/').count()
        && parts.all(|(pattern, part)| pattern == "*" || pattern == part)
}

/// Fills in the path parameters that have a fixed value here. Operations of a generic resource keep theirs.
fn bind(config: &Config, entry: &DocumentEntry, document: &str, value: &mut Value) -> Vec<Error> {
    let place = |path: &str| {
        Place {
            document: document.to_owned(),
            pointer: String::new(),
        }
        .child("paths")
        .child(path)
    };
    let mut errors = Vec::new();
    let mut unbound = entry.bind.keys().collect::<Vec<_>>();
    let Some(paths) = value.get_mut("paths").and_then(Value::as_object_mut) else {
        return errors;
    };
    let mut bound = Map::new();
    for (path, mut item) in std::mem::take(paths) {
        let mut template = path.clone();
        if config.apis.generic(&path).is_none() {
            for (name, value) in &entry.bind {
                if path
                    .split('/')
                    .any(|segment| parameter_name(segment) == Some(name))
                {
                    template = template.replace(&format!("{{{name}}}"), value);
                    remove_parameter(&mut item, name);
                    unbound.retain(|unbound| *unbound != name);
                }
            }
            if let Some((read, write)) = &entry.scopes {
                narrow(&path, &mut item, read, write);
            }
        }
        if bound.contains_key(&template) {
            errors.push(Error::new(place(&path), Problem::BoundTwice(template)));
        } else {
            bound.insert(template, item);
        }
    }
    *paths = bound;
    errors.extend(
        unbound
            .into_iter()
            .map(|name| Error::in_file(document, Problem::Unbound(name.clone()))),
    );
    errors
}

/// Gives operations that any scope of any object type allows the scopes of their own type. Those stay as they are whose list
/// lacks one of them, so that a wrong scope in the table shows as a difference.
fn narrow(path: &str, item: &mut Value, read: &Value, write: &Value) {
    for (method, operation) in item.as_object_mut().into_iter().flatten() {
        let Some(Value::Array(security)) = operation.get_mut("security") else {
            continue;
        };
        let Value::Array(own) = (if only_reads(method, path) {
            read
        } else {
            write
        }) else {
            continue;
        };
        let lists_own = own.iter().all(|entry| security.contains(entry));
        if security.len() >= ANY_OBJECT && lists_own {
            security.clone_from(own);
        }
    }
}

/// Takes a path parameter out of a path item and its operations.
fn remove_parameter(item: &mut Value, name: &str) {
    let Some(fields) = item.as_object_mut() else {
        return;
    };
    for (key, part) in fields {
        let parameters = if key == "parameters" {
            Some(part)
        } else {
            part.get_mut("parameters")
        };
        if let Some(Value::Array(parameters)) = parameters {
            let is_it = |parameter: &Value| {
                parameter.get("in").and_then(Value::as_str) == Some("path")
                    && parameter.get("name").and_then(Value::as_str) == Some(name)
            };
            parameters.retain(|parameter| !is_it(parameter));
        }
    }
}
