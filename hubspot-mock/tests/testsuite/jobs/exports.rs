//! Exports, and their files.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::get;
use crate::support::tester::Tester;

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
