//! Scopes that only tests, an example and a benchmark need.

use hubspot_generated::{Client, Error, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.companies.read",
            "crm.objects.companies.write",
            "crm.objects.line_items.read",
            "crm.schemas.custom.read",
            "forms",
        ],
    }
}

pub async fn contacts(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[hubspot_scopes("crm.objects.companies.write")]
pub async fn remove<S>(hubspot: &Client<S>) -> Result<(), Error> {
    hubspot.companies().archive("1").await?; //~ companies.archive
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit() {
        let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
        drop(hubspot.contacts().archive("1")); //~ contacts.archive
    }
}
