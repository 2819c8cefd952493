//! Models in raw requests, which need no feature, and by serde, with the feature `serde`.

use hubspot_generated::Method;
use hubspot_generated::models::{Filter, FilterGroup, FilterOperator, Search, SearchPage};
use serde::Deserialize;

use crate::server::{Server, ok};

const RESPONSE: &str = r#"{"results": [{"id": 512, "properties": {"email": null, "amount": 1.10}, "archived": ""}], "total": "1"}"#;

fn search() -> Search {
    let filter = Filter::new(FilterOperator::Eq, "email").value("ada@example.com");
    Search::new()
        .filter_groups([FilterGroup::new([filter])])
        .limit(10)
}

#[tokio::test]
async fn a_raw_request_sends_and_reads_what_the_operation_does() {
    let server = Server::start([ok(RESPONSE), ok(RESPONSE), ok(RESPONSE)]).await;
    let hubspot = server.client();
    let typed = hubspot.contacts().search(search()).send().await.unwrap();
    let raw = || {
        hubspot
            .request(Method::Post, "/crm/objects/2026-09/contacts/search")
            .response_type::<SearchPage>()
    };
    let by_reference = search();
    assert_eq!(raw().json(&by_reference).send().await.unwrap(), typed);
    assert_eq!(raw().json(search()).send().await.unwrap(), typed);
    let bodies = server.received().into_iter().map(|request| request.body);
    let expected = r#"{"filterGroups":[{"filters":[{"operator":"EQ","propertyName":"email","value":"ada@example.com"}]}],"limit":10}"#;
    assert_eq!(bodies.collect::<Vec<_>>(), [expected; 3]);
    assert_eq!(
        (typed.results[0].id.as_str(), typed.total),
        ("512", Some(1))
    );
    assert_eq!(typed.results[0].properties.get("amount"), Some("1.10"));
}

#[tokio::test]
async fn a_type_of_the_users_own_is_read_by_serde() {
    #[derive(Deserialize)]
    struct Owner {
        id: String,
        teams: Vec<String>,
        active: bool,
    }
    let server = Server::start([ok(r#"{"id": 7, "teams": null, "active": "True"}"#)]).await;
    let request = server
        .client()
        .request(Method::Get, "/crm/owners/2026-09/7");
    let owner = request.response_type::<Owner>().await.unwrap();
    assert_eq!(
        (owner.id.as_str(), owner.teams.len(), owner.active),
        ("7", 0, true)
    );
}

#[cfg(feature = "serde")]
#[test]
fn models_go_through_serde_and_back() {
    fn check<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
        model: &T,
    ) {
        let json = serde_json::to_string(model).unwrap();
        assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), model, "{json}");
    }
    let mut contact = hubspot_generated::models::CrmObject::new("512");
    contact.properties.insert("email", "ada@example.com");
    let mut page = SearchPage::new();
    page.results.push(contact);
    check(&page);
    check(&search());
    check(&FilterOperator::from("FUZZY"));
    check(&hubspot_generated::BatchError::default());
    let text = serde_json::to_string(&search()).unwrap();
    assert!(!text.contains("null"), "{text}");
}
