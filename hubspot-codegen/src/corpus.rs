//! Generates clients from any set of documents, one client for each API version. No `apis.toml` describes them: a document
//! says its version itself, its file name is its API, and every name follows the rules.
//!
//! An operation that cannot be generated is left out, and the reason is listed with document and JSON pointer. Nothing here
//! fails because of a document.

mod catalogue;
mod omit;

pub use self::catalogue::{Client, catalogue};

use std::collections::{BTreeMap, BTreeSet};

use crate::Output;
use crate::analyze::analyze;
use crate::config::{Config, is_version};
use crate::correct::{self, Overlay, Used};
use crate::emit::emit;
use crate::error::{Error, Errors};
use crate::join::join;
use crate::load::{Origin, Read, Sources, load};
use crate::lower::{Lowered, lower};
use crate::model::{Document, Model};
use crate::name::name;
use crate::render::render;
use crate::unify::unify;

/// What was generated from the documents of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The files of the client, by path.
    pub output: Output,
    /// How many operations the client has.
    pub operations: usize,
    /// How many operations were left out.
    pub omitted: usize,
    /// How many types the documents describe, each document by itself.
    pub types_before: usize,
    /// How many types the client has.
    pub types_after: usize,
    /// How many different scope requirements its operations have.
    pub requirements: usize,
    /// Why operations or whole documents were left out, in order of place.
    pub failures: Vec<Error>,
    /// The actions of overlays that matched something.
    pub used: Used,
}

impl Generated {
    /// The paths of the documents that something is left out of.
    pub fn incomplete(&self) -> BTreeSet<&str> {
        let failures = self.failures.iter();
        failures
            .map(|error| error.place.document.as_str())
            .collect()
    }
}

/// Known faults of documents: which overlays to apply, and which operations are public.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The overlays, in the order in which they are applied.
    pub overlays: Vec<Overlay>,
    /// The operations that take no token, in any version, as [`Apis::public`](crate::config::Apis::public) has them.
    pub public: BTreeMap<String, String>,
}

/// Documents of one version as models, and what is left out of them.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// What could be lowered.
    pub lowered: Lowered,
    /// The actions of overlays that matched something.
    pub used: Used,
    config: Config,
}

/// Reads, corrects and lowers the documents of a version. What cannot be read is among what is refused.
pub fn lowered(client: &Client, known: &Known, read: Read<'_>) -> Documents {
    let mut config = client.config();
    let public = known.public.iter();
    let public = public.map(|(key, why)| (in_version(key, &client.version), why.clone()));
    config.apis.public = public.collect();
    let mut failures = Vec::new();
    let mut sources = readable(&mut config, read, &mut failures);
    let used = correct::apply(&mut sources, &config, &known.overlays, &mut failures);
    let mut lowered = lower(&sources, &config);
    lowered.refused.extend(failures);
    Documents {
        lowered,
        used,
        config,
    }
}

/// Generates one client from the documents of a version.
pub fn generate(client: &Client, known: &Known, read: Read<'_>) -> Generated {
    let Documents {
        lowered,
        used,
        config,
    } = lowered(client, known, read);
    let mut failures = lowered.refused;
    let mut documents = lowered.documents;
    let written = documents.iter().map(|document| document.schemas.len());
    let mut generated = Generated {
        omitted: lowered.omitted.len(),
        types_before: written.sum(),
        used,
        ..Generated::default()
    };
    loop {
        match client_of(&documents, &config) {
            Ok((model, output)) => {
                let operations = model.operations.iter();
                let requirements = operations.map(|endpoint| &endpoint.operation.requirement);
                generated.operations = model.operations.len();
                generated.requirements = requirements.collect::<BTreeSet<_>>().len();
                generated.types_after = model.types.len();
                generated.output = output;
                break;
            }
            Err(errors) => {
                generated.omitted += omit::at_fault(&mut documents, errors.as_slice());
                failures.extend(errors.as_slice().iter().cloned());
            }
        }
    }
    failures.sort();
    failures.dedup();
    generated.failures = failures;
    generated
}

/// The key of an operation, `GET /oauth/v1/token`, with another version in its path.
fn in_version(key: &str, version: &str) -> String {
    let segments = key.split('/').map(|segment| {
        if is_version(segment) {
            version
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Reads the documents of a version. Those that cannot be read are removed from the configuration.
fn readable(config: &mut Config, read: Read<'_>, failures: &mut Vec<Error>) -> Sources {
    loop {
        let errors = match load(config, Origin::Published, read) {
            Ok(sources) => return sources,
            Err(errors) => errors,
        };
        let entries = &mut config.apis.documents;
        let before = entries.len();
        let named = |path: &str| {
            let mut errors = errors.as_slice().iter();
            errors.any(|error| error.place.document == path)
        };
        entries.retain(|entry| !named(&entry.file));
        if entries.len() == before {
            // The fault is in a file that documents refer to.
            entries.clear();
        }
        failures.extend(errors.as_slice().iter().cloned());
    }
}

fn client_of(documents: &[Document], config: &Config) -> Result<(Model, Output), Errors> {
    let model = unify(documents, config)?;
    let analysis = analyze(&model);
    let names = name(&model, &analysis, config)?;
    let code = join(&model, &names, &analysis, config)?;
    let output = render(&emit(&code), &config.home)?;
    drop(code);
    Ok((model, output))
}
