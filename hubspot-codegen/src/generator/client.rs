//! What the client has that modules of other crates stand on.

use std::collections::BTreeSet;

/// What the client has: its catalogue of scopes, and the methods of its handles. `cargo xtask regen` writes it.
const CLIENT: &str = include_str!("../generated/client.txt");

/// What the client has.
#[derive(Default)]
pub(super) struct Client {
    pub(super) scopes: BTreeSet<String>,
    pub(super) requirements: BTreeSet<String>,
    pub(super) methods: BTreeSet<String>,
}

impl Client {
    /// The client of this version.
    pub(super) fn current() -> Self {
        let mut client = Self::default();
        for line in CLIENT.lines() {
            match line.split_once(' ') {
                Some(("scope", scope)) => _ = client.scopes.insert(scope.to_owned()),
                Some(("method", name)) => _ = client.methods.insert(name.to_owned()),
                Some(("composite", rest)) => {
                    let requirement = rest.split_once(' ').map(|(_, requirement)| requirement);
                    client.requirements.extend(requirement.map(str::to_owned));
                }
                _ => {}
            }
        }
        client
    }
}
