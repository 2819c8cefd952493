//! Finds in the tokens of a source file what may call HubSpot where the compiler has not seen it.
//!
//! Tokens are enough for this: a call of an operation has its method's name behind a `.` or a `::`, or comes out of a
//! macro.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::cfg::{self, Values};
use super::docs;
use super::element::{self, Attribute, group, is, word};
use super::known;
use super::text::{literals, spaced};

/// Something in code that was not compiled, or may not have been, that may call HubSpot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) line: usize,
    /// Which code it is in, as part of a sentence: `` `cfg(windows)` ``.
    pub(super) within: String,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A method or an associated function of this name.
    Method(String),
    /// Code of which nothing is known.
    Anything,
}

/// A derive, by its path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Derive {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// Whether the compiler has seen a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Yes,
    /// It was given to a macro, which may have left it out.
    Perhaps(String),
    No(String),
}

/// A walk through one file, and what it has found.
pub(super) struct Walk<'a> {
    /// Line and column of each mark that the compiler reported.
    pub(super) marks: &'a BTreeSet<(usize, usize)>,
    /// The macros that the workspace defines itself.
    pub(super) own_macros: &'a BTreeSet<String>,
    /// Whether the documentation is compiled by rustdoc.
    pub(super) has_doc_tests: bool,
    /// Whether modules without a body may have their files outside the package's folder.
    pub(super) is_outside: bool,
    pub(super) suspects: Vec<Suspect>,
    /// Every identifier.
    pub(super) names: BTreeSet<String>,
    pub(super) derives: Vec<Derive>,
    /// For each name in a `use`, and for `*`, where its paths begin.
    pub(super) imports: BTreeMap<String, BTreeSet<String>>,
    /// The files that are documentation, with the line that names them.
    pub(super) doc_files: Vec<(usize, String)>,
    /// The texts in a `scope_set!` that was not compiled.
    pub(super) declared: BTreeSet<String>,
    /// Each condition that did not hold.
    pub(super) predicates: BTreeSet<String>,
    /// The line of the documentation that is walked through.
    doc_line: Option<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        marks: &'a BTreeSet<(usize, usize)>,
        own_macros: &'a BTreeSet<String>,
    ) -> Self {
        Self {
            marks,
            own_macros,
            has_doc_tests: false,
            is_outside: false,
            suspects: Vec::new(),
            names: BTreeSet::new(),
            derives: Vec::new(),
            imports: BTreeMap::new(),
            doc_files: Vec::new(),
            declared: BTreeSet::new(),
            predicates: BTreeSet::new(),
            doc_line: None,
        }
    }

    /// Walks through the code blocks of documentation.
    pub(super) fn documentation(&mut self, markdown: &str, line: usize) {
        if !self.has_doc_tests {
            return;
        }
        // What is not Rust cannot be a test.
        let blocks = docs::code(markdown).into_iter();
        for tokens in blocks.filter_map(|code| code.parse().ok()) {
            let former = self.doc_line.replace(line);
            self.tokens(tokens, &[], &Seen::No("a documentation test".to_owned()));
            self.doc_line = former;
        }
    }

    /// Walks through tokens that were compiled with each of `units`.
    pub(super) fn tokens(&mut self, tokens: TokenStream, units: &[&Values], seen: &Seen) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let (mut units, mut seen) = (units.to_vec(), seen.clone());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if element::attribute(&tokens, at).is_some() {
                let (attributes, next) = attributes(&tokens, at);
                let is_inner = attributes.iter().any(|attribute| attribute.is_inner);
                let (below, below_seen) = self.attributes(&attributes, &units, &seen);
                at = next;
                if is_inner {
                    (units, seen) = (below, below_seen);
                } else if below.len() != units.len() || below_seen != seen {
                    at = element::end(&tokens, next);
                    let element = tokens.get(next..at).unwrap_or_default();
                    self.tokens(element.iter().cloned().collect(), &below, &below_seen);
                }
                continue;
            }
            match token {
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    if name == "use" {
                        self.import(&tokens, at);
                    }
                    if let Some(end) = self.invocation(&name, &tokens, at, &units, &seen) {
                        at = end;
                        continue;
                    }
                    self.name(&name, &tokens, at, &seen);
                }
                TokenTree::Group(group) => self.tokens(group.stream(), &units, &seen),
                TokenTree::Punct(sign) if sign.as_char() == '$' => {
                    if let Seen::No(within) = &seen {
                        self.suspect(token, within, What::Anything);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// What attributes make of what they stand before: with which units it was compiled, and whether.
    fn attributes<'u>(
        &mut self,
        attributes: &[Attribute],
        units: &[&'u Values],
        seen: &Seen,
    ) -> (Vec<&'u Values>, Seen) {
        let (mut units, mut seen) = (units.to_vec(), seen.clone());
        let mut documentation = String::new();
        for attribute in attributes {
            match attribute.name.as_str() {
                "cfg" => {
                    units.retain(|values| cfg::holds(&attribute.rest, values) == Some(true));
                    if units.is_empty() && !matches!(seen, Seen::No(_)) {
                        let predicate = format!("`cfg({})`", spaced(&attribute.rest));
                        self.predicates.insert(predicate.clone());
                        seen = Seen::No(predicate);
                    }
                }
                "doc" => documentation.push_str(&self.doc(attribute)),
                _ => self.other(attribute, &mut seen, false),
            }
        }
        if let Some(first) = attributes.first() {
            self.documentation(&documentation, first.line);
        }
        (units, seen)
    }

    /// An attribute that is neither `cfg` nor `doc`.
    fn other(&mut self, attribute: &Attribute, seen: &mut Seen, is_conditional: bool) {
        let anything = |walk: &mut Self, within: String| {
            walk.suspects.push(Suspect {
                line: walk.doc_line.unwrap_or(attribute.line),
                within,
                what: What::Anything,
            });
        };
        match attribute.name.as_str() {
            "cfg_attr" => {
                for part in cfg::parts(attribute.rest.clone()).into_iter().skip(1) {
                    self.other(&Attribute::of(part, attribute.line, false), seen, true);
                }
            }
            "derive" => {
                for path in cfg::parts(attribute.rest.clone()) {
                    self.derives.push(Derive {
                        path: path
                            .to_string()
                            .split("::")
                            .map(|part| part.trim().to_owned())
                            .collect(),
                        line: self.doc_line.unwrap_or(attribute.line),
                    });
                }
            }
            "path" => {
                let file = literals(&attribute.rest).join("");
                let is_elsewhere = file.starts_with(['/', '\\'])
                    || file.contains("..")
                    || file.contains(':')
                    || !is_among_sources(&file);
                if is_elsewhere && (is_conditional || matches!(seen, Seen::No(_))) {
                    anything(self, format!("`{file}`"));
                }
            }
            "doc" => {
                let documentation = self.doc(attribute);
                self.documentation(&documentation, attribute.line);
            }
            name if known::is_attribute(name) => {}
            name => match seen {
                Seen::Yes => *seen = Seen::Perhaps(format!("`#[{name}]`")),
                Seen::Perhaps(_) => {}
                Seen::No(within) => anything(self, within.clone()),
            },
        }
    }

    /// The text of a `#[doc = ...]`.
    fn doc(&mut self, attribute: &Attribute) -> String {
        let tokens: Vec<_> = attribute.rest.clone().into_iter().collect();
        let includes = tokens
            .iter()
            .any(|token| matches!(token, TokenTree::Ident(name) if name == "include_str"));
        let text = literals(&attribute.rest).join("");
        if includes {
            self.doc_files.push((attribute.line, text));
            return String::new();
        }
        text + "\n"
    }

    /// Walks through the use of a macro, or its definition, if one begins at `at`; the index after it.
    fn invocation(
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
        let keeps_all = known::is_macro(name) && !self.own_macros.contains(name);
        let inside = match seen {
            Seen::Yes if !keeps_all => Seen::Perhaps(format!("`{name}!`")),
            seen => seen.clone(),
        };
        if !keeps_all && let Seen::No(within) | Seen::Perhaps(within) = seen {
            let is_seen = matches!(seen, Seen::Perhaps(_)) && !self.own_macros.contains(name);
            if !is_seen && !self.is_marked(&tokens[at]) {
                let within = within.clone();
                self.suspect(&tokens[at], &within, What::Anything);
            }
        }
        if name == "scope_set" && matches!(seen, Seen::No(_)) {
            self.declared.extend(literals(&input.stream()));
        }
        self.tokens(input.stream(), units, &inside);
        Some(at + 3)
    }

    fn name(&mut self, name: &str, tokens: &[TokenTree], at: usize, seen: &Seen) {
        let token = &tokens[at];
        self.names.insert(name.trim_start_matches("r#").to_owned());
        let (Seen::No(within) | Seen::Perhaps(within)) = seen else {
            return;
        };
        let before = |back: usize| at.checked_sub(back).and_then(|index| tokens.get(index));
        let is_behind = |sign| before(1).is_some_and(|token| is(token, sign));
        let is_path = is_behind(':') && before(2).is_some_and(|token| is(token, ':'));
        let is_called = group(tokens, at + 1, Delimiter::Parenthesis).is_some()
            || tokens.get(at + 1).is_some_and(|token| is(token, ':'));
        if is_path || (is_behind('.') && is_called) {
            let what = match name {
                "request" => What::Anything,
                name => What::Method(name.to_owned()),
            };
            self.suspect(token, within, what);
        }
        if name == "mod"
            && self.is_outside
            && tokens.get(at + 2).is_some_and(|token| is(token, ';'))
        {
            self.suspect(token, within, What::Anything);
        }
    }

    fn suspect(&mut self, token: &TokenTree, within: &str, what: What) {
        if !self.is_marked(token) {
            self.suspects.push(Suspect {
                line: self.doc_line.unwrap_or(token.span().start().line),
                within: within.to_owned(),
                what,
            });
        }
    }

    /// Whether the compiler has reported a mark at the token, so that it has seen it.
    fn is_marked(&self, token: &TokenTree) -> bool {
        let start = token.span().start();
        self.doc_line.is_none() && self.marks.contains(&(start.line, start.column + 1))
    }

    /// The names of a `use`, which begins at `at`.
    fn import(&mut self, tokens: &[TokenTree], at: usize) {
        let rest = tokens.get(at + 1..).unwrap_or_default().iter();
        let path: TokenStream = rest.take_while(|token| !is(token, ';')).cloned().collect();
        let has_glob = path.to_string().contains('*');
        let mut names = Vec::new();
        identifiers(path, &mut names);
        let Some(root) = names.first().cloned() else {
            return;
        };
        for name in names {
            self.imports.entry(name).or_default().insert(root.clone());
        }
        if has_glob {
            let globs = self.imports.entry("*".to_owned()).or_default();
            globs.insert(root);
        }
    }
}

/// The attributes that begin at `at`, all inner or all outer, and the index after them.
fn attributes(tokens: &[TokenTree], mut at: usize) -> (Vec<Attribute>, usize) {
    let mut attributes: Vec<Attribute> = Vec::new();
    while let Some((attribute, next)) = element::attribute(tokens, at) {
        if attributes
            .first()
            .is_some_and(|first| first.is_inner != attribute.is_inner)
        {
            break;
        }
        attributes.push(attribute);
        at = next;
    }
    (attributes, at)
}

/// The macros that the tokens define.
pub(super) fn definitions(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(name) if name == "macro_rules" => {
                _ = found.insert(word(&tokens, at + 2));
            }
            TokenTree::Group(group) => definitions(group.stream(), found),
            _ => {}
        }
    }
}

/// Whether a file below a package's folder is one of the files that are looked at.
fn is_among_sources(file: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with('.') && part != ".";
    Path::new(file)
        .extension()
        .is_some_and(|extension| extension == "rs")
        && !file.split(['/', '\\']).any(is_hidden)
}

fn identifiers(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => found.push(name.to_string()),
            TokenTree::Group(group) => identifiers(group.stream(), found),
            _ => {}
        }
    }
}
