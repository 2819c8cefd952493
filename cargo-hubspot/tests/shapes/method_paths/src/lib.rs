//! Operations as paths: called, stored, and handed on.

use hubspot_generated::v2026_09::companies::Companies;
use hubspot_generated::v2026_09::contacts::{self, Contacts};
use hubspot_generated::{Client, Error};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read"],
    }
}

pub async fn paths(hubspot: &Client<AppScopes>) -> Result<(), Error> {
    Contacts::list(&hubspot.contacts()).send().await?; //~ contacts.list
    contacts::Contacts::<AppScopes>::archive(&hubspot.contacts(), "1").await?; //~ contacts.archive
    let stored = Companies::<AppScopes>::list; //~ companies.list
    stored(&hubspot.companies()).send().await?;
    let all = [hubspot.companies(), hubspot.companies()];
    let requests: Vec<_> = all.iter().map(Companies::list).collect(); //~ companies.list
    drop(requests);
    <Contacts<AppScopes>>::list(&hubspot.contacts()).send().await?; //~ contacts.list
    Ok(())
}
