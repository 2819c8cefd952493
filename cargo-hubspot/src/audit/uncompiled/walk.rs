//! Finds code that may call HubSpot and that the compiler did not see, in the tokens of a source file.
//!
//! A call of an operation has its method's name after a `.` or a `::`, or a macro writes it.

mod macros;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

pub(super) use self::macros::Definitions;
use super::cfg::{self, Values};
use super::docs;
use super::element::{self, Attribute};
use super::known;
use crate::tokens::{Import, group, imports, is, literals, names, parts, spaced, word};

/// Code that may call HubSpot, and that was not compiled or may not have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) line: usize,
    /// The code that it is in, as part of a sentence: `` `cfg(windows)` ``.
    pub(super) within: String,
    pub(super) callee: Callee,
}

/// What a suspect may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Callee {
    /// A method or an associated function of this name.
    Method(String),
    /// Code that may call anything.
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
    /// It is an argument of a macro, which may have dropped it.
    Perhaps(String),
    No(String),
}

/// What is known about a file before the walk.
#[derive(Clone, Copy)]
pub(super) struct FileContext<'a> {
    /// Line and column of each mark that the compiler reported in the file.
    pub(super) marks: &'a BTreeSet<(usize, usize)>,
    /// The macros that the workspace defines.
    pub(super) own_macros: &'a BTreeSet<String>,
    /// The names of all files that the compiler read.
    pub(super) read_files: &'a BTreeSet<String>,
    /// Whether rustdoc compiles the documentation.
    pub(super) has_doc_tests: bool,
    /// Whether the file is outside the package's folder, and its modules may be as well.
    pub(super) is_outside: bool,
}

/// What a walk through one file has found.
pub(super) struct Walk<'a> {
    context: FileContext<'a>,
    pub(super) suspects: Vec<Suspect>,
    /// Every identifier.
    pub(super) names: BTreeSet<String>,
    pub(super) derives: Vec<Derive>,
    pub(super) imports: Vec<Import>,
    /// The files that may be documentation, with the line that names them, and whether they certainly are.
    pub(super) doc_files: Vec<(usize, String, bool)>,
    /// The texts in each `scope_set!` that was not compiled.
    pub(super) declared: BTreeSet<String>,
    /// Each condition that did not hold.
    pub(super) predicates: BTreeSet<String>,
    /// The line of the documentation that is being walked through.
    doc_line: Option<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(context: FileContext<'a>) -> Self {
        Self {
            context,
            suspects: Vec::new(),
            names: BTreeSet::new(),
            derives: Vec::new(),
            imports: Vec::new(),
            doc_files: Vec::new(),
            declared: BTreeSet::new(),
            predicates: BTreeSet::new(),
            doc_line: None,
        }
    }

    /// Walks through the code blocks of documentation.
    pub(super) fn documentation(&mut self, markdown: &str, line: usize) {
        if !self.context.has_doc_tests {
            return;
        }
        // A block that is not Rust cannot be a test.
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
            let (attributes, next) = attributes(&tokens, at);
            if !attributes.is_empty() {
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
                    self.import(&name, tokens.get(at + 1..).unwrap_or_default());
                    if let Some(end) = self.invocation(&name, &tokens, at, &units, &seen) {
                        at = end;
                        continue;
                    }
                    self.name(&name, &tokens, at, &seen);
                }
                TokenTree::Group(group) => self.tokens(group.stream(), &units, &seen),
                token if is(token, '$') => {
                    if let Seen::No(within) = &seen {
                        self.suspect(token, within, Callee::Anything);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Applies attributes to the units that compiled what they stand before, and to whether it was seen.
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
                    let predicate: Vec<_> = attribute.rest.clone().into_iter().collect();
                    units.retain(|values| cfg::holds(&predicate, values) == Some(true));
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

    /// Applies an attribute that is neither `cfg` nor `doc`.
    fn other(&mut self, attribute: &Attribute, seen: &mut Seen, is_conditional: bool) {
        let line = self.doc_line.unwrap_or(attribute.line);
        let anything = |within: String| Suspect {
            line,
            within,
            callee: Callee::Anything,
        };
        match attribute.name.as_str() {
            "cfg_attr" => {
                for part in parts(attribute.rest.clone()).into_iter().skip(1) {
                    self.other(&Attribute::of(part, attribute.line, false), seen, true);
                }
            }
            "derive" => {
                let paths = parts(attribute.rest.clone()).into_iter().map(names);
                self.derives.extend(paths.map(|path| Derive { path, line }));
            }
            "path" => {
                let file = literals(&attribute.rest).concat();
                if !is_among_sources(&file) && (is_conditional || matches!(seen, Seen::No(_))) {
                    self.suspects.push(anything(format!("`{file}`")));
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
                Seen::No(within) => self.suspects.push(anything(within.clone())),
            },
        }
    }

    /// The text of a `#[doc = ...]`; files that it includes are recorded.
    fn doc(&mut self, attribute: &Attribute) -> String {
        let files = macros::included_texts(&attribute.rest);
        if files.is_empty() {
            return literals(&attribute.rest).concat() + "\n";
        }
        let files = files.into_iter().map(|file| (attribute.line, file, true));
        self.doc_files.extend(files);
        String::new()
    }

    fn name(&mut self, name: &str, tokens: &[TokenTree], at: usize, seen: &Seen) {
        let token = &tokens[at];
        self.names.insert(name.trim_start_matches("r#").to_owned());
        let (Seen::No(within) | Seen::Perhaps(within)) = seen else {
            return;
        };
        let before = |back: usize| at.checked_sub(back).and_then(|index| tokens.get(index));
        let is_after = |sign| before(1).is_some_and(|token| is(token, sign));
        let is_path = is_after(':') && before(2).is_some_and(|token| is(token, ':'));
        let is_called = group(tokens, at + 1, Delimiter::Parenthesis).is_some()
            || tokens.get(at + 1).is_some_and(|token| is(token, ':'));
        if is_path || (is_after('.') && is_called) {
            let callee = match name {
                "request" => Callee::Anything,
                name => Callee::Method(name.to_owned()),
            };
            self.suspect(token, within, callee);
        }
        let ends_with = |sign| tokens.get(at + 2).is_some_and(|token| is(token, sign));
        if name == "mod" && self.context.is_outside && ends_with(';') {
            self.suspect(token, within, Callee::Anything);
        }
    }

    fn suspect(&mut self, token: &TokenTree, within: &str, callee: Callee) {
        if !self.is_marked(token) {
            self.suspects.push(Suspect {
                line: self.doc_line.unwrap_or(token.span().start().line),
                within: within.to_owned(),
                callee,
            });
        }
    }

    /// Returns whether the compiler reported a mark at the token, so that it has seen it.
    fn is_marked(&self, token: &TokenTree) -> bool {
        let start = token.span().start();
        self.doc_line.is_none() && self.context.marks.contains(&(start.line, start.column + 1))
    }

    /// Records what a `use` or an `extern crate` brings into scope. `rest` follows the keyword.
    fn import(&mut self, keyword: &str, rest: &[TokenTree]) {
        match keyword {
            "use" => self.imports.extend(imports(rest)),
            // With `#[macro_use]` its derives are in scope everywhere.
            "extern" if word(rest, 0) == "crate" => self.imports.push(Import {
                path: vec![word(rest, 1)],
                name: "*".to_owned(),
            }),
            _ => {}
        }
    }
}

/// The attributes that begin at `at`, all inner or all outer, and the index after them.
fn attributes(tokens: &[TokenTree], mut at: usize) -> (Vec<Attribute>, usize) {
    let mut attributes: Vec<Attribute> = Vec::new();
    while let Some((attribute, next)) = element::attribute(tokens, at) {
        let first = attributes.first();
        if first.is_some_and(|first| first.is_inner != attribute.is_inner) {
            break;
        }
        attributes.push(attribute);
        at = next;
    }
    (attributes, at)
}

/// Returns whether a path leads to a Rust file below the package's folder that is not hidden.
fn is_among_sources(file: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with('.') && part != ".";
    let is_rust = Path::new(file).extension().is_some_and(|end| end == "rs");
    let is_below = !file.starts_with(['/', '\\']) && !file.contains(':');
    is_rust && is_below && !file.split(['/', '\\']).any(is_hidden)
}
