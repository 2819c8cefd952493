//! What goes out.

use std::collections::BTreeMap;

use hubspot_generated::models::{
    AssociationCategory, AssociationSpec, CreateObject, Filter, FilterGroup, FilterOperator, Search,
};
use hubspot_generated::{Client, Error, Method};
use serde_json::{Value, json};

use crate::server::{Received, Server, TOKEN, ok, record, response};

#[tokio::test]
async fn a_list_goes_out_with_its_parameters() {
    let server = Server::start([ok(r#"{"results": []}"#)]).await;
    let contacts = server.client().contacts();
    let request = contacts
        .list()
        .limit(5)
        .limit(100)
        .properties(["email", "firstname"])
        .archived(false);
    request
        .query("x", "a b&c")
        .header("x-trace", "17")
        .send()
        .await
        .unwrap();

    let [request] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(
        request.line(),
        "GET /crm/objects/2026-09/contacts?limit=100&properties=email%2Cfirstname&archived=false&x=a+b%26c HTTP/1.1"
    );
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("hubspot-generated/")
    );
    assert_eq!(request.header("x-trace"), Some("17"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.body, "");
}

#[tokio::test]
async fn a_handle_of_any_object_type_names_it_in_every_path() {
    let server = Server::start([ok(r#"{"results": []}"#), ok(&record("7").to_string())]).await;
    let cars = server.client().objects("p1_car");
    cars.list().send().await.unwrap();
    cars.clone().get("7").send().await.unwrap();
    let lines = server.received();
    let lines = lines.iter().map(Received::line);
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            "GET /crm/objects/2026-09/p1_car HTTP/1.1",
            "GET /crm/objects/2026-09/p1_car/7 HTTP/1.1"
        ]
    );
    assert!(server.client().objects("").list().send().await.is_err());
}

#[tokio::test]
async fn a_list_of_nothing_is_no_parameter() {
    let server = Server::start([ok(r#"{"results": []}"#)]).await;
    server
        .client()
        .contacts()
        .list()
        .properties(["email"])
        .properties([] as [&str; 0])
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.lines(),
        ["GET /crm/objects/2026-09/contacts HTTP/1.1"]
    );
}

#[tokio::test]
async fn an_id_stays_one_segment() {
    for (id, encoded) in [
        ("../../oauth", "..%2F..%2Foauth"),
        ("a/b?c", "a%2Fb%3Fc"),
        ("a#b\\", "a%23b%5C"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        ("ä b+c@d", "%C3%A4%20b%2Bc%40d"),
        ("{objectId}", "%7BobjectId%7D"),
    ] {
        let server = Server::start([ok(&record("1").to_string())]).await;
        server.client().contacts().get(id).send().await.unwrap();
        let expected = format!("GET /crm/objects/2026-09/contacts/{encoded} HTTP/1.1");
        assert_eq!(server.lines(), [expected]);
    }
}

#[tokio::test]
async fn what_cannot_be_a_path_is_not_sent() {
    let server = Server::start([] as [Vec<u8>; 0]).await;
    let hubspot = server.client();
    for (id, fault) in [
        ("", "is empty"),
        (".", "is `.` or `..`, which cannot be part of a path"),
        ("..", "is `.` or `..`, which cannot be part of a path"),
        ("hidden\n", "contains control characters"),
        ("\u{0}", "contains control characters"),
        ("\u{85}", "contains control characters"),
    ] {
        let error = hubspot
            .contacts()
            .get(id)
            .send()
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with(&format!(": the argument `objectId` {fault}")),
            "{error}"
        );
    }
    for path in [
        "",
        "crm",
        "//evil.example/x",
        "/a?b",
        "/a#b",
        "/a\\b",
        "/a b",
        "/a\n",
        "/a/../b",
        "/%2E./b",
        "/a/.",
    ] {
        let error = hubspot.request(Method::Get, path).send().await.unwrap_err();
        assert!(
            error.is_invalid_request() && error.to_string().contains("the path must"),
            "{path:?}: {error}"
        );
    }
    assert!(server.received().is_empty());
    for path in ["/crm/v3/objects/p1_car", "/a%2Fb", "/", "/a/", "/a.b/..."] {
        let server = Server::start([ok("{}")]).await;
        server
            .client()
            .request(Method::Get, path)
            .send()
            .await
            .unwrap();
        assert_eq!(server.lines(), [format!("GET {path} HTTP/1.1")]);
    }
}

/// Asserts that a request was not sent, with this in its error.
#[track_caller]
fn assert_not_sent<T: std::fmt::Debug>(outcome: Result<T, Error>, message: &str) {
    let error = outcome.unwrap_err();
    assert!(error.to_string().contains(message), "{error}");
    assert!(error.is_invalid_request() && !error.is_retryable() && error.status().is_none());
}

#[tokio::test]
async fn invalid_arguments_and_headers_are_not_sent() {
    let server = Server::start([] as [Vec<u8>; 0]).await;
    let contacts = server.client().contacts();
    let operation = "contacts.get (GET /crm/objects/2026-09/contacts/{objectId})";
    for (id, problem) in [
        ("", "is empty"),
        ("..", "is `.` or `..`"),
        ("1\r\nx: y", "contains control characters"),
    ] {
        let message = format!("{operation}: the argument `objectId` {problem}");
        assert_not_sent(contacts.get(id).send().await, &message);
    }
    for (name, value, message) in [
        ("a b", "c", "a header's name has characters"),
        ("x-a", "b\r\nc: d", "the value of the header `x-a` has"),
        ("Authorization", "x", "the header `authorization` is set by"),
    ] {
        assert_not_sent(contacts.get("1").header(name, value).send().await, message);
    }
    let no_token = Client::unchecked_builder()
        .base_url(server.url())
        .build()
        .unwrap();
    let error = no_token.contacts().get("1").send().await.unwrap_err();
    let expected =
        format!("{operation}: the client has no access token, which this operation needs");
    assert_eq!(error.to_string(), expected);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn invalid_paths_and_bodies_are_not_sent() {
    let server = Server::start([] as [Vec<u8>; 0]).await;
    let raw = |path: &str| server.client().request(Method::Get, path);
    for (path, message) in [
        ("crm", "raw request (GET): the path must start with"),
        ("//example.com/", "the path must start with"),
        ("/a/../b", "the path must not contain the segments"),
        ("/a?hapikey=x", "the path must not contain `?`"),
    ] {
        assert_not_sent(raw(path).send().await, message);
    }
    let keys = raw("/a").json(BTreeMap::from([((1, 2), 3)]));
    assert_not_sent(
        keys.send().await,
        "the body cannot be written as application/json",
    );
    let nested = raw("/a").form(json!({"a": [1]}));
    let message = "the body cannot be written as application/x-www-form";
    assert_not_sent(nested.send().await, message);
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn what_the_transport_owns_cannot_be_set() {
    let server = Server::start([ok("{}")]).await;
    let get = || server.client().request(Method::Get, "/x");
    for name in [
        "Authorization",
        "connection",
        "CONTENT-LENGTH",
        "expect",
        "Host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "TE",
        "trailer",
        "Transfer-Encoding",
        "upgrade",
    ] {
        let error = get().header(name, "x").send().await.unwrap_err();
        let expected = format!(
            "the header `{}` is set by the client",
            name.to_ascii_lowercase()
        );
        assert!(
            error.to_string().ends_with(&expected) && error.is_invalid_request(),
            "{error}"
        );
    }
    assert!(server.received().is_empty());
    get()
        .header("accept", "text/csv")
        .header("cookie", "a=b")
        .header("content-type", "x/y")
        .send()
        .await
        .unwrap();
    assert_eq!(server.received()[0].header("accept"), Some("text/csv"));
}

#[tokio::test]
async fn a_search_sends_what_the_user_gave_and_nothing_else() {
    let server = Server::start([ok(r#"{"results": [], "total": 0}"#)]).await;
    let filter = Filter::new(FilterOperator::Eq, "email").value("ada@example.com");
    let search = Search::new().filter_groups([FilterGroup::new([filter])]);
    server
        .client()
        .contacts()
        .search(search)
        .send()
        .await
        .unwrap();

    let [request] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(
        request.line(),
        "POST /crm/objects/2026-09/contacts/search HTTP/1.1"
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        serde_json::from_str::<Value>(&request.body).unwrap(),
        json!({"filterGroups": [{"filters": [
            {"operator": "EQ", "propertyName": "email", "value": "ada@example.com"}
        ]}]})
    );
}

#[tokio::test]
async fn a_create_sends_its_properties() {
    let server = Server::start([response("201 Created", &record("1").to_string())]).await;
    let created = server
        .client()
        .contacts()
        .create(CreateObject::new([("email", "ada@example.com")]))
        .await
        .unwrap();
    assert_eq!(created.id, "1");
    let [request] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(
        serde_json::from_str::<Value>(&request.body).unwrap(),
        json!({"properties": {"email": "ada@example.com"}})
    );
}

#[tokio::test]
async fn a_raw_request_goes_where_it_is_told() {
    let server = Server::start([ok(r#"{"a": 1}"#), ok("[2]")]).await;
    let hubspot = server
        .builder()
        .base_url(format!("{}/proxy/", server.url()))
        .build()
        .unwrap();
    let body = hubspot
        .request(Method::Put, "/crm/v3/x%2Fy")
        .json(json!({"b": 2}))
        .send()
        .await
        .unwrap();
    assert_eq!(body["a"], 1);
    let form =
        json!({"grant_type": "refresh token", "n": 1, "none": null, "flag": true, "x&y": "ä=+"});
    let numbers = hubspot
        .request(Method::Post, "/oauth")
        .form(form)
        .response_type::<Vec<u8>>()
        .send()
        .await
        .unwrap();
    assert_eq!(numbers, [2]);

    assert_eq!(
        server.lines(),
        [
            "PUT /proxy/crm/v3/x%2Fy HTTP/1.1",
            "POST /proxy/oauth HTTP/1.1"
        ]
    );
    let [json, form] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(json.body, r#"{"b":2}"#);
    assert_eq!(
        form.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        form.body,
        "flag=true&grant_type=refresh%20token&n=1&x%26y=%C3%A4%3D%2B"
    );
}

#[tokio::test]
async fn a_request_can_be_kept_and_sent_from_another_task() {
    let server = Server::start([ok(&record("1").to_string()), ok(&record("1").to_string())]).await;
    let request = server.client().contacts().get("1");
    assert_eq!(
        format!("{request:?}"),
        r#"Request { operation: "contacts.get", .. }"#
    );
    let copy = request.clone();
    tokio::spawn(async move { request.await.unwrap() })
        .await
        .unwrap();
    copy.await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn an_association_names_both_ends() {
    let labels = r#"{"fromObjectId": "1", "fromObjectTypeId": "0-1", "toObjectId": "2", "toObjectTypeId": "0-2"}"#;
    let server = Server::start([ok(labels)]).await;
    let kind = AssociationSpec::new(AssociationCategory::from("USER_DEFINED"), 36);
    let associations = server.client().associations();
    let made = associations
        .set("contacts", "1/2", "companies", "2", vec![kind])
        .send()
        .await
        .unwrap();
    assert!(made.labels.is_empty(), "HubSpot leaves out what is empty");

    let [request] = &server.received()[..] else {
        panic!()
    };
    assert_eq!(
        request.line(),
        "PUT /crm/objects/2026-09/contacts/1%2F2/associations/companies/2 HTTP/1.1"
    );
    assert_eq!(
        request.body,
        r#"[{"associationCategory":"USER_DEFINED","associationTypeId":36}]"#
    );
}
