//! Corrects HubSpot's published documents: applies overlays, and fills in path parameters that have a fixed value.
//!
//! A correction that matches nothing is an error, because the document was mended since.

use roas_overlay::apply::{Apply, ApplyErrorKind, ApplyOptions};
use roas_overlay::v1_0;
use roas_overlay::validation::Validate;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::config::{Config, DocumentEntry, parameter_name};
use crate::error::{Error, Errors, Problem};
use crate::load::{self, Sources};
use crate::model::Place;

/// Which documents an overlay corrects: an extension of ours, `["2026-09/contacts", "v3/*"]`.
const APPLIES_TO: &str = "x-applies-to";

/// Corrections to published documents: an `OpenAPI` Overlay 1.0 document.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    path: String,
    applies_to: Vec<String>,
    content: v1_0::Overlay,
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
        let applies_to = content
            .extensions
            .as_ref()
            .and_then(|extensions| extensions.get(APPLIES_TO));
        let applies_to = applies_to.ok_or_else(|| {
            refuse(format!(
                "`{APPLIES_TO}` must list the documents that it corrects"
            ))
        })?;
        let applies_to = Vec::deserialize(applies_to)
            .map_err(|cause| refuse(format!("`{APPLIES_TO}`: {cause}")))?;
        Ok(Self {
            path: path.to_owned(),
            applies_to,
            content,
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

    fn apply(&self, path: &str, value: &mut Value) -> Result<(), Error> {
        let applied = self
            .content
            .apply(value, ApplyOptions::ErrorOnZeroMatch.into());
        applied.map(drop).map_err(|error| {
            let place = self.place(format!("/actions/{}", error.action_index));
            let problem = match error.kind {
                ApplyErrorKind::ZeroMatch => Problem::OverlayTarget {
                    target: error.target,
                    document: path.to_owned(),
                },
                _ => Problem::Overlay(error.to_string()),
            };
            Error::new(place, problem)
        })
    }
}

/// Applies the overlays to the documents they name, in the order given, then binds path parameters.
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
    for source in &mut sources.documents {
        let Some(entry) = config.apis.document(&source.api, &source.version) else {
            continue;
        };
        for overlay in overlays
            .iter()
            .filter(|overlay| overlay.is_for(&entry.id()))
        {
            errors.extend(overlay.apply(&source.path, &mut source.value).err());
        }
        errors.extend(bind(config, entry, &source.path, &mut source.value));
    }
    Errors::check(errors)?;
    Ok(sources)
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
