//! The scopes of an app's install links.

use crate::scopes::DeclaredScopes;

/// The scopes that an app's links request. Assumed scopes are not among them.
pub(super) struct RequestedScopes {
    pub(super) required: Vec<String>,
    pub(super) conditional: Vec<String>,
    pub(super) optional: Vec<String>,
}

impl RequestedScopes {
    pub(super) fn declared(declared: &DeclaredScopes) -> Self {
        let owned = |lists: &[&[&str]]| lists.concat().into_iter().map(str::to_owned).collect();
        Self {
            required: owned(&[declared.required, declared.unlisted]),
            conditional: owned(&[declared.conditional]),
            optional: owned(&[declared.optional]),
        }
    }

    /// The values of `scope` and `optional_scope`.
    pub(super) fn parameters(&self, conditional: bool) -> (String, String) {
        let conditional: &[String] = if conditional { &self.conditional } else { &[] };
        let scope = [&self.required, conditional].concat();
        (scope.join(" "), self.optional.join(" "))
    }
}
