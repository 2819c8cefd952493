//! The section "Required scopes" of a function's documentation.

use hubspot_scopes::Requirement;

/// How many alternatives are listed.
const LISTED: usize = 5;

/// With more alternatives than this, nearly every app has one of them.
const WEAK: usize = 20;

/// The section, from its heading on.
pub(crate) fn required_scopes(requirement: &Requirement) -> String {
    let needs = requirement.describe(LISTED);
    let weak = if requirement.ignoring_logins().alternatives().len() > WEAK {
        "\n\nNearly every scope satisfies this, so the compiler checks little. HubSpot requires the scopes of the object types in \
         the request."
    } else {
        ""
    };
    format!("\n# Required scopes\n\n{needs}.{weak}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_check_is_said_to_be_weak() {
        let many: Vec<_> = (1..=25).map(|number| format!("\"s{number:02}\"")).collect();
        for (requirement, expected) in [
            (r#""a", "b""#, "`a` and `b`."),
            (r#"any(oauth2(), private_apps("a"))"#, "no scope."),
            (
                &format!("any({})", many.join(", ")),
                "`s01`, `s02`, `s03`, `s04`, `s05` or 20 more.\n\nNearly every scope satisfies this, so the \
                 compiler checks little. HubSpot requires the scopes of the object types in the request.",
            ),
        ] {
            let section = required_scopes(&requirement.parse().unwrap());
            assert_eq!(section, format!("\n# Required scopes\n\n{expected}"));
        }
    }
}
