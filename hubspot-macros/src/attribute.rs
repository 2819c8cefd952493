//! The arguments of `#[hubspot_scopes(...)]`. The documentation of the macro has their grammar.

use hubspot_scopes::Requirement;
use hubspot_scopes::grammar::{self, Parser, Token as Part, Unexpected, Written};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Ident, LitStr, Path, Result, Token, Type, TypeParamBound, WherePredicate, token};

/// A parsed attribute.
pub(crate) struct Attribute {
    /// The traits to ask for, where no catalogue is to be asked.
    pub(crate) grant: Option<Punctuated<Path, Token![+]>>,
    /// How the audit calls the function, if not by its name.
    pub(crate) operation: Option<LitStr>,
    /// The client's crate, if not `::hubspot_generated`.
    pub(crate) client: Option<Path>,
    /// The type that carries the scopes, if not `S`.
    pub(crate) carrier: Option<Type>,
    /// Bounds after the last scope, as in `"a" + 'static`: where the compiler suggests a bound, it writes one there.
    pub(crate) bounds: Vec<TypeParamBound>,
    /// Predicates such as `Client<S>: Trait`, which the compiler suggests after the last scope, too.
    pub(crate) predicates: Vec<WherePredicate>,
    /// What is needed, as it was written.
    pub(crate) needs: Needs,
}

/// A requirement as it was written.
pub(crate) struct Needs(Written<Span>);

impl Needs {
    /// What the compiler checks: the union over the kinds of login.
    pub(crate) fn union(&self) -> Requirement {
        self.requirement().ignoring_logins()
    }

    /// What was written, in normal form.
    pub(crate) fn requirement(&self) -> Requirement {
        self.0.requirement()
    }

    /// Every scope as it was written.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = (&str, Span)> {
        self.0.scopes()
    }

    /// Where it begins; errors about the whole belong here.
    pub(crate) fn start(&self) -> Span {
        self.0.start()
    }

    /// The place of its last token.
    pub(crate) fn end(&self) -> Span {
        self.0.end()
    }
}

const EMPTY: &str = "`#[hubspot_scopes]` needs at least one scope, such as \
                     `#[hubspot_scopes(\"crm.objects.contacts.read\")]`; a function that needs none goes without it";
const PART: &str = "expected a scope in quotes, `any(...)`, `for T` or `crate = path`";
const NO_SCOPES: &str = "expected the scopes that the request needs, such as `\"crm.objects.owners.read\"`; for a request \
                         that needs none there is `Client::request`";
const METHOD_AND_PATH: &str = "expected the method and the path after the scopes, such as `Method::Get, \"/crm/owners/2026-09\"`";
const ANY_STANDS_ALONE: &str = "`any(...)` stands alone: scopes that are needed besides go into each of its \
                                alternatives, as in `any(all(\"a\", \"b\"), all(\"a\", \"c\"))`";

impl Parse for Attribute {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut parts = Parts::default();
        while !input.is_empty() {
            parts.parse_one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        parts.finish()
    }
}

/// What was parsed of an attribute so far.
#[derive(Default)]
struct Parts {
    grant: Option<Punctuated<Path, Token![+]>>,
    operation: Option<LitStr>,
    client: Option<Path>,
    carrier: Option<Type>,
    bounds: Vec<TypeParamBound>,
    predicates: Vec<WherePredicate>,
    needs: Option<Needs>,
}

impl Parts {
    /// Parses what comes before the next comma.
    fn parse_one(&mut self, input: ParseStream<'_>) -> Result<()> {
        let start = input.span();
        if input.peek(LitStr) || (input.peek(Ident) && input.peek2(token::Paren)) {
            self.parse_scopes(input)
        } else if input.peek(Token![for]) && !input.peek2(Token![<]) {
            input.parse::<Token![for]>()?;
            set(&mut self.carrier, input.parse()?, start)
        } else if input.peek2(Token![=]) {
            self.parse_key(input)
        } else {
            let predicate = input.parse().map_err(|_| Error::new(start, PART))?;
            self.predicates.push(predicate);
            Ok(())
        }
    }

    fn parse_scopes(&mut self, input: ParseStream<'_>) -> Result<()> {
        self.needs = Some(Needs::parse_after(self.needs.take(), input)?);
        while input.parse::<Option<Token![+]>>()?.is_some() {
            self.bounds.push(input.parse()?);
        }
        Ok(())
    }

    fn parse_key(&mut self, input: ParseStream<'_>) -> Result<()> {
        let start = input.span();
        let key = input
            .call(Ident::parse_any)
            .map_err(|_| Error::new(start, PART))?;
        input.parse::<Token![=]>()?;
        match key.to_string().as_str() {
            "crate" => set(&mut self.client, input.call(Path::parse_mod_style)?, start),
            "grant" => {
                let paths = Punctuated::parse_separated_nonempty(input)?;
                set(&mut self.grant, paths, start)
            }
            "operation" => set(&mut self.operation, input.parse()?, start),
            _ => Err(Error::new(start, PART)),
        }
    }

    fn finish(self) -> Result<Attribute> {
        let Some(needs) = self.needs else {
            return Err(Error::new(Span::call_site(), EMPTY));
        };
        Ok(Attribute {
            grant: self.grant,
            operation: self.operation,
            client: self.client,
            carrier: self.carrier,
            bounds: self.bounds,
            predicates: self.predicates,
            needs,
        })
    }
}

/// Sets `place` to `value`; fails if it was set before.
fn set<T>(place: &mut Option<T>, value: T, start: Span) -> Result<()> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(start, "this is given twice")),
    }
}

impl Needs {
    /// Parses the scopes at the head of `input`, each followed by a comma, and leaves what comes after them.
    pub(crate) fn parse_leading(input: ParseStream<'_>) -> Result<Self> {
        let mut needs: Option<Self> = None;
        while input.peek(LitStr) || is_group(input) {
            let all = Self::parse_after(needs, input)?;
            if input.is_empty() {
                return Err(Error::new(all.end(), METHOD_AND_PATH));
            }
            input.parse::<Token![,]>()?;
            needs = Some(all);
        }
        needs.ok_or_else(|| input.error(NO_SCOPES))
    }

    /// Parses a scope or a group, which is needed besides what was parsed before.
    fn parse_after(before: Option<Self>, input: ParseStream<'_>) -> Result<Self> {
        let mut tokens = Vec::new();
        let first: TokenTree = input.parse()?;
        let mut end = first.span();
        let is_word = matches!(first, TokenTree::Ident(_));
        push(first, &mut tokens);
        if is_word && input.peek(token::Paren) {
            let group: Group = input.parse()?;
            end = group.span_close();
            push(group.into(), &mut tokens);
        }
        let written = Parser::new(tokens, end).part();
        let written = written.map_err(|Unexpected { place, expected }| {
            Error::new(place, format!("expected {expected}"))
        })?;
        let Some(Self(before)) = before else {
            return Ok(Self(written));
        };
        let both = before.and(written).map(Self);
        both.map_err(|group| Error::new(group, ANY_STANDS_ALONE))
    }
}

/// Adds a token as the grammar knows it, those of a group one by one.
fn push(token: TokenTree, tokens: &mut Vec<(Part, Span)>) {
    let place = token.span();
    let part = match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            return push_all(group.stream(), tokens);
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            tokens.push((Part::Open, group.span_open()));
            push_all(group.stream(), tokens);
            return tokens.push((Part::Close, group.span_close()));
        }
        TokenTree::Ident(word) => Part::Word(word.to_string()),
        TokenTree::Punct(punct) if punct.as_char() == ',' => Part::Comma,
        TokenTree::Literal(literal) => match syn::parse2::<LitStr>(literal.into_token_stream()) {
            Ok(scope) => Part::Scope(scope.value()),
            Err(_) => Part::Other,
        },
        _ => Part::Other,
    };
    tokens.push((part, place));
}

fn push_all(stream: TokenStream, tokens: &mut Vec<(Part, Span)>) {
    for token in stream {
        push(token, tokens);
    }
}

/// Returns whether a group of scopes such as `any(...)` comes next.
fn is_group(input: ParseStream<'_>) -> bool {
    let is_name = |name: Ident| grammar::is_group(&name.to_string());
    input.peek2(token::Paren) && input.fork().parse::<Ident>().is_ok_and(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Attribute> {
        syn::parse_str(text)
    }

    fn message(text: &str) -> String {
        parse(text)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn every_canonical_text_is_in_the_grammar() {
        for text in [
            r#""a""#,
            r#""a", "b""#,
            r#"any("a", "b")"#,
            r#"any("a", all("b", "c"))"#,
            r#"any("a", oauth2("c", "d"), private_apps("b", "e"))"#,
            r#"any(oauth2(), private_apps("a"))"#,
            r#"private_apps("a", "b")"#,
        ] {
            let attribute = parse(text).unwrap();
            assert_eq!(
                attribute.needs.requirement(),
                text.parse().unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn keys_stand_anywhere() {
        let attribute = parse(
            r#"for T, "a" + c::C + d::D, crate = crate::hubspot, "b", operation = "sync", grant = A + b::B,"#,
        )
        .unwrap();
        assert_eq!(attribute.needs.union().to_string(), r#""a", "b""#);
        assert_eq!(
            attribute.operation.map(|name| name.value()).as_deref(),
            Some("sync")
        );
        assert_eq!(attribute.grant.map(|paths| paths.len()), Some(2));
        assert_eq!(attribute.bounds.len(), 2);
        assert!(attribute.client.is_some() && attribute.carrier.is_some());
    }

    #[test]
    fn every_bound_may_follow_a_scope() {
        for bound in [
            "'static",
            "'a",
            "?Sized",
            "Send",
            "::core::marker::Send",
            "path::Trait<'a, T, 3>",
            "Iterator<Item = u8>",
            "Fn(u8) -> u8",
            "for<'a> Trait<'a>",
            "(Send)",
            "path::Trait + 'static + ?Sized",
        ] {
            for text in [
                format!(r#""a" + {bound}"#),
                format!(r#""a" + {bound}, "b""#),
                format!(r#"any("a", "b") + {bound}, for T"#),
            ] {
                let attribute = parse(&text).unwrap();
                let bounds = &attribute.bounds;
                let written = quote::quote!(#(#bounds)+*).to_string();
                assert_eq!(written.replace(' ', ""), bound.replace(' ', ""), "{text}");
            }
        }
    }

    #[test]
    fn predicates_stand_anywhere() {
        for predicate in [
            "Client<S>: Debug",
            "std::string::String: From<S>",
            "for<'a> &'a S: IntoIterator",
            "'a: 'b",
            "S: Send + 'static",
            "[S; 2]: Debug",
            "(S, S): Debug",
        ] {
            for text in [
                format!(r#""a", {predicate}"#),
                format!(r#"{predicate}, "a", for T"#),
            ] {
                let attribute = parse(&text).unwrap();
                let predicates = &attribute.predicates;
                let written = quote::quote!(#(#predicates),*).to_string();
                assert_eq!(
                    written.replace(' ', ""),
                    predicate.replace(' ', ""),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_in_the_grammar_is_refused() {
        const ALTERNATIVE: &str =
            "expected a scope in quotes, `all(...)`, `oauth2(...)` or `private_apps(...)`";
        for (written, expected) in [
            ("", EMPTY),
            ("for T", EMPTY),
            ("a", PART),
            ("1", PART),
            (r#"scopes = "a""#, PART),
            (r#""a" "b""#, "expected `,`"),
            (r#""a", any("b")"#, ANY_STANDS_ALONE),
            (r#"any("a"), "b""#, ANY_STANDS_ALONE),
            ("any()", ALTERNATIVE),
            (r#"any(any("a"))"#, ALTERNATIVE),
            (r#"some("a")"#, ALTERNATIVE),
            (r#"any(b"a")"#, ALTERNATIVE),
            (r#"any("a" "b")"#, "expected `,` or `)`"),
            ("any(all())", "expected a scope in quotes"),
            (r#"all("a", b)"#, "expected a scope in quotes"),
            (r#"for T, for U, "a""#, "this is given twice"),
        ] {
            assert_eq!(message(written), expected, "{written}");
        }
    }
}
