//! What a compile error says about a call that lacks scopes.
//!
//! The code generator and the macros write these messages, and `cargo hubspot fix` reads them back.

use crate::describe::Description;
use crate::lists::ScopeList;
use crate::requirement::Requirement;

const NEEDS: &str = "this HubSpot call needs ";
/// Instead of a requirement, for a scope set that declares the scopes as optional.
pub const NEEDS_GRANTED: &str = "this HubSpot call needs a client that has it";

const UNDECLARED: &str = " does not declare the OAuth scope `";
const UNDECLARED_ANY: &str = " declares none of the OAuth scopes that this HubSpot call accepts";
const OPTIONAL: &str = " declares the OAuth scope `";
const OPTIONAL_ANY: &str = " declares only as optional what this HubSpot call accepts";

/// Why a scope set does not allow a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lack {
    /// It does not declare the scopes.
    Undeclared,
    /// It declares them in a list whose scopes not every client has.
    Optional,
}

/// The message that `set` does not declare `scope`.
pub fn undeclared(set: &str, scope: &str) -> String {
    format!("`{set}`{UNDECLARED}{scope}`")
}

/// The message that `set` declares no scope of a requirement with several alternatives.
pub fn undeclared_any(set: &str) -> String {
    format!("`{set}`{UNDECLARED_ANY}")
}

/// The message that `set` declares `scope`, but in a list whose scopes not every client has.
pub fn optional(set: &str, scope: &str, list: ScopeList) -> String {
    format!("`{set}`{OPTIONAL}{scope}` as {list}")
}

/// The message that `set` has scopes of a requirement with several alternatives, but only in such a list.
pub fn optional_any(set: &str) -> String {
    format!("`{set}`{OPTIONAL_ANY}")
}

/// The label at the call: what it needs.
pub fn needs(description: &Description) -> String {
    format!("{NEEDS}{description}")
}

/// Reads a message back: the name of the scope set, and why it does not allow the call.
///
/// Returns `None` for a message about something else.
///
/// ```
/// use hubspot_scopes::message::{self, Lack};
///
/// let message = message::undeclared("App", "files");
/// assert_eq!(message, "`App` does not declare the OAuth scope `files`");
/// assert_eq!(message::parse(&message), Some(("App", Lack::Undeclared)));
/// ```
pub fn parse(message: &str) -> Option<(&str, Lack)> {
    let (set, rest) = message.strip_prefix('`')?.split_once('`')?;
    let is_one_of = |starts: [&str; 2]| starts.into_iter().any(|start| rest.starts_with(start));
    if is_one_of([UNDECLARED, UNDECLARED_ANY]) {
        Some((set, Lack::Undeclared))
    } else if is_one_of([OPTIONAL, OPTIONAL_ANY]) {
        Some((set, Lack::Optional))
    } else {
        None
    }
}

/// Reads a label back, as [`Requirement::from_description`] does.
///
/// Returns `None` for a label that does not say what a call needs.
pub fn parse_needs(label: &str) -> Option<Requirement> {
    Requirement::from_description(label.strip_prefix(NEEDS)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_back() {
        for (message, text, lack) in [
            (
                undeclared("App", "a.b"),
                "`App` does not declare the OAuth scope `a.b`",
                Lack::Undeclared,
            ),
            (
                undeclared_any("App"),
                "`App` declares none of the OAuth scopes that this HubSpot call accepts",
                Lack::Undeclared,
            ),
            (
                optional("App", "a.b", ScopeList::Conditional),
                "`App` declares the OAuth scope `a.b` as conditional",
                Lack::Optional,
            ),
            (
                optional_any("App"),
                "`App` declares only as optional what this HubSpot call accepts",
                Lack::Optional,
            ),
        ] {
            assert_eq!(message, text);
            assert_eq!(parse(&message), Some(("App", lack)));
        }
        for other in ["", "`App` is private", "App declares the OAuth scope `a`"] {
            assert_eq!(parse(other), None);
        }
    }

    #[test]
    fn labels_are_read_back() {
        let requirement: Requirement = r#"any("a", all("b", "c"))"#.parse().unwrap();
        let label = needs(&requirement.describe(5));
        assert_eq!(label, "this HubSpot call needs `a` or `b` + `c`");
        assert_eq!(parse_needs(&label), Some(requirement));
        for other in ["expected `u8`", NEEDS, NEEDS_GRANTED] {
            assert_eq!(parse_needs(other), None, "{other}");
        }
    }
}
