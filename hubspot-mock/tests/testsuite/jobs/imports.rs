//! Imports of CSV files.

use std::time::Duration;

use hubspot_mock::{Property, PropertyType, ValidationRule};
use serde_json::{Value, json};

use crate::support::tester::{Tester, field};
use crate::support::{Answer, exchange};

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
    import_to(hubspot, IMPORTS, request, files).await
}

/// Sends an import to this path.
async fn import_to(hubspot: &Tester, path: &str, request: &Value, files: &[&[u8]]) -> (u16, Value) {
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
        "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
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
    check_errors(&hubspot, &path).await;
}

/// Checks the errors of the import above.
async fn check_errors(hubspot: &Tester, path: &str) {
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

/// Requests that are refused, with a part of the message.
fn bad_requests() -> Vec<(Value, &'static str)> {
    let good = contacts("UPSERT");
    let with = |pointer: &str, value: Value| {
        let mut request = good.clone();
        *request.pointer_mut(pointer).unwrap() = value;
        request
    };
    let mapping = "/files/0/fileImportPage/columnMappings/1";
    vec![
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
    ]
}

#[tokio::test]
async fn a_bad_import_says_where_it_is_bad() {
    let hubspot = with_dates().await;
    let good = contacts("UPSERT");
    for (request, expected) in bad_requests() {
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
            .starts_with("a.csv, line 1: There is no column \"Email\". The file has these: Mail, "),
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

/// An import of contacts by email and city, from files of two columns.
fn cities(files: usize) -> Value {
    let columns = json!([
        column("0-1", "Email", "email", json!("HUBSPOT_ALTERNATE_ID")),
        column("0-1", "City", "city", json!(null)),
    ]);
    let file = json!({"fileName": "a.csv", "fileFormat": "CSV", "fileImportPage": {"hasHeader": true, "columnMappings": columns}});
    json!({"name": "November", "createContactListFromImport": true, "files": vec![file; files]})
}

#[tokio::test]
async fn validation_rules_apply_to_imports_from_2026_09_on() {
    for (path, cities_written) in [(IMPORTS, 1), ("/crm/imports/2026-09", 0)] {
        let hubspot = Tester::start().await;
        let city = Property::new("city", PropertyType::Text);
        let city = city.rule(ValidationRule::MaxLength(3));
        hubspot.account.property("contacts", city);
        let (_, started) =
            import_to(&hubspot, path, &cities(1), &[b"Email,City\na@b.co,London"]).await;
        let done = at_end(&hubspot, &started).await;
        let counters = &done["metadata"]["counters"];
        assert_eq!(counters["CREATED_OBJECTS"], 1, "{path}: {done}");
        assert_eq!(counters["ERRORS"], 1 - cities_written, "{path}: {done}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_leaves_nothing_behind() {
    let good = b"Email,City\na@b.co,London\n".as_slice();
    for (bad, expected) in [
        (
            b"Mail,City\nb@b.co,London\n".as_slice(),
            "a.csv, line 1: There is no column \"Email\".",
        ),
        (
            b"Email,City\nb@b.co,Paris\nc@b.co,\"London\nd@b.co,Rome\n",
            "a.csv, line 3: A quotation mark opens",
        ),
        (b"", "a.csv, line 1: There is no column"),
        (
            b"\nMail,City\n",
            "a.csv, line 2: There is no column \"Email\".",
        ),
    ] {
        for files in [[good, bad], [bad, good]] {
            let hubspot = Tester::start().await;
            let (_, started) = import(&hubspot, &cities(2), &files).await;
            let done = at_end(&hubspot, &started).await;
            assert_eq!(done["state"], "FAILED");
            assert_eq!(done["metadata"]["counters"], json!({"ERRORS": 1}));
            assert_eq!(done["metadata"]["objectLists"], json!([]));
            let errors = format!("{IMPORTS}/{}/errors", done["id"].as_str().unwrap());
            let message = field(&hubspot.get(&errors).await, "errorMessage").remove(0);
            assert!(message.starts_with(expected), "{message}");
            let contacts = hubspot.get("/crm/v3/objects/contacts").await;
            assert_eq!(contacts["results"], json!([]));
        }
    }
}

#[tokio::test]
async fn lists_of_imports_have_names_of_their_own() {
    let hubspot = Tester::start().await;
    for name in ["November", "November (2)"] {
        let (_, started) = import(&hubspot, &cities(1), &[b"Email,City\na@b.co,London\n"]).await;
        let done = at_end(&hubspot, &started).await;
        let list = done["metadata"]["objectLists"][0]["listId"]
            .as_str()
            .unwrap();
        let list = hubspot.get(&format!("/crm/v3/lists/{list}")).await;
        assert_eq!(list["list"]["name"], name);
    }
}

/// The time of an import of so many rows.
async fn timed(rows: usize) -> Duration {
    let hubspot = Tester::start().await;
    let rows = (0..rows).map(|row| format!("c{row}@b.co,London\n"));
    let file = format!("Email,City\n{}", rows.collect::<String>());
    let (_, started) = import(&hubspot, &cities(1), &[file.as_bytes()]).await;
    let start = std::time::Instant::now();
    let done = at_end(&hubspot, &started).await;
    assert_eq!(done["state"], "DONE");
    start.elapsed()
}

#[tokio::test]
async fn the_time_of_an_import_grows_with_its_rows_only() {
    let (few, many) = (timed(2_000).await, timed(40_000).await);
    // Twenty times the rows take four hundred times as long if the time grows with their square.
    assert!(many < few * 100, "{few:?} {many:?}");
}
