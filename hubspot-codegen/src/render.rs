//! Files as text: formatted, under a header that says where they come from.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};

use crate::config::Home;
use crate::emit::{EMPTY_LINE, File, header};
use crate::error::{Error, Errors, Problem};
use crate::parallel;

/// The text of each file, by path.
pub fn render(files: &[File<'_>], home: &Home) -> Result<BTreeMap<String, String>, Errors> {
    render_module(files, home.origin(), matches!(home, Home::Module(_)))
}

/// The text of each file, by path. `origin` says in the header where the files come from; `is_module` is whether the
/// folder is a module of the user's crate.
pub(crate) fn render_module(
    files: &[File<'_>],
    origin: &str,
    is_module: bool,
) -> Result<BTreeMap<String, String>, Errors> {
    let mut texts = BTreeMap::new();
    let mut errors = Vec::new();
    for (file, text) in files
        .iter()
        .zip(parallel::map(files, |file| text(file, origin, is_module)))
    {
        match text {
            Ok(text) => _ = texts.insert(file.path.clone(), text),
            Err(cause) => errors.push(Error::in_file(
                &file.path,
                Problem::NotAllowed(cause.to_string()),
            )),
        }
    }
    Errors::check(errors)?;
    Ok(texts)
}

fn text(file: &File<'_>, origin: &str, is_module: bool) -> Result<String, syn::Error> {
    let items = formatted(syn::parse2((file.items)())?)?;
    // The root of a module is also what a build script's output is included by, where inner comments are not allowed.
    let is_root = is_module && file.path == "mod.rs";
    let comment = if is_root { "//" } else { "//!" };
    let mut text = header(comment, &[&file.title, origin]);
    for line in items.lines() {
        if line.trim_start() != EMPTY_LINE {
            text.push_str(line);
        }
        text.push('\n');
    }
    Ok(text)
}

/// The widest line of a declaration of an enum.
const WIDTH: usize = 88;

/// The items as text. The formatter leaves the content of macros as it is, so declarations of enums are laid out here.
fn formatted(file: syn::File) -> Result<String, syn::Error> {
    let mut text = String::new();
    let mut others = Vec::new();
    for item in file.items {
        match item {
            syn::Item::Macro(item) if is_enum(&item.mac) => {
                text.push_str(&unparsed(std::mem::take(&mut others)));
                text.push_str(&declaration(item)?);
            }
            item => others.push(item),
        }
    }
    Ok(text + &unparsed(others))
}

fn unparsed(items: Vec<syn::Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    })
}

fn is_enum(call: &syn::Macro) -> bool {
    let name = call.path.segments.last();
    name.is_some_and(|name| name.ident == "string_enum")
}

/// A declaration of an enum with its doc comments, and broken between variants.
fn declaration(mut item: syn::ItemMacro) -> Result<String, syn::Error> {
    let content = std::mem::take(&mut item.mac.tokens);
    let (docs, variants) = content_of_enum.parse2(content)?;
    let call = unparsed(vec![syn::Item::Macro(item)]);
    let mut text = call.trim_end().trim_end_matches(");").to_owned();
    for doc in docs {
        text.push_str("\n    ");
        text.push_str(&doc);
    }
    let mut width = usize::MAX;
    for variant in variants {
        if width.saturating_add(1 + variant.len()) > WIDTH {
            text.push_str("\n   ");
            width = 3;
        }
        text.push(' ');
        text.push_str(&variant);
        width += 1 + variant.len();
    }
    Ok(text + "\n);\n")
}

/// The doc comments; and the name and the variants, with the mark that ends each.
fn content_of_enum(input: ParseStream<'_>) -> syn::Result<(Vec<String>, Vec<String>)> {
    let attributes = input.call(syn::Attribute::parse_outer)?;
    let docs = attributes.iter().map(comment).collect();
    let (mut words, mut word) = (Vec::new(), TokenStream::new());
    for token in input.parse::<TokenStream>()? {
        match token {
            TokenTree::Punct(mark) if ",;".contains(mark.as_char()) => {
                words.push(format!("{}{mark}", std::mem::take(&mut word)));
            }
            token => word.extend([token]),
        }
    }
    words.push(word.to_string());
    Ok((docs, words))
}

/// The attribute as a comment, where it can be one.
fn comment(attribute: &syn::Attribute) -> String {
    if let syn::Meta::NameValue(doc) = &attribute.meta
        && let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = &doc.value
        && !text.value().starts_with('/')
        && !text.value().contains(['\n', '\r'])
    {
        return format!("///{}", text.value());
    }
    attribute.to_token_stream().to_string()
}
