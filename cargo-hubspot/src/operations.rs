//! The operations of the client that this program was built with, and their descriptions.

use std::collections::BTreeSet;

use hubspot_generated::{Method, Operation};

use crate::path::fits;

/// Every operation, in the order of versions, newest first.
pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
    hubspot_generated::operations::all()
}

/// The operation with this id.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    all().find(|operation| operation.id == id)
}

/// The operation with this method and path, which may have values for parameters.
pub(crate) fn of_request(method: &str, path: &str) -> Option<&'static Operation> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let fitting = all()
        .filter(|operation| operation.method.as_str() == method && fits(operation.path, path))
        // Those on records of any type need the scopes of the type at hand.
        .filter(|operation| operation.resource() != "objects" || is_of_own_type(path));
    // The one with the fewest parameters says most.
    fitting.min_by_key(|operation| operation.path.matches('{').count())
}

/// Returns whether a path below `/crm/objects/2026-09` names a type that an account has defined: `2-123`, `p123_car`, `p_car`.
fn is_of_own_type(path: &str) -> bool {
    let name = path.split('/').nth(4).unwrap_or_default();
    let (portal, of) = name.split_once('_').unwrap_or_default();
    let portal = portal.strip_prefix('p');
    let is_qualified = portal.is_some_and(|id| id.chars().all(|digit| digit.is_ascii_digit()));
    name.starts_with("2-") || (is_qualified && !of.is_empty())
}

/// The APIs that are on by default in the client.
const DEFAULT: [&str; 4] = ["companies", "contacts", "line_items", "schemas"];

/// The scopes that operations of the client's default APIs need: the client that is audited may lack others. Operations on
/// objects of any type say nothing about a scope.
pub(crate) fn covered() -> BTreeSet<String> {
    let by_default = all().filter(|operation| DEFAULT.contains(&operation.resource()));
    let requirements = by_default.filter_map(Operation::requirement);
    let requirements = requirements.filter(|requirement| !requirement.depends_on_type());
    let scopes = requirements.flat_map(|requirement| {
        let scopes = requirement.scopes().into_iter();
        scopes.map(str::to_owned).collect::<Vec<_>>()
    });
    scopes.collect()
}

/// How the client calls an operation: `client.v3().contacts().get(…)`.
pub(crate) fn call(operation: &Operation) -> String {
    let takes_nothing = operation.method == Method::Get && !operation.path.contains('{');
    let arguments = if takes_nothing { "" } else { "…" };
    format!("client.{}({arguments})", operation.id.replace('.', "()."))
}

/// The feature of the client that an operation needs, if its API is not on by default.
pub(crate) fn feature(operation: &Operation) -> Option<String> {
    let resource = operation.resource();
    // Every object type brings `associations`.
    let is_default = resource == "associations" || DEFAULT.contains(&resource);
    let of = operation.id.rsplit_once('.').map_or("", |(of, _)| of);
    // `v3.cms.posts`: the feature of a version is another.
    let is_version = |part: &&str| {
        let number = part.strip_prefix('v');
        number.is_some_and(|number| number.starts_with(|first: char| first.is_ascii_digit()))
    };
    let name = of.split('.').filter(|part| !is_version(part));
    let name = name.collect::<Vec<_>>().join("-").replace('_', "-");
    (!is_default).then_some(name)
}

/// What an operation does, to follow "to": `read contacts, many at a time`. The wording of its verb in the client.
pub(crate) fn phrase(id: &str) -> String {
    let (of, method) = id.rsplit_once('.').unwrap_or(("", id));
    let resource = of.rsplit('.').next().unwrap_or(of).replace('_', " ");
    let (verb, how) = match method.strip_prefix("batch_") {
        Some(verb) => (verb, ", many at a time"),
        None => (method, ""),
    };
    let verb = match verb {
        "list" | "create" | "archive" | "merge" | "set" => verb,
        "get" | "read" => "read",
        "update" => "change",
        "upsert" => "create or change",
        "search" => "search for",
        "set_default" => "set unlabelled",
        _ => return format!("{} ({resource})", method.replace('_', " ")),
    };
    format!("{verb} {resource}{how}")
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, call, covered, find, phrase};

    #[test]
    fn default_apis_are_those_of_the_client() {
        let manifest = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../hubspot-generated/Cargo.toml"
        );
        let manifest = std::fs::read_to_string(manifest).unwrap();
        let default = manifest.lines().find(|line| line.starts_with("default = "));
        let features = default.unwrap().split('"').skip(1).step_by(2);
        let apis = features.filter(|name| !["bulk", "records"].contains(name));
        let apis = apis.map(|name| name.replace('-', "_"));
        assert_eq!(apis.collect::<Vec<_>>(), DEFAULT);
        assert!(covered().contains("crm.objects.contacts.read"));
        assert!(!covered().contains("crm.objects.deals.read"));
    }

    #[test]
    fn features() {
        let feature = |id| super::feature(find(id).unwrap());
        assert_eq!(feature("contacts.list"), None);
        assert_eq!(feature("associations.set_default"), None);
        assert_eq!(feature("postal_mail.list").as_deref(), Some("postal-mail"));
    }

    #[test]
    fn calls() {
        let call = |id| call(find(id).unwrap());
        assert_eq!(call("contacts.list"), "client.contacts().list()");
        assert_eq!(
            call("v2026_03.contacts.get"),
            "client.v2026_03().contacts().get(…)"
        );
        assert_eq!(
            call("v3.line_items.batch_create"),
            "client.v3().line_items().batch_create(…)"
        );
    }

    #[test]
    fn phrases() {
        assert_eq!(phrase("contacts.list"), "list contacts");
        assert_eq!(
            phrase("v3.line_items.batch_upsert"),
            "create or change line items, many at a time"
        );
        assert_eq!(
            phrase("associations.set_default"),
            "set unlabelled associations"
        );
        assert_eq!(phrase("schemas.purge_all"), "purge all (schemas)");
    }
}
