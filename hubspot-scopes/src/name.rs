//! The names of the traits that stand for scopes and requirements.

use std::fmt;

use crate::requirement::{Alternative, Requirement};

/// With more alternatives than this, the name of a requirement does not list them.
const MOST_LISTED: usize = 2;

/// The identifiers of the traits that a requirement needs, all of them; none if nothing is needed.
///
/// A requirement without alternatives needs the traits of its scopes. One with alternatives has a trait of its own:
/// `AOrBAndC`. With more than two alternatives, its name has the first one, how many others there are, and a checksum of
/// all. The kinds of login do not matter.
///
/// ```
/// use hubspot_scopes::{Requirement, trait_names};
///
/// let both: Requirement = r#"all("a", "b")"#.parse()?;
/// let either: Requirement = r#"any("a", all("b", "c"))"#.parse()?;
/// assert_eq!(trait_names(&both)?, ["A", "B"]);
/// assert_eq!(trait_names(&either)?, ["AOrBAndC"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Fails if a scope makes no identifier, as [`trait_name`] does.
pub fn trait_names(requirement: &Requirement) -> Result<Vec<String>, ScopeNameError> {
    let requirement = requirement.ignoring_logins();
    let names = |all: &Alternative| -> Result<Vec<_>, _> {
        all.scopes().iter().map(|scope| trait_name(scope)).collect()
    };
    match requirement.alternatives() {
        [] => Ok(Vec::new()),
        [all] => names(all),
        several => {
            let each = several.iter().map(|all| Ok(names(all)?.join("And")));
            let mut each = each.collect::<Result<Vec<_>, _>>()?;
            let more = each.len() - 1;
            if each.len() > MOST_LISTED {
                let checksum = checksum(&requirement.to_string());
                each.truncate(1);
                each.push(format!("{more}More{checksum:08X}"));
            }
            Ok(vec![each.join("Or")])
        }
    }
}

/// FNV-1a with 32 bits.
fn checksum(text: &str) -> u32 {
    let bytes = text.bytes();
    bytes.fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

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
