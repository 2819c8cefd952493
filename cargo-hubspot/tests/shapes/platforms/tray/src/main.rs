//! A program for Windows: on other platforms it does not even depend on the scopes.

#[cfg(windows)]
use platforms_scopes as scopes;

#[cfg(windows)]
fn fetch(hubspot: &scopes::Hub) {
    drop(hubspot.companies().list());
}

fn main() {}
