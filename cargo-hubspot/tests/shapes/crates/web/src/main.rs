//! A binary that has the client through other packages of the workspace only.

use scopes::{Client, Shared};

fn main() {
    let hubspot = Client::<Shared>::builder().access_token("secret").build().unwrap();
    drop(hubspot.companies().list()); //~ companies.list
    drop(people::list(&hubspot));
}
