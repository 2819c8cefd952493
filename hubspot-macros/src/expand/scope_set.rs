//! `scope_set!`: a type without values that implements `ScopeSet`, the traits of the scopes that its clients have, and
//! `Within` for every set that has them too.
//!
//! A scope that does not exist is an error; names in a file are checked by HubSpot. The type is declared even then, with the
//! scopes that were meant, so that the mistake is the only error.

use std::collections::BTreeSet;

use hubspot_scopes::ScopeList;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Error, Ident, LitStr, Result};

use crate::beside;
use crate::catalogue::{Catalogue, Catalogues};
use crate::declared::{Declared, Scope, combine, in_package};
use crate::expand::optional;
use crate::expand::resolve::unknown_scope;
use crate::mark;
use crate::scope_set::ScopeSet;
use crate::suggest;

/// The catalogue and the declaration.
struct Input {
    catalogues: Catalogues,
    set: ScopeSet,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        Ok(Self {
            catalogues: input.parse()?,
            set: input.parse()?,
        })
    }
}

/// What `scope_set!` becomes.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match Input::parse.parse2(input) {
        Ok(Input { catalogues, set }) => declare(&catalogues, set),
        Err(error) => error.into_compile_error(),
    }
}

fn declare(catalogues: &Catalogues, set: ScopeSet) -> TokenStream {
    let ScopeSet {
        attributes,
        visibility,
        keyword,
        name,
        file,
        lists,
    } = set;
    let (declared, grants, error) =
        match lists.and_then(|lists| Declared::new(&lists, file.as_ref())) {
            Ok(declared) => {
                let error = check(&declared, catalogues).err();
                let grants = Grants::Of(granted(&declared, catalogues));
                (declared, grants, error)
            }
            Err(error) => (Declared::default(), Grants::All, Some(error)),
        };
    let implementations = implementations(&name, &declared, &grants, catalogues);
    let tracked = file.as_ref().and_then(tracked);
    let mark = mark::scope_set(&name, file.as_ref(), &declared);
    let error = error.map_or_else(TokenStream::new, Error::into_compile_error);
    let error = beside::under_conditions(&attributes, &error);
    let passed_on = beside::of_implementations(&attributes);
    // All at the user's `struct Name`, so that the compiler quotes that and not the whole macro call.
    let keyword = quote_spanned!(keyword.span=> enum);
    let no_values = quote_spanned!(name.span()=> {});
    quote! {
        #(#attributes)*
        #visibility #keyword #name #no_values
        #passed_on
        const _: () = {
            #implementations
            #tracked
            #mark
        };
        #error
    }
}

/// Each scope that does not exist is an error, on its literal.
fn check(declared: &Declared, catalogues: &Catalogues) -> Result<()> {
    let unknown = declared
        .to_check()
        .filter(|scope| !catalogues.knows(&scope.name));
    combine(unknown.map(|scope| {
        let nearest = suggest::nearest_scope(&scope.name, catalogues.scopes());
        let message = unknown_scope(&scope.name, nearest);
        Error::new(
            scope.span,
            format!("{message}\n(one that HubSpot has added since goes in the list `unlisted`)"),
        )
    }))
}

/// What the set implements.
enum Grants {
    /// The traits of these scopes, and of the composites that they satisfy.
    Of(Vec<(String, Span)>),
    /// All there are: what was declared is not known.
    All,
}

/// The scopes of the set's clients, those that were meant in the place of those that do not exist.
fn granted(declared: &Declared, catalogues: &Catalogues) -> Vec<(String, Span)> {
    let meant = |scope: &Scope| {
        let unknown = scope.checked && !catalogues.knows(&scope.name);
        let nearest = if unknown {
            suggest::nearest_scope(&scope.name, catalogues.scopes())
        } else {
            None
        };
        (nearest.unwrap_or(&scope.name).to_owned(), scope.span)
    };
    declared.granted().map(meant).collect()
}

fn implementations(
    name: &Ident,
    declared: &Declared,
    grants: &Grants,
    catalogues: &Catalogues,
) -> TokenStream {
    let span = name.span();
    // At the name, where the audit expects it.
    let by_macro = quote_spanned! {span=>
        const WRITTEN_BY_SCOPE_SET: __scopes::__private::ByScopeSet = __scopes::__private::BY_SCOPE_SET;
    };
    let mut tokens = declaration(name, declared, catalogues.client(), &by_macro);
    // The compiler's messages show this name; it must not be that of the set.
    let wider = Ident::new(if name == "S" { "T" } else { "S" }, span);
    let mut within = TokenStream::new();
    for (index, catalogue) in catalogues.iter().enumerate() {
        let granted = grants.traits(catalogue);
        let root = &catalogue.root;
        // An alias, so that what follows has no token from the catalogue's crate: the compiler would speak of its macro.
        let alias = Ident::new(&format!("__grants{index}"), span);
        let optional = optional::implementations(name, declared, catalogue, &alias, &by_macro);
        if granted.is_empty() && optional.is_empty() {
            // Code that forbids unused imports does not accept an alias that nothing uses.
            continue;
        }
        tokens.extend(optional);
        tokens.extend(quote!(use #root::scopes::grants as #alias;));
        tokens.extend(granted.into_iter().map(|grant| {
            let grant = Ident::new(&grant, span);
            quote_spanned!(span=> impl #alias::#grant for #name { #by_macro })
        }));
        within.extend(grants.predicates(catalogue, &wider, &alias));
    }
    tokens.extend(
        quote_spanned!(span=> impl<#wider> __scopes::Within<#wider> for #name where #within { #by_macro }),
    );
    tokens
}

/// The implementations that say what the set is declared with.
fn declaration(
    name: &Ident,
    declared: &Declared,
    client: &TokenStream,
    by_macro: &TokenStream,
) -> TokenStream {
    let text = name.to_string();
    let lists = declared.0.each().map(|(list, scopes)| {
        let field = match list {
            ScopeList::Assume => "assumed",
            list => list.key(),
        };
        let field = Ident::new(field, Span::call_site());
        let scopes = scopes.iter().map(|scope| &scope.name);
        quote!(#field: &[#(#scopes),*])
    });
    quote! {
        use #client::scopes as __scopes;
        impl __scopes::Declared for #name {
            #by_macro
        }
        impl __scopes::ScopeSet for #name {
            #by_macro
            const NAME: &'static str = #text;
            const DECLARED: __scopes::DeclaredScopes = __scopes::DeclaredScopes { #(#lists),* };
        }
    }
}

impl Grants {
    fn traits(&self, catalogue: &Catalogue) -> Vec<String> {
        let granted: BTreeSet<_> = match self {
            Self::Of(granted) => granted.iter().map(|(scope, _)| scope.clone()).collect(),
            Self::All => catalogue.scopes.keys().cloned().collect(),
        };
        catalogue
            .implemented_by(&granted)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    /// What `wider` has to implement for this set to be within it, each at the literal of its scope.
    fn predicates(&self, catalogue: &Catalogue, wider: &Ident, alias: &Ident) -> TokenStream {
        let Self::Of(granted) = self else {
            return TokenStream::new();
        };
        let predicate = |(scope, span): &(String, Span)| {
            let grant = catalogue.scopes.get(scope)?;
            let [wider, alias, grant] =
                [&wider.to_string(), &alias.to_string(), grant].map(|name| Ident::new(name, *span));
            Some(quote_spanned!(*span=> #wider: #alias::#grant,))
        };
        granted.iter().filter_map(predicate).collect()
    }
}

/// Makes the compiler read the file, so that a change of it compiles the declaration anew.
fn tracked(file: &LitStr) -> Option<TokenStream> {
    let path = in_package(&file.value());
    let path = path
        .is_file()
        .then(|| path.to_str().map(str::to_owned))
        .flatten()?;
    Some(quote!(
        const _: &[u8] = include_bytes!(#path);
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &TokenStream) -> String {
        tokens.to_string().replace(' ', "")
    }

    /// What the declaration becomes, with the catalogues of two crates.
    fn declared(declaration: &str) -> String {
        let catalogues = r#"
            [client "scope a\nscope b\nscope c\ncomposite Either any(\"a\", \"b\")"]
            [more "scope c\nscope d"]
        "#;
        text(&expand(
            format!("{catalogues} {declaration}").parse().unwrap(),
        ))
    }

    fn has(text: &str, part: &str) -> bool {
        text.contains(&part.replace(' ', ""))
    }

    #[test]
    fn a_set_implements_what_its_clients_have() {
        let set = declared(
            r#"/** D */ pub struct Set { required: ["b", "c"], optional: ["a"], assume: ["d"] }"#,
        );
        assert!(has(&set, "pub enum Set {}"), "{set}");
        for trait_ in [
            "__grants0::B",
            "__grants0::Either",
            "__grants0::C",
            "__grants1::C",
            "__grants1::D",
        ] {
            assert!(
                has(
                    &set,
                    &format!("impl {trait_} for Set {{ const WRITTEN_BY_SCOPE_SET")
                ),
                "{trait_}: {set}"
            );
        }
        // What is optional is implemented on a condition that never holds.
        assert!(!has(&set, "impl __grants0::A for Set {"), "{set}");
        let optional = "impl __grants0::A for Set where for<'a> &'a Set: AGranted {";
        assert!(has(&set, optional), "{set}");
        assert!(
            !has(&set, "AGranted for &") && !has(&set, "AGranted for Set"),
            "{set}"
        );
        assert!(
            has(&set, r#"required: &["b", "c"]"#) && has(&set, r#"assumed: &["d"]"#),
            "{set}"
        );
        let bounds = "S: __grants0::B, S: __grants0::C, S: __grants1::C, S: __grants1::D, {";
        assert!(has(&set, bounds), "{set}");
        assert!(!has(&set, "compile_error"), "{set}");
    }

    #[test]
    fn what_was_meant_is_implemented_beside_the_error() {
        let set = declared(r#"struct Set { required: ["aa"] }"#);
        assert!(has(&set, "impl __grants0::A for Set {"), "{set}");
        assert!(has(&set, "unknown scope `aa`; did you mean `a`?"), "{set}");
    }

    #[test]
    fn a_set_that_is_not_understood_has_all() {
        let set = declared("struct Set { need: [] }");
        assert!(
            has(&set, "impl __grants0::A for Set {") && has(&set, "impl __grants1::D for Set {"),
            "{set}"
        );
        assert!(has(&set, "compile_error"), "{set}");
    }

    #[test]
    fn conditions_and_lint_levels_are_passed_on() {
        let set =
            declared(r#"#[derive(Debug)] #[cfg(a)] #[deprecated] struct Set { required: ["aa"] }"#);
        assert!(
            has(
                &set,
                "enum Set {} #[cfg(a)] #[allow(deprecated)] const _: () = {"
            ),
            "{set}"
        );
        assert!(
            has(&set, "#[cfg(a)] const _: () = { ::core::compile_error!"),
            "{set}"
        );
    }

    #[test]
    fn names_in_unlisted_and_in_files_are_taken_as_they_are() {
        let set = declared(r#"struct Set { unlisted: ["aa", "a"] }"#);
        assert!(
            has(&set, "impl __grants0::A for Set {") && !has(&set, "compile_error"),
            "{set}"
        );

        let set = declared(r#"struct Set = "tests/app-hsmeta.json";"#);
        assert!(
            has(&set, r#"required: &["oauth", "crm.objects.contacts.read"]"#),
            "{set}"
        );
        assert!(
            has(&set, "include_bytes!") && !has(&set, "compile_error"),
            "{set}"
        );
    }
}
