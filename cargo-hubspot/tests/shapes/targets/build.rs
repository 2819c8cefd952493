//! A build script.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    struct BuildScopes {
        required: ["crm.schemas.custom.read"],
    }
}

fn main() {
    let hubspot = Client::<BuildScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.schemas().list()); //~ schemas.list
}
