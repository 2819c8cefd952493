//! A client cannot be narrowed to scopes that it does not have.

use hubspot_generated::{Client, scope_set};

scope_set! {
    pub struct ReadScopes {
        required: ["crm.objects.contacts.read"],
    }
}

scope_set! {
    pub struct WriteScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
        ],
    }
}

fn narrow(hubspot: &Client<ReadScopes>) {
    let _: Client<WriteScopes> = hubspot.narrow();
}

fn main() {}
