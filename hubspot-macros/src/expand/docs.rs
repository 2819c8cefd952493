//! The section "Required scopes" of a function's documentation.
//!
//! Comes in: a requirement. Goes out: Markdown.

use hubspot_scopes::{Alternative, Requirement};

/// More alternatives are not listed.
const LISTED: usize = 5;

/// With more alternatives than this, nearly every app has one of them.
const WEAK: usize = 20;

/// The section, from its heading on.
pub(crate) fn required_scopes(requirement: &Requirement) -> String {
    let union = requirement.ignoring_schemes();
    let needs = match union.alternatives() {
        [] => "None.".to_owned(),
        [single] if single.scopes().len() == 1 => format!("{}.", names(single)),
        [single] => format!(
            "All of {}.",
            joined(
                single.scopes().iter().map(|scope| format!("`{scope}`")),
                ", ",
                "and"
            )
        ),
        several => {
            let listed = several.iter().take(LISTED).map(names);
            match several.len().saturating_sub(LISTED) {
                0 => format!("One of {}.", joined(listed, ", ", "or")),
                more => format!(
                    "One of {}, or {more} more.",
                    listed.collect::<Vec<_>>().join(", ")
                ),
            }
        }
    };
    let weak = if union.alternatives().len() > WEAK {
        "\n\nNearly every scope is enough, so the compiler can say little here: HubSpot decides by the types of the objects."
    } else {
        ""
    };
    format!("\n# Required scopes\n\n{needs}{weak}")
}

fn names(alternative: &Alternative) -> String {
    joined(
        alternative
            .scopes()
            .iter()
            .map(|scope| format!("`{scope}`")),
        " + ",
        "+",
    )
}

/// The items in a row, the last one after `conjunction`.
fn joined(items: impl Iterator<Item = String>, separator: &str, conjunction: &str) -> String {
    let mut items: Vec<_> = items.collect();
    match (items.pop(), items.is_empty()) {
        (Some(last), false) => format!("{} {conjunction} {last}", items.join(separator)),
        (last, _) => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_put_in_words() {
        let many: Vec<_> = (1..=25).map(|number| format!("\"s{number:02}\"")).collect();
        for (requirement, expected) in [
            (r#""a""#, "`a`."),
            (r#""a", "b""#, "All of `a` and `b`."),
            (r#""a", "b", "c""#, "All of `a`, `b` and `c`."),
            (r#"any("a", all("b", "c"))"#, "One of `a` or `b` + `c`."),
            (
                r#"any("a", oauth2("c"), private_apps("b"))"#,
                "One of `a`, `b` or `c`.",
            ),
            (
                &format!("any({})", many.join(", ")),
                "One of `s01`, `s02`, `s03`, `s04`, `s05`, or 20 more.\n\nNearly every scope is enough, so the compiler can \
                 say little here: HubSpot decides by the types of the objects.",
            ),
        ] {
            let section = required_scopes(&requirement.parse().unwrap());
            assert_eq!(section, format!("\n# Required scopes\n\n{expected}"));
        }
    }
}
