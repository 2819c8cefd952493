//! Files that cannot be read, are not JSON, or do not say what an app's file says. (The test writes them.)

use hubspot_generated::{Client, scope_set};

scope_set!(pub struct NotThere = "src/app/app-hsmeta.json");
scope_set!(pub struct NotJson = "../../../tmp/not-json-hsmeta.json");
scope_set!(pub struct WithoutAuth = "../../../tmp/without-auth-hsmeta.json");
scope_set!(pub struct WrongType = "../../../tmp/wrong-type-hsmeta.json");
scope_set!(pub struct StaticAuth = "../../../tmp/static-auth-hsmeta.json");
scope_set!(pub struct NumberAsType = "../../../tmp/type-hsmeta.json");
scope_set!(pub struct TextAsList = "../../../tmp/redirect-hsmeta.json");
scope_set!(pub struct Duplicate = "../../../tmp/duplicate-hsmeta.json");
scope_set!(pub struct Webhooks = "../../../tmp/webhooks-hsmeta.json");
scope_set! {
    pub struct WithList = "../../../tmp/app-hsmeta.json" {
        required: ["crm.objects.contacts.read"],
    }
}
scope_set!(pub struct Misspelt = "../../../tmp/app-hsmeta.json");

fn use_them(one: &Client<NotJson>, other: &Client<Misspelt>) {
    let _ = one.contacts().list();
    let _ = other.contacts().list();
    let _ = other.companies().list();
}

fn main() {}
