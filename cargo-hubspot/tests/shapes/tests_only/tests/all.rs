//! A test.

use hubspot_generated::Client;
use tests_only::AppScopes;

#[test]
fn companies() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.companies().list()); //~ companies.list
    drop(tests_only::remove(&hubspot));
}
