//! What takes time by the server's clock: imports, exports and conversions of lists. And validation rules.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written in place")]

#[path = "support/mod.rs"]
mod support;
#[path = "support/tester.rs"]
mod tester;

use std::time::Duration;

use hubspot_mock::{MockHubSpot, Property, PropertyType, Seed};
use serde_json::{Value, json};
use support::{Answer, exchange, get};
use tester::{Tester, field};

const IMPORTS: &str = "/crm/v3/imports";

/// A server whose contacts have a date.
async fn with_dates() -> Tester {
    let hubspot = Tester::start().await;
    let born = Property::new("born", PropertyType::Date);
    hubspot.account.property("contacts", born);
    hubspot
}

/// Sends an import with these files.
async fn import(hubspot: &Tester, request: &Value, files: &[&[u8]]) -> (u16, Value) {
    let mut form = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"importRequest\"\r\n\r\n{request}\r\n"
    )
    .into_bytes();
    for file in files {
        form.extend(
            b"--edge\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.csv\"\r\n\r\n",
        );
        form.extend(*file);
        form.extend(b"\r\n");
    }
    form.extend(b"--edge--\r\n");
    let token = hubspot.account.grant(["crm.import"]);
    let mut bytes = format!(
        "POST {IMPORTS} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: multipart/form-data; boundary=edge\r\ncontent-length: {}\r\n\r\n",
        form.len()
    )
    .into_bytes();
    bytes.extend(form);
    let (answer, end) = exchange(&hubspot.hubspot, &bytes).await;
    end.unwrap();
    let answer = Answer::read(&answer);
    assert_eq!(answer.header("x-hubspot-mock"), None);
    (answer.status, answer.json())
}

fn column(ty: &str, name: &str, property: &str, column_type: Value) -> Value {
    json!({"columnObjectTypeId": ty, "columnName": name, "propertyName": property, "columnType": column_type})
}

/// An import of contacts with their companies.
fn contacts(operation: &str) -> Value {
    json!({
        "name": "November",
        "importOperations": {"0-1": operation},
        "dateFormat": "DAY_MONTH_YEAR",
        "createContactListFromImport": true,
        "files": [{"fileName": "a.csv", "fileFormat": "CSV", "fileImportPage": {"hasHeader": true, "columnMappings": [
            column("0-1", "Email", "email", json!("HUBSPOT_ALTERNATE_ID")),
            column("0-1", "Born", "born", json!(null)),
            column("0-1", "Notes", "num_notes", json!(null)),
            column("0-2", "Company", "name", json!(null)),
        ]}}],
    })
}

async fn at_end(hubspot: &Tester, started: &Value) -> Value {
    hubspot.hubspot.advance(Duration::from_secs(2));
    let id = started["id"].as_str().unwrap();
    hubspot.get(&format!("{IMPORTS}/{id}")).await
}

#[tokio::test]
async fn an_import_writes_records_when_its_time_has_come() {
    let hubspot = with_dates().await;
    hubspot.account.contact([("email", "ada@b.co")]);
    let file = "Notes,Email,Company,Born\r\n5,ada@b.co,Acme,\"10/12/1815\"\r\nmany,bob@b.co,,\r\n7,no email,,\r\n1,2\r\n";
    let (status, started) = import(&hubspot, &contacts("UPSERT"), &[file.as_bytes()]).await;
    assert_eq!(
        (status, &started["state"]),
        (200, &json!("STARTED")),
        "{started}"
    );
    let search =
        json!({"filters": [{"propertyName": "email", "operator": "EQ", "value": "bob@b.co"}]});
    let found = hubspot
        .ok("POST", "/crm/v3/objects/contacts/search", search.clone())
        .await;
    assert_eq!(found["total"], 0, "nothing is imported yet");
    hubspot.hubspot.advance(Duration::from_secs(1));
    let path = format!("{IMPORTS}/{}", started["id"].as_str().unwrap());
    assert_eq!(hubspot.get(&path).await["state"], "PROCESSING");
    let done = at_end(&hubspot, &started).await;
    assert_eq!(done["state"], "DONE");
    assert_eq!(
        done["metadata"]["counters"],
        json!({
            "TOTAL_ROWS": 4, "CREATED_OBJECTS": 2, "UPDATED_OBJECTS": 1, "UNIQUE_OBJECTS_WRITTEN": 3,
            "PROPERTY_VALUES_EMITTED": 5, "ERRORS": 3,
        })
    );
    assert_eq!(done["mappedObjectTypeIds"], json!(["0-1", "0-2"]));
    let found = hubspot
        .ok("POST", "/crm/v3/objects/contacts/search", search)
        .await;
    assert_eq!(found["total"], 1, "without the value that is not a number");
    let ada = "/crm/v3/objects/contacts/ada@b.co?idProperty=email&properties=born,num_notes&associations=companies";
    let ada = hubspot.get(ada).await;
    assert_eq!(ada["properties"]["num_notes"], "5");
    assert_eq!(ada["properties"]["born"], "1815-12-10");
    assert_eq!(
        ada["associations"]["companies"]["results"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let list = done["metadata"]["objectLists"][0]["listId"]
        .as_str()
        .unwrap();
    let members = hubspot
        .get(&format!("/crm/v3/lists/{list}/memberships"))
        .await;
    assert_eq!(members["total"], 2);
    let errors = hubspot.get(&format!("{path}/errors?limit=2")).await;
    assert_eq!(
        field(&errors, "errorType"),
        ["COULD_NOT_PARSE_NUMBER", "INVALID_EMAIL"]
    );
    let first = &errors["results"][0];
    assert_eq!(
        (&first["invalidValue"], &first["knownColumnNumber"]),
        (&json!("many"), &json!(1))
    );
    assert_eq!(first["sourceData"]["lineNumber"], 3);
    let rest = hubspot.get(&format!("{path}/errors?after=2")).await;
    assert_eq!(field(&rest, "errorType"), ["INCORRECT_NUMBER_OF_COLUMNS"]);
    assert_eq!(
        field(&rest, "errorMessage"),
        ["a.csv, line 5: The row has 2 columns, and the file has 4."]
    );
}

#[tokio::test]
async fn an_import_creates_or_updates_only_and_can_be_canceled() {
    let hubspot = with_dates().await;
    hubspot.account.contact([("email", "ada@b.co")]);
    let file = b"Email,Born,Notes,Company\nada@b.co,,1,\nbob@b.co,,2,\n";
    for (operation, error) in [
        ("CREATE", "CREATE_ONLY_IMPORT"),
        ("UPDATE", "UPDATE_ONLY_IMPORT"),
    ] {
        let (_, started) = import(&hubspot, &contacts(operation), &[file]).await;
        at_end(&hubspot, &started).await;
        let errors = format!("{IMPORTS}/{}/errors", started["id"].as_str().unwrap());
        let errors = field(&hubspot.get(&errors).await, "errorType");
        // The first run creates the second contact, so that the second run finds both.
        assert_eq!(
            errors,
            if operation == "CREATE" {
                vec![error]
            } else {
                Vec::new()
            }
        );
    }
    let (_, started) = import(
        &hubspot,
        &contacts("UPDATE"),
        &[b"Email,Born,Notes,Company\nnew@b.co,,2,\n"],
    )
    .await;
    let path = format!("{IMPORTS}/{}", started["id"].as_str().unwrap());
    hubspot
        .ok("POST", &format!("{path}/cancel"), Value::Null)
        .await;
    assert_eq!(at_end(&hubspot, &started).await["state"], "CANCELED");
    assert_eq!(
        hubspot
            .status("POST", &format!("{path}/cancel"), Value::Null)
            .await,
        400
    );
    let all = field(&hubspot.get(IMPORTS).await, "state");
    assert_eq!(all, ["DONE", "DONE", "CANCELED"]);
}

#[tokio::test]
async fn a_bad_import_says_where_it_is_bad() {
    let hubspot = with_dates().await;
    let good = contacts("UPSERT");
    let with = |pointer: &str, value: Value| {
        let mut request = good.clone();
        *request.pointer_mut(pointer).unwrap() = value;
        request
    };
    let mapping = "/files/0/fileImportPage/columnMappings/1";
    for (request, expected) in [
        (
            json!({"name": "a"}),
            "importRequest is not valid: missing field `files`",
        ),
        (
            with("/files/0/fileFormat", json!("SPREADSHEET")),
            "files[0]: hubspot-mock reads CSV files only",
        ),
        (
            with("/dateFormat", json!("YMD")),
            "dateFormat is one of MONTH_DAY_YEAR",
        ),
        (
            with("/importOperations", json!({"0-1": "DELETE"})),
            "columnMappings[0]: the importOperation of 0-1",
        ),
        (
            with(&format!("{mapping}/propertyName"), json!("unicorn")),
            "columnMappings[1]: the property unicorn does not exist",
        ),
        (
            with(&format!("{mapping}/columnObjectTypeId"), json!("unicorns")),
            "there is no object type unicorns",
        ),
        (
            with(
                &format!("{mapping}/columnType"),
                json!("HUBSPOT_ALTERNATE_ID"),
            ),
            "has no unique values",
        ),
    ] {
        let (status, body) = import(&hubspot, &request, &[b"Email\n"]).await;
        let message = body["message"].as_str().unwrap();
        assert!(
            status == 400 && message.contains(expected),
            "{status} {message}"
        );
    }
    let (status, body) = import(&hubspot, &good, &[]).await;
    assert_eq!(status, 400, "{body}");
    let (_, started) = import(&hubspot, &good, &[b"Mail,Born,Notes,Company\na@b.co,,,\n"]).await;
    let failed = at_end(&hubspot, &started).await;
    assert_eq!(failed["state"], "FAILED");
    let errors = format!("{IMPORTS}/{}/errors", failed["id"].as_str().unwrap());
    let errors = hubspot.get(&errors).await;
    let message = errors["results"][0]["errorMessage"].as_str().unwrap();
    assert!(
        message
            .starts_with("a.csv, line 0: There is no column \"Email\". The file has these: Mail, "),
        "{message}"
    );
    let (_, started) = import(&hubspot, &good, &[b"Email,Born,Notes,Company\n\xff,,,\n"]).await;
    assert_eq!(
        at_end(&hubspot, &started).await["metadata"]["counters"]["ERRORS"],
        1
    );
    assert_eq!(
        hubspot
            .status("GET", &format!("{IMPORTS}/99"), Value::Null)
            .await,
        404
    );
}

const EXPORTS: &str = "/crm/v3/exports/export/async";

/// The file of an export, and the path of its download.
async fn export(hubspot: &Tester, request: Value) -> (String, String) {
    let (status, task) = hubspot.call("POST", EXPORTS, request).await;
    assert_eq!(status, 202, "{task}");
    let id = task["id"].as_str().unwrap();
    let path = format!("{EXPORTS}/tasks/{id}/status");
    let pending = hubspot.get(&path).await;
    assert_eq!(
        (&pending["status"], &pending["result"]),
        (&json!("PENDING"), &Value::Null)
    );
    hubspot.hubspot.advance(Duration::from_secs(1));
    assert_eq!(hubspot.get(&path).await["status"], "PROCESSING");
    hubspot.hubspot.advance(Duration::from_secs(1));
    let complete = hubspot.get(&path).await;
    assert_eq!(complete["status"], "COMPLETE");
    let done = hubspot.get(&format!("/crm/v3/exports/export/{id}")).await;
    assert_eq!(done["exportState"], "DONE");
    let url = complete["result"].as_str().unwrap();
    let download = url.strip_prefix(&hubspot.hubspot.url()).unwrap().to_owned();
    (
        get(&hubspot.hubspot, &download, None).await.text(),
        download,
    )
}

#[tokio::test]
async fn an_export_can_be_downloaded_for_five_minutes() {
    let hubspot = Tester::start().await;
    let ada = hubspot.account.contact([
        ("email", "ada@b.co"),
        ("hs_lead_status", "OPEN_DEAL"),
        ("firstname", "A, \"d\""),
    ]);
    hubspot.account.contact([("email", "bob@b.co")]);
    let company = hubspot.account.company([("name", "Acme")]);
    hubspot
        .account
        .associate(("contacts", &ada), ("companies", &company));
    let mut request = json!({
        "exportType": "VIEW", "exportName": "All", "format": "CSV", "objectType": "CONTACT",
        "objectProperties": ["email", "firstname", "hs_lead_status"], "associatedObjectType": ["COMPANY"],
        "publicCrmSearchRequest": {"filters": [{"propertyName": "firstname", "operator": "HAS_PROPERTY"}], "sorts": []},
    });
    let (file, download) = export(&hubspot, request.clone()).await;
    assert_eq!(
        file,
        format!(
            "Record ID,Email,First Name,Lead Status,Associated company IDs\n{ada},ada@b.co,\"A, \"\"d\"\"\",Open Deal,{company}\n"
        )
    );
    request["exportInternalValuesOptions"] = json!(["NAMES", "VALUES"]);
    let (file, _) = export(&hubspot, request.clone()).await;
    assert!(
        file.starts_with("Record ID,email,firstname,hs_lead_status,")
            && file.contains(",OPEN_DEAL,"),
        "{file}"
    );
    let list = json!({"name": "one", "objectTypeId": "0-1", "processingType": "MANUAL"});
    let list = hubspot.account.list(&list);
    hubspot
        .ok(
            "PUT",
            &format!("/crm/v3/lists/{list}/memberships/add"),
            json!([ada]),
        )
        .await;
    let mut of_list = request.clone();
    of_list["exportType"] = json!("LIST");
    of_list["listId"] = json!(list);
    assert_eq!(export(&hubspot, of_list).await.0.lines().count(), 2);
    hubspot.hubspot.advance(Duration::from_mins(6));
    assert_eq!(get(&hubspot.hubspot, &download, None).await.status, 403);
    for (name, value) in [("format", "XLSX"), ("objectType", "unicorns")] {
        let mut refused = request.clone();
        refused[name] = json!(value);
        assert_eq!(
            hubspot.status("POST", EXPORTS, refused).await,
            400,
            "{value}"
        );
    }
    request["objectProperties"] = json!(["unicorn"]);
    assert_eq!(hubspot.status("POST", EXPORTS, request).await, 400);
}

#[tokio::test]
async fn validation_rules_apply_to_writes() {
    let seed = json!({"accounts": [{"name": "acme", "validations": {"contacts": {
        "city": [{"ruleType": "MIN_LENGTH", "ruleArguments": ["2"]}],
    }}}]});
    let seed = seed.to_string().parse::<Seed>().unwrap();
    let builder = MockHubSpot::builder().seed(seed);
    let hubspot = Tester::of(builder.start().await.unwrap());
    let rules = "/crm/property-validations/2026-09/0-1";
    let rule = format!("{rules}/city/rule-type/MAX_LENGTH");
    let body = json!({"ruleArguments": ["6"], "shouldApplyNormalization": false});
    assert_eq!(
        hubspot.call("PUT", &rule, body.clone()).await,
        (204, Value::Null)
    );
    let mut expected = body.clone();
    expected["ruleType"] = json!("MAX_LENGTH");
    assert_eq!(hubspot.get(&rule).await, expected);
    let of_city = json!([{"ruleType": "MIN_LENGTH", "ruleArguments": ["2"]}, expected]);
    assert_eq!(
        hubspot.get(&format!("{rules}/city")).await,
        json!({"results": of_city})
    );
    assert_eq!(
        hubspot.get(rules).await,
        json!({"results": [{"propertyName": "city", "propertyValidationRules": of_city}]})
    );
    for (version, status) in [("v3", 201), ("2026-09", 400)] {
        let path = match version {
            "v3" => "/crm/v3/objects/contacts".to_owned(),
            date => format!("/crm/objects/{date}/contacts"),
        };
        let contact =
            json!({"properties": {"email": format!("{version}@b.co"), "city": "Llanfair"}});
        let (given, body) = hubspot.call("POST", &path, contact).await;
        assert_eq!(given, status, "{version} {body}");
        if given == 400 {
            let message = body["message"].as_str().unwrap();
            assert!(
                message.contains(r#""error":"VALIDATION_RULE_FAILED","name":"city""#),
                "{message}"
            );
        }
    }
    let bad = [
        (
            format!("{rules}/city/rule-type/MAX_LENGTH"),
            json!({"ruleArguments": ["many"]}),
            400,
        ),
        (format!("{rules}/city/rule-type/UNICORN"), body.clone(), 400),
        (
            format!("{rules}/unicorn/rule-type/MAX_LENGTH"),
            body.clone(),
            404,
        ),
    ];
    for (path, body, status) in bad {
        assert_eq!(hubspot.status("PUT", &path, body).await, status, "{path}");
    }
    let missing = format!("{rules}/city/rule-type/URL");
    assert_eq!(hubspot.status("GET", &missing, Value::Null).await, 404);
}

#[tokio::test]
async fn dynamic_lists_are_converted_on_a_date_or_after_inactivity() {
    let hubspot = Tester::start().await;
    hubspot.account.contact([("email", "a@b.co")]);
    let known = json!({"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [{
        "filterType": "PROPERTY", "property": "email", "operation": {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN", "includeObjectsWithNoValueSet": false},
    }]});
    for (name, schedule) in [
        (
            "date",
            json!({"conversionType": "CONVERSION_DATE", "year": 2099, "month": 2, "day": 1}),
        ),
        (
            "idle",
            json!({"conversionType": "INACTIVITY", "timeUnit": "WEEK", "offset": 2}),
        ),
    ] {
        let list = json!({"name": name, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": known});
        let list = format!("/crm/v3/lists/{}", hubspot.account.list(&list));
        let conversion = format!("{list}/schedule-conversion");
        assert_eq!(hubspot.status("GET", &conversion, Value::Null).await, 404);
        hubspot.ok("PUT", &conversion, schedule.clone()).await;
        hubspot.ok("DELETE", &conversion, Value::Null).await;
        let scheduled = hubspot.ok("PUT", &conversion, schedule.clone()).await;
        assert_eq!(scheduled["requestedConversionTime"], schedule);
        assert_eq!(
            hubspot.get(&list).await["list"]["processingType"],
            "DYNAMIC"
        );
        let days = if name == "date" { 365 * 80 } else { 15 };
        hubspot.hubspot.advance(Duration::from_hours(24 * days));
        assert_eq!(
            hubspot.get(&list).await["list"]["processingType"],
            "SNAPSHOT",
            "{name}"
        );
        assert!(hubspot.get(&conversion).await["convertedAt"].is_string());
        assert_eq!(hubspot.get(&list).await["list"]["size"], 1);
        assert_eq!(hubspot.status("PUT", &conversion, schedule).await, 400);
    }
}
