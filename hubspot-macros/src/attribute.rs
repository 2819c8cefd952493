//! What stands in the parentheses of `#[hubspot_scopes(...)]`.
//!
//! Comes in: tokens. Goes out: an [`Attribute`], with the places of its literals. Refused: whatever the grammar in the
//! documentation of `hubspot_scopes` does not have.

use hubspot_scopes::{Alternative, LoginKind, Requirement};
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Error, Ident, LitStr, Path, Result, Token, Type, TypeParamBound, WherePredicate, parenthesized,
    token,
};

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

/// A requirement as it was written, with the places of its parts.
pub(crate) struct Needs {
    alternatives: Vec<(Alternative, Vec<LitStr>)>,
    /// Where it begins; errors about the whole belong here.
    pub(crate) start: Span,
    /// Its last token.
    pub(crate) end: Span,
}

impl Needs {
    /// What the compiler checks: the union over the kinds of login.
    pub(crate) fn union(&self) -> Requirement {
        self.requirement().ignoring_schemes()
    }

    /// What was written, in normal form.
    pub(crate) fn requirement(&self) -> Requirement {
        Requirement::new(
            self.alternatives
                .iter()
                .map(|(alternative, _)| alternative.clone()),
        )
    }

    /// Every scope as it was written.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &LitStr> {
        self.alternatives.iter().flat_map(|(_, literals)| literals)
    }
}

const EMPTY: &str = "`#[hubspot_scopes]` needs at least one scope, such as \
                     `#[hubspot_scopes(\"crm.objects.contacts.read\")]`; a function that needs none goes without it";
const PART: &str = "expected a scope in quotes, `any(...)`, `for T` or `crate = path`";
const ALTERNATIVE: &str = "expected a scope in quotes, or several in `all(...)`";
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
    needs: Option<Part>,
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
        let part: Part = input.parse()?;
        self.needs = Some(match self.needs.take() {
            Some(before) => before.and(part)?,
            None => part,
        });
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
            needs: Needs {
                alternatives: needs.alternatives,
                start: needs.start,
                end: needs.end,
            },
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

/// A scope, or a group at the top.
struct Part {
    /// Whether it may not have others beside it.
    alone: bool,
    start: Span,
    end: Span,
    alternatives: Vec<(Alternative, Vec<LitStr>)>,
}

impl Part {
    fn one(alone: bool, input: ParseStream<'_>) -> Result<Self> {
        let (start, (alternative, end)) = (input.span(), alternative(input)?);
        Ok(Self {
            alone,
            start,
            end,
            alternatives: vec![alternative],
        })
    }

    /// Scopes beside each other are needed together.
    fn and(self, other: Self) -> Result<Self> {
        if let Some(alone) = [&self, &other].into_iter().find(|part| part.alone) {
            return Err(Error::new(alone.start, ANY_STANDS_ALONE));
        }
        let both = self.alternatives.into_iter().chain(other.alternatives);
        let literals: Vec<_> = both.flat_map(|(_, literals)| literals).collect();
        let all = Alternative::all_of(literals.iter().map(LitStr::value));
        Ok(Self {
            alternatives: vec![(all, literals)],
            end: other.end,
            ..self
        })
    }
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            return Self::one(false, input);
        }
        let start = input.span();
        if !input
            .fork()
            .parse::<Ident>()
            .is_ok_and(|group| group == "any")
        {
            return Self::one(true, input);
        }
        input.parse::<Ident>()?;
        let content;
        let end = parenthesized!(content in input).span.close();
        let alternatives =
            Punctuated::<_, Token![,]>::parse_terminated_with(&content, alternative)?;
        if alternatives.is_empty() {
            return Err(content.error(ALTERNATIVE));
        }
        let alternatives = alternatives
            .into_iter()
            .map(|(alternative, _)| alternative)
            .collect();
        Ok(Self {
            alone: true,
            start,
            end,
            alternatives,
        })
    }
}

impl Needs {
    /// Parses the scopes at the head of `input`, each followed by a comma, and leaves what comes after them.
    pub(crate) fn parse_leading(input: ParseStream<'_>) -> Result<Self> {
        let mut needs: Option<Part> = None;
        while input.peek(LitStr) || is_group(input) {
            let part: Part = input.parse()?;
            let end = part.end;
            needs = Some(match needs {
                Some(before) => before.and(part)?,
                None => part,
            });
            if input.is_empty() {
                return Err(Error::new(end, METHOD_AND_PATH));
            }
            input.parse::<Token![,]>()?;
        }
        let Part {
            alternatives,
            start,
            end,
            ..
        } = needs.ok_or_else(|| input.error(NO_SCOPES))?;
        Ok(Self {
            alternatives,
            start,
            end,
        })
    }
}

/// Returns whether a group of scopes such as `any(...)` comes next.
fn is_group(input: ParseStream<'_>) -> bool {
    let is_name = |name: Ident| {
        name == "any" || name == "all" || name.to_string().parse::<LoginKind>().is_ok()
    };
    input.peek2(token::Paren) && input.fork().parse::<Ident>().is_ok_and(is_name)
}

/// `"a"`, `all("a", ...)`, `oauth2(...)` or `private_apps(...)`, and its last token.
fn alternative(input: ParseStream<'_>) -> Result<((Alternative, Vec<LitStr>), Span)> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        let end = literal.span();
        return Ok(((Alternative::all_of([literal.value()]), vec![literal]), end));
    }
    let start = input.span();
    let group = input
        .parse::<Ident>()
        .map_err(|_| Error::new(start, ALTERNATIVE))?
        .to_string();
    let scheme = group.parse::<LoginKind>().ok();
    if (scheme.is_none() && group != "all") || !input.peek(token::Paren) {
        return Err(Error::new(start, ALTERNATIVE));
    }
    let content;
    let end = parenthesized!(content in input).span.close();
    let literals = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    if literals.is_empty() && scheme.is_none() {
        return Err(content.error("expected a scope in quotes"));
    }
    let scopes = Alternative::all_of(literals.iter().map(LitStr::value));
    let alternative = scheme.map_or(scopes.clone(), |scheme| scopes.with_schemes(scheme));
    Ok(((alternative, literals.into_iter().collect()), end))
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
        assert_eq!(message(""), EMPTY);
        assert_eq!(message("for T"), EMPTY);
        assert_eq!(message("a"), PART);
        assert_eq!(message("1"), PART);
        assert_eq!(message(r#"scopes = "a""#), PART);
        assert_eq!(message(r#""a" "b""#), "expected `,`");
        assert_eq!(message(r#""a", any("b")"#), ANY_STANDS_ALONE);
        assert_eq!(message(r#"any("a"), "b""#), ANY_STANDS_ALONE);
        assert_eq!(
            message("any()"),
            format!("unexpected end of input, {ALTERNATIVE}")
        );
        assert_eq!(message(r#"any(any("a"))"#), ALTERNATIVE);
        assert_eq!(message(r#"some("a")"#), ALTERNATIVE);
        assert_eq!(
            message("any(all())"),
            "unexpected end of input, expected a scope in quotes"
        );
        assert_eq!(message(r#"for T, for U, "a""#), "this is given twice");
    }
}
