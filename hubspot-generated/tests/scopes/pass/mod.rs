//! Programs that compile: that they do is the test. Nothing is sent.

mod attributes;
mod bounds;
mod declarations;
mod helpers;
mod requests;
mod satisfied;

use hubspot_generated::{Client, ScopeSet};

fn client<S: ScopeSet>() -> Client<S> {
    Client::<S>::builder()
        .access_token("token")
        .build()
        .expect("a token is all that a client needs")
}
