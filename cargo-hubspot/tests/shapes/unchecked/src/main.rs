//! Ways around the compiler's check.

use hubspot_generated::{Client, Error, Method, Unchecked};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.write"],
    }
}

fn main() -> Result<(), Error> {
    let hubspot = Client::unchecked_builder().access_token("secret").build()?;
    drop(hubspot.companies().list()); //~ companies.list
    drop(script(&hubspot));
    let checked = Client::<AppScopes>::builder().access_token("secret").build()?;
    drop(app(&checked));
    Ok(())
}

async fn script(hubspot: &Client<Unchecked>) -> Result<(), Error> {
    hubspot.contacts().archive("1").await?; //~ contacts.archive
    hubspot.request(Method::Get, "/crm/v3/owners").send().await?;
    Ok(())
}

async fn app(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}
