//! The name of the trait that stands for a scope.

use std::fmt;

/// The identifier of the trait that stands for `scope`: its words in `UpperCamelCase`.
///
/// ```
/// use hubspot_scopes::trait_name;
///
/// assert_eq!(trait_name("crm.objects.line_items.read")?, "CrmObjectsLineItemsRead");
/// assert_eq!(trait_name("e-commerce")?, "ECommerce");
/// assert_eq!(trait_name("oauth")?, "OAuth");
/// # Ok::<(), hubspot_scopes::ScopeNameError>(())
/// ```
///
/// The words are separated by anything but ASCII letters and digits; a name that would begin with a digit, or be the
/// keyword `Self`, gets the prefix `Scope`. Two scopes may share an identifier (`a-b` and `a.b`): whoever needs them
/// apart has to look.
///
/// # Errors
///
/// The name has no letter or digit, or one outside ASCII.
pub fn trait_name(scope: &str) -> Result<String, ScopeNameError> {
    let error = |reason| {
        Err(ScopeNameError {
            scope: scope.to_owned(),
            reason,
        })
    };
    if !scope.is_ascii() {
        return error("it is not ASCII");
    }
    let mut name = String::with_capacity(scope.len());
    for word in scope.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    let mut name = spell_oauth(&name);
    if name.is_empty() {
        return error("it has neither a letter nor a digit");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) || name == "Self" {
        name.insert_str(0, "Scope");
    }
    Ok(name)
}

/// Spells the word `OAuth` in an identifier in `UpperCamelCase` as its specification does.
///
/// ```
/// use hubspot_scopes::spell_oauth;
///
/// assert_eq!(spell_oauth("OauthToken"), "OAuthToken");
/// assert_eq!(spell_oauth("Oauthor"), "Oauthor");
/// ```
pub fn spell_oauth(identifier: &str) -> String {
    const WORD: &str = "Oauth";
    let mut spelled = String::with_capacity(identifier.len());
    let mut rest = identifier;
    while let Some((before, after)) = rest.split_once(WORD) {
        let is_word = !after.starts_with(|next: char| next.is_ascii_lowercase());
        spelled.push_str(before);
        spelled.push_str(if is_word { "OAuth" } else { WORD });
        rest = after;
    }
    spelled + rest
}

/// A scope name that no Rust identifier can stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeNameError {
    scope: String,
    reason: &'static str,
}

impl fmt::Display for ScopeNameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no Rust identifier can stand for the scope `{}`: {}",
            self.scope.escape_debug(),
            self.reason
        )
    }
}

impl std::error::Error for ScopeNameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_scopes() {
        for (scope, name) in [
            ("crm.objects.contacts.read", "CrmObjectsContactsRead"),
            (
                "crm.objects.custom.sensitive.read.v2",
                "CrmObjectsCustomSensitiveReadV2",
            ),
            ("e-commerce", "ECommerce"),
            ("oauth", "OAuth"),
            ("2fa.read", "Scope2faRead"),
            ("self", "ScopeSelf"),
            ("..a..b..", "AB"),
            ("type", "Type"),
        ] {
            assert_eq!(trait_name(scope).as_deref(), Ok(name));
        }
    }

    #[test]
    fn names_that_cannot_be_identifiers() {
        let message = |scope| trait_name(scope).unwrap_err().to_string();
        assert_eq!(
            message("-"),
            "no Rust identifier can stand for the scope `-`: it has neither a letter nor a digit"
        );
        assert_eq!(
            message("kürbis"),
            "no Rust identifier can stand for the scope `kürbis`: it is not ASCII"
        );
        assert!(trait_name("").is_err());
    }
}
