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
        let alternatives = self.ignoring_logins().alternatives;
        Description::in_order(alternatives, limit)
    }

    /// Reads back what [`describe`](Self::describe) wrote in backquotes. Alternatives that were left out stay unknown.
    ///
    /// Returns `None` for any other text.
    ///
    /// ```
    /// use hubspot_scopes::Requirement;
    ///
    /// let requirement = Requirement::from_description("`a`, `d` or `b` + `c`");
    /// assert_eq!(requirement, r#"any("a", all("b", "c"), "d")"#.parse().ok());
    /// assert_eq!(Requirement::from_description("`a` or 2 more"), r#""a""#.parse().ok());
    /// ```
    pub fn from_description(text: &str) -> Option<Self> {
        if text == NOTHING {
            return Some(Self::none());
        }
        let Some((before, last)) = text.rsplit_once(" or ") else {
            let names = text.split(" and ").flat_map(|part| part.split(", "));
            return Some(Self::all_of(unquoted(names)?));
        };
        let is_rest = last
            .strip_suffix(MORE)
            .is_some_and(|count| count.parse::<usize>().is_ok());
        let last = Some(last).filter(|_| !is_rest);
        let alternatives = before.split(", ").chain(last);
        let alternatives =
            alternatives.map(|one| Some(Alternative::all_of(unquoted(one.split(ALL))?)));
        Some(Self::new(alternatives.collect::<Option<Vec<_>>>()?))
    }
}

/// What a requirement says that needs nothing.
const NOTHING: &str = "no scope";
/// Between the scopes of one of several alternatives.
const ALL: &str = " + ";
/// After the number of the alternatives that are left out.
const MORE: &str = " more";

/// A requirement in words, as [`Requirement::describe`] returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    alternatives: Vec<Alternative>,
    limit: usize,
}

impl Description {
    /// Describes alternatives in another order than that of a requirement, with at most `limit` of them.
    ///
    /// ```
    /// use hubspot_scopes::{Alternative, Description};
    ///
    /// let alternatives = [["b"], ["a"]].map(Alternative::all_of);
    /// assert_eq!(Description::in_order(alternatives, 5).to_string(), "`b` or `a`");
    /// ```
    pub fn in_order(alternatives: impl IntoIterator<Item = Alternative>, limit: usize) -> Self {
        Self {
            alternatives: alternatives.into_iter().collect(),
            limit: limit.max(1),
        }
    }
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
        match self.alternatives.as_slice() {
            [] => formatter.write_str(NOTHING),
            [none] if none.scopes().is_empty() => formatter.write_str(NOTHING),
            [all] => formatter.write_str(&joined(&names(all), "and")),
            several => {
                let listed = several.iter().take(self.limit);
                let mut listed: Vec<_> = listed.map(|one| names(one).join(ALL)).collect();
                match several.len().saturating_sub(self.limit) {
                    0 => {}
                    more => listed.push(format!("{more}{MORE}")),
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

/// The names without their backquotes, which all have to be there.
fn unquoted<'a>(names: impl Iterator<Item = &'a str>) -> Option<Vec<&'a str>> {
    let names = names.map(|name| name.strip_prefix('`')?.strip_suffix('`'));
    names.collect()
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

    #[test]
    fn descriptions_are_read_back() {
        for requirement in [
            "",
            r#""a""#,
            r#""a", "b""#,
            r#""a", "b", "c""#,
            r#"any("a", "b")"#,
            r#"any("a", "b", "c")"#,
            r#"any("a", all("b", "c"))"#,
            r#"any(all("a", "b"), all("c", "d"))"#,
            r#"any("x", all("a", "b"), all("a", "c", "d"))"#,
        ] {
            let requirement: Requirement = requirement.parse().unwrap();
            let text = requirement.describe(9).to_string();
            assert_eq!(
                Requirement::from_description(&text),
                Some(requirement),
                "{text}"
            );
        }
        let written = Requirement::from_description("`a`, `b` + `c` or 12 more");
        assert_eq!(written, r#"any("a", all("b", "c"))"#.parse().ok());
    }

    #[test]
    fn other_texts_are_no_descriptions() {
        for text in [
            "",
            "a",
            "`a",
            "`a` or",
            "`a` and more",
            "`a` or some more",
            "expected `u8`",
        ] {
            assert_eq!(Requirement::from_description(text), None, "{text}");
        }
    }
}
