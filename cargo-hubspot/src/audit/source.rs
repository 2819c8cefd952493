//! Finds the function around a place in a source file.
//!
//! Works on tokens instead of a syntax tree: this also finds functions in the arguments of macros, and newer syntax does not
//! break it. A file that has no valid tokens has an empty [`Outline`].

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree};

use super::uncompiled::{depth_after, is};
use crate::model::Place;

/// The functions and imports of a file.
#[derive(Debug, Default)]
pub(super) struct Outline {
    functions: Vec<Function>,
    imports: Vec<Range>,
    /// What imports call by another name.
    aliases: BTreeMap<String, String>,
    /// The types, each with the names in the bounds of its parameters.
    types: Vec<(String, BTreeSet<String>)>,
    /// The traits that it defines, each with the names in its header: those of the traits that it implies.
    pub(super) traits: BTreeMap<String, BTreeSet<String>>,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// Its name, after those of the modules, types and functions around it in the file: `sync::Job::run`.
    pub(super) path: String,
    /// The names in the bounds of its type parameters, and of those around it.
    pub(super) bounds: BTreeSet<String>,
    range: Range,
}

/// From the first to after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    start: LineColumn,
    end: LineColumn,
}

impl Range {
    fn contains(self, place: &Place) -> bool {
        // Columns count from 0 here.
        let start = LineColumn {
            line: place.line,
            column: place.column.saturating_sub(1),
        };
        self.start <= start && start < self.end
    }
}

impl Function {
    /// Whether the place, in the same file, is in the function.
    pub(super) fn contains(&self, place: &Place) -> bool {
        self.range.contains(place)
    }
}

impl Outline {
    /// The outline of a file with this text.
    pub(super) fn of(text: &str) -> Self {
        // A byte order mark is no token, and neither is the line for a shell.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut outline = Self::default();
        if let Ok(tokens) = text.parse() {
            outline.items(tokens, "", &BTreeSet::new());
        }
        let functions = outline.functions.iter_mut().map(|one| &mut one.bounds);
        let types = outline.types.iter_mut().map(|(_, bounds)| bounds);
        for bounds in functions.chain(types).chain(outline.traits.values_mut()) {
            let aliases = bounds.iter().filter_map(|name| outline.aliases.get(name));
            let named: Vec<_> = aliases.cloned().collect();
            bounds.extend(named);
        }
        outline
    }

    /// The path of every function, type and trait, with the names in its bounds.
    pub(super) fn bounded(&self) -> impl Iterator<Item = (&String, &BTreeSet<String>)> {
        let functions = self.functions.iter().map(|one| (&one.path, &one.bounds));
        let types = self.types.iter().map(|(path, bounds)| (path, bounds));
        functions.chain(types).chain(&self.traits)
    }

    /// The innermost function around a place.
    pub(super) fn function_at(&self, place: &Place) -> Option<&Function> {
        // An inner one comes after the one around it.
        let mut around = self.functions.iter().rev();
        around.find(|function| function.contains(place))
    }

    /// Whether a place is in a `use`, where nothing is called.
    pub(super) fn is_import(&self, place: &Place) -> bool {
        self.imports.iter().any(|import| import.contains(place))
    }

    /// Finds functions and imports among the tokens in what `path` names, whose type parameters have `bounds`.
    fn items(&mut self, tokens: TokenStream, path: &str, bounds: &BTreeSet<String>) {
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            match &token {
                TokenTree::Group(group) => self.items(group.stream(), path, bounds),
                TokenTree::Ident(keyword) => {
                    let start = keyword.span();
                    match keyword.to_string().as_str() {
                        "use" => {
                            let mut path = Vec::new();
                            let end = rest.find(|token| {
                                path.extend(names([token.clone()]));
                                is(token, ';')
                            });
                            let end = end.map_or(start, |token| token.span());
                            self.imports.push(range(start, end));
                            for three in path.windows(3).filter(|three| three[1] == "as") {
                                self.aliases.insert(three[2].clone(), three[0].clone());
                            }
                        }
                        "fn" | "mod" | "trait" => {
                            let Some(TokenTree::Ident(name)) = rest.peek() else {
                                continue; // A type such as `fn(u8)`.
                            };
                            let name = name.to_string();
                            let inner = joined(path, name.trim_start_matches("r#"));
                            let header = Header::until_body(&mut rest);
                            let mut bounds = bounds.clone();
                            if *keyword == "trait" {
                                let implied = names(header.tokens.iter().cloned());
                                bounds.extend(implied.iter().cloned());
                                self.traits.insert(name, implied.into_iter().collect());
                            } else {
                                bounds.extend(header.bounds());
                            }
                            let start = (*keyword == "fn").then_some(start);
                            self.block(header.body, &inner, &bounds, start);
                        }
                        "struct" | "enum" | "union" | "type" => {
                            let Some(TokenTree::Ident(name)) = rest.peek() else {
                                continue;
                            };
                            let inner = joined(path, name.to_string().trim_start_matches("r#"));
                            let header = Header::until_body(&mut rest);
                            self.types.push((inner, header.bounds()));
                        }
                        "impl" => {
                            let header = Header::until_body(&mut rest);
                            let inner = header.type_name().map(|name| joined(path, &name));
                            let inner = inner.as_deref().unwrap_or(path);
                            let mut bounds = bounds.clone();
                            bounds.extend(header.bounds());
                            self.block(header.body, inner, &bounds, None);
                        }
                        name if rest.next_if(|token| is(token, '!')).is_some() => {
                            // A macro may put what it is given into bounds.
                            if let Some(TokenTree::Group(given)) = rest.peek() {
                                let given = names(given.stream()).into_iter().collect();
                                self.types.push((joined(path, &format!("{name}!")), given));
                            }
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    /// What is in the braces of an item; it is a function if `start` is where that begins.
    fn block(
        &mut self,
        body: Option<proc_macro2::Group>,
        path: &str,
        bounds: &BTreeSet<String>,
        start: Option<Span>,
    ) {
        let Some(body) = body else { return };
        if let Some(start) = start {
            self.functions.push(Function {
                path: path.to_owned(),
                bounds: bounds.clone(),
                range: range(start, body.span()),
            });
        }
        self.items(body.stream(), path, bounds);
    }
}

/// The tokens of an item before its braces.
struct Header {
    tokens: Vec<TokenTree>,
    body: Option<proc_macro2::Group>,
}

impl Header {
    /// Takes the tokens up to the braces, or to the semicolon of an item without.
    fn until_body(rest: &mut impl Iterator<Item = TokenTree>) -> Self {
        let mut tokens = Vec::new();
        let mut depth = 0_usize;
        for token in rest {
            match &token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && depth == 0 => {
                    return Self {
                        tokens,
                        body: Some(group.clone()),
                    };
                }
                token if is(token, ';') && depth == 0 => break,
                _ => depth = depth_after(depth, tokens.last(), &token),
            }
            tokens.push(token);
        }
        Self { tokens, body: None }
    }

    /// The names in the type parameters, in the `where` clause and, if types there are `impl Trait`, in the parameters of
    /// a function.
    fn bounds(&self) -> BTreeSet<String> {
        let mut found = Vec::new();
        let mut depth = 0;
        let mut before = None;
        let mut is_where = false;
        for (index, token) in self.tokens.iter().enumerate() {
            let is_name = |name: &str| matches!(token, TokenTree::Ident(word) if word == name);
            is_where |= is_name("where");
            let begins = index <= 1 && is(token, '<');
            let was = depth;
            if begins || depth > 0 {
                depth = depth_after(depth, before, token);
            }
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Parenthesis
                && names([token.clone()]).iter().any(|name| name == "impl")
            {
                found.extend(names(group.stream()));
            } else if was > 0 || is_where {
                found.extend(names([token.clone()]));
            }
            before = Some(token);
        }
        found.into_iter().collect()
    }

    /// In the header of an `impl`: the last name in the path of the type, without its parameters.
    fn type_name(&self) -> Option<String> {
        let mut name = None;
        let mut depth = 0;
        let mut before = None;
        for token in &self.tokens {
            if depth == 0
                && let TokenTree::Ident(word) = token
            {
                match word.to_string().as_str() {
                    "where" => break,
                    "for" => name = None,
                    "dyn" | "mut" | "const" => {}
                    word => name = Some(word.to_owned()),
                }
            }
            depth = depth_after(depth, before, token);
            before = Some(token);
        }
        name
    }
}

/// The identifiers among tokens, those in groups included.
fn names(tokens: impl IntoIterator<Item = TokenTree>) -> Vec<String> {
    let each = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Ident(name) => vec![name.to_string()],
        TokenTree::Group(group) => names(group.stream()),
        _ => Vec::new(),
    });
    each.collect()
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}::{name}")
    }
}

fn range(first: Span, last: Span) -> Range {
    Range {
        start: first.start(),
        end: last.end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r"#![allow(unused)]
use a::{b, list};
pub(crate) async fn plain<T: Fn(u8) -> u8>(f: fn(u8) -> u8) -> Vec<{ 1 }> where T: A { list() }
mod inner {
    impl<'a, S: A<B = C>> Repository<S> for crate::hub::Hub<'a, S> where S: B {
        fn list(&self) -> impl Fn() -> u8 { move || { fn nested() { list() } list() } }
    }
    impl Hub<u8> { const N: u8 = list(); }
    trait Read { fn list(&self); fn get(&self) { list() } }
}
cfg_if! { if #[cfg(a)] { fn in_macro() { list() } } }
static A: u8 = list();
fn r#match() { list() }
";

    /// The function around each `list` in the file.
    fn functions() -> Vec<Option<String>> {
        let outline = Outline::of(FILE);
        let mut found = Vec::new();
        for (line, text) in FILE.lines().enumerate() {
            for (column, _) in text.match_indices("list") {
                let place = place(line + 1, column + 1);
                if outline.is_import(&place) {
                    found.push(Some("use".to_owned()));
                } else {
                    let function = outline.function_at(&place);
                    found.push(function.map(|function| function.path.clone()));
                }
            }
        }
        found
    }

    fn place(line: usize, column: usize) -> Place {
        Place {
            file: String::new(),
            line,
            column,
            end_line: line,
            end_column: column,
            byte_start: 0,
            byte_end: 0,
            text: String::new(),
        }
    }

    #[test]
    fn the_innermost_function_is_named() {
        let expected = [
            Some("use"),
            Some("plain"),
            Some("inner::Hub::list"),
            Some("inner::Hub::list::nested"),
            Some("inner::Hub::list"),
            None,
            None,
            Some("inner::Read::get"),
            Some("in_macro"),
            None,
            Some("match"),
        ];
        let expected = expected.map(|name| name.map(str::to_owned));
        assert_eq!(functions(), expected);
    }

    #[test]
    fn types_and_traits_have_bounds() {
        let file = "mod a { pub struct B<S: C>(D<S>) where S: E; enum F<S: G> { H(S) } type I = J; trait K: L {} }";
        let outline = Outline::of(file);
        let bounded: Vec<_> = outline
            .bounded()
            .map(|(path, bounds)| (path.as_str(), Vec::from_iter(bounds).len()))
            .collect();
        assert_eq!(bounded, [("a::B", 4), ("a::F", 2), ("a::I", 0), ("K", 2)]);
    }

    #[test]
    fn what_a_macro_is_given_may_be_a_bound() {
        let outline = Outline::of(
            "needs!(grants::Forms); fn f() { inner![Files] } macro_rules! m { () => {} }",
        );
        let given = |name: &str, bound: &str| {
            let mut types = outline.types.iter();
            types.any(|(path, bounds)| path == name && bounds.contains(bound))
        };
        assert!(given("needs!", "Forms") && given("f::inner!", "Files"));
        assert_eq!(outline.types.len(), 2);
    }

    #[test]
    fn imported_names_are_known_by_their_own() {
        let outline = Outline::of("use a::{b::C as D, E as _}; fn f<S: D>() {}");
        let bounds: Vec<_> = outline.functions[0].bounds.iter().collect();
        assert_eq!(bounds, ["C", "D", "S"]);
    }

    #[test]
    fn what_is_no_rust_has_no_functions() {
        assert!(Outline::of("fn (\" {").functions.is_empty());
    }
}
