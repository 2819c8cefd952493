//! Operations of the versions v1, v2, v3 and v4 that the toolkit has no documents of.

#![allow(clippy::needless_pass_by_value, reason = "bodies are written in place")]

use crate::support::tester::{Tester, field};
use hubspot_mock::Owner;
use serde_json::{Value, json};

#[tokio::test]
async fn associations_of_v3_have_one_type() {
    let hubspot = Tester::start().await;
    let contact = hubspot.account.contact([("email", "a@b.c")]);
    let company = hubspot.account.company([("name", "Acme")]);
    let list = format!("/crm/v3/objects/contacts/{contact}/associations/companies");
    for ty in ["contact_to_company", "279"] {
        hubspot
            .ok("PUT", &format!("{list}/{company}/{ty}"), Value::Null)
            .await;
        let page = hubspot.get(&list).await;
        assert!(field(&page, "id").contains(&company), "{page}");
    }
    assert!(field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    assert_eq!(
        hubspot
            .status("PUT", &format!("{list}/{company}/unicorns"), Value::Null)
            .await,
        400
    );
    let batch = "/crm/v3/associations/contact/company";
    let number = contact.parse::<u64>().unwrap();
    let read = json!({"inputs": [{"id": number}, {"id": "17"}]});
    let (status, found) = hubspot
        .call("POST", &format!("{batch}/batch/read"), read)
        .await;
    assert_eq!(
        (status, &found["results"][0]["from"]["id"]),
        (207, &json!(contact))
    );
    assert_eq!(found["results"][0]["to"][0]["id"], company);
    let input = json!({"inputs": [{"from": {"id": contact}, "to": {"id": company}, "type": "contact_to_company"}]});
    hubspot
        .ok("POST", &format!("{batch}/batch/archive"), input.clone())
        .await;
    assert!(!field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    hubspot
        .ok("POST", &format!("{batch}/batch/create"), input)
        .await;
    assert!(field(&hubspot.get(&list).await, "type").contains(&"contact_to_company".to_owned()));
    let types = hubspot.get(&format!("{batch}/types")).await;
    assert_eq!(field(&types, "id"), ["279", "1", "931"]);
    hubspot
        .ok("DELETE", &format!("{list}/{company}/1"), Value::Null)
        .await;
}

#[tokio::test]
async fn records_are_listed_in_the_old_versions() {
    let hubspot = Tester::start().await;
    for number in 0..5 {
        hubspot
            .account
            .company([("name", format!("c{number}").as_str())]);
        hubspot
            .account
            .record("deals", [("dealname", format!("d{number}").as_str())]);
    }
    for (path, records, id, more) in [
        (
            "/companies/v2/companies/paged",
            "companies",
            "companyId",
            "has-more",
        ),
        ("/deals/v1/deal/paged", "deals", "dealId", "hasMore"),
        (
            "/companies/v2/companies/recent/modified",
            "results",
            "companyId",
            "hasMore",
        ),
        (
            "/deals/v1/deal/recent/modified",
            "results",
            "dealId",
            "hasMore",
        ),
    ] {
        let mut offset = 0;
        let mut ids = Vec::new();
        loop {
            let page = hubspot
                .get(&format!(
                    "{path}?limit=2&count=2&offset={offset}&properties=name"
                ))
                .await;
            ids.extend(
                page[records]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|record| record[id].as_u64().unwrap()),
            );
            offset = page["offset"].as_u64().unwrap();
            if page[more] == false {
                break;
            }
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 5, "{path}");
    }
    let properties = hubspot.get("/companies/v2/properties").await;
    assert!(properties.as_array().unwrap().len() > 20);
    let pipelines = hubspot.get("/deals/v1/pipelines").await;
    assert_eq!(pipelines[0]["stages"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn records_have_paths_of_v4() {
    let hubspot = Tester::start().await;
    let id = hubspot
        .account
        .record("tickets", [("subject", "It smokes")]);
    let page = hubspot.get("/crm/v4/objects/tickets?limit=100").await;
    assert_eq!(field(&page, "id"), [id]);
}

#[tokio::test]
async fn users_and_teams_are_those_of_the_owners() {
    let hubspot = Tester::start().await;
    let ada = Owner::new("ada@b.c").team("Sales").team("Support");
    hubspot.account.owner(ada);
    hubspot.account.owner(Owner::new("bob@b.c").team("Support"));
    hubspot.account.owner(Owner::new("gone@b.c").archived());
    let users = hubspot.get("/settings/v3/users").await;
    assert_eq!(field(&users, "email"), ["ada@b.c", "bob@b.c"]);
    let teams = hubspot.get("/settings/v3/users/teams").await;
    assert_eq!(field(&teams, "name"), ["Sales", "Support"]);
    assert_eq!(
        users["results"][0]["primaryTeamId"],
        teams["results"][0]["id"]
    );
    assert_eq!(
        teams["results"][1]["userIds"],
        json!([users["results"][1]["id"]])
    );
    assert_eq!(
        teams["results"][1]["secondaryUserIds"],
        json!([users["results"][0]["id"]])
    );
    let one = hubspot
        .get("/settings/v3/users/bob@b.c?idProperty=EMAIL")
        .await;
    assert_eq!(one, users["results"][1]);
}
