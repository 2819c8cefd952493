//! What the operations of a record type need: the scopes of its object type, and those of its sensitive fields.

use hubspot_scopes::{Alternative, Requirement};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Result};

use super::fields::{Container, Property};
use super::object_type::{Sensitivity, grants, scope_for};
use crate::declared::combine;
use crate::object_type::ObjectType;

/// What the compiler asks of the scope set.
pub(super) struct Needs {
    pub(super) requirement: Requirement,
    pub(super) bounds: TokenStream,
}

impl Needs {
    pub(super) fn new(base: &str, further: &[&str], runtime: &TokenStream) -> Self {
        let base = base
            .parse::<Requirement>()
            .unwrap_or_else(|_| Requirement::new([]));
        let mut bounds = grants(&base);
        for scope in further {
            let needed = Requirement::new([Alternative::all_of([*scope])]);
            bounds.extend(grants(&needed));
        }
        let alternatives = base.alternatives().iter().map(|alternative| {
            let further = further.iter().map(|scope| (*scope).to_owned());
            Alternative::all_of(alternative.scopes().iter().cloned().chain(further))
        });
        Self {
            requirement: Requirement::new(alternatives),
            bounds: quote!(#(#runtime::scopes::grants::#bounds)+*),
        }
    }
}

/// The scopes for the fields that are marked as sensitive.
pub(super) fn sensitive_scopes(
    ty: &ObjectType,
    properties: &[Property<'_>],
    is_write: bool,
    container: &Container,
) -> Result<Vec<&'static str>> {
    let mut scopes = Vec::new();
    let mut errors = Vec::new();
    for property in properties
        .iter()
        .filter(|property| !(is_write && property.read_only))
    {
        let Some(kind) = property.sensitivity else {
            continue;
        };
        match scope_for(ty, kind, is_write) {
            Some(scope) => scopes.push(scope),
            None => errors.push(unavailable(kind, property, container)),
        }
    }
    combine(errors)?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

fn unavailable(kind: Sensitivity, property: &Property<'_>, container: &Container) -> Error {
    let (kind, object) = (kind.key().replace('_', " "), container.object.value());
    let message = format!("HubSpot has no scope for {kind} properties of `{object}`");
    Error::new(property.ident.span(), message)
}
