//! Seeds, and starting and stopping a server.

use std::error::Error;
use std::io::ErrorKind;
use std::time::Duration;

use crate::support::get;
use hubspot_mock::{Entry, MockHubSpot, Seed, StartError};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// The start of a seeded server that must fail, in words.
async fn refused(seed: &str) -> String {
    let seed = seed.parse::<Seed>().unwrap();
    let error = MockHubSpot::builder().seed(seed).start().await.unwrap_err();
    format!("{error}: {}", error.source().unwrap())
}

#[tokio::test]
async fn a_seed_defines_the_settings_of_an_account() {
    let seed = json!({
        "accounts": [{
            "name": "acme",
            "tokens": [{ "token": "pat-na1-demo", "scopes": MockHubSpot::every_scope() }],
            "owners": [{ "id": 7, "email": "grace@example.com", "teams": ["Sales"] }],
            "groups": { "contacts": [{ "name": "cars", "label": "Cars" }] },
            "properties": { "contacts": [
                { "name": "code", "label": "Code", "type": "string", "fieldType": "text", "groupName": "cars", "hasUniqueValue": true },
                { "name": "note", "label": "Note", "type": "string", "fieldType": "textarea" },
            ] },
            "pipelines": { "deals": [{ "label": "Renewals", "displayOrder": 1, "pipelineId": "renewals", "stages": [
                { "label": "Open", "displayOrder": 0, "stageId": "open", "metadata": { "probability": "0.5" } },
            ] }] },
            "labels": [{ "from": "contacts", "to": "companies", "label": "Works for", "inverseLabel": "Employs" }],
            "records": {
                "contacts": [{ "code": "A1", "note": "x", "email": "ada@example.com", "hubspot_owner_id": "7" }],
                "deals": [{ "dealname": "Engines", "pipeline": "renewals", "dealstage": "open" }],
            },
            "lists": [{ "name": "Members", "objectTypeId": "0-1", "processingType": "MANUAL", "members": ["contacts[0]"] }],
        }],
        "answers": { "settings.currencies.list_codes": { "results": [] } },
    });
    let seed = seed.to_string().parse::<Seed>().unwrap();
    let hubspot = MockHubSpot::builder().seed(seed).start().await.unwrap();
    for (path, place, value) in [
        ("/crm/v3/owners/7", "/email", "grace@example.com"),
        ("/crm/v3/properties/contacts/code", "/groupName", "cars"),
        (
            "/crm/v3/properties/contacts/note",
            "/groupName",
            "contactinformation",
        ),
        ("/crm/v3/pipelines/deals/renewals", "/stages/0/id", "open"),
        (
            "/crm/v4/associations/contacts/companies/labels",
            "/results/3/label",
            "Works for",
        ),
        ("/crm/v3/lists/1", "/list/name", "Members"),
    ] {
        let answer = get(&hubspot, path, Some("Bearer pat-na1-demo")).await;
        assert_eq!(
            answer.json().pointer(place),
            Some(&json!(value)),
            "{}",
            answer.text()
        );
    }
    let path = "/settings/currencies/2026-09/codes";
    let answer = get(&hubspot, path, Some("Bearer pat-na1-demo")).await;
    assert_eq!(answer.header("x-hubspot-mock"), Some("answer"));
}

/// A part of an account that HubSpot would refuse, and the place that the error names.
const REFUSED: [(&str, &str); 13] = [
    (
        r#""records": {"contacts": [{"emial": "a@b.c"}]}"#,
        "contacts[0]",
    ),
    (
        r#""records": {"contacts": [{"email": "a@b.c", "hubspot_owner_id": "17"}]}"#,
        "contacts[0]",
    ),
    (
        r#""records": {"contacts": [{"num_notes": "many", "email": "a@b.c"}]}"#,
        "contacts[0]",
    ),
    (
        r#""owners": [{"id": 7, "email": "a@b.c"}, {"id": 7, "email": "b@b.c"}]"#,
        "owners[1]",
    ),
    (
        r#""properties": {"contacts": [{"name": "A", "label": "A", "type": "string", "fieldType": "text"}]}"#,
        "properties.contacts[0]",
    ),
    (
        r#""properties": {"unicorns": [{"name": "a", "label": "A", "type": "string", "fieldType": "text"}]}"#,
        "properties.unicorns[0]",
    ),
    (
        r#""pipelines": {"deals": [{"label": "a", "displayOrder": 0, "stages": []}]}"#,
        "pipelines.deals[0]",
    ),
    (
        r#""labels": [{"from": "contacts", "to": "unicorns", "label": "a"}]"#,
        "labels[0]",
    ),
    (
        r#""lists": [{"name": "a", "objectTypeId": "0-1", "processingType": "MANUAL", "members": ["contacts[3]"]}]"#,
        "lists[0]",
    ),
    (
        r#""lists": [{"name": "a", "objectTypeId": "0-1", "processingType": "MANUAL", "member": ["contacts[3]"]}]"#,
        "lists[0]: unknown field `member`, expected one of",
    ),
    (
        r#""pipelines": {"deals": [{"label": "a", "displayOrder": 0, "stages": [{"label": "a", "displayorder": 0}]}]}"#,
        "pipelines.deals[0]: unknown field `stages[0].displayorder`, expected one of",
    ),
    (
        r#""schemas": [{"name": "car", "label": {}}]"#,
        "schemas[0]: unknown field `label`, expected one of",
    ),
    (
        r#""properties": {"contacts/batch": [{"name": "a", "label": "A", "type": "string", "fieldType": "text"}]}"#,
        "properties.contacts/batch[0]: Unable to infer object type from: contacts/batch",
    ),
];

#[tokio::test]
async fn what_hubspot_would_refuse_is_named_with_its_place() {
    for (part, place) in REFUSED {
        let error = refused(&format!(r#"{{"accounts": [{{"name": "acme", {part}}}]}}"#)).await;
        assert!(
            error.contains(&format!(r#"account "acme", {place}"#)),
            "{error}"
        );
    }
    let error = refused(r#"{"answers": {"contacts.lst": {}}}"#).await;
    assert!(error.contains("the nearest is `contacts.list`"), "{error}");
}

#[tokio::test]
async fn a_seed_is_applied_at_the_start() {
    let seed = json!({
        "accounts": [{
            "name": "acme", "tier": "freeOrStarter", "capacityPack": true,
            "tokens": [{ "token": "pat-na1-demo", "scopes": ["crm.objects.contacts.read", "crm.objects.custom.read"] }],
            "schemas": [{
                "name": "car", "labels": { "singular": "Car", "plural": "Cars" }, "associatedObjects": ["CONTACT"],
                "primaryDisplayProperty": "vin", "requiredProperties": ["vin"],
                "properties": [{ "name": "vin", "label": "VIN", "type": "string", "fieldType": "text" }],
            }],
            "records": { "contacts": [{ "email": "ada@example.com" }, { "firstname": "Grace" }], "car": [{ "vin": "WVW1" }] },
            "associations": [{ "from": "car[0]", "to": "contacts[1]" }],
        }],
    });
    let seed = seed.to_string().parse::<Seed>().unwrap();
    let hubspot = MockHubSpot::builder().seed(seed).start().await.unwrap();
    for (ty, records) in [("contacts", 2), ("car", 1)] {
        let path = format!("/crm/v3/objects/{ty}");
        let answer = get(&hubspot, &path, Some("Bearer pat-na1-demo")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["results"].as_array().unwrap().len(), records);
        assert_eq!(answer.header("x-hubspot-ratelimit-max"), Some("250"));
    }
    let path = "/crm/v3/objects/car?associations=contacts";
    let cars = get(&hubspot, path, Some("Bearer pat-na1-demo"))
        .await
        .json();
    let contacts = get(
        &hubspot,
        "/crm/v3/objects/contacts",
        Some("Bearer pat-na1-demo"),
    )
    .await;
    assert_eq!(
        cars["results"][0]["associations"]["contacts"]["results"][0]["id"],
        contacts.json()["results"][1]["id"]
    );
}

/// The status of so many calls that list contacts.
async fn statuses(hubspot: &MockHubSpot, calls: usize) -> Vec<u16> {
    let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    let mut statuses = Vec::new();
    for _ in 0..calls {
        let path = "/crm/objects/2026-09/contacts";
        let answer = get(hubspot, path, Some(&format!("Bearer {token}"))).await;
        statuses.push(answer.status);
    }
    statuses
}

async fn with_faults(faults: Value) -> MockHubSpot {
    let seed = json!({ "faults": faults, "randomSeed": 7 }).to_string();
    let seed = seed.parse::<Seed>().unwrap();
    MockHubSpot::builder().seed(seed).start().await.unwrap()
}

#[tokio::test]
async fn faults_of_a_seed_apply_to_the_requests_they_target() {
    let hubspot = with_faults(json!([
        { "fault": "rateLimit", "requests": 2, "on": "contacts.list", "retryAfterSeconds": 3 },
        { "fault": { "html": 502 }, "on": "contacts.get" },
        { "fault": { "movingSeconds": 60 }, "seconds": 30, "inAccount": "acme" },
    ]))
    .await;
    assert_eq!(statuses(&hubspot, 4).await, [429, 429, 477, 477]);
    hubspot.advance(Duration::from_secs(31));
    assert_eq!(statuses(&hubspot, 1).await, [200]);
    let journal = hubspot.journal();
    let faults = journal.entries().filter_map(Entry::fault);
    assert_eq!(
        faults.collect::<Vec<_>>(),
        [
            "status 429 (TEN_SECONDLY_ROLLING), on contacts.list",
            "status 429 (TEN_SECONDLY_ROLLING), on contacts.list",
            "status 477, in acme",
            "status 477, in acme"
        ]
    );
}

#[tokio::test]
async fn random_faults_of_a_seed_are_the_same_each_time() {
    let faults = json!([{ "fault": { "status": 503 }, "share": 0.5 }]);
    let first = statuses(&with_faults(faults.clone()).await, 40).await;
    assert!(first.contains(&200) && first.contains(&503), "{first:?}");
    assert_eq!(statuses(&with_faults(faults).await, 40).await, first);
}

#[test]
fn every_fault_has_a_name() {
    let kinds = json!([
        "locked", "rateLimit", "dailyLimit", "searchLimit", "reset", "truncatedBody", "duplicateDelivery",
        { "status": 503 }, { "html": 502 }, { "movingSeconds": 60 }, { "latencyMilliseconds": 200 },
        { "slowDrip": { "bytes": 1, "pauseMilliseconds": 10 } }, { "contentType": "text/html" },
    ]);
    for kind in kinds.as_array().unwrap() {
        let seed = json!({ "faults": [{ "fault": kind, "afterEffect": true }] }).to_string();
        seed.parse::<Seed>().unwrap();
    }
}

#[tokio::test]
async fn faults_that_could_never_occur_are_refused() {
    for (fault, expected) in [
        (
            json!({ "fault": { "status": 200 } }),
            "200 is not an error status (400 to 599)",
        ),
        (
            json!({ "fault": "reset", "requests": 0 }),
            "it never occurs: `requests` is 0",
        ),
        (
            json!({ "fault": "reset", "seconds": 0 }),
            "it never occurs: `seconds` is 0",
        ),
        (
            json!({ "fault": "reset", "share": 5 }),
            "`share` is 5; it must be more than 0 and at most 1",
        ),
        (
            json!({ "fault": "reset", "share": 0.5, "requests": 1 }),
            "give one of `requests`, `seconds` and `share`",
        ),
        (
            json!({ "fault": "reset", "on": "contacts.lst" }),
            r#"there is no operation "contacts.lst"; the nearest is `contacts.list`"#,
        ),
    ] {
        let seed = json!({ "faults": [fault] }).to_string();
        assert_eq!(
            refused(&seed).await,
            format!("the seed cannot be used: line 1: faults[0]: {expected}")
        );
    }
    let unknown = r#"{"faults": [{"fault": "earthquake"}]}"#.parse::<Seed>();
    let unknown = unknown.unwrap_err().to_string();
    assert!(
        unknown.starts_with("unknown variant `earthquake`, expected one of `status`, `locked`"),
        "{unknown}"
    );
}

#[test]
fn invalid_seeds_are_reported_with_their_place() {
    for (text, expected) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        (
            r#"{"accounts": [{}]}"#,
            "missing field `name` at line 1 column 16",
        ),
        (
            r#"{"accounts": [{"name": "a", "tier": "gold"}]}"#,
            "unknown variant `gold`, expected one of `freeOrStarter`",
        ),
        (
            r#"{"accounts": [{"name": "a", "records": {"contacts": [{"age": 7}]}}]}"#,
            "invalid type: integer `7`, expected a string",
        ),
    ] {
        let error = text.parse::<Seed>().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn what_hubspot_would_refuse_is_reported_with_its_place() {
    let contacts = r#"{"accounts": [{"name": "acme", "records": {"contacts": [{"email": "a@b.co"}, {"emial": "c@d.co"}]}}]}"#;
    let error = refused(contacts).await;
    assert!(
        error.starts_with(r#"the seed cannot be used: line 1: account "acme", contacts[1]: "#),
        "{error}"
    );
    assert!(error.contains("emial"), "{error}");
    let tokens = r#"{"accounts": [{"name": "acme", "tokens": [{"token": "t1", "scopes": []}, {"token": "t1", "scopes": []}]}]}"#;
    let error = refused(tokens).await;
    assert!(
        error.ends_with(r#"account "acme", tokens[1]: the token exists already"#),
        "{error}"
    );
    let apps = r#"{"apps": [{"clientId": "a", "clientSecret": "s3cret", "redirectUris": []}]}"#;
    let error = refused(apps).await;
    assert!(
        error.contains(r#"apps[0]: the app "a" has no redirect URI"#) && !error.contains("s3cret"),
        "{error}"
    );
    let associations = r#"{"accounts": [{"name": "acme", "records": {"contacts": [{"email": "a@b.co"}]},
        "associations": [{"from": "contacts[0]", "to": "companies[0]"}]}]}"#;
    let error = refused(associations).await;
    assert!(
        error.ends_with(
            r#"account "acme", associations[0]: there is no record companies[0] in the seed"#
        ),
        "{error}"
    );
    let itself = associations.replace("companies[0]", "contacts[0]");
    let error = refused(&itself).await;
    assert!(
        error.ends_with("associations[0]: A record cannot be associated with itself"),
        "{error}"
    );
    let schemas = r#"{"accounts": [{"name": "acme", "schemas": [{"name": "car"}]}]}"#;
    let error = refused(schemas).await;
    assert!(
        error.contains("schemas[0]: ") && error.contains("associatedObjects"),
        "{error}"
    );
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = MockHubSpot::builder().port(port).start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("cannot listen on 127.0.0.1:{port}")
    );
    assert!(
        matches!(error, StartError::Listen { source, .. } if source.kind() == ErrorKind::AddrInUse)
    );
}

#[tokio::test]
async fn several_servers_run_at_once_until_they_are_dropped() {
    let (first, second) = (
        MockHubSpot::start().await.unwrap(),
        MockHubSpot::start().await.unwrap(),
    );
    let token = format!(
        "Bearer {}",
        first.account("acme").grant(["crm.objects.contacts.read"])
    );
    let contacts = "/crm/objects/2026-09/contacts";
    assert_eq!(get(&first, contacts, Some(&token)).await.status, 200);
    assert_eq!(get(&second, contacts, Some(&token)).await.status, 401);

    let address = first.url().replace("http://", "");
    drop(first);
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(&second, contacts, None).await.status, 401);
}

#[test]
fn it_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<MockHubSpot>();
    shared::<hubspot_mock::MockAccount>();
    shared::<hubspot_mock::JournalView>();
}
