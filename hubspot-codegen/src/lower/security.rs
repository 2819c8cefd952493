//! From `security` to a requirement.
//!
//! In: the alternatives that an operation lists. Out: a [`Requirement`], and whether a token is sent at all. Refuses
//! schemes that it does not know and alternatives that need two credentials at once.

use hubspot_scopes::{Alternative, Requirement, Scheme, Schemes};
use openapiv3::{Operation, SecurityRequirement};

use super::resolve::At;
use crate::error::{Error, Problem};

/// Another credential than a token: it stands beside the alternatives and never makes one.
const DEVELOPER_KEY: &str = "developer_hapikey";

/// What an operation asks of its caller.
pub(super) struct Access {
    pub(super) requirement: Requirement,
    pub(super) authenticated: bool,
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
) -> Option<Schemes> {
    let mut kinds: Option<Schemes> = None;
    for operation in operations {
        let (_, entries) = listed(document, document, operation);
        for kind in entries
            .iter()
            .flat_map(|entry| entry.keys())
            .filter_map(|name| Scheme::from_openapi(name))
        {
            kinds = Some(kinds.map_or(kind.into(), |others| others | kind.into()));
        }
    }
    kinds
}

/// What an operation of a document that speaks for these kinds of login asks of its caller.
pub(super) fn access<'a>(
    document: &At<'a>,
    at: &At<'a>,
    operation: &'a Operation,
    kinds: Option<Schemes>,
) -> Result<Access, Error> {
    let (at, entries) = listed(document, at, operation);
    let mut alternatives = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.child(&index.to_string());
        let mut schemes = entry.iter();
        let alternative = match (schemes.next(), schemes.next()) {
            (None, _) => Alternative::all_of::<String>([]),
            (Some((name, _)), None) if name == DEVELOPER_KEY => continue,
            (Some((name, scopes)), None) => {
                let unknown = || at.error(Problem::UnknownSecurityScheme(name.clone()));
                let kind = Scheme::from_openapi(name).ok_or_else(unknown)?;
                // Where the document names one kind only, it speaks for both.
                let schemes = if kinds == Some(Schemes::EITHER) {
                    kind.into()
                } else {
                    Schemes::EITHER
                };
                Alternative::all_of(scopes).with_schemes(schemes)
            }
            (Some(_), Some(_)) => {
                return Err(at.inexpressible("an alternative that needs two credentials at once"));
            }
        };
        alternatives.push(alternative);
    }
    if alternatives.is_empty() && !entries.is_empty() {
        return Err(at.inexpressible("an operation that takes a developer API key only"));
    }
    Ok(Access {
        authenticated: !entries.is_empty(),
        requirement: Requirement::new(alternatives),
    })
}
