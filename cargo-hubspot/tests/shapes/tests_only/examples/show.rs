//! An example.

use hubspot_generated::Client;
use tests_only::AppScopes;

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.line_items().get("1")); //~ line_items.get
}
