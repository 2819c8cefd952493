//! Static tokens are rotated without a restart.

use std::sync::{Arc, Mutex};

use hubspot_generated::{Client, Secret, Unchecked};

use crate::hub::Hub;

#[tokio::test]
async fn a_token_file_is_read_again_after_a_401() {
    let hub = Hub::start().await;
    hub.inner().category = "INVALID_AUTHENTICATION";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "pat-hidden-1\n").unwrap();
    let client = Client::unchecked_builder()
        .base_url(hub.url())
        .access_token_file(&path)
        .build()
        .unwrap();
    let list = || client.contacts().list().send();
    list().await.unwrap();

    // The old one is dead, the new one not there yet.
    hub.inner().static_token = "pat-hidden-2";
    assert!(list().await.unwrap_err().is_unauthorized());
    std::fs::write(&path, "pat-hidden-2").unwrap();
    hub.inner().paths.clear();
    list().await.unwrap();
    list().await.unwrap();
    assert_eq!(hub.inner().paths.len(), 3, "the first was made twice");

    // Without the file, HubSpot's own error is returned.
    std::fs::remove_file(&path).unwrap();
    hub.inner().static_token = "pat-hidden-3";
    assert!(list().await.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn a_token_that_stays_the_same_is_not_retried() {
    let hub = Hub::start().await;
    let place = Arc::new(Mutex::new(Secret::from("pat-hidden-1")));
    let read = place.clone();
    let client = Client::unchecked_builder()
        .base_url(hub.url())
        .access_token_from(move || Ok(read.lock().unwrap().clone()))
        .build()
        .unwrap();
    hub.inner().static_token = "pat-hidden-2";
    assert!(client.contacts().list().send().await.is_err());
    assert_eq!(hub.inner().paths.len(), 1);
    *place.lock().unwrap() = "pat-hidden-2".into();
    client.contacts().list().send().await.unwrap();
    assert_eq!(hub.inner().paths.len(), 3);
}

#[test]
fn a_token_that_cannot_be_read_is_an_error_of_build() {
    let build = |builder: hubspot_generated::ClientBuilder<Unchecked>| {
        builder.build().unwrap_err().to_string()
    };
    let error = build(Client::unchecked_builder().access_token_file("/nowhere/token"));
    assert!(error.contains("/nowhere/token"), "{error}");
    let error = build(Client::unchecked_builder().access_token_env("HUBSPOT_NO_SUCH_VARIABLE"));
    assert!(
        error.contains("`HUBSPOT_NO_SUCH_VARIABLE` is not set"),
        "{error}"
    );
    let error = build(Client::unchecked_builder().access_token_from(|| Ok("hidden hidden".into())));
    assert!(
        error.contains("white space") && !error.contains("hidden"),
        "{error}"
    );
}

#[test]
fn a_token_comes_from_the_environment() {
    // Set by cargo for every test.
    assert!(
        Client::unchecked_builder()
            .access_token_env("CARGO_PKG_NAME")
            .build()
            .is_ok()
    );
}
