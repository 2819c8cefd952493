//! Scopes of the module that a scope set lacks, and a helper that states one scope of a requirement of several.

use beta::hubspot::prelude::*;
use hubspot_generated::{Client, hubspot_scopes};

beta::hubspot::scope_set! {
    struct ReadOnly {
        required: ["field.visits.read"],
    }
}

fn missing(hubspot: &Client<ReadOnly>) {
    let visits = hubspot.v2027_03_beta().visits();
    let _ = visits.list();
    let _ = visits.create(beta::hubspot::v2027_03_beta::models::NewVisit::new("512"));
    let _ = visits.get_contact("1");
}

#[hubspot_scopes("crm.objects.contacts.read")]
fn helper<S>(hubspot: &Client<S>) {
    let _ = hubspot.v2027_03_beta().visits().get("1");
}

fn main() {}
