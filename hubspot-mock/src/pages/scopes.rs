//! Describes scopes in words, for the consent page.

use hubspot_scopes::Sensitivity;

use crate::generated::scopes::DESCRIPTIONS;

/// Derives the kind of access from the name of a scope. Returns its label, and the style class of the label.
pub(super) fn access(scope: &str) -> (&'static str, &'static str) {
    let has = |part: &str| scope.split(['.', '-', '_']).any(|known| known == part);
    if Sensitivity::of_scope(scope).is_some() {
        ("Sensitive", "bad")
    } else if has("write") || has("delete") {
        ("Write", "warn")
    } else if has("read") {
        ("Read", "good")
    } else {
        ("Access", "accent")
    }
}

/// What a scope allows; `None` if `specs/scopes.toml` does not describe it.
pub(super) fn describe(scope: &str) -> Option<&'static str> {
    let place = DESCRIPTIONS.binary_search_by_key(&scope, |(name, _)| *name);
    let (_, description) = DESCRIPTIONS.get(place.ok()?)?;
    Some(description)
}

#[cfg(test)]
mod tests {
    use super::{DESCRIPTIONS, access, describe};

    #[test]
    fn scopes_are_described() {
        assert!(DESCRIPTIONS.len() > 50, "{}", DESCRIPTIONS.len());
        for (name, description) in DESCRIPTIONS {
            assert_eq!(describe(name), Some(*description), "{name}");
        }
        for unknown in ["crm.objects.contacts.admire", "zebra", ""] {
            assert_eq!(describe(unknown), None);
        }
    }

    #[test]
    fn the_access_follows_from_the_name() {
        for (scope, label) in [
            ("crm.objects.contacts.read", "Read"),
            ("price-book-write", "Write"),
            ("crm.objects.deals.highly_sensitive.read", "Sensitive"),
            ("automation", "Access"),
        ] {
            assert_eq!(access(scope).0, label);
        }
    }
}
