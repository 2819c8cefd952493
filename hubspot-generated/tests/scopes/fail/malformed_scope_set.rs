//! What is not in the grammar of a declaration, and names that are none.

use hubspot_generated::{Client, scope_set};

scope_set! {
    pub struct UnknownList {
        needs: ["crm.objects.contacts.read"],
    }
}

scope_set!(pub struct NoLists;);

scope_set! {
    pub struct Twice {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.read"],
        optional: ["crm.objects.contacts.read"],
    }
}

scope_set! {
    pub struct NoNames {
        unlisted: ["", "two words"],
    }
}

// A mistake in a declaration is one error, not one at every call.
fn use_them(one: &Client<UnknownList>, other: &Client<Twice>) {
    let _ = one.contacts().list();
    let _ = other.contacts().list();
}

fn main() {}
