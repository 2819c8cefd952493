//! Finds `scope_set!` in source files, without compiling them.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::Result;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::fix::rewrite_list;
use crate::model::List;
use crate::tokens::{self, is, string, word};

/// A `scope_set!` in a text. Ranges are bytes of the text.
#[derive(Clone, Debug)]
pub(super) struct SourceSet {
    pub(super) name: String,
    /// The whole macro call.
    pub(super) range: Range<usize>,
    /// The app file that has the lists, as written.
    pub(super) file: Option<String>,
    /// The braces around the lists.
    braces: Option<Range<usize>>,
    lists: Vec<SourceList>,
}

/// A list of a set.
#[derive(Clone, Debug)]
struct SourceList {
    list: List,
    key: usize,
    /// From bracket to bracket.
    range: Range<usize>,
    scopes: Vec<String>,
}

impl SourceSet {
    /// The sets of a text; none if it is not Rust.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut sets = Vec::new();
        if let Ok(tokens) = tokens::parse(text) {
            collect(tokens, mark, &mut sets);
        }
        sets
    }

    fn parse(group: &Group, mark: usize) -> Option<Self> {
        let tokens: Vec<_> = group.stream().into_iter().collect();
        let mut each = tokens.iter();
        let at =
            each.position(|token| matches!(token, TokenTree::Ident(name) if name == "struct"))?;
        let name = word(&tokens, at + 1);
        let file = match tokens.get(at + 3) {
            Some(TokenTree::Literal(file)) if is(tokens.get(at + 2)?, '=') => string(file),
            _ => None,
        };
        let braces = tokens.iter().skip(at).find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        });
        let lists = braces.map_or_else(Vec::new, |group| lists(group, mark));
        (!name.is_empty() && (file.is_some() || braces.is_some())).then(|| Self {
            name,
            range: range(group, mark),
            file,
            braces: braces.map(|group| range(group, mark)),
            lists,
        })
    }

    /// Each scope with its list.
    pub(super) fn scopes(&self) -> impl Iterator<Item = (String, List)> {
        let lists = self.lists.iter();
        lists.flat_map(|list| list.scopes.iter().map(|scope| (scope.clone(), list.list)))
    }

    /// What replaces a part of the text, to add scopes to a list.
    pub(super) fn add(
        &self,
        text: &str,
        list: List,
        scopes: &[&str],
    ) -> Result<Option<(Range<usize>, String)>> {
        if let Some(known) = self.lists.iter().find(|known| known.list == list) {
            let before = text.get(known.range.clone()).unwrap_or_default();
            let after = rewrite_list(before, &BTreeSet::new(), scopes)?;
            return Ok(Some((known.range.clone(), after)));
        }
        let Some(braces) = &self.braces else {
            return Ok(None);
        };
        let quoted: Vec<_> = scopes.iter().map(|scope| format!("{scope:?}")).collect();
        let new = format!("{list}: [{}],", quoted.join(", "));
        let start = braces.start + 1;
        let key = self.lists.first().map_or(braces.end - 1, |first| first.key);
        // The space before the first list goes before the new one, too.
        let space = text.get(start..key).unwrap_or_default();
        let space = if space.trim().is_empty() && !self.lists.is_empty() {
            space
        } else {
            " "
        };
        Ok(Some((start..start, format!("{space}{new}"))))
    }
}

fn range(group: &Group, mark: usize) -> Range<usize> {
    let range = group.span().byte_range();
    range.start + mark..range.end + mark
}

fn collect(tokens: TokenStream, mark: usize, sets: &mut Vec<SourceSet>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let is_set = at >= 2 && word(&tokens, at - 2) == "scope_set" && is(&tokens[at - 1], '!');
        match SourceSet::parse(group, mark).filter(|_| is_set) {
            Some(set) => sets.push(set),
            None => collect(group.stream(), mark, sets),
        }
    }
}

fn lists(group: &Group, mark: usize) -> Vec<SourceList> {
    let tokens: Vec<_> = group.stream().into_iter().collect();
    let lists = tokens.windows(3).filter_map(|part| match part {
        [TokenTree::Ident(key), colon, TokenTree::Group(list)] if is(colon, ':') => {
            Some(SourceList {
                list: key.to_string().parse().ok()?,
                key: key.span().byte_range().start + mark,
                range: range(list, mark),
                scopes: tokens::literals(&list.stream()),
            })
        }
        _ => None,
    });
    lists.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_added_where_their_list_is_or_would_be() {
        for (text, list, expected) in [
            (
                "scope_set! { struct A { required: [\"a\"] } }",
                List::Required,
                "scope_set! { struct A { required: [\"a\", \"b\"] } }",
            ),
            (
                "\u{feff}x::scope_set! {\n    /// A {\n    pub struct A {\n        optional: [\"a\"],\n    }\n}",
                List::Required,
                "\u{feff}x::scope_set! {\n    /// A {\n    pub struct A {\n        required: [\"b\"],\n        optional: [\"a\"],\n    }\n}",
            ),
            (
                "mod m { scope_set!(struct A {}); }",
                List::Unlisted,
                "mod m { scope_set!(struct A { unlisted: [\"b\"],}); }",
            ),
        ] {
            let sets = SourceSet::all(text);
            let [set] = sets.as_slice() else {
                panic!("{text}: {sets:?}")
            };
            let (range, new) = set.add(text, list, &["b"]).unwrap().unwrap();
            let mut after = text.to_owned();
            after.replace_range(range, &new);
            assert_eq!(after, expected);
            let sets = SourceSet::all(&after);
            let added = ("b".to_owned(), list);
            assert!(sets[0].scopes().any(|one| one == added), "{after}");
        }
    }

    #[test]
    fn sets_of_app_files_and_other_macros_are_told_apart() {
        let text = "scope_set! { pub(crate) struct A = \"app.json\"; }\nother! { struct B { required: [] } }\n\
                    // scope_set! { struct C {} }\nmacro_rules! m { () => { scope_set! { struct $name {} } } }";
        let sets = SourceSet::all(text);
        let shown = sets
            .iter()
            .map(|set| (set.name.as_str(), set.file.as_deref()));
        assert_eq!(shown.collect::<Vec<_>>(), [("A", Some("app.json"))]);
        assert!(SourceSet::all("not { rust").is_empty());
    }
}
