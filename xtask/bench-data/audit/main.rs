//! Declares the scopes that all calls of the other packages need.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    struct App {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.companies.read",
            "crm.objects.deals.read",
        ],
    }
}

fn main() {
    let hubspot = Client::<App>::builder().access_token("secret").build().unwrap();
