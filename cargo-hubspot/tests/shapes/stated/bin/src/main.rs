//! A program that may call `people` only.

use hubspot_generated::Client;

hubspot_generated::scope_set! {
    pub struct BinScopes {
        required: [
            "crm.objects.contacts.read",
            "crm.objects.companies.read",
            "crm.objects.line_items.read",
            "crm.schemas.custom.read",
        ],
    }
}

fn main() {
    let hubspot = Client::<BinScopes>::builder().access_token("secret").build().unwrap();
    drop(stated_lib::people(&hubspot));
}
