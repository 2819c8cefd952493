//! The scopes of an app's install links.

use hubspot_scopes::ScopeList;

use crate::scopes::DeclaredScopes;

/// The scopes that an app's links request. Assumed scopes are not among them.
pub(super) struct RequestedScopes {
    pub(super) required: Vec<String>,
    pub(super) conditional: Vec<String>,
    pub(super) optional: Vec<String>,
}

impl RequestedScopes {
    pub(super) fn declared(declared: &DeclaredScopes) -> Self {
        let owned = |wanted: ScopeList| {
            let lists = declared.requested().filter(|(list, _)| *list == wanted);
            let scopes = lists.flat_map(|(_, scopes)| scopes.iter());
            scopes.map(|&scope| scope.to_owned()).collect()
        };
        Self {
            required: owned(ScopeList::Required),
            conditional: owned(ScopeList::Conditional),
            optional: owned(ScopeList::Optional),
        }
    }

    /// The values of `scope` and `optional_scope`.
    pub(super) fn parameters(&self, conditional: bool) -> (String, String) {
        let conditional: &[String] = if conditional { &self.conditional } else { &[] };
        let scope = [&self.required, conditional].concat();
        (scope.join(" "), self.optional.join(" "))
    }
}
