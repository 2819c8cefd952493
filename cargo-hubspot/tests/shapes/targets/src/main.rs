//! The binary.

use hubspot_generated::Client;
use targets::AppScopes;

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.contacts().get("1")); //~ contacts.get
    drop(targets::library(&hubspot));
}
