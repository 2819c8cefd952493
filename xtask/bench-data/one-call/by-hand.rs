//! The same call, written by hand.

use std::env;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = reqwest::Client::new()
        .get("https://api.hubapi.com/crm/objects/2026-09/contacts/17?properties=email")
        .bearer_auth(env::var("HUBSPOT_TOKEN")?)
        .send()
        .await?
        .error_for_status()?;
    let contact: serde_json::Value = serde_json::from_slice(&answer.bytes().await?)?;
    println!("{:?}", contact["properties"]["email"]);
    Ok(())
}
