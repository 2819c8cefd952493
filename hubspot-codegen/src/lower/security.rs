//! From `security` to a requirement.
//!
//! Each entry of `security` is an alternative of a [`Requirement`]. An operation that lists none, or lists `{}` among its
//! entries, takes no token. HubSpot's documents leave `security` out by mistake too, so such an operation is an error
//! unless `[public]` of `apis.toml` lists it.

use hubspot_scopes::security::{self, Entry};
use hubspot_scopes::{LoginKinds, Requirement};
use indexmap::IndexMap;
use openapiv3::{Operation, SecurityRequirement};

use super::resolve::At;
use crate::error::{Error, Problem};
use crate::model::Authentication;

/// What an operation asks of its caller.
pub(super) struct Access {
    pub(super) requirement: Requirement,
    pub(super) authentication: Authentication,
}

/// The alternatives of an operation and where they stand: its own, else those of the document.
fn listed<'a>(
    document: &At<'a>,
    at: &At<'a>,
    operation: &'a Operation,
) -> (At<'a>, &'a [SecurityRequirement]) {
    match &operation.security {
        Some(security) => (at.child("security"), security),
        None => (
            document.child("security"),
            document.file.security.as_deref().unwrap_or_default(),
        ),
    }
}

/// The kinds of login that a document speaks for. One that names a single kind speaks for both.
pub(super) fn kinds<'a>(
    document: &At<'a>,
    operations: impl IntoIterator<Item = &'a Operation>,
) -> Option<LoginKinds> {
    let operations = operations.into_iter();
    let listed = operations.flat_map(|operation| listed(document, document, operation).1);
    let entries: Vec<_> = listed.map(entry).collect();
    security::logins(&entries)
}

fn entry(schemes: &SecurityRequirement) -> Entry<'_> {
    let schemes = schemes.iter();
    Entry::new(schemes.map(|(name, scopes)| (name.as_str(), scopes.iter().map(String::as_str))))
}

/// What an operation asks of its caller. `kinds` are those that the document speaks for; `is_public` says whether
/// `apis.toml` lists the operation as public.
pub(super) fn access<'a>(
    document: &At<'a>,
    at: &At<'a>,
    operation: &'a Operation,
    kinds: Option<LoginKinds>,
    is_public: bool,
) -> Result<Access, Error> {
    let of_operation = at;
    let (at, entries) = listed(document, at, operation);
    let anonymous = entries.iter().position(IndexMap::is_empty);
    if entries.is_empty() || anonymous.is_some() {
        if is_public {
            return Ok(Access {
                authentication: Authentication::None,
                requirement: Requirement::new([]),
            });
        }
        let at = match anonymous {
            Some(index) => at.child(&index.to_string()),
            None if at.value.is_some() => at,
            None => of_operation.clone(),
        };
        return Err(at.error(Problem::NoSecurity));
    }
    let entries: Vec<_> = entries.iter().map(entry).collect();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.child(&index.to_string());
        match entry {
            Entry::Anonymous | Entry::DeveloperKey | Entry::Token(..) => {}
            Entry::Unknown(name) => {
                return Err(at.error(Problem::UnknownSecurityScheme((*name).to_owned())));
            }
            _ => return Err(at.unsupported("an alternative that needs two credentials at once")),
        }
    }
    let requirement = security::requirement(&entries, kinds);
    Ok(Access {
        authentication: match requirement {
            Some(_) => Authentication::AccessToken,
            None => Authentication::DeveloperKey,
        },
        requirement: requirement.unwrap_or_default(),
    })
}
