//! Calls of APIs in areas, and of one that takes a developer API key.

use hubspot_generated::{Client, DeveloperKey, hubspot_scopes};

hubspot_generated::scope_set! {
    pub struct AppScopes {
        required: ["oauth", "automation.sequences.read", "crm.objects.custom.read"],
    }
}

pub fn account(hubspot: &Client<AppScopes>) {
    let _ = hubspot.account().info().get_details(); //~ account.info.get_details
    let automation = hubspot.automation();
    let sequences = automation.sequences();
    let _ = sequences.get("1", "3"); //~ automation.sequences.get
}

pub fn records(hubspot: &Client<AppScopes>) {
    let _ = hubspot.objects("p_car").list(); //~ objects.list
    let cars = hubspot.objects("p_car");
    let _ = cars.get("1"); //~ objects.get
}

#[hubspot_scopes("automation.sequences.read")]
pub fn helper<S>(hubspot: &Client<S>) {
    let _ = hubspot.automation().sequences().get("2", "3"); //~ automation.sequences.get
}

pub fn developer(hubspot: &Client<DeveloperKey>) {
    let _ = hubspot.webhooks().list_subscriptions(7); //~ webhooks.list_subscriptions
}

pub fn run(hubspot: &Client<AppScopes>) {
    helper(hubspot);
}
