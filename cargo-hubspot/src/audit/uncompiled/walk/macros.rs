//! Macros: what they are given, what they define, and the files that they name.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::{Callee, Seen, Walk};
use crate::audit::uncompiled::cfg::Values;
use crate::audit::uncompiled::known;
use crate::tokens::{is, literals, word};

impl Walk<'_> {
    /// Walks through the use or the definition of a macro, if one begins at `at`; returns the index after it.
    pub(super) fn invocation(
        &mut self,
        name: &str,
        tokens: &[TokenTree],
        at: usize,
        units: &[&Values],
        seen: &Seen,
    ) -> Option<usize> {
        if !tokens.get(at + 1).is_some_and(|token| is(token, '!')) || known::is_keyword(name) {
            return None;
        }
        if name == "macro_rules" {
            let Some(TokenTree::Group(body)) = tokens.get(at + 3) else {
                return None;
            };
            // Where it is used, other values may hold: no unit is certain.
            self.tokens(body.stream(), &[], seen);
            return Some(at + 4);
        }
        let Some(TokenTree::Group(input)) = tokens.get(at + 2) else {
            return None;
        };
        let input = input.stream();
        let is_own = self.context.own_macros.contains(name);
        let keeps_all = known::is_macro(name) && !is_own;
        let inside = match seen {
            Seen::Yes if !keeps_all => Seen::Perhaps(format!("`{name}!`")),
            seen => seen.clone(),
        };
        let may_write = match seen {
            Seen::Yes => false,
            // Foreign macros write no calls, but the file may have been left out.
            Seen::Perhaps(_) => is_own || (name == "include" && !self.was_read(&input)),
            Seen::No(_) => !keeps_all,
        };
        if let (true, Seen::No(within) | Seen::Perhaps(within)) = (may_write, seen) {
            self.suspect(&tokens[at], within, Callee::Anything);
        }
        if name == "scope_set" && matches!(seen, Seen::No(_)) {
            self.declared.extend(literals(&input));
        }
        self.texts(name, &input, keeps_all, tokens[at].span().start().line);
        self.tokens(input, units, &inside);
        Some(at + 3)
    }

    /// Returns whether the compiler read the file that an `include!` names.
    fn was_read(&self, input: &TokenStream) -> bool {
        included_file(input).is_some_and(|file| self.context.read_files.contains(&file))
    }

    /// Records the Markdown files that a macro may make documentation of: `doctest!("README.md")`.
    fn texts(&mut self, name: &str, input: &TokenStream, keeps_all: bool, line: usize) {
        let mut files = match name {
            "include_str" => vec![literals(input).concat()],
            "doctest" | "doc_comment" => literals(input),
            _ if !keeps_all => literals(input),
            _ => return,
        };
        let is_markdown = |file: &String| {
            let end = Path::new(file).extension();
            end.is_some_and(|end| end == "md" || end == "markdown")
        };
        files.retain(is_markdown);
        let files = files.into_iter().map(|file| (line, file, false));
        self.doc_files.extend(files);
    }
}

/// The path in each `include_str!` among the tokens.
pub(super) fn included_texts(tokens: &TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let each = tokens
        .iter()
        .enumerate()
        .flat_map(|(at, token)| match token {
            TokenTree::Group(group) if word(&tokens, at.wrapping_sub(2)) == "include_str" => {
                vec![literals(&group.stream()).concat()]
            }
            TokenTree::Group(group) => included_texts(&group.stream()),
            _ => Vec::new(),
        });
    each.collect()
}

/// The name of the file that an `include!` with this input names.
fn included_file(input: &TokenStream) -> Option<String> {
    let path = literals(input).pop()?;
    Some(path.rsplit(['/', '\\']).next()?.to_owned())
}

/// What the sources of a workspace define and include.
#[derive(Default)]
pub(in crate::audit::uncompiled) struct Definitions {
    pub(in crate::audit::uncompiled) macros: BTreeSet<String>,
    /// The names of the files that `include!` and `#[path]` name.
    pub(in crate::audit::uncompiled) files: BTreeSet<String>,
}

impl Definitions {
    /// Adds those of some tokens.
    pub(in crate::audit::uncompiled) fn add(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(name) if name == "macro_rules" => {
                    self.macros.insert(word(&tokens, at + 2));
                }
                TokenTree::Ident(name) if name == "include" || name == "path" => {
                    let next = tokens.get(at + 2).cloned();
                    self.files
                        .extend(included_file(&next.into_iter().collect()));
                }
                TokenTree::Group(group) => self.add(group.stream()),
                _ => {}
            }
        }
    }
}
