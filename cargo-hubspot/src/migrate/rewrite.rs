//! `--fix`: rewrites the calls that are only renamed.
//!
//! Of a call through the client, `.v3()` is removed in front of the resource. Of a raw request, the path is replaced where it is
//! a literal. Everything else is listed, to be changed by hand.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::site::{Outcome, Rewrite, Site};
use crate::fix::Change;
use crate::model::{OUT_DIR, Place};
use crate::tokens::{self, is, string};

/// The changes of files, and what has to be changed by hand.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) changes: Vec<Change>,
    pub(super) by_hand: Vec<String>,
}

/// A part of a file, and what replaces it.
type Edit = (Range<usize>, String);

/// Plans the changes of the files of a workspace. `responses` adds typed calls of which only the response has changed.
pub(super) fn changes(root: &Path, sites: &[Site], responses: bool) -> Result<Changes> {
    let mut all = Changes::default();
    let mut by_file: BTreeMap<&str, Vec<(&Site, &Place)>> = BTreeMap::new();
    for site in sites {
        let is_typed = matches!(site.rewrite, Some(Rewrite::Version(_)));
        let is_response = responses && is_typed && site.only_response;
        let is_wanted = match site.outcome {
            Outcome::Renamed => true,
            Outcome::Changed => is_response,
            _ => false,
        };
        if let Some(place) = site.place.as_ref().filter(|_| is_wanted) {
            by_file.entry(&place.file).or_default().push((site, place));
        }
    }
    for (file, sites) in by_file {
        if file.starts_with(OUT_DIR) {
            all.by_hand
                .push(format!("a build script writes {file}: change that"));
            continue;
        }
        let path = root.join(file);
        let before = fs::read_to_string(&path).with_context(|| format!("cannot read `{file}`"))?;
        let tokens = tokens::parse(&before)
            .map_err(|error| anyhow!("cannot fix `{file}`: it is not Rust: {error}"))?;
        let (mark, text) = match before.strip_prefix('\u{feff}') {
            Some(text) => (before.len() - text.len(), text),
            None => (0, before.as_str()),
        };
        let mut edits: Vec<Edit> = Vec::new();
        for (site, place) in sites {
            match edit(&tokens, text, place.byte_start.saturating_sub(mark), site) {
                Some((range, text)) => edits.push((range.start + mark..range.end + mark, text)),
                None => all.by_hand.push(format!(
                    "{file}:{}: change `{}` by hand",
                    place.line, site.call
                )),
            }
        }
        edits.sort_by_key(|(range, _)| range.start);
        edits.dedup();
        let mut after = before.clone();
        for (range, text) in edits.into_iter().rev() {
            after.replace_range(range, &text);
        }
        if before != after {
            all.changes.push(Change {
                path,
                shown: file.to_owned(),
                before,
                after,
            });
        }
    }
    Ok(all)
}

/// The edit of a call at a byte.
fn edit(tokens: &TokenStream, text: &str, byte: usize, site: &Site) -> Option<Edit> {
    let list = innermost(tokens.clone(), byte);
    let mut starts = list.iter().map(|token| token.span().byte_range().start);
    let at = starts.position(|start| start == byte)?;
    match site.rewrite.as_ref()? {
        Rewrite::Path { old, new } => {
            // The arguments of the call, or, in `request!`, those beside.
            let arguments = match list.get(at + 1) {
                Some(TokenTree::Group(group)) => group.stream(),
                _ => list.into_iter().skip(at).collect(),
            };
            literal(arguments, old, new)
        }
        Rewrite::Version(names) => version_call(&list, text, at, names),
    }
}

/// The part `.v3()` of a chain of calls: `. v3 ( ) . contacts ( ) . list`. Its last name is at `at`.
fn version_call(list: &[TokenTree], text: &str, at: usize, names: &[&str]) -> Option<Edit> {
    let (method, handles) = names.split_last()?;
    let is_name =
        |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(word) if word == name);
    if !is_name(list.get(at)?, method) {
        return None;
    }
    let mut end = at.checked_sub(1)?;
    let mut arguments = None;
    for name in handles.iter().rev() {
        let [dot, word, call] = list.get(end.checked_sub(3)?..end)? else {
            return None;
        };
        let is_call = is(dot, '.')
            && is_name(word, name)
            && matches!(call, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
            && is(list.get(end)?, '.');
        if !is_call {
            return None;
        }
        arguments = Some(call);
        end -= 3;
    }
    let start = list.get(end)?.span().byte_range().start;
    let before = text.get(..start)?;
    let kept = before.trim_end();
    // A comment above stays on its own line.
    let is_after_comment = kept
        .lines()
        .next_back()
        .is_some_and(|line| line.contains("//"));
    let start = if is_after_comment { start } else { kept.len() };
    Some((start..arguments?.span().byte_range().end, String::new()))
}

/// The tokens beside the one that starts at a byte.
fn innermost(tokens: TokenStream, byte: usize) -> Vec<TokenTree> {
    let list: Vec<_> = tokens.into_iter().collect();
    let inner = list.iter().find_map(|token| match token {
        TokenTree::Group(group) => {
            let range = group.span().byte_range();
            (range.start < byte && byte < range.end).then(|| group.stream())
        }
        _ => None,
    });
    inner.map_or(list, |stream| innermost(stream, byte))
}

/// The literal that is this path.
fn literal(tokens: TokenStream, old: &str, new: &str) -> Option<Edit> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => literal(group.stream(), old, new),
        TokenTree::Literal(literal) if string(&literal).as_deref() == Some(old) => {
            let text = literal.to_string();
            // Something in it may be escaped.
            let is_plain = text.contains(old);
            is_plain.then(|| (literal.span().byte_range(), text.replace(old, new)))
        }
        _ => None,
    })
}
