//! From `security` to a requirement.
//!
//! Each entry of `security` is an alternative of a [`Requirement`]. An operation that lists none, or lists `{}` among its
//! entries, takes no token. HubSpot's documents leave `security` out by mistake too, so such an operation is an error
//! unless `[public]` of `apis.toml` lists it.

use hubspot_scopes::{Alternative, LoginKind, LoginKinds, Requirement};
use indexmap::IndexMap;
use openapiv3::{Operation, SecurityRequirement};

use super::resolve::At;
use crate::error::{Error, Problem};
use crate::model::Authentication;

/// The names of the scheme of developer API keys. Beside alternatives with tokens it is ignored: such an operation is
/// called with a token, whose scopes are checked.
const DEVELOPER_KEY: [&str; 2] = ["developer_hapikey", "hapikey"];

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
    let mut kinds: Option<LoginKinds> = None;
    for operation in operations {
        let (_, entries) = listed(document, document, operation);
        for kind in entries
            .iter()
            .flat_map(|entry| entry.keys())
            .filter_map(|name| LoginKind::from_openapi(name))
        {
            kinds = Some(kinds.map_or(kind.into(), |others| others | kind.into()));
        }
    }
    kinds
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
    let mut alternatives = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = at.child(&index.to_string());
        let mut schemes = entry.iter();
        let alternative = match (schemes.next(), schemes.next()) {
            (None, _) => continue,
            (Some((name, _)), None) if DEVELOPER_KEY.contains(&name.as_str()) => continue,
            (Some((name, scopes)), None) => {
                let unknown = || at.error(Problem::UnknownSecurityScheme(name.clone()));
                let kind = LoginKind::from_openapi(name).ok_or_else(unknown)?;
                // Where the document names one kind only, it speaks for both.
                let schemes = if kinds == Some(LoginKinds::EITHER) {
                    kind.into()
                } else {
                    LoginKinds::EITHER
                };
                Alternative::all_of(scopes).with_logins(schemes)
            }
            (Some(_), Some(_)) => {
                return Err(at.unsupported("an alternative that needs two credentials at once"));
            }
        };
        alternatives.push(alternative);
    }
    // Every entry was passed over.
    let authentication = if alternatives.is_empty() {
        Authentication::DeveloperKey
    } else {
        Authentication::AccessToken
    };
    Ok(Access {
        authentication,
        requirement: Requirement::new(alternatives),
    })
}
