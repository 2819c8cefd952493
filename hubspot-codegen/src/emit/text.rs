//! Doc comments.
//!
//! In: Markdown. Out: `#[doc]` attributes, a line each, wrapped. Refuses nothing.

use proc_macro2::TokenStream;
use quote::quote;

/// Lines are wrapped before this column of their text.
const WIDTH: usize = 104;

/// A doc comment of paragraphs; empty ones are left out.
pub(super) fn docs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = lines(paragraphs).into_iter().map(|line| {
        let line = if line.is_empty() {
            line
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    lines.collect()
}

/// The same as an inner doc comment, for the top of a file.
pub(crate) fn inner_docs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = lines(paragraphs).into_iter().map(|line| {
        let line = if line.is_empty() {
            line
        } else {
            format!(" {line}")
        };
        quote!(#![doc = #line])
    });
    lines.collect()
}

/// `#[doc(alias)]` for HubSpot's names, save the one that the item has itself.
pub(super) fn aliases<'a>(names: impl IntoIterator<Item = &'a str>, own: &str) -> TokenStream {
    let usable = |name: &&str| {
        *name != own
            && !name.is_empty()
            && !name
                .contains(|character: char| "/'\"".contains(character) || character.is_whitespace())
    };
    names
        .into_iter()
        .filter(usable)
        .map(|name| quote!(#[doc(alias = #name)]))
        .collect()
}

fn lines<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut lines = Vec::<String>::new();
    for paragraph in paragraphs
        .into_iter()
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
    {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut in_code = false;
        for line in paragraph.lines() {
            let fence = line.trim_start().starts_with("```");
            if fence {
                in_code = !in_code;
                // An example in a document is no Rust to be tested.
                let plain = in_code && line.trim() == "```";
                lines.push(if plain {
                    format!("{line}text")
                } else {
                    line.to_owned()
                });
            } else if in_code || line.trim_start().starts_with('|') {
                lines.push(line.to_owned());
            } else {
                wrap(line, &mut lines);
            }
        }
    }
    lines
}

/// Breaks a line between words; what follows in an item of a list is indented.
fn wrap(line: &str, lines: &mut Vec<String>) {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let hang = if text.starts_with("- ") || text.starts_with("* ") {
        indent + 2
    } else {
        indent
    };
    let mut current = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split_whitespace() {
        if !is_empty && current.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut current, " ".repeat(hang)));
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
        }
        current.push_str(word);
        is_empty = false;
    }
    lines.push(if is_empty { String::new() } else { current });
}
