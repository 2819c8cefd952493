//! An example.

use hubspot_generated::Client;
use targets::AppScopes;

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.companies().get("1")); //~ companies.get
}
