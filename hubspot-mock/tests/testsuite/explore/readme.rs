//! The test of the README of hubspot-mock.

use hubspot_mock::MockHubSpot;

hubspot_generated::scope_set! {
    struct SyncScopes { required: ["oauth", "crm.objects.contacts.read"], }
}

#[tokio::test]
async fn a_sync_survives_every_fault() {
    let report = MockHubSpot::explore(async |hubspot| {
        let app = hubspot.oauth_app::<SyncScopes>();
        let client = hubspot.account("acme").connect(&app).await?;
        client.contacts().list().await?;
        Ok::<_, Box<dyn std::error::Error>>(())
    });
    report.await.assert_clean();
}
