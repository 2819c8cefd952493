//! A call in every kind of target.

use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.line_items.read"],
    }
}

pub async fn library(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    hubspot.contacts().list().send().await?; //~ contacts.list
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    hubspot_generated::scope_set! {
        struct TestScopes {
            required: ["crm.objects.companies.write"],
        }
    }

    #[test]
    fn unit() {
        let hubspot = Client::<TestScopes>::builder().access_token("secret").build().unwrap();
        drop(hubspot.companies().archive("1")); //~ companies.archive
    }
}
