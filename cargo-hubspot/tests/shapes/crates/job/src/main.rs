//! A binary with a scope set of its own.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    struct JobScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write", "crm.objects.companies.read"],
    }
}

fn main() {
    let hubspot = Client::<JobScopes>::builder().access_token("secret").build().unwrap();
    drop(people::list(&hubspot));
    drop(people::remove(&hubspot));
}
