//! Lowers documents to our model: one [`Document`] each, in which every schema that an operation reaches is lowered once.
//!
//! What is not `OpenAPI` 3.0, or has no code yet, is an error, and an operation that needs it is listed as omitted.

mod compose;
mod file;
mod fit;
mod operation;
mod parameters;
pub(crate) mod path;
mod reach;
mod resolve;
mod response;
mod schema;
mod security;
mod variants;

use std::collections::BTreeSet;

pub(crate) use self::operation::hubspot_name_of;
use crate::config::{Config, Home};
use crate::error::{Error, Problem, unescape};
use crate::load::{Source, Sources};
use crate::model::{Document, Notes, Place};
use crate::parallel;
use file::File;
use operation::{Lowering, Written, written};
use reach::Reach;
use resolve::{At, Files, resolve};
use schema::Schemas;

/// The documents, and what could not be lowered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lowered {
    /// In the order of the sources, without what is refused.
    pub documents: Vec<Document>,
    /// What was refused, each once, in order of place.
    pub refused: Vec<Error>,
    /// The operations that were left out because of it.
    pub omitted: BTreeSet<Place>,
}

/// Lowers every document. The configuration says which operations are public.
pub fn lower(sources: &Sources, config: &Config) -> Lowered {
    let shared = sources.documents.iter().filter(|source| source.shared);
    let shared = shared.map(|source| (source.path.as_str(), &source.value));
    let components = sources.components.iter();
    let components = components.map(|(path, value)| (path.as_str(), value));
    let values = shared.chain(components).collect::<Vec<_>>();
    let files = parallel::map(&values, |(path, value)| (*path, File::read(path, value)));
    let files = files.into_iter().collect::<Files<'_>>();
    let mut lowered = Lowered::default();
    for file in files.values() {
        lowered.refused.extend(file.broken.values().cloned());
    }
    for part in parallel::map(&sources.documents, |source| {
        lower_document(&files, source, config)
    }) {
        lowered.documents.extend(part.documents);
        lowered.refused.extend(part.refused);
        lowered.omitted.extend(part.omitted);
    }
    lowered.refused.sort();
    lowered.refused.dedup();
    lowered
}

/// Lowers one document. It is read here, so that its parts are in memory no longer than needed.
fn lower_document(files: &Files<'_>, source: &Source, config: &Config) -> Lowered {
    let file = File::read_document(&source.path, &source.value);
    let document = At::new(&file, "");
    let mut lowered = Lowered::default();
    lowered.refused.extend(file.broken.values().cloned());

    let mut operations = Vec::new();
    let mut schemas = Schemas::new(files);
    lowered
        .refused
        .extend(schemas.expect_batch_errors(&document).err());
    let all = written_operations(files, &document, &config.home, &mut lowered.refused);
    let kinds = security::kinds(&document, all.iter().map(|written| written.operation));
    for written in &all {
        let key = format!("{} {}", written.method, written.path);
        let id = format!("{}/{}", source.version, source.api);
        let is_public = config.apis.is_public(id, &key);
        let operation =
            security::access(&document, &written.at, written.operation, kinds, is_public).and_then(
                |access| {
                    let mut lowering = Lowering {
                        files,
                        schemas: &mut schemas,
                    };
                    lowering.operation(written, access)
                },
            );
        match operation {
            Ok(operation) => operations.push(operation),
            Err(error) => lowered.omit(written.at.place(), error),
        }
    }
    let mut schemas = Reach::new(schemas.finish());
    schemas.complete_batches(&operations);
    for operation in &mut operations {
        schemas.query_objects_as_json(operation);
    }
    operations.retain(|operation| {
        let checked = schemas.check(operation);
        checked
            .map_err(|error| lowered.omit(operation.place.clone(), error))
            .is_ok()
    });
    lowered.documents.push(Document {
        api: source.api.clone(),
        version: source.version.clone(),
        path: source.path.clone(),
        notes: Notes {
            description: file.description.clone(),
            place: document.child("info").child("description").place(),
        },
        schemas: schemas.reached_by(&operations),
        operations,
    });
    lowered
}

impl Lowered {
    fn omit(&mut self, operation: Place, because: Error) {
        self.omitted.insert(operation);
        self.refused.push(because);
    }
}

/// The operations of a document, in order of path, then method.
fn written_operations<'a>(
    files: &'a Files<'a>,
    document: &At<'a>,
    home: &Home,
    refused: &mut Vec<Error>,
) -> Vec<Written<'a>> {
    let path_items = document.file.path_items.iter();
    let own = path_items.filter_map(|(pointer, node)| {
        let path = unescape(pointer.strip_prefix("/paths/")?);
        Some((path, At::new(document.file, pointer), node))
    });
    let mut paths = own.collect::<Vec<_>>();
    paths.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let mut all = Vec::new();
    for (path, at, node) in paths {
        let operations = path::check(&path)
            .map_err(|what| at.error(Problem::Path(what)))
            .and_then(|()| resolve(files, at, node))
            .and_then(|(at, item)| written(&path, &at, item));
        let operations = operations.and_then(|operations| {
            let operations = operations.into_iter();
            let placed = operations.map(|operation| below_base(operation, document, home));
            placed.collect::<Result<Vec<_>, _>>()
        });
        match operations {
            Ok(operations) => all.extend(operations),
            Err(error) => refused.push(error),
        }
    }
    all
}

/// The operation at the path below the nearest `servers`. HubSpot's documents, whose servers are partly mistaken, have whole
/// paths.
fn below_base<'a>(
    mut operation: Written<'a>,
    document: &At<'a>,
    home: &Home,
) -> Result<Written<'a>, Error> {
    if *home == Home::Client {
        return Ok(operation);
    }
    for at in [&operation.at, &operation.item.0, document] {
        let Some(value) = at.value else { continue };
        if let Some(base) = path::base(value, &at.place())? {
            operation.path.insert_str(0, &base);
            path::check(&operation.path).map_err(|what| at.error(Problem::Path(what)))?;
            break;
        }
    }
    Ok(operation)
}
