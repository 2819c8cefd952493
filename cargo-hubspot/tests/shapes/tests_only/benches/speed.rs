//! A benchmark.

use hubspot_generated::Client;
use tests_only::AppScopes;

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.schemas().list()); //~ schemas.list
}
