//! Tests of routing.

use std::collections::BTreeMap;

use hubspot_generated::{Authentication, Budget, operations};

use super::*;
use crate::table::{Parameter, Type};

const fn parameter(name: &'static str) -> Parameter {
    Parameter {
        name,
        ty: Type::String,
        required: true,
    }
}

const fn endpoint(
    id: &'static str,
    method: &'static str,
    path: &'static str,
    path_parameters: &'static [Parameter],
) -> Endpoint {
    Endpoint {
        id,
        version: "v3",
        resource: "contacts",
        action: id,
        read_only: false,
        method,
        path,
        requirement: r#""crm.objects.contacts.read""#,
        authentication: Authentication::AccessToken,
        budget: Budget::TenSecondly,
        path_parameters,
        query_parameters: &[],
        body: None,
        status: 200,
        response: None,
    }
}

static TYPE: [Parameter; 1] = [parameter("objectType")];
static ID: [Parameter; 1] = [parameter("objectId")];
static TYPE_AND_ID: [Parameter; 2] = [parameter("objectType"), parameter("objectId")];
static TABLE: [Endpoint; 6] = [
    endpoint("generic.list", "GET", "/objects/{objectType}", &TYPE),
    endpoint(
        "generic.get",
        "GET",
        "/objects/{objectType}/{objectId}",
        &TYPE_AND_ID,
    ),
    endpoint("list", "GET", "/objects/contacts", &[]),
    endpoint("get", "GET", "/objects/contacts/{objectId}", &ID),
    endpoint("archive", "DELETE", "/objects/contacts/{objectId}", &ID),
    endpoint("search", "POST", "/objects/contacts/search", &[]),
];
static SMALL: LazyLock<Router> = LazyLock::new(|| Router::new(&TABLE));

fn not_found(method: &str, path: &str) -> NoRoute {
    SMALL.find(method, path).unwrap_err()
}

#[test]
fn literal_segments_go_before_parameters() {
    for (method, path, id, values) in [
        ("GET", "/objects/contacts", "list", &[][..]),
        ("GET", "/objects/cars", "generic.list", &["cars"]),
        ("POST", "/objects/contacts/search", "search", &[]),
        ("GET", "/objects/contacts/17", "get", &["17"]),
        // A literal without the method gives way to a parameter.
        ("GET", "/objects/contacts/search", "get", &["search"]),
    ] {
        let route = SMALL.find(method, path).unwrap();
        let found = route.path.iter().map(|(_, value)| value.as_str());
        assert_eq!(route.operation.endpoint.id, id, "{path}");
        assert_eq!(found.collect::<Vec<_>>(), values, "{path}");
    }
}

#[test]
fn parameters_are_decoded_and_named_in_their_order() {
    let route = SMALL.find("GET", "/objects/p1_a%2Fb/M%C3%BCnchen").unwrap();
    let expected = [("objectType", "p1_a/b"), ("objectId", "München")];
    assert_eq!(
        route.path,
        expected.map(|(name, value)| (name, value.to_owned()))
    );
}

#[test]
fn unknown_paths_differ_from_unknown_methods() {
    let unknown = [
        "",
        "/",
        "/objects",
        "/objects/",
        "/objects//17",
        "/objects/a/b/c",
    ];
    for path in unknown {
        assert_eq!(not_found("GET", path), NoRoute::Unknown, "{path}");
    }
    let long = "/objects".repeat(100_000);
    assert_eq!(not_found("GET", &long), NoRoute::Unknown);
    let others = BTreeSet::from(["DELETE", "GET"]);
    assert_eq!(
        not_found("PATCH", "/objects/contacts/17"),
        NoRoute::OtherMethods(others)
    );
    assert_eq!(not_found("GET", "/objects/%FF"), NoRoute::NotText);
}

#[test]
fn every_requirement_of_the_table_can_be_read() {
    // Older paths have the requirements of the same operations.
    for operation in router()
        .operations
        .iter()
        .take(crate::generated::ENDPOINTS.len())
    {
        let requirement = operation.requirement();
        assert!(requirement.is_ok(), "{}", operation.endpoint.id);
    }
}

#[test]
fn every_operation_has_its_own_route() {
    let mut routes = BTreeMap::new();
    let mut names = BTreeSet::new();
    for endpoint in endpoints() {
        let route = (endpoint.method, endpoint.path);
        // Documents of several APIs may have the same operation.
        if let Some(other) = routes.insert(route, endpoint) {
            assert_eq!(other.requirement, endpoint.requirement, "{route:?}");
            assert_eq!(other.body.is_some(), endpoint.body.is_some(), "{route:?}");
        }
        assert!(names.insert(endpoint.id), "{} is there twice", endpoint.id);
        let places = segments(endpoint.path).filter(|segment| segment.starts_with('{'));
        let places = places.map(|segment| segment.trim_matches(['{', '}']));
        let parameters = endpoint.path_parameters.iter().map(|known| known.name);
        assert!(places.eq(parameters), "{}", endpoint.id);
    }
}

/// Compares the operations of the client with those of the table.
#[test]
fn the_table_agrees_with_the_client() {
    let mut operations = operations::all().collect::<Vec<_>>();
    assert!(operations.len() > 100);
    operations.sort_by_key(|operation| operation.id);
    for operation in operations {
        let known = endpoints().iter().find(|known| known.id == operation.id);
        let endpoint = known.unwrap_or_else(|| panic!("{} is not in the table", operation.id));
        let id = operation.id;
        assert_eq!(endpoint.method, operation.method.as_str(), "{id}");
        assert_eq!(endpoint.path, operation.path, "{id}");
        assert_eq!(endpoint.requirement, operation.requirement, "{id}");
        assert_eq!(endpoint.budget, operation.budget, "{id}");
        assert_eq!(endpoint.authentication, operation.authentication, "{id}");
    }
}
