//! Parses the declaration in `scope_set!`: the type and its lists, or the file that has them.

use hubspot_scopes::{ScopeList, ScopeLists};
use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, LitStr, Result, Token, Visibility, braced, bracketed, token};

/// A parsed declaration.
pub(crate) struct ScopeSet {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) keyword: Token![struct],
    pub(crate) name: Ident,
    /// The file that has the lists, as `= "path"`.
    pub(crate) file: Option<LitStr>,
    /// What went wrong in the lists, if anything did: the type is declared anyway, so that one mistake is not an
    /// error at every use of the type.
    pub(crate) lists: Result<Lists>,
}

/// The lists as they were written.
pub(crate) type Lists = ScopeLists<Vec<LitStr>>;

const ASSUME_ONLY: &str = "expected the list `assume`: the others come from the file";
const CONTENT: &str = "expected lists in braces, such as `{ required: [\"crm.objects.contacts.read\"] }`, or the path of \
                       the file that has them, such as `= \"src/app/app-hsmeta.json\"`";

impl Parse for ScopeSet {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let keyword = input.parse()?;
        let name: Ident = input.parse()?;
        // Parsed apart, so that a mistake in it leaves the type.
        let content = input.parse::<TokenStream>()?;
        let (file, lists) =
            match (|input: ParseStream<'_>| parse_content(input, &name)).parse2(content) {
                Ok((file, lists)) => (file, Ok(lists)),
                Err(error) => (None, Err(error)),
            };
        Ok(Self {
            attributes,
            visibility,
            keyword,
            name,
            file,
            lists,
        })
    }
}

/// All that follows the name.
fn parse_content(input: ParseStream<'_>, name: &Ident) -> Result<(Option<LitStr>, Lists)> {
    let file = input
        .parse::<Option<Token![=]>>()?
        .map(|_| input.parse::<LitStr>())
        .transpose()?;
    let mut lists = Lists::default();
    if input.peek(token::Brace) {
        let body;
        braced!(body in input);
        lists = parse_lists(&body, file.is_some())?;
    } else if file.is_none() {
        return Err(Error::new(name.span(), CONTENT));
    }
    input.parse::<Option<Token![;]>>()?;
    Ok((file, lists))
}

/// The lists between the braces; `with_file` if the others come from a file.
fn parse_lists(input: ParseStream<'_>, with_file: bool) -> Result<Lists> {
    let mut lists = Lists::default();
    let mut seen = Vec::new();
    while !input.is_empty() {
        let (list, key) = parse_key(input, with_file)?;
        if seen.contains(&list) {
            let message = format!("the list `{list}` is given twice");
            return Err(Error::new(key, message));
        }
        seen.push(list);
        input.parse::<Token![:]>()?;
        let content;
        bracketed!(content in input);
        *lists.get_mut(list) = Punctuated::<_, Token![,]>::parse_terminated(&content)?
            .into_iter()
            .collect();
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(lists)
}

/// The key of a list, and its place.
fn parse_key(input: ParseStream<'_>, with_file: bool) -> Result<(ScopeList, Span)> {
    let start = input.span();
    let list = match input.parse::<Ident>() {
        Ok(key) => key.to_string().parse::<ScopeList>(),
        Err(_) => "".parse(),
    };
    match list {
        Ok(list) if list == ScopeList::Assume || !with_file => Ok((list, start)),
        Err(error) if !with_file => Err(Error::new(start, error)),
        _ => Err(Error::new(start, ASSUME_ONLY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let set: ScopeSet = syn::parse_str(text).unwrap();
        set.lists
            .err()
            .into_iter()
            .flatten()
            .map(|error| error.to_string())
            .collect()
    }

    #[test]
    fn both_forms() {
        let set: ScopeSet = syn::parse_str(
            r#"/// Docs.
               pub(crate) struct Sync { optional: ["c"], required: ["a", "b",], unlisted: [], conditional: ["d"], assume: ["e"] }"#,
        )
        .unwrap();
        assert_eq!(
            (set.name.to_string().as_str(), set.attributes.len()),
            ("Sync", 1)
        );
        let lists = set.lists.unwrap();
        let sizes = lists.each().map(|(_, list)| list.len());
        assert_eq!(sizes, [2, 1, 1, 0, 1]);

        for text in [
            r#"struct A = "file";"#,
            r#"struct A = "file""#,
            r#"struct A = "file" { assume: ["a"] }"#,
        ] {
            let set: ScopeSet = syn::parse_str(text).unwrap();
            assert_eq!(set.file.map(|file| file.value()).as_deref(), Some("file"));
            assert!(set.lists.is_ok());
        }
    }

    #[test]
    fn faults_in_the_grammar() {
        assert_eq!(messages("struct A"), [CONTENT]);
        assert_eq!(messages("struct A;"), [CONTENT]);
        assert_eq!(
            messages("struct A { requires: [] }"),
            [
                "expected one of the lists `required`, `conditional`, `optional`, `unlisted` and `assume`"
            ]
        );
        assert_eq!(
            messages("struct A { [] }"),
            [
                "expected one of the lists `required`, `conditional`, `optional`, `unlisted` and `assume`"
            ]
        );
        assert_eq!(
            messages(r#"struct A = "file" { required: [] }"#),
            [ASSUME_ONLY]
        );
        assert_eq!(
            messages("struct A { assume: [], assume: [] }"),
            ["the list `assume` is given twice"]
        );
        assert_eq!(
            messages("struct A { required: [a] }"),
            ["expected string literal"]
        );
        assert_eq!(messages("struct A {} struct B {}"), ["unexpected token"]);
        assert!(syn::parse_str::<ScopeSet>("enum A {}").is_err());
    }
}
