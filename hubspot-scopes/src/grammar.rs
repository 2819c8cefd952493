//! The grammar of written requirements, over tokens that know their place.
//!
//! [`Requirement::from_str`](std::str::FromStr) parses text with it, and `#[hubspot_scopes(...)]` the tokens of its
//! attribute.
//!
//! ```text
//! requirement = ( )  |  part { "," part }             (a part that is a group stands alone)
//! part        = alternative  |  "any" "(" alternative { "," alternative } ")"
//! alternative = scope  |  "all" "(" scopes ")"  |  "oauth2" "(" [ scopes ] ")"  |  "private_apps" "(" [ scopes ] ")"
//! scopes      = scope { "," scope }
//! scope       = '"' characters '"'                    (a backslash keeps the character after it)
//! ```
//!
//! Lists may end with a comma; space between tokens means nothing.

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::login::LoginKind;
use crate::requirement::{Alternative, Requirement};

/// A token of a written requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Token {
    /// A scope, without its quotes.
    Scope(String),
    /// A word without quotes, such as `any`.
    Word(String),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// A quote that no other one ends.
    Unclosed,
    /// Anything else.
    Other,
}

/// What was expected, and where something else was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unexpected<P> {
    /// The place of the token that was found.
    pub place: P,
    /// What would have been right there, such as `` `,` or `)` ``.
    pub expected: &'static str,
}

/// One scope, or a group such as `any(...)`, as it was written.
#[derive(Debug, Clone)]
pub struct Written<P> {
    alternatives: Vec<(Alternative, Vec<(String, P)>)>,
    is_group: bool,
    start: P,
    end: P,
}

impl<P: Copy> Written<P> {
    /// The place of the first token.
    pub const fn start(&self) -> P {
        self.start
    }

    /// The place of the last token.
    pub const fn end(&self) -> P {
        self.end
    }

    /// The scopes of both: what is written side by side is needed together.
    ///
    /// # Errors
    ///
    /// Fails with the place of a group, which stands alone.
    pub fn and(self, other: Self) -> Result<Self, P> {
        if let Some(group) = [&self, &other].into_iter().find(|part| part.is_group) {
            return Err(group.start);
        }
        let alternatives = [self.alternatives, other.alternatives]
            .into_iter()
            .flatten();
        let scopes: Vec<_> = alternatives.flat_map(|(_, scopes)| scopes).collect();
        Ok(Self {
            alternatives: vec![(all_of(&scopes), scopes)],
            end: other.end,
            ..self
        })
    }

    /// The requirement in normal form.
    pub fn requirement(&self) -> Requirement {
        let alternatives = self.alternatives.iter();
        Requirement::new(alternatives.map(|(alternative, _)| alternative.clone()))
    }

    /// Every scope with its place, in the order in which they are written.
    pub fn scopes(&self) -> impl Iterator<Item = (&str, P)> {
        let scopes = self.alternatives.iter().flat_map(|(_, scopes)| scopes);
        scopes.map(|(scope, place)| (scope.as_str(), *place))
    }
}

fn all_of<P>(scopes: &[(String, P)]) -> Alternative {
    Alternative::all_of(scopes.iter().map(|(scope, _)| scope.as_str()))
}

/// A group with alternatives.
pub(crate) const ANY: &str = "any";
/// A group of scopes that are needed together.
pub(crate) const ALL: &str = "all";

/// Returns whether a word begins a group of scopes, such as `any("a", "b")`.
///
/// ```
/// use hubspot_scopes::grammar::is_group;
///
/// assert!(is_group("any") && is_group("private_apps"));
/// assert!(!is_group("some"));
/// ```
pub fn is_group(word: &str) -> bool {
    word == ANY || word == ALL || word.parse::<LoginKind>().is_ok()
}

const SCOPE: &str = "a scope in quotes";
const ALTERNATIVE: &str = "a scope in quotes, `all(...)`, `oauth2(...)` or `private_apps(...)`";

/// A parser over tokens.
#[derive(Debug)]
pub struct Parser<P> {
    tokens: Peekable<IntoIter<(Token, P)>>,
    end: P,
}

impl<P: Copy> Parser<P> {
    /// Creates a parser. `end` is the place after the last token, for errors.
    pub fn new(tokens: impl IntoIterator<Item = (Token, P)>, end: P) -> Self {
        let tokens = Vec::from_iter(tokens).into_iter().peekable();
        Self { tokens, end }
    }

    /// Parses a requirement, up to the end.
    ///
    /// # Errors
    ///
    /// Fails at the first token that is not in the grammar.
    pub fn requirement(&mut self) -> Result<Requirement, Unexpected<P>> {
        if self.peek().is_none() {
            return Ok(Requirement::none());
        }
        let first = self.part()?;
        if first.is_group {
            return match self.peek() {
                None => Ok(first.requirement()),
                Some(_) => Err(self.unexpected("the end")),
            };
        }
        let mut scopes: Vec<_> = first.scopes().map(|(scope, _)| scope.to_owned()).collect();
        while self.peek().is_some() {
            if self.take(&Token::Comma).is_none() {
                return Err(self.unexpected("`,`"));
            }
            if self.peek().is_some() {
                scopes.push(self.scope()?.0);
            }
        }
        Ok(Requirement::all_of(scopes))
    }

    /// Parses a scope, or a group such as `any(...)`.
    ///
    /// # Errors
    ///
    /// Fails if there is something else.
    pub fn part(&mut self) -> Result<Written<P>, Unexpected<P>> {
        let start = self.place();
        let is_any = matches!(self.peek(), Some(Token::Word(word)) if word == ANY);
        let is_group = !matches!(self.peek(), Some(Token::Scope(_)));
        let (alternatives, end) = if is_any {
            self.tokens.next();
            self.list(Self::alternative, false)?
        } else {
            let (alternative, end) = self.alternative()?;
            (vec![(alternative, end)], end)
        };
        let alternatives = alternatives.into_iter().map(|(alternative, _)| alternative);
        Ok(Written {
            alternatives: alternatives.collect(),
            is_group,
            start,
            end,
        })
    }

    /// The error that the next token is not what was expected.
    fn unexpected(&mut self, expected: &'static str) -> Unexpected<P> {
        let place = self.place();
        let expected = match self.peek() {
            Some(Token::Unclosed) => "the quote that ends the scope",
            _ => expected,
        };
        Unexpected { place, expected }
    }

    fn peek(&mut self) -> Option<&Token> {
        self.tokens.peek().map(|(token, _)| token)
    }

    fn place(&mut self) -> P {
        self.tokens.peek().map_or(self.end, |(_, place)| *place)
    }

    fn take(&mut self, token: &Token) -> Option<P> {
        let found = self.tokens.next_if(|(next, _)| next == token)?;
        Some(found.1)
    }

    /// An alternative, and the place of its last token.
    #[expect(clippy::type_complexity, reason = "the parts of `Written`")]
    fn alternative(&mut self) -> Result<((Alternative, Vec<(String, P)>), P), Unexpected<P>> {
        let word = match self.peek() {
            Some(Token::Scope(_)) => {
                let scope = self.scope()?;
                let end = scope.1;
                let scopes = vec![scope];
                return Ok(((all_of(&scopes), scopes), end));
            }
            Some(Token::Word(word)) => word.clone(),
            _ => return Err(self.unexpected(ALTERNATIVE)),
        };
        let login = word.parse::<LoginKind>().ok();
        if login.is_none() && word != ALL {
            return Err(self.unexpected(ALTERNATIVE));
        }
        self.tokens.next();
        let (scopes, end) = self.list(Self::scope, login.is_some())?;
        let all = all_of(&scopes);
        let alternative = match login {
            Some(login) => all.with_logins(login),
            None => all,
        };
        Ok(((alternative, scopes), end))
    }

    fn scope(&mut self) -> Result<(String, P), Unexpected<P>> {
        let is_scope = |(token, _): &(Token, P)| matches!(token, Token::Scope(_));
        match self.tokens.next_if(is_scope) {
            Some((Token::Scope(scope), place)) => Ok((scope, place)),
            _ => Err(self.unexpected(SCOPE)),
        }
    }

    /// Items in parentheses, and the place of the last one.
    fn list<T>(
        &mut self,
        item: fn(&mut Self) -> Result<T, Unexpected<P>>,
        may_be_empty: bool,
    ) -> Result<(Vec<T>, P), Unexpected<P>> {
        if self.take(&Token::Open).is_none() {
            return Err(self.unexpected("`(`"));
        }
        let mut items = Vec::new();
        let mut closed = if may_be_empty {
            self.take(&Token::Close)
        } else {
            None
        };
        while closed.is_none() {
            items.push(item(self)?);
            let comma = self.take(&Token::Comma).is_some();
            closed = self.take(&Token::Close);
            if closed.is_none() && !comma {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok((items, closed.unwrap_or(self.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of `"a"`, `all(...)` and the like, each with its number; words of one letter are scopes.
    fn parser(text: &str) -> Parser<usize> {
        let tokens = text.split_whitespace().map(|token| match token {
            "(" => Token::Open,
            ")" => Token::Close,
            "," => Token::Comma,
            scope if scope.len() == 1 => Token::Scope(scope.to_owned()),
            word => Token::Word(word.to_owned()),
        });
        let tokens: Vec<_> = tokens.zip(0..).collect();
        let end = tokens.len();
        Parser::new(tokens, end)
    }

    #[test]
    fn the_words_of_groups_are_those_that_the_parser_takes() {
        for word in ["any", "all", "oauth2", "private_apps", "some", "any_of"] {
            let is_parsed = parser(&format!("{word} ( a )")).part().is_ok();
            assert_eq!(is_group(word), is_parsed, "{word}");
        }
    }

    #[test]
    fn scopes_and_parts_know_their_places() {
        let written = parser("any ( a , all ( b , c , ) )").part().unwrap();
        assert_eq!(
            written.scopes().collect::<Vec<_>>(),
            [("a", 2), ("b", 6), ("c", 8)]
        );
        assert_eq!((written.start(), written.end()), (0, 11));
        assert_eq!(
            written.requirement().to_string(),
            r#"any("a", all("b", "c"))"#
        );
    }

    #[test]
    fn parts_are_parsed_one_by_one_and_joined() {
        let mut both = parser("a , b");
        let first = both.part().unwrap();
        assert_eq!((first.start(), first.end()), (0, 0));
        let all = first.clone().and(parser("b").part().unwrap()).unwrap();
        assert_eq!(all.requirement().to_string(), r#""a", "b""#);
        let group = parser("private_apps ( c )").part().unwrap();
        assert_eq!(first.and(group.clone()).unwrap_err(), group.start());
    }

    #[test]
    fn errors_have_the_place_of_the_token_or_of_the_end() {
        for (text, place, expected) in [
            ("any ( )", 2, ALTERNATIVE),
            ("all ( )", 2, SCOPE),
            ("all ( a b )", 3, "`,` or `)`"),
            ("oauth2 a", 1, "`(`"),
            ("some ( a )", 0, ALTERNATIVE),
            ("any ( a ,", 4, ALTERNATIVE),
            ("", 0, ALTERNATIVE),
        ] {
            let error = parser(text).part().unwrap_err();
            assert_eq!(error, Unexpected { place, expected }, "{text}");
        }
    }
}
