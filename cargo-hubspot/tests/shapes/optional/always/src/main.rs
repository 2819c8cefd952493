//! The client is not optional.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    struct AppScopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.goals.read"],
    }
}

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.companies().list()); //~ companies.list
    drop(on::run(&hubspot));
}
