//! Tests of routing.

use hubspot_generated::{Budget, operations};

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
        authenticated: true,
        budget: Budget::TenSecondly,
        path_parameters,
        query_parameters: &[],
        body: None,
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

fn found(method: &str, path: &str) -> (&'static str, Vec<String>) {
    let route = SMALL.find(method, path).unwrap();
    let values = route.path.into_iter().map(|(_, value)| value).collect();
    (route.operation.endpoint.id, values)
}

fn not_found(method: &str, path: &str) -> NoRoute {
    SMALL.find(method, path).unwrap_err()
}

#[test]
fn literal_segments_go_before_parameters() {
    assert_eq!(found("GET", "/objects/contacts"), ("list", vec![]));
    let of_type = ("generic.list", vec!["cars".to_owned()]);
    assert_eq!(found("GET", "/objects/cars"), of_type);
    assert_eq!(
        found("POST", "/objects/contacts/search"),
        ("search", vec![])
    );
    let of_id = ("get", vec!["17".to_owned()]);
    assert_eq!(found("GET", "/objects/contacts/17"), of_id);
}

#[test]
fn a_literal_without_the_method_gives_way_to_a_parameter() {
    let of_id = ("get", vec!["search".to_owned()]);
    assert_eq!(found("GET", "/objects/contacts/search"), of_id);
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
fn what_is_not_there_is_told_from_what_has_other_methods() {
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
    for operation in &router().operations {
        let requirement = operation.requirement();
        assert!(requirement.is_ok(), "{}", operation.endpoint.id);
    }
}

#[test]
fn every_operation_of_the_table_has_a_route_of_its_own() {
    let mut routes = BTreeSet::new();
    let mut names = BTreeSet::new();
    for endpoint in ENDPOINTS {
        assert!(
            routes.insert((endpoint.method, endpoint.path)),
            "{} {} is there twice",
            endpoint.method,
            endpoint.path
        );
        assert!(names.insert(endpoint.id), "{} is there twice", endpoint.id);
        let places = segments(endpoint.path).filter(|segment| segment.starts_with('{'));
        let places = places.map(|segment| segment.trim_matches(['{', '}']));
        let parameters = endpoint.path_parameters.iter().map(|known| known.name);
        assert!(places.eq(parameters), "{}", endpoint.id);
    }
}

/// What the client calls, and what the table has of it.
#[test]
fn the_table_says_what_the_client_says() {
    let mut operations = operations::all().collect::<Vec<_>>();
    assert!(operations.len() > 100);
    operations.sort_by_key(|operation| operation.id);
    for operation in operations {
        let known = ENDPOINTS.iter().find(|known| known.id == operation.id);
        let endpoint = known.unwrap_or_else(|| panic!("{} is not in the table", operation.id));
        assert_eq!(
            endpoint.method,
            operation.method.as_str(),
            "{}",
            operation.id
        );
        assert_eq!(endpoint.path, operation.path, "{}", operation.id);
        assert_eq!(
            endpoint.requirement, operation.requirement,
            "{}",
            operation.id
        );
        assert_eq!(endpoint.budget, operation.budget, "{}", operation.id);
        assert_eq!(
            endpoint.authenticated, operation.authenticated,
            "{}",
            operation.id
        );
    }
}
