//! Responses that a test sets.

use crate::support::tester::Tester;
use serde_json::json;

#[tokio::test]
async fn a_test_sets_the_response_of_an_operation() {
    let hubspot = Tester::start().await;
    let path = "/settings/currencies/2026-09/codes";
    let codes = json!({"results": [{"code": "EUR"}]});
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer(codes.clone());
    let (answer, mark) = hubspot.marked("GET", path).await;
    assert_eq!((answer.status, answer.json()), (200, codes));
    assert_eq!(mark.as_deref(), Some("answer"));
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer_with(503, json!(null));
    assert_eq!(hubspot.marked("GET", path).await.0.status, 503);
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .answer_with(501, json!({}));
    let (answer, mark) = hubspot.marked("GET", path).await;
    assert_eq!((answer.status, mark.as_deref()), (501, Some("answer")));
    hubspot
        .hubspot
        .on("lists.create")
        .answer_with(503, json!(null));
    let body = json!({"name": "Kept", "objectTypeId": "0-1", "processingType": "MANUAL"});
    assert!(
        !hubspot.account.list(&body).is_empty(),
        "set-up by the test"
    );
    hubspot
        .hubspot
        .on("settings.currencies.list_codes")
        .restore();
    assert_eq!(
        hubspot.marked("GET", path).await.1.as_deref(),
        Some("generated")
    );
}

#[tokio::test]
#[should_panic(expected = "the nearest is `settings.currencies.list_codes`")]
async fn an_answer_for_an_unknown_operation_names_the_nearest() {
    let hubspot = Tester::start().await;
    hubspot
        .hubspot
        .on("settings.currency.list_codes")
        .answer(json!({}));
}
