//! The operations of the client that this program was built with, and their descriptions.

use std::collections::BTreeSet;

use hubspot_generated::{Method, Operation};
use hubspot_scopes::{Requirement, is_custom_object};

use crate::object_types::{canonical, named};
use crate::path::fits;

/// Every operation, in the order of versions, newest first.
pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
    hubspot_generated::operations::all()
}

/// The operation with this id.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    all().find(|operation| operation.id == id)
}

/// What HubSpot may ask of an association although the call needs less: for a record type, the compiler asks for the scopes
/// of that type, and not for those of the other one.
pub(crate) fn of_both_types(id: &str, needed: &Requirement) -> Option<Requirement> {
    let operation = find(id).filter(|operation| operation.resource() == "associations")?;
    let requirement = operation.requirement()?;
    (requirement.depends_on_type() && !needed.depends_on_type()).then_some(requirement)
}

/// The operation with this method and path, which may have values for parameters.
pub(crate) fn of_request(method: &str, path: &str) -> Option<&'static Operation> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = canonical(path);
    let fitting = all()
        .filter(|operation| operation.method.as_str() == method && fits(operation.path, &path))
        // Those on records of any type need the scopes of the type at hand.
        .filter(|operation| operation.resource() != "objects" || own_type(&path).is_some());
    // The one with the fewest parameters says most.
    fitting.min_by_key(|operation| operation.path.matches('{').count())
}

/// The type in a path of records, if an account has defined it: `2-123`, `p123_car`, `p_car`.
pub(crate) fn own_type(path: &str) -> Option<&str> {
    // The rest of an id may be the argument of a `format!`.
    let is_own = |name: &&str| name.starts_with("2-") || is_custom_object(name);
    named(path).filter(is_own)
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
    call_to(operation, "")
}

/// How the client makes a request to this path of an operation: `client.objects("2-123").list()`.
pub(crate) fn call_to(operation: &Operation, path: &str) -> String {
    let is_of_any_type = operation.resource() == "objects";
    let object_type = own_type(path).unwrap_or("…");
    let call = operation.id.replace('.', "().");
    let (call, of_handle) = if is_of_any_type {
        let handle = format!("objects({object_type:?}).");
        (call.replacen("objects().", &handle, 1), 1)
    } else {
        (call, 0)
    };
    let parameters = operation.path.matches('{').count() - of_handle;
    let takes_nothing = operation.method == Method::Get && parameters == 0;
    let arguments = if takes_nothing { "" } else { "…" };
    format!("client.{call}({arguments})")
}

/// The features of the client that an operation needs and that are not on by default.
pub(crate) fn features(operation: &Operation) -> Vec<String> {
    let (of, _) = operation.id.rsplit_once('.').unwrap_or_default();
    let mut parts = of.split('.').peekable();
    let is_version = |part: &&str| {
        let number = part.strip_prefix('v');
        number.is_some_and(|number| number.starts_with(|first: char| first.is_ascii_digit()))
    };
    let version = parts.next_if(is_version);
    let api = parts.collect::<Vec<_>>().join("_");
    // Every object type brings `objects` and `associations`.
    let is_default = ["associations", "objects"].contains(&&*api) || DEFAULT.contains(&&*api);
    let api = (!is_default).then_some(&*api);
    let names = version.into_iter().chain(api);
    names.map(|name| name.replace('_', "-")).collect()
}

/// What an operation does, to follow "to": `read contacts, many at a time`. The wording of its verb in the client.
pub(crate) fn phrase(id: &str) -> String {
    let (of, method) = id.rsplit_once('.').unwrap_or(("", id));
    let of = of.strip_suffix(".objects_of").unwrap_or(of);
    let resource = of.rsplit('.').next().unwrap_or(of).replace('_', " ");
    let (verb, how) = match method.strip_prefix("batch_") {
        Some(verb) => (verb, ", many at a time"),
        None => (method, ""),
    };
    let verb = match verb {
        "list" | "create" | "archive" | "merge" | "set" | "write" => verb,
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
    use std::collections::{BTreeMap, BTreeSet};

    use super::{DEFAULT, all, call, call_to, covered, features, find, phrase};

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

    /// The generated code says which features each operation is behind.
    #[test]
    fn features_are_those_of_the_client() {
        let code = include_str!("../../hubspot-generated/src/generated/operations.rs");
        let lines: Vec<_> = code.lines().collect();
        let gates: BTreeMap<_, BTreeSet<_>> = lines
            .windows(2)
            .filter_map(|lines| {
                let [version, api, "operations", "*"] = lines[1]
                    .strip_prefix("pub use super::")?
                    .trim_end_matches(';')
                    .split("::")
                    .collect::<Vec<_>>()[..]
                else {
                    return None;
                };
                let features = lines[0].split('"').skip(1).step_by(2);
                Some(((version, api), features.collect()))
            })
            .collect();
        assert!(gates.len() > 90);
        let defaults = DEFAULT.map(|name| name.replace('_', "-"));
        let is_default = |name: &&str| *name == "objects" || defaults.iter().any(|one| one == name);
        for operation in all() {
            let (of, _) = operation.id.rsplit_once('.').unwrap();
            let (version, api) = match of.split_once('.') {
                Some((version, api)) if ["v3", "v2026_03"].contains(&version) => (version, api),
                _ => ("v2026_09", of),
            };
            let api = api.replace('.', "_");
            let gate = &gates[&(version, api.as_str())];
            let expected: BTreeSet<_> = gate.iter().filter(|name| !is_default(name)).collect();
            let features = features(operation);
            let features: BTreeSet<_> = features.iter().map(String::as_str).collect();
            assert_eq!(
                features.iter().collect::<BTreeSet<_>>(),
                expected,
                "{}",
                operation.id
            );
        }
        let postal = find("postal_mail.list").unwrap();
        assert_eq!(features(postal), ["postal-mail"]);
        assert_eq!(
            features(find("v2026_03.contacts.list").unwrap()),
            ["v2026-03"]
        );
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
        assert_eq!(call("objects.list"), r#"client.objects("…").list()"#);
        assert_eq!(
            call_to(
                find("objects.get").unwrap(),
                "/crm/objects/2026-09/p1_car/{id}"
            ),
            r#"client.objects("p1_car").get(…)"#
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
        assert_eq!(phrase("companies.objects_of.read"), "read companies");
        assert_eq!(phrase("companies.objects_of.write"), "write companies");
        assert_eq!(phrase("schemas.purge_all"), "purge all (schemas)");
    }
}
