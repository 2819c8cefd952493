//! A test.

use hubspot_generated::Client;
use targets::AppScopes;

#[test]
fn companies() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.companies().list()); //~ companies.list
}
