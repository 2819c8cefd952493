//! The canonical text of a requirement.
//!
//! Comes in: text in the grammar of `#[hubspot_scopes(...)]`. Goes out: a [`Requirement`], and its canonical text.
//! Refused: anything else, with the place and what was expected there.
//!
//! ```text
//! requirement = ( )  |  names  |  alternative  |  "any" "(" alternative { "," alternative } ")"
//! alternative = name  |  "all" "(" names ")"  |  "oauth2" "(" [ names ] ")"  |  "private_apps" "(" [ names ] ")"
//! names       = name { "," name }
//! name        = '"' characters '"'            (a backslash keeps the character after it)
//! ```
//!
//! Lists may end with a comma; space between parts means nothing.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::login::LoginKind;
use crate::requirement::{Alternative, Requirement};

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.alternatives() {
            [] => Ok(()),
            [single] if single.schemes().only().is_none() => {
                write_names(formatter, single.scopes())
            }
            [single] => alternative(formatter, single),
            several => {
                formatter.write_str("any(")?;
                for (index, each) in several.iter().enumerate() {
                    formatter.write_str(if index == 0 { "" } else { ", " })?;
                    alternative(formatter, each)?;
                }
                formatter.write_char(')')
            }
        }
    }
}

/// An alternative as it stands within `any(...)`.
fn alternative(formatter: &mut fmt::Formatter<'_>, alternative: &Alternative) -> fmt::Result {
    let scopes = alternative.scopes();
    let group = match alternative.schemes().only() {
        Some(scheme) => scheme.name(),
        None if scopes.len() == 1 => return write_names(formatter, scopes),
        None => "all",
    };
    write!(formatter, "{group}(")?;
    write_names(formatter, scopes)?;
    formatter.write_char(')')
}

/// Quoted names, separated by commas.
fn write_names(formatter: &mut fmt::Formatter<'_>, scopes: &BTreeSet<String>) -> fmt::Result {
    for (index, scope) in scopes.iter().enumerate() {
        formatter.write_str(if index == 0 { "\"" } else { ", \"" })?;
        for character in scope.chars() {
            if matches!(character, '"' | '\\') {
                formatter.write_char('\\')?;
            }
            formatter.write_char(character)?;
        }
        formatter.write_char('"')?;
    }
    Ok(())
}

impl FromStr for Requirement {
    type Err = ParseRequirementError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parser = Parser { text, offset: 0 };
        parser.skip_space();
        let requirement = match parser.peek() {
            None => Self::none(),
            Some('"') => Self::all_of(parser.names(None)?),
            Some(_) => parser.group()?,
        };
        match parser.peek() {
            None => Ok(requirement),
            Some(_) => Err(parser.error("the end")),
        }
    }
}

/// The names of the scopes in the text of a requirement, without a check of the text.
///
/// Much faster than parsing it, for who needs no more than the names.
///
/// ```
/// let names = hubspot_scopes::names(r#"any("a", all("b", "c"))"#);
/// assert_eq!(Vec::from_iter(names), ["a", "b", "c"]);
/// ```
pub fn names(text: &str) -> impl Iterator<Item = String> {
    let mut parser = Parser { text, offset: 0 };
    std::iter::from_fn(move || {
        parser.offset += parser.rest().find('"')?;
        parser.name().ok()
    })
}

/// Text that is not a requirement.
///
/// ```
/// use hubspot_scopes::Requirement;
///
/// let error = r#"any("a" "b")"#.parse::<Requirement>().unwrap_err();
/// assert_eq!(error.offset(), 8);
/// assert_eq!(error.to_string(), r#"not a scope requirement: expected `,` or `)` at byte 8"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseRequirementError {
    offset: usize,
    expected: &'static str,
}

impl ParseRequirementError {
    /// Where in the text, in bytes from its start.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// What would have been right there.
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for ParseRequirementError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "not a scope requirement: expected {} at byte {}",
            self.expected, self.offset
        )
    }
}

impl std::error::Error for ParseRequirementError {}

/// A place in the text; always at the start of a part or at the end, never at space.
struct Parser<'a> {
    text: &'a str,
    offset: usize,
}

const ALTERNATIVE: &str = r"a scope in quotes, `all(...)`, `oauth2(...)` or `private_apps(...)`";

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.offset..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.offset = self.text.len() - self.rest().trim_start().len();
    }

    const fn error(&self, expected: &'static str) -> ParseRequirementError {
        ParseRequirementError {
            offset: self.offset,
            expected,
        }
    }

    /// Takes `part` and the space after it, if it comes next.
    fn eat(&mut self, part: char) -> bool {
        let found = self.peek() == Some(part);
        if found {
            self.offset += part.len_utf8();
            self.skip_space();
        }
        found
    }

    /// `any(...)`, or a single alternative with its group.
    fn group(&mut self) -> Result<Requirement, ParseRequirementError> {
        let start = self.offset;
        if self.word() != "any" {
            self.offset = start;
            return Ok(Requirement::new([self.alternative()?]));
        }
        self.open()?;
        let mut alternatives = vec![self.alternative()?];
        while !self.close()? {
            alternatives.push(self.alternative()?);
        }
        Ok(Requirement::new(alternatives))
    }

    fn alternative(&mut self) -> Result<Alternative, ParseRequirementError> {
        if self.peek() == Some('"') {
            return Ok(Alternative::all_of([self.name()?]));
        }
        let start = self.offset;
        let word = self.word().to_owned();
        if word == "all" {
            self.open()?;
            return Ok(Alternative::all_of(self.names(Some(1))?));
        }
        let Ok(scheme) = word.parse::<LoginKind>() else {
            self.offset = start;
            return Err(self.error(ALTERNATIVE));
        };
        self.open()?;
        Ok(Alternative::all_of(self.names(Some(0))?).with_schemes(scheme))
    }

    /// Names up to the end of the text, or, after an opening parenthesis, at least so many up to the closing one.
    fn names(&mut self, enclosed: Option<usize>) -> Result<Vec<String>, ParseRequirementError> {
        let mut names = Vec::new();
        let Some(at_least) = enclosed else {
            while self.peek().is_some() {
                names.push(self.name()?);
                if !self.eat(',') && self.peek().is_some() {
                    return Err(self.error("`,`"));
                }
            }
            return Ok(names);
        };
        if at_least == 0 && self.eat(')') {
            return Ok(names);
        }
        loop {
            names.push(self.name()?);
            if self.close()? {
                return Ok(names);
            }
        }
    }

    fn open(&mut self) -> Result<(), ParseRequirementError> {
        if self.eat('(') {
            Ok(())
        } else {
            Err(self.error("`(`"))
        }
    }

    /// Whether the list ends here; otherwise takes the comma before the next one of it.
    fn close(&mut self) -> Result<bool, ParseRequirementError> {
        let comma = self.eat(',');
        if self.eat(')') {
            return Ok(true);
        }
        if comma {
            Ok(false)
        } else {
            Err(self.error("`,` or `)`"))
        }
    }

    fn word(&mut self) -> &str {
        let start = self.offset;
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        self.offset += length;
        let end = self.offset;
        self.skip_space();
        &self.text[start..end]
    }

    fn name(&mut self) -> Result<String, ParseRequirementError> {
        if self.peek() != Some('"') {
            return Err(self.error("a scope in quotes"));
        }
        let mut name = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((index, character)) = characters.next() {
            match character {
                '"' => {
                    self.offset += index + 1;
                    self.skip_space();
                    return Ok(name);
                }
                '\\' => name.extend(characters.next().map(|(_, kept)| kept)),
                other => name.push(other),
            }
        }
        Err(ParseRequirementError {
            offset: self.text.len(),
            expected: "the quote that ends the scope",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text() {
        for (written, canonical) in [
            ("", ""),
            ("  ", ""),
            (r#""b","a","#, r#""a", "b""#),
            (r#"any ( "a" , )"#, r#""a""#),
            (r#"all("b", "a")"#, r#""a", "b""#),
            (r#"private_apps("a")"#, r#"private_apps("a")"#),
            (
                r#"any(all("b","a"), "c", private_apps("d"), oauth2("f", "e"))"#,
                r#"any("c", private_apps("d"), all("a", "b"), oauth2("e", "f"))"#,
            ),
            (
                r#"any(oauth2(), private_apps("a"))"#,
                r#"any(oauth2(), private_apps("a"))"#,
            ),
            (r#""a\"b\\""#, r#""a\"b\\""#),
        ] {
            assert_eq!(
                written.parse::<Requirement>().unwrap().to_string(),
                canonical,
                "{written}"
            );
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        for (text, offset, expected) in [
            ("a", 0, ALTERNATIVE),
            (r#""a" "b""#, 4, "`,`"),
            (r#""a", any("b")"#, 5, "a scope in quotes"),
            ("any()", 4, ALTERNATIVE),
            ("any", 3, "`(`"),
            ("all()", 4, "a scope in quotes"),
            (r#"any("a""#, 7, "`,` or `)`"),
            (r#"any("a"))"#, 8, "the end"),
            (r#"any("a", any("b"))"#, 9, ALTERNATIVE),
            (r#""a"#, 2, "the quote that ends the scope"),
            (r"é", 0, ALTERNATIVE),
            (r#""é", é"#, 6, "a scope in quotes"),
        ] {
            let error = text.parse::<Requirement>().unwrap_err();
            assert_eq!(
                (error.offset(), error.expected()),
                (offset, expected),
                "{text}"
            );
        }
    }
}
