//! A benchmark.

use hubspot_generated::Client;
use targets::AppScopes;

fn main() {
    let hubspot = Client::<AppScopes>::builder().access_token("secret").build().unwrap();
    drop(hubspot.line_items().list()); //~ line_items.list
}
