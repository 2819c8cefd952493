//! Calls as they are written most often, and one scope too many.

use hubspot_generated::models::CreateObject;
use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    /// What the app is installed with.
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write", // needed by `create`
            "crm.objects.companies.read",
        ],
        optional: ["crm.objects.deals.read"],
    }
}

fn main() -> Result<(), Error> {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build()?;
    let _ = sync(&hubspot);
    Ok(())
}

async fn sync(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().limit(10).send().await?; //~ contacts.list
    let contacts = hubspot.contacts();
    let ada = CreateObject::new([("email", "ada@example.com")]);
    let ada = contacts.create(ada).await?; //~ contacts.create
    contacts
        .get(&ada.id) //~ contacts.get
        .properties(["email"])
        .send()
        .await?;
    contacts.archive(contacts.get("1").await?.id).await //~ contacts.archive contacts.get
}
