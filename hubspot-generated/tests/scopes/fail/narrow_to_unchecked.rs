//! A checked client does not become an unchecked one.

use hubspot_generated::{Client, Unchecked, scope_set};

scope_set! {
    pub struct ReadScopes {
        required: ["crm.objects.contacts.read"],
    }
}

fn narrow(hubspot: &Client<ReadScopes>) {
    let _: Client<Unchecked> = hubspot.narrow();
}

fn main() {}
