//! One call through the client, with the one feature that it needs.

use std::env;

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    /// What the call needs.
    pub struct Installed {
        required: ["crm.objects.contacts.read"],
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = Client::<Installed>::builder().access_token(env::var("HUBSPOT_TOKEN")?).build()?;
    let contact = hubspot.contacts().get("17").properties(["email"]).send().await?;
    println!("{:?}", contact.properties.get("email"));
    Ok(())
}
