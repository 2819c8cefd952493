//! The README's test.

use std::time::Duration;

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    struct SyncScopes {
        required: ["crm.objects.contacts.read"],
    }
}

/// What a user has written.
async fn sync(hubspot: &Client<SyncScopes>) -> Result<Vec<String>, Error> {
    let mut contacts = hubspot.contacts().list().properties(["email"]).items();
    let mut emails = Vec::new();
    while let Some(contact) = contacts.try_next().await? {
        emails.extend(contact.properties.get("email").map(str::to_owned));
    }
    Ok(emails)
}

use hubspot_mock::{Fault, MockHubSpot};

#[tokio::test]
async fn the_sync_continues_after_an_outage() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = MockHubSpot::start().await?;
    let acme = hubspot.account("acme");
    acme.contact([("email", "ada@example.com")]);
    hubspot.fail_next(Fault::status(503).retry_after(Duration::ZERO));

    let emails = sync(&acme.client::<SyncScopes>()).await?;
    assert_eq!(emails, ["ada@example.com"]);
    assert_eq!(hubspot.journal().count("contacts.list"), 2);
    Ok(())
}

#[test]
fn the_readme_shows_this_test() {
    let readme = include_str!("../../../README.md");
    let this = include_str!("readme.rs");
    let begin = this.find("use hubspot_mock").expect("it stands above");
    let end = this.find("#[test]\n").expect("this test stands here");
    let shown = this[begin..end].trim();
    assert!(readme.contains(shown), "the README should show:\n{shown}");
}
