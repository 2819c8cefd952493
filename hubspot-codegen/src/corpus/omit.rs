//! Leaves out the operations that errors are about.

use std::collections::BTreeSet;

use crate::error::Error;
use crate::model::{Document, Operation, Place, Type};

/// Removes what the errors are about from the documents: an operation, the operations that reach a schema, or else the
/// document. Returns how many operations were removed. Something always is, so that no error comes back.
pub(super) fn at_fault(documents: &mut Vec<Document>, errors: &[Error]) -> usize {
    let count = |documents: &[Document]| {
        let operations = documents.iter().map(|document| document.operations.len());
        operations.sum::<usize>()
    };
    let before = count(documents);
    for document in &mut *documents {
        let path = document.path.clone();
        for error in errors.iter().filter(|error| error.place.document == path) {
            remove(document, &error.place);
        }
    }
    documents.retain(|document| !document.operations.is_empty());
    if count(documents) == before {
        documents.clear();
    }
    before - count(documents)
}

fn remove(document: &mut Document, place: &Place) {
    let is_at = |inner: &Place| {
        let rest = place.pointer.strip_prefix(&inner.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let before = document.operations.len();
    document
        .operations
        .retain(|operation| !is_at(&operation.place));
    if document.operations.len() < before {
        return;
    }
    let schemas = document.schemas.iter();
    let named = schemas.filter(|(_, schema)| is_at(&schema.place));
    let mut reaching = named.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    loop {
        let mentions = |ty: &Type| ty.named().is_some_and(|name| reaching.contains(name));
        let schemas = document.schemas.iter();
        let further = schemas.filter(|(name, schema)| {
            !reaching.contains(*name) && schema.shape.types().any(mentions)
        });
        let further = further.map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if further.is_empty() {
            break;
        }
        reaching.extend(further);
    }
    let reaches = |operation: &Operation| {
        let mut named = operation.types().filter_map(Type::named);
        named.any(|name| reaching.contains(name))
    };
    document.operations.retain(|operation| !reaches(operation));
    if document.operations.len() == before {
        document.operations.clear();
    }
}
