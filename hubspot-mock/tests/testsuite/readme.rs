//! The README's test.

use std::time::Duration;

use hubspot_generated::{Client, Error};
use hubspot_mock::{Fault, MockHubSpot};

hubspot_generated::scope_set! {
    struct SyncScopes { required: ["crm.objects.contacts.read"], }
}

/// The code under test.
async fn emails(hubspot: &Client<SyncScopes>) -> Result<Vec<String>, Error> {
    let page = hubspot.contacts().list().properties(["email"]).await?;
    let contacts = page.results.iter();
    let emails = contacts.filter_map(|contact| contact.properties.get("email"));
    Ok(emails.map(str::to_owned).collect())
}

#[tokio::test]
async fn the_export_continues_after_an_outage() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = MockHubSpot::start().await?;
    let acme = hubspot.account("acme");
    acme.contact([("email", "ada@example.com")]);
    hubspot.fail_next(Fault::status(503).retry_after(Duration::ZERO));

    let emails = emails(&acme.client()).await?;
    assert_eq!(emails, ["ada@example.com"]);
    assert_eq!(hubspot.journal().count("contacts.list"), 2);
    Ok(())
}

#[test]
fn the_readme_shows_this_test() {
    let readme = include_str!("../../../README.md");
    let this = include_str!("readme.rs");
    let begin = this.find("use std::time").expect("it stands above");
    let end = this.find("#[test]\n").expect("this test stands here");
    let shown = this[begin..end].trim();
    assert!(readme.contains(shown), "the README should show:\n{shown}");
}
