//! All operations: those of the generated table, and the same under the paths of older versions.
//!
//! HubSpot serves most operations of 2026-09 in older versions too. `older_paths.rs` has their prefixes. Where a document of
//! the older version is in the table, that one is used.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::generated::{CURRENT, ENDPOINTS};
use crate::generated_older_paths::{DATES, PREFIXES, UNDOCUMENTED};
use crate::table::{Body, Encoding, Endpoint, Parameter, Type, Undocumented};

static ALL: LazyLock<Vec<Endpoint>> = LazyLock::new(all);

/// The response of an operation without a document that always responds the same.
pub(crate) fn fixed_answer(endpoint: &Endpoint) -> Option<Value> {
    let mut operations = UNDOCUMENTED.iter();
    let operation = operations.find(|known| known.path == endpoint.path)?;
    serde_json::from_str(operation.answer?).ok()
}

impl Undocumented {
    fn endpoint(&'static self, like: &Endpoint) -> Endpoint {
        let names = self.path.split('/');
        let names = names.filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parameters = names.map(|name| Parameter {
            name,
            ty: Type::String,
            required: true,
        });
        Endpoint {
            // This happens once in the life of a program, as below.
            id: format!("{}.{}.{}", self.version, self.resource, self.action).leak(),
            version: self.version,
            resource: self.resource,
            action: self.action,
            method: self.method,
            path: self.path,
            path_parameters: Vec::leak(parameters.collect()),
            query_parameters: &[],
            requirement: self.scopes.unwrap_or(like.requirement),
            body: (self.method == "POST").then_some(Body {
                encoding: Encoding::Json,
                ty: Type::Any,
                required: true,
            }),
            status: 200,
            response: Some(Type::Any),
            ..*like
        }
    }
}

/// All operations, those of the generated table first.
pub(crate) fn endpoints() -> &'static [Endpoint] {
    &ALL
}

fn all() -> Vec<Endpoint> {
    let mut seen = ENDPOINTS.iter().map(route).collect::<HashSet<_>>();
    let mut all = ENDPOINTS.to_vec();
    let current = ENDPOINTS.iter().filter(|known| known.version == CURRENT);
    for endpoint in current {
        let older = older(endpoint);
        all.extend(older.filter(|older| seen.insert(route(older))));
    }
    let undocumented = UNDOCUMENTED.iter().filter_map(|operation| {
        let like = ENDPOINTS.iter().find(|known| known.id == operation.like)?;
        Some(operation.endpoint(like))
    });
    all.extend(undocumented);
    all
}

/// An operation in every older version that has it.
fn older(endpoint: &Endpoint) -> impl Iterator<Item = Endpoint> {
    let dates = DATES.iter().map(|date| {
        let path = endpoint.path.replacen(CURRENT, date, 1);
        (*date, path)
    });
    let numbered = PREFIXES.iter().filter_map(|prefix| {
        let rest = endpoint.path.strip_prefix(prefix.current)?;
        let fits = rest.is_empty() || rest.starts_with('/');
        let has = fits && endpoint.resource != prefix.except;
        has.then(|| (prefix.version, format!("{}{rest}", prefix.older)))
    });
    dates.chain(numbered).map(|(version, path)| {
        let module = version.replace('-', "_");
        let module = module.trim_start_matches('v');
        Endpoint {
            // This happens once in the life of a program.
            id: format!("v{module}.{}", endpoint.id).leak(),
            path: path.leak(),
            version,
            ..*endpoint
        }
    })
}

/// What tells an operation from others: its method, and its path without the names of parameters.
fn route(endpoint: &Endpoint) -> (&'static str, Vec<&'static str>) {
    let segments = endpoint.path.split('/');
    let segments = segments.map(|part| if part.starts_with('{') { "{}" } else { part });
    (endpoint.method, segments.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_the_prefixes_have_older_paths() {
        let has = |start: &str| {
            endpoints()
                .iter()
                .any(|known| known.path.starts_with(start))
        };
        let prefixes = PREFIXES.iter();
        let (found, missing): (Vec<_>, Vec<_>) = prefixes.partition(|prefix| has(prefix.older));
        assert!(found.len() > 15, "{}", found.len());
        let missing = missing.iter().map(|prefix| prefix.older);
        assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn undocumented_operations_are_like_others() {
        assert!(!UNDOCUMENTED.is_empty());
        for operation in UNDOCUMENTED {
            let mut all = endpoints().iter();
            let found = all.find(|known| known.path == operation.path);
            let found = found.unwrap_or_else(|| panic!("{} is like no operation", operation.path));
            let requirement = found.requirement.parse::<hubspot_scopes::Requirement>();
            assert!(requirement.is_ok(), "{}: {requirement:?}", operation.path);
            assert_eq!(fixed_answer(found).is_some(), operation.answer.is_some());
        }
    }

    #[test]
    fn documents_take_precedence() {
        let ids = |path: &str| {
            let found = endpoints().iter().filter(|known| known.path == path);
            found.map(|known| known.id).collect::<Vec<_>>()
        };
        assert_eq!(
            ids("/crm/v3/objects/contacts"),
            ["v3.contacts.list", "v3.contacts.create"]
        );
        assert_eq!(ids("/crm/v3/owners"), ["v3.owners.list"]);
        assert_eq!(ids("/crm/owners/2025-09"), ["v2025_09.owners.list"]);
    }
}
