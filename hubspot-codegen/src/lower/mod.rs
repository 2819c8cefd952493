//! From documents to our model.
//!
//! In: [`Sources`]. Out: one [`Document`] each, in which every schema that an operation reaches is lowered once. Refuses
//! what is not `OpenAPI` 3.0 and what has no code yet; an operation that needs such a thing is left out, by name.

mod file;
mod operation;
mod reach;
mod resolve;
mod schema;
mod security;

use std::collections::BTreeSet;

use crate::error::Error;
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
pub struct Lowered {
    /// In the order of the sources, without what is refused.
    pub documents: Vec<Document>,
    /// What was refused, each once, in order of place.
    pub refused: Vec<Error>,
    /// The operations that were left out because of it.
    pub omitted: BTreeSet<Place>,
}

/// Lowers every document.
pub fn lower(sources: &Sources) -> Lowered {
    let documents = sources
        .documents
        .iter()
        .map(|source| (source.path.as_str(), &source.value));
    let components = sources
        .components
        .iter()
        .map(|(path, value)| (path.as_str(), value));
    let values = documents.chain(components).collect::<Vec<_>>();
    let read = parallel::map(&values, |(path, value)| {
        let mut errors = Vec::new();
        (File::read(path, value, &mut errors), errors)
    });
    let mut lowered = Lowered::default();
    let mut files = Files::new();
    for (file, errors) in read {
        files.insert(file.path, file);
        lowered.refused.extend(errors);
    }
    for (document, refused, omitted) in
        parallel::map(&sources.documents, |source| lower_document(&files, source))
    {
        lowered.documents.push(document);
        lowered.refused.extend(refused);
        lowered.omitted.extend(omitted);
    }
    lowered.refused.sort();
    lowered.refused.dedup();
    lowered
}

fn lower_document<'a>(
    files: &'a Files<'a>,
    source: &Source,
) -> (Document, Vec<Error>, BTreeSet<Place>) {
    let mut refused = Vec::new();
    let mut omitted = BTreeSet::new();
    let mut operations = Vec::new();
    let mut schemas = Schemas::new(files);
    let mut description = None;
    if let Some(file) = files.get(source.path.as_str()) {
        description.clone_from(&file.description);
        let document = At::new(file, "");
        let all = written_operations(files, &document, &mut refused);
        let kinds = security::kinds(&document, all.iter().map(|written| written.operation));
        if let Err(error) = schemas.expect_batch_errors(&document) {
            refused.push(error);
        }
        for written in &all {
            let lowered = security::access(&document, &written.at, written.operation, kinds)
                .and_then(|access| {
                    Lowering {
                        files,
                        schemas: &mut schemas,
                    }
                    .operation(written, access)
                });
            match lowered {
                Ok(operation) => operations.push(operation),
                Err(error) => {
                    omitted.insert(written.at.place());
                    refused.push(error);
                }
            }
        }
    }
    let mut schemas = Reach::new(schemas.finish());
    schemas.complete_batches(&operations);
    operations.retain(|operation| match schemas.check(operation) {
        Ok(()) => true,
        Err(error) => {
            omitted.insert(operation.place.clone());
            refused.push(error);
            false
        }
    });
    let place = Place {
        document: source.path.clone(),
        pointer: "/info/description".to_owned(),
    };
    let document = Document {
        api: source.api.clone(),
        version: source.version.clone(),
        path: source.path.clone(),
        notes: Notes { description, place },
        schemas: schemas.reached_by(&operations),
        operations,
    };
    (document, refused, omitted)
}

/// The operations of a document, in order of path, then method.
fn written_operations<'a>(
    files: &'a Files<'a>,
    document: &At<'a>,
    refused: &mut Vec<Error>,
) -> Vec<Written<'a>> {
    let mut paths = document.file.paths.iter().collect::<Vec<_>>();
    paths.sort_by_key(|(path, _)| *path);
    let mut all = Vec::new();
    for (path, node) in paths {
        let at = document.child("paths").child(path);
        match resolve(files, at, node).and_then(|(at, item)| written(path, &at, item)) {
            Ok(operations) => all.extend(operations),
            Err(error) => refused.push(error),
        }
    }
    all
}
