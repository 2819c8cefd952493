//! A requirement in words.

use std::fmt;

use crate::requirement::{Alternative, Requirement};

impl Requirement {
    /// Describes the requirement in words that fit into a sentence, with at most `limit` alternatives.
    ///
    /// Kinds of login are ignored. Names stand in backquotes; the alternate form (`{:#}`) has none.
    ///
    /// ```
    /// use hubspot_scopes::Requirement;
    ///
    /// let requirement: Requirement = r#"any("a", all("b", "c"), "d")"#.parse()?;
    /// assert_eq!(requirement.describe(5).to_string(), "`a`, `d` or `b` + `c`");
    /// assert_eq!(format!("{:#}", requirement.describe(1)), "a or 2 more");
    /// # Ok::<(), hubspot_scopes::ParseRequirementError>(())
    /// ```
    pub fn describe(&self, limit: usize) -> Description {
        Description {
            requirement: self.ignoring_schemes(),
            limit: limit.max(1),
        }
    }
}

/// A requirement in words, as [`Requirement::describe`] returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    requirement: Requirement,
    limit: usize,
}

impl fmt::Display for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if formatter.alternate() { "" } else { "`" };
        let names = |alternative: &Alternative| -> Vec<String> {
            let scopes = alternative.scopes().iter();
            scopes
                .map(|scope| format!("{quote}{scope}{quote}"))
                .collect()
        };
        match self.requirement.alternatives() {
            [] => formatter.write_str("no scope"),
            [all] => formatter.write_str(&joined(&names(all), "and")),
            several => {
                let listed = several.iter().take(self.limit);
                let mut listed: Vec<_> = listed.map(|one| names(one).join(" + ")).collect();
                match several.len().saturating_sub(self.limit) {
                    0 => {}
                    more => listed.push(format!("{more} more")),
                }
                formatter.write_str(&joined(&listed, "or"))
            }
        }
    }
}

/// The items in a row, with `conjunction` before the last one.
fn joined(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} {conjunction} {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_put_in_words() {
        for (requirement, limit, expected) in [
            ("", 5, "no scope"),
            (r#""a""#, 5, "`a`"),
            (r#""a", "b""#, 1, "`a` and `b`"),
            (r#""a", "b", "c""#, 5, "`a`, `b` and `c`"),
            (r#"any("a", all("b", "c"))"#, 5, "`a` or `b` + `c`"),
            (
                r#"any("a", oauth2("c"), private_apps("b"))"#,
                5,
                "`a`, `b` or `c`",
            ),
            (r#"any("a", "b", "c")"#, 2, "`a`, `b` or 1 more"),
            (r#"any("a", "b", "c")"#, 0, "`a` or 2 more"),
        ] {
            let requirement: Requirement = requirement.parse().unwrap();
            let description = requirement.describe(limit);
            assert_eq!(description.to_string(), expected);
            assert_eq!(format!("{description:#}"), expected.replace('`', ""));
        }
    }
}
