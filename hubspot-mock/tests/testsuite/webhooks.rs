//! The developer API key, end to end: the operations on webhooks.

use hubspot_generated::models::{
    BatchUpdateWebhookSubscriptions, CreateWebhookSubscription, UpdateWebhookSettings,
    UpdateWebhookSubscription, WebhookEventType, WebhookSubscriptionUpdate, WebhookThrottling,
};
use hubspot_generated::{Client, DeveloperKey, Method, Unchecked};
use hubspot_mock::MockHubSpot;

const APP: i32 = 7;

#[tokio::test]
async fn a_client_with_the_key_manages_webhooks() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let webhooks = hubspot.developer_client().webhooks();
    assert!(webhooks.get_settings(APP).await.unwrap_err().is_not_found());
    let url = "https://app.example/hooks";
    let body = UpdateWebhookSettings::new(url, WebhookThrottling::new(10));
    let settings = webhooks.set_settings(APP, body).await.unwrap();
    assert_eq!(settings.target_url, url);
    assert_eq!(webhooks.get_settings(APP).await.unwrap(), settings);

    let created = WebhookEventType::ContactCreation;
    let body = CreateWebhookSubscription::new(created.clone()).active(true);
    let subscription = webhooks.create_subscription(APP, body).await.unwrap();
    assert!(subscription.active && subscription.event_type == created);
    let id = subscription.id.parse().unwrap();
    let body = UpdateWebhookSubscription::new().active(false);
    assert!(
        !webhooks
            .update_subscription(APP, id, body)
            .await
            .unwrap()
            .active
    );
    let input = WebhookSubscriptionUpdate::new(id).active(true);
    let body = BatchUpdateWebhookSubscriptions::new([input]);
    let batch = webhooks
        .batch_update_subscriptions(APP, body)
        .await
        .unwrap();
    assert!(batch.results[0].active);
    assert_eq!(
        webhooks.list_subscriptions(APP).await.unwrap().results,
        batch.results
    );
    webhooks.archive_subscription(APP, id).await.unwrap();
    assert!(
        webhooks
            .get_subscription(APP, id)
            .await
            .unwrap_err()
            .is_not_found()
    );
    webhooks.archive_settings(APP).await.unwrap();
}

/// A client with a key of its own making.
fn client(hubspot: &MockHubSpot, key: &str) -> Client<DeveloperKey> {
    let client = Client::developer_builder(key).base_url(hubspot.url());
    client.max_retries(0).build().unwrap()
}

#[tokio::test]
async fn an_unknown_key_is_refused_and_is_in_no_error() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let client = client(&hubspot, "s3cret-key");
    let error = client.webhooks().list_subscriptions(APP).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    let text = format!("{error} {error:?} {client:?} {:?}", error.message());
    assert!(!text.contains("s3cret"), "{text}");
    let journal = format!("{:?}", hubspot.journal());
    assert!(
        journal.contains("webhooks") && !journal.contains("s3cret"),
        "{journal}"
    );
}

#[tokio::test]
async fn a_key_is_no_token_and_a_token_is_no_key() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let path = "/app-webhooks/2026-09/7/subscriptions";
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let with_token = Client::<Unchecked>::unchecked_builder().base_url(hubspot.url());
    let with_token = with_token.access_token(token).build().unwrap();
    let error = with_token.request(Method::Get, path).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");

    let developer = hubspot.developer_client();
    let listed = developer.request(Method::Get, path).query("a", "b");
    assert_eq!(listed.await.unwrap()["results"], serde_json::json!([]));
    let contacts = "/crm/objects/2026-09/contacts";
    let error = developer.request(Method::Get, contacts).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
}
