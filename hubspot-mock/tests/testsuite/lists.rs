//! Lists: static, dynamic and snapshots, their filters and their members.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written in place")]

use crate::support::tester::{Tester, field};
use serde_json::{Value, json};

#[tokio::test]
async fn static_lists_have_the_members_that_are_added() {
    for path in ["/crm/v3/lists", "/crm/lists/2026-09"] {
        let hubspot = Tester::start().await;
        let ids = ["a@b.c", "x@y.z"].map(|email| hubspot.account.contact([("email", email)]));
        let body = json!({"name": "Members", "objectTypeId": "0-1", "processingType": "MANUAL"});
        let created = hubspot.ok("POST", &format!("{path}/"), body.clone()).await;
        assert_eq!(hubspot.status("POST", path, body).await, 400);
        let one = format!("{path}/{}", created["list"]["listId"].as_str().unwrap());
        let added = hubspot
            .ok(
                "PUT",
                &format!("{one}/memberships/add"),
                json!([ids[0], ids[1], "17"]),
            )
            .await;
        assert_eq!(added["recordsIdsAdded"], json!(ids));
        assert_eq!(added["recordIdsMissing"], json!(["17"]));
        let page = hubspot.get(&format!("{one}/memberships?limit=1")).await;
        let after = page["paging"]["next"]["after"].as_str().unwrap();
        let next = hubspot
            .get(&format!("{one}/memberships?limit=1&after={after}"))
            .await;
        assert_eq!(
            [field(&page, "recordId"), field(&next, "recordId")].concat(),
            ids
        );
        assert!(next["paging"]["next"].is_null());
        let of_record = hubspot
            .get(&format!("{path}/records/0-1/{}/memberships", ids[0]))
            .await;
        assert_eq!(field(&of_record, "listId").len(), 1);
        hubspot
            .ok("PUT", &format!("{one}/memberships/remove"), json!([ids[0]]))
            .await;
        assert_eq!(hubspot.get(&one).await["list"]["size"], 1);
        hubspot.ok("DELETE", &one, Value::Null).await;
        assert_eq!(hubspot.status("GET", &one, Value::Null).await, 404);
        hubspot
            .ok("PUT", &format!("{one}/restore"), Value::Null)
            .await;
        let found = hubspot
            .ok("POST", &format!("{path}/search"), json!({"query": "mem"}))
            .await;
        assert_eq!(
            (&found["total"], &found["hasMore"]),
            (&json!(1), &json!(false))
        );
    }
}

/// A filter on a property.
fn filter(property: &str, operation: Value) -> Value {
    let filter = json!({"filterType": "PROPERTY", "property": property, "operation": operation});
    json!({"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [
        {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [filter]},
    ]})
}

fn operation(ty: &str, operator: &str, extra: Value) -> Value {
    let mut operation =
        json!({"operationType": ty, "operator": operator, "includeObjectsWithNoValueSet": false});
    for (name, value) in extra.as_object().unwrap() {
        operation[name] = value.clone();
    }
    operation
}

/// A property, the type and the operator of an operation, its values, and the contacts that match.
const FILTERS: &str = r#"
city | MULTISTRING | IS_EQUAL_TO | {"values": ["London", "Rome"]} | a
city | MULTISTRING | IS_EQUAL_TO | {"values": ["New York"]} | b
num_notes | NUMBER | IS_NOT_EQUAL_TO | {"value": 5, "includeObjectsWithNoValueSet": true} | b
city | STRING | STARTS_WITH | {"value": "Lon"} | a
email | STRING | CONTAINS | {"value": "b.c"} | ab
city | STRING | STARTS_WITH | {"value": "don"} |
city | STRING | CONTAINS | {"value": "W YOR"} | b
city | STRING | ENDS_WITH | {"value": "york"} | b
city | STRING | DOES_NOT_CONTAIN | {"value": "new"} | a
hs_lead_status | ENUMERATION | IS_ANY_OF | {"values": ["NEW", "OPEN"]} | ab
hs_lead_status | ENUMERATION | IS_NONE_OF | {"values": ["NEW"]} | b
num_notes | NUMBER | IS_GREATER_THAN | {"value": 4} | a
num_notes | NUMBER_RANGED | IS_BETWEEN | {"lowerBound": 6, "upperBound": 9} |
num_notes | ALL_PROPERTY | IS_UNKNOWN | {} | b
"#;

/// A server with two contacts.
async fn two_contacts() -> Tester {
    let hubspot = Tester::start().await;
    for (email, city, status, notes) in [
        ("a@b.c", "London", "NEW", "5"),
        ("b@b.c", "New York", "OPEN", ""),
    ] {
        hubspot.account.contact([
            ("email", email),
            ("city", city),
            ("hs_lead_status", status),
            ("num_notes", notes),
        ]);
    }
    hubspot
}

fn list(name: &str, processing: &str, filter: Value) -> Value {
    json!({"name": name, "objectTypeId": "0-1", "processingType": processing, "filterBranch": filter})
}

#[tokio::test]
async fn dynamic_lists_follow_their_filter() {
    let hubspot = two_contacts().await;
    for line in FILTERS.trim().lines() {
        let parts = line.split('|').map(str::trim).collect::<Vec<_>>();
        let operation = operation(parts[1], parts[2], serde_json::from_str(parts[3]).unwrap());
        let id = hubspot
            .account
            .list(&list(line, "DYNAMIC", filter(parts[0], operation)));
        let path = format!("/crm/v3/lists/{id}/memberships");
        let members = field(&hubspot.get(&path).await, "recordId");
        let mut found = String::new();
        for member in &members {
            let contact = hubspot
                .get(&format!("/crm/v3/objects/contacts/{member}"))
                .await;
            found.push_str(&contact["properties"]["email"].as_str().unwrap()[..1]);
        }
        assert_eq!(found, parts[4], "{line}");
        let add = hubspot
            .status("PUT", &format!("{path}/add"), json!(members))
            .await;
        assert_eq!(add, 400);
    }
}

#[tokio::test]
async fn snapshots_stay_as_they_were() {
    let hubspot = two_contacts().await;
    let known = operation("ALL_PROPERTY", "IS_KNOWN", json!({}));
    let snapshot = list("then", "SNAPSHOT", filter("email", known));
    let id = hubspot.account.list(&snapshot);
    hubspot.account.contact([("email", "new@b.c")]);
    let members = hubspot
        .get(&format!("/crm/v3/lists/{id}/memberships"))
        .await;
    assert_eq!(field(&members, "recordId").len(), 2);
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let hubspot = two_contacts().await;
    let known = || operation("ALL_PROPERTY", "IS_KNOWN", json!({}));
    let many = operation("NUMBER", "IS_EQUAL_TO", json!({"value": "many"}));
    let odd = operation("STRING", "IS_LIKE", json!({"value": "many"}));
    for refused in [
        filter("unicorns", known()),
        filter("num_notes", many),
        filter("email", odd),
        Value::Null,
    ] {
        let list = list("no", "DYNAMIC", refused);
        let status = hubspot.status("POST", "/crm/v3/lists", list.clone()).await;
        assert_eq!(status, 400, "{list}");
    }
}

#[tokio::test]
async fn lists_are_searched_page_by_page_in_order() {
    let hubspot = Tester::start().await;
    for name in ["a", "b", "c"] {
        hubspot.hubspot.advance(std::time::Duration::from_secs(1));
        let list = json!({"name": name, "objectTypeId": "0-1", "processingType": "MANUAL"});
        hubspot.account.list(&list);
    }
    for (sort, expected) in [("HS_UPDATED_AT", "abc"), ("-HS_UPDATED_AT", "cba")] {
        let mut found = String::new();
        let mut offset = 0;
        loop {
            let body = json!({"sort": sort, "count": 2, "offset": offset});
            let page = hubspot.ok("POST", "/crm/v3/lists/search", body).await;
            for list in page["lists"].as_array().unwrap() {
                found.push_str(list["name"].as_str().unwrap());
            }
            offset = page["offset"].as_u64().unwrap();
            if page["hasMore"] == false {
                break;
            }
        }
        assert_eq!(found, expected, "{sort}");
    }
}

#[tokio::test]
async fn a_merged_record_is_a_member_where_its_parts_were() {
    let hubspot = two_contacts().await;
    let ids = field(&hubspot.get("/crm/v3/objects/contacts").await, "id");
    let list = hubspot
        .account
        .list(&json!({"name": "one", "objectTypeId": "0-1", "processingType": "MANUAL"}));
    let members = format!("/crm/v3/lists/{list}/memberships");
    hubspot
        .ok("PUT", &format!("{members}/add"), json!([ids[1]]))
        .await;
    let merge = json!({"primaryObjectId": ids[0], "objectIdToMerge": ids[1]});
    let merged = hubspot
        .ok("POST", "/crm/v3/objects/contacts/merge", merge)
        .await;
    assert_eq!(
        field(&hubspot.get(&members).await, "recordId"),
        [merged["id"].as_str().unwrap()]
    );
    for id in &ids {
        let of_record = format!("/crm/v3/lists/records/0-1/{id}/memberships");
        assert_eq!(
            field(&hubspot.get(&of_record).await, "listId"),
            std::slice::from_ref(&list)
        );
    }
}

#[tokio::test]
async fn members_are_read_backwards_from_a_cursor() {
    let hubspot = Tester::start().await;
    let ids = ["a@b.c", "b@b.c", "c@b.c"].map(|email| hubspot.account.contact([("email", email)]));
    let list = hubspot
        .account
        .list(&json!({"name": "all", "objectTypeId": "0-1", "processingType": "MANUAL"}));
    let members = format!("/crm/v3/lists/{list}/memberships");
    hubspot
        .ok("PUT", &format!("{members}/add"), json!(ids))
        .await;
    let end = hubspot.get(&format!("{members}?limit=2&after=1")).await;
    assert_eq!(field(&end, "recordId"), ids[1..]);
    assert_eq!(end["paging"], json!({"prev": {"before": "1"}}));
    let before = hubspot
        .get(&format!("{members}?limit=2&before=3&after=0"))
        .await;
    assert_eq!(field(&before, "recordId"), [ids[2].clone(), ids[1].clone()]);
    assert_eq!(before["paging"], json!({"prev": {"before": "1"}}));
    let first = hubspot.get(&format!("{members}?limit=2&before=1")).await;
    assert_eq!(field(&first, "recordId"), [ids[0].clone()]);
    assert_eq!(first["paging"], json!({"next": {"after": "1"}}));
}

#[tokio::test]
async fn lists_are_read_by_ids_with_their_filters_and_restored_under_a_free_name() {
    let hubspot = Tester::start().await;
    let known = filter("email", operation("ALL_PROPERTY", "IS_KNOWN", json!({})));
    let id = hubspot
        .account
        .list(&list("same", "DYNAMIC", known.clone()));
    for (query, expected) in [("", Value::Null), ("&includeFilters=true", known)] {
        let lists = hubspot
            .get(&format!("/crm/v3/lists?listIds={id}{query}"))
            .await;
        assert_eq!(lists["lists"][0]["filterBranch"], expected);
    }
    let path = format!("/crm/v3/lists/{id}");
    hubspot.ok("DELETE", &path, Value::Null).await;
    hubspot
        .account
        .list(&json!({"name": "same", "objectTypeId": "0-1", "processingType": "MANUAL"}));
    let restore = format!("{path}/restore");
    assert_eq!(hubspot.status("PUT", &restore, Value::Null).await, 400);
}

#[tokio::test]
async fn members_are_added_from_lists_of_the_same_type_only() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.co")]);
    let company = hubspot.account.company([("name", "Acme")]);
    let list = |name: &str, ty: &str| {
        let list = json!({"name": name, "objectTypeId": ty, "processingType": "MANUAL"});
        format!("/crm/v3/lists/{}", hubspot.account.list(&list))
    };
    let (target, same, other) = (list("a", "0-1"), list("b", "0-1"), list("c", "0-2"));
    for (source, record, status, total) in [(other, company, 400, 0), (same, contact, 204, 1)] {
        let path = format!("{source}/memberships/add");
        hubspot.ok("PUT", &path, json!([record])).await;
        let source = source.rsplit('/').next().unwrap();
        let path = format!("{target}/memberships/add-from/{source}");
        assert_eq!(hubspot.status("PUT", &path, Value::Null).await, status);
        let members = hubspot.get(&format!("{target}/memberships")).await;
        assert_eq!(members["total"], total);
    }
}

const FOLDERS: &str = "/crm/lists/2026-09/folders";

/// Creates a folder and returns its id.
async fn folder(hubspot: &Tester, name: &str, parent: &str) -> String {
    let body = json!({"name": name, "parentFolderId": parent});
    let created = hubspot.ok("POST", FOLDERS, body).await;
    assert_eq!(created["folder"]["name"], name);
    created["folder"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn lists_are_in_folders() {
    let hubspot = Tester::start().await;
    let (a, b) = (
        folder(&hubspot, "a", "0").await,
        folder(&hubspot, "b", "0").await,
    );
    let inner = folder(&hubspot, "a", &a).await;
    let list = json!({"name": "members", "objectTypeId": "0-1", "processingType": "MANUAL", "listFolderId": inner.parse::<u64>().unwrap()});
    let list = hubspot.account.list(&list);
    let number = list.parse::<u64>().unwrap();
    let get =
        async |id: &str| hubspot.get(&format!("{FOLDERS}?folderId={id}")).await["folder"].clone();
    assert_eq!(get(&inner).await["childLists"], json!([number]));
    let root = hubspot.get(FOLDERS).await["folder"].clone();
    assert_eq!(
        (&root["id"], &root["childLists"]),
        (&json!("0"), &json!([]))
    );
    assert_eq!(root["childNodes"][0]["childNodes"][0]["id"], json!(inner));

    let to_b = json!({"listId": list, "newFolderId": b});
    hubspot
        .ok("PUT", &format!("{FOLDERS}/move-list"), to_b)
        .await;
    assert_eq!(get(&b).await["childLists"], json!([number]));
    let renamed = hubspot
        .ok(
            "PUT",
            &format!("{FOLDERS}/{inner}/rename?newFolderName=c"),
            Value::Null,
        )
        .await;
    assert_eq!(renamed["folder"]["name"], "c");
    let moved = hubspot
        .ok("PUT", &format!("{FOLDERS}/{inner}/move/{b}"), Value::Null)
        .await;
    assert_eq!(moved["folder"]["parentFolderId"], json!(b));
    for (method, path, status) in [
        ("DELETE", format!("{FOLDERS}/{b}"), 400),
        ("DELETE", format!("{FOLDERS}/0"), 400),
        ("PUT", format!("{FOLDERS}/{b}/move/{inner}"), 400),
        ("PUT", format!("{FOLDERS}/{b}/move/99"), 404),
        ("PUT", format!("{FOLDERS}/{b}/rename?newFolderName=a"), 400),
        ("DELETE", format!("{FOLDERS}/99"), 404),
        ("DELETE", format!("{FOLDERS}/{inner}"), 204),
        ("GET", format!("{FOLDERS}?folderId={inner}"), 404),
    ] {
        assert_eq!(
            hubspot.status(method, &path, Value::Null).await,
            status,
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn folders_are_not_nested_without_end() {
    let hubspot = Tester::start().await;
    let mut parent = "0".to_owned();
    for _ in 0..16 {
        parent = folder(&hubspot, "a", &parent).await;
    }
    let deeper = json!({"name": "a", "parentFolderId": parent});
    assert_eq!(hubspot.status("POST", FOLDERS, deeper).await, 400);
}
