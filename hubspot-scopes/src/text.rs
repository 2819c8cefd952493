//! Requirements as text: the canonical form of one, and the parser of any.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::grammar::{self, Parser, Token, Unexpected};
use crate::requirement::{Alternative, Requirement};

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.alternatives() {
            [] => Ok(()),
            [single] if single.logins().only().is_none() => write_names(formatter, single.scopes()),
            [single] => alternative(formatter, single),
            several => {
                write!(formatter, "{}(", grammar::ANY)?;
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
    let group = match alternative.logins().only() {
        Some(login) => login.name(),
        None if scopes.len() == 1 => return write_names(formatter, scopes),
        None => grammar::ALL,
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
        let tokens = Tokens { text, offset: 0 };
        Ok(Parser::new(tokens, text.len()).requirement()?)
    }
}

/// The names of the scopes in the text of a requirement, without a check of the text.
///
/// This is much faster than parsing the text.
///
/// ```
/// let names = hubspot_scopes::names(r#"any("a", all("b", "c"))"#);
/// assert_eq!(Vec::from_iter(names), ["a", "b", "c"]);
/// ```
pub fn names(text: &str) -> impl Iterator<Item = String> {
    let tokens = Tokens { text, offset: 0 };
    tokens.filter_map(|(token, _)| match token {
        Token::Scope(name) => Some(name),
        _ => None,
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

impl From<Unexpected<usize>> for ParseRequirementError {
    fn from(Unexpected { place, expected }: Unexpected<usize>) -> Self {
        let offset = place;
        Self { offset, expected }
    }
}

/// The tokens of a text, each with its offset.
struct Tokens<'a> {
    text: &'a str,
    offset: usize,
}

impl Iterator for Tokens<'_> {
    type Item = (Token, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text[self.offset..].trim_start();
        let start = self.text.len() - rest.len();
        let first = rest.chars().next()?;
        let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let (token, length) = match first {
            '"' => quoted(&rest[1..]).map_or((Token::Unclosed, rest.len()), |(name, length)| {
                (Token::Scope(name), 1 + length)
            }),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            _ if is_word(first) => {
                let length = rest.find(|character| !is_word(character));
                let word = &rest[..length.unwrap_or(rest.len())];
                (Token::Word(word.to_owned()), word.len())
            }
            _ => (Token::Other, first.len_utf8()),
        };
        self.offset = start + length;
        // What is missing, is missing at the end.
        let place = if token == Token::Unclosed {
            self.offset
        } else {
            start
        };
        Some((token, place))
    }
}

/// The text up to the closing quote, and its length with that quote.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((name, index + 1)),
            '\\' => name.extend(characters.next().map(|(_, kept)| kept)),
            other => name.push(other),
        }
    }
    None
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
        const ALTERNATIVE: &str =
            "a scope in quotes, `all(...)`, `oauth2(...)` or `private_apps(...)`";
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
