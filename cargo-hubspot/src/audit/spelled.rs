//! Reads method and path of a raw request from the source, and finds the operation that has them.
//!
//! Only literals are read: `client.request(Method::Get, "/crm/objects/2026-09/contacts")`.

use hubspot_generated::Operation;
use hubspot_scopes::grammar::is_group;
use proc_macro2::{LineColumn, TokenStream, TokenTree};

use crate::model::Place;
use crate::operations;
use crate::tokens::{self, is, parts, string};

/// The method and the path of a request, as far as the source tells them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelled {
    /// `GET`.
    pub(super) method: Option<String>,
    /// The path. What a `format!` puts into it is in braces.
    pub(super) path: Option<String>,
}

impl Spelled {
    /// The request whose method name, or first scope in `request!`, is at `place` in the text of a file.
    pub(super) fn in_file(text: &str, place: &Place) -> Self {
        let arguments = tokens::parse(text).map(|tokens| arguments(tokens, place.start()));
        arguments
            .ok()
            .flatten()
            .map_or_else(Self::default, |arguments| Self::of(&arguments))
    }

    /// Method and path are the last two of the arguments.
    fn of(arguments: &[Vec<TokenTree>]) -> Self {
        let [.., method, path] = arguments else {
            return Self::default();
        };
        let method = match method.last() {
            Some(TokenTree::Ident(name)) => {
                let name = name.to_string();
                // A variable `get` may be anything.
                ["Get", "Post", "Put", "Patch", "Delete"]
                    .contains(&name.as_str())
                    .then(|| name.to_uppercase())
            }
            _ => None,
        };
        Self {
            method,
            path: literal(path),
        }
    }

    /// What the request is called in reports: `GET /crm/owners/2026-09`.
    pub(super) fn name(&self) -> String {
        match (&self.method, &self.path) {
            (Some(method), Some(path)) => format!("{method} {path}"),
            _ => "raw request".to_owned(),
        }
    }

    /// Returns whether the whole path is known.
    pub(super) fn is_literal(&self) -> bool {
        self.path.as_ref().is_some_and(|path| !path.contains('{'))
    }

    /// The operation with this method and path.
    pub(super) fn operation(&self) -> Option<&'static Operation> {
        let (method, path) = (self.method.as_deref()?, self.path.as_deref()?);
        operations::of_request(method, path)
    }
}

/// The arguments of the call whose name is at `start`, or those that have a token at `start` among them.
fn arguments(tokens: TokenStream, start: LineColumn) -> Option<Vec<Vec<TokenTree>>> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let span = token.span();
        if start < span.start() || span.end() <= start {
            continue;
        }
        return match (token, tokens.get(index + 1)) {
            (TokenTree::Group(group), _) => arguments(group.stream(), start),
            (token, _) if is_scopes(token) => Some(parts(tokens.into_iter().collect())),
            (_, Some(TokenTree::Group(group))) => Some(parts(group.stream())),
            _ => None,
        };
    }
    None
}

/// Returns whether a token is a scope, or begins a group of scopes such as `any("a", "b")`.
fn is_scopes(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(name) => is_group(&name.to_string()),
        token => matches!(token, TokenTree::Literal(_)),
    }
}

/// The text of a literal, of a reference to one, or of a `format!` with one.
fn literal(argument: &[TokenTree]) -> Option<String> {
    match argument {
        [TokenTree::Literal(text)] => string(text),
        [reference, rest @ ..] if is(reference, '&') => literal(rest),
        [
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Group(group),
        ] if name == "format" => {
            let arguments = parts(group.stream());
            let text = literal(arguments.first()?)?;
            (!text.contains("{{")).then_some(text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of the call after `|`.
    fn spelled(text: &str) -> Spelled {
        let column = text.find('|').unwrap() + 1;
        let place = Place {
            line: 1,
            column,
            ..Place::default()
        };
        Spelled::in_file(&text.replacen('|', "", 1), &place)
    }

    fn operation(text: &str) -> Option<&'static str> {
        spelled(text).operation().map(|operation| operation.id)
    }

    #[test]
    fn method_and_path_are_read_where_they_are_literal() {
        for text in [
            r#"fn f() { c.|request(Method::Get, "/owners/2026-09"); }"#,
            r##"let _ = x(c.|request(hubspot_generated::Method::Get, r#"/owners/2026-09"#)).await;"##,
            r#"request!(c, |"a", "b", Method::Get, "/owners/2026-09",)"#,
            r#"{ h::request!(&c, |any("a", all("b", "c")), Method::Get, "/owners/2026-09") }"#,
            r#"Client::|request(&c, Get, &"/owners/2026-09")"#,
            r#"c.|request(Method::Get, "/\u{6f}wners/2026-09")"#,
        ] {
            assert_eq!(spelled(text).name(), "GET /owners/2026-09", "{text}");
        }
        for text in [
            r#"c.|request(method, "/owners")"#,
            r#"c.|request(get, "/owners")"#,
            "c.|request(Method::Get, path)",
            r#"c.|request(Method::Get, &["/owners"].concat())"#,
            "let f = Client::|request;",
        ] {
            assert_eq!(spelled(text).name(), "raw request", "{text}");
        }
    }

    #[test]
    fn the_operation_of_a_path_is_found_in_every_version() {
        for (call, expected) in [
            (
                r#"Get, "/crm/objects/2026-09/contacts""#,
                Some("contacts.list"),
            ),
            (
                r#"Get, "/crm/objects/2026-09/contacts/?limit=1""#,
                Some("contacts.list"),
            ),
            (
                r#"Get, "/crm/objects/2026-03/contacts/1""#,
                Some("v2026_03.contacts.get"),
            ),
            (
                r#"Get, &format!("/crm/v3/objects/contacts/{id}")"#,
                Some("v3.contacts.get"),
            ),
            (
                r#"Post, "/crm/objects/2026-09/contacts/search""#,
                Some("contacts.search"),
            ),
            (r#"Patch, "/crm/objects/2026-09/contacts""#, None),
            (r#"Get, "/crm/objects/2026-09/deals""#, Some("deals.list")),
            (r#"Get, "/crm/elsewhere/2026-09/deals""#, None),
            (r#"Get, &format!("/crm/objects/2026-09/{kind}")"#, None),
            (r#"Get, "/crm/objects/2026-09/0-970""#, None),
            (r#"Get, "/crm/objects/2026-09/2-17""#, Some("objects.list")),
            (
                r#"Get, &format!("/crm/objects/2026-09/p12_car/{id}")"#,
                Some("objects.get"),
            ),
            (
                r#"Get, &format!("/crm/objects/2026-09/contacts{rest}")"#,
                None,
            ),
        ] {
            let text = format!("c.|request(Method::{call})");
            assert_eq!(operation(&text), expected, "{call}");
        }
    }
}
