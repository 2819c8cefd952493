//! What the operations of a record type need: the scopes of its object type, and those of its sensitive fields.

use hubspot_scopes::{Alternative, Requirement, ScopeNameError, Sensitivity};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Result};

use super::fields::{Container, Property};
use super::object_type::grants;
use crate::declared::combine;
use crate::object_type::ObjectType;

/// What the compiler asks of the scope set.
pub(super) struct Needs {
    pub(super) requirement: Requirement,
    /// The where clause; empty if nothing is needed.
    pub(super) clause: TokenStream,
}

impl Needs {
    /// A requirement and further scopes, all of which are needed with it.
    pub(super) fn new(
        base: &Requirement,
        further: &[&str],
        runtime: &TokenStream,
    ) -> std::result::Result<Self, ScopeNameError> {
        let mut traits = grants(base)?;
        for scope in further {
            traits.extend(grants(&Requirement::all_of([*scope]))?);
        }
        let further = || further.iter().map(|scope| (*scope).to_owned());
        let requirement = if base.is_none() {
            Requirement::all_of(further())
        } else {
            Requirement::new(base.alternatives().iter().map(|alternative| {
                Alternative::all_of(alternative.scopes().iter().cloned().chain(further()))
            }))
        };
        let clause = if traits.is_empty() {
            TokenStream::new()
        } else {
            quote!(where S: #(#runtime::scopes::grants::#traits)+*)
        };
        Ok(Self {
            requirement,
            clause,
        })
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
        match ty.scope_for(kind, is_write) {
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
    let (kind, object) = (kind.name().replace('_', " "), container.object.value());
    let message = format!("HubSpot has no scope for {kind} properties of `{object}`");
    Error::new(property.ident.span(), message)
}
