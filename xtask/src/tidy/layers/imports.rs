//! Finds the paths in a file that start in its own crate.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{
    Attribute, File, Item, UseTree,
    parse::{ParseStream, Parser as _},
};

/// A path in a file, from the root of its crate.
pub(super) struct Import {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

/// The paths in a file of `module` that start with `crate`, `self` or `super`, except in test code.
pub(super) fn imports(file: &File, module: &[String]) -> Vec<Import> {
    let mut found = Vec::new();
    if is_for_tests(&file.attrs) {
        return found;
    }
    items(&file.items, module, &mut found);
    found
}

fn items(items: &[Item], module: &[String], found: &mut Vec<Import>) {
    for item in items {
        if is_for_tests(&attributes(item)) {
            continue;
        }
        if let Item::Mod(inner) = item
            && let Some((_, inside)) = &inner.content
        {
            let module = [module, &[inner.ident.to_string()]].concat();
            self::items(inside, &module, found);
        } else {
            scan(item.to_token_stream(), module, found);
        }
    }
}

/// The attributes of an item.
fn attributes(item: &Item) -> Vec<Attribute> {
    let parser = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<TokenStream>()?;
        Ok(attributes)
    };
    parser.parse2(item.to_token_stream()).unwrap_or_default()
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else {
            return false;
        };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

/// Adds the paths in a row of tokens and in the groups in it.
fn scan(tokens: TokenStream, module: &[String], found: &mut Vec<Import>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) if !is_visibility(group) => {
                scan(group.stream(), module, found);
            }
            TokenTree::Ident(first) if is_separator(&tokens[at + 1..]) => {
                let base = match first.to_string().as_str() {
                    "crate" => Some(Vec::new()),
                    "self" => Some(module.to_vec()),
                    "super" => Some(parent(module)),
                    _ => None,
                };
                if let Some(base) = base {
                    at = tree(&tokens, at + 3, base, found);
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Reads what follows `::`, the rest of a path or a group of paths, and returns where it ends.
fn tree(tokens: &[TokenTree], mut at: usize, base: Vec<String>, found: &mut Vec<Import>) -> usize {
    let mut path = base;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Ident(segment) => {
                match segment.to_string().as_str() {
                    "super" => path = parent(&path),
                    segment => path.push(segment.to_owned()),
                }
                at += 1;
                if is_separator(&tokens[at..]) {
                    at += 2;
                    continue;
                }
                add(token, path, found);
                return at;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                for one in inside.split(|token| is_punctuation(token, ',')) {
                    match one.first() {
                        Some(TokenTree::Ident(word)) if word == "self" => {
                            add(token, path.clone(), found);
                        }
                        Some(_) => {
                            tree(one, 0, path.clone(), found);
                        }
                        None => {}
                    }
                }
                return at + 1;
            }
            // A glob, or the arguments of a generic function.
            _ => {
                add(token, path, found);
                return at;
            }
        }
    }
    at
}

fn add(token: &TokenTree, mut path: Vec<String>, found: &mut Vec<Import>) {
    // The runtime for other crates has the paths of its own crate, so that macros can use them from everywhere.
    if path.len() > 1 && path[0] == "__rt" {
        path.remove(0);
    }
    let line = token.span().start().line;
    found.push(Import { line, path });
}

fn parent(module: &[String]) -> Vec<String> {
    module[..module.len().saturating_sub(1)].to_vec()
}

fn is_separator(tokens: &[TokenTree]) -> bool {
    let is_colon = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| is_punctuation(token, ':'))
    };
    is_colon(0) && is_colon(1)
}

fn is_punctuation(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Whether a group is that of `pub(in path)`.
fn is_visibility(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(word)) if word == "in")
}

/// The names that the `use` items of a file bring into scope, and the path of each from the root of the crate.
pub(super) fn names(file: &File, module: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        if let Item::Use(item) = item
            && item.leading_colon.is_none()
        {
            named(&item.tree, module.to_vec(), true, &mut found);
        }
    }
    found
}

fn named(
    tree: &UseTree,
    path: Vec<String>,
    is_first: bool,
    found: &mut BTreeMap<String, Vec<String>>,
) {
    let with = |name: &syn::Ident| [&path[..], &[name.to_string()]].concat();
    match tree {
        UseTree::Path(tree) => {
            let path = match tree.ident.to_string().as_str() {
                "crate" if is_first => Vec::new(),
                "self" if is_first => path,
                "super" => parent(&path),
                _ => with(&tree.ident),
            };
            named(&tree.tree, path, false, found);
        }
        UseTree::Name(tree) => {
            found.insert(tree.ident.to_string(), with(&tree.ident));
        }
        UseTree::Rename(tree) => {
            found.insert(tree.rename.to_string(), with(&tree.ident));
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                named(tree, path.clone(), is_first, found);
            }
        }
        UseTree::Glob(_) => {}
    }
}
