//! Finds the function around a place in a source file, and the bounds of functions and types.
//!
//! A file that has no valid tokens has an empty [`Outline`].

mod header;

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

use proc_macro2::{LineColumn, Span, TokenStream, TokenTree, token_stream};

use self::header::Header;
use super::bounds::Renames;
use crate::model::Place;
use crate::tokens::{self, Import, imports, is, names};

/// The crates of the standard library.
const STANDARD: [&str; 3] = ["std", "core", "alloc"];

/// Where a glob import brings in nothing that has the name of a trait of another crate.
const HARMLESS_GLOBS: [&str; 7] = [
    "std",
    "core",
    "alloc",
    "crate",
    "self",
    "super",
    "hubspot_generated",
];

/// The functions and imports of a file.
#[derive(Debug, Default)]
pub(super) struct Outline {
    functions: Vec<Function>,
    import_ranges: Vec<Range>,
    imports: Vec<Import>,
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
    fn new(first: Span, last: Span) -> Self {
        Self {
            start: first.start(),
            end: last.end(),
        }
    }

    fn contains(self, place: &Place) -> bool {
        (self.start..self.end).contains(&place.start())
    }
}

impl Function {
    /// Returns whether the place, in the same file, is in the function.
    pub(super) fn contains(&self, place: &Place) -> bool {
        self.range.contains(place)
    }
}

/// What is around an item.
#[derive(Clone, Default)]
struct Scope {
    path: String,
    /// The names in the bounds of the type parameters.
    bounds: BTreeSet<String>,
}

impl Scope {
    /// The path of an item in this scope.
    fn path_of(&self, name: &str) -> String {
        let name = name.trim_start_matches("r#");
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}::{name}"),
        }
    }

    /// The scope of an item in this one.
    fn inner(&self, path: String, bounds: &BTreeSet<String>) -> Self {
        let bounds = &self.bounds | bounds;
        Self { path, bounds }
    }
}

type Rest = Peekable<token_stream::IntoIter>;

impl Outline {
    /// The outline of a file with this text.
    pub(super) fn of(text: &str) -> Self {
        let mut outline = Self::default();
        if let Ok(tokens) = tokens::parse(text) {
            outline.items(tokens, &Scope::default());
        }
        let renames = Renames::new(outline.renames());
        outline.resolve(&renames);
        outline
    }

    /// The names that imports give to other ones.
    pub(super) fn renames(&self) -> impl Iterator<Item = (&String, &String)> {
        let imports = self.imports.iter();
        imports.filter_map(|import| Some((&import.name, import.renamed()?)))
    }

    /// Adds to the names in bounds those that they stand for, unless another crate may bring in the same name here.
    pub(super) fn resolve(&mut self, renames: &Renames) {
        let imports = &self.imports;
        let globs = imports.iter().filter(|import| import.name == "*");
        let has_foreign_globs = !globs
            .map(Import::root)
            .all(|root| HARMLESS_GLOBS.contains(&root));
        let is_certain = |name: &String| {
            let named = imports.iter().filter(|import| import.name == *name);
            let roots: Vec<_> = named.map(Import::root).collect();
            match roots.as_slice() {
                [] => !has_foreign_globs,
                roots => roots.iter().any(|root| !STANDARD.contains(root)),
            }
        };
        let functions = self.functions.iter_mut().map(|one| &mut one.bounds);
        let types = self.types.iter_mut().map(|(_, bounds)| bounds);
        for bounds in functions.chain(types).chain(self.traits.values_mut()) {
            let certain = bounds.iter().filter(|name| is_certain(name));
            let originals: Vec<_> = certain.flat_map(|name| renames.originals(name)).collect();
            bounds.extend(originals);
        }
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

    /// Returns whether a place is in a `use`, where nothing is called.
    pub(super) fn is_import(&self, place: &Place) -> bool {
        self.import_ranges
            .iter()
            .any(|import| import.contains(place))
    }

    /// Finds functions and imports among the tokens in a scope.
    fn items(&mut self, tokens: TokenStream, scope: &Scope) {
        let mut rest = tokens.into_iter().peekable();
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Group(group) => self.items(group.stream(), scope),
                TokenTree::Ident(keyword) => {
                    let start = keyword.span();
                    match keyword.to_string().as_str() {
                        "use" => self.import(start, &mut rest),
                        "impl" => {
                            let header = Header::until_body(&mut rest);
                            let name = header.type_name();
                            let path = name.map_or(scope.path.clone(), |name| scope.path_of(&name));
                            self.block(&header, &scope.inner(path, &header.bounds()), None);
                        }
                        keyword => self.item(keyword, start, &mut rest, scope),
                    }
                }
                _ => {}
            }
        }
    }

    fn import(&mut self, start: Span, rest: &mut Rest) {
        let mut tokens = Vec::new();
        while let Some(token) = rest.next_if(|token| !is(token, ';')) {
            tokens.push(token);
        }
        let end = rest.peek().map_or(start, TokenTree::span);
        self.import_ranges.push(Range::new(start, end));
        self.imports.extend(imports(&tokens));
    }

    /// An item with a name after its keyword, or the use of a macro.
    fn item(&mut self, keyword: &str, start: Span, rest: &mut Rest, scope: &Scope) {
        if let Some(TokenTree::Punct(_)) = rest.next_if(|token| is(token, '!')) {
            // A macro may put what it is given into bounds.
            if let Some(TokenTree::Group(given)) = rest.peek() {
                let given = names(given.stream()).into_iter().collect();
                self.types
                    .push((scope.path_of(&format!("{keyword}!")), given));
            }
            return;
        }
        let Some(TokenTree::Ident(name)) = rest.peek() else {
            return; // A type such as `fn(u8)`.
        };
        let name = name.to_string();
        let path = scope.path_of(&name);
        match keyword {
            "fn" | "mod" => {
                let header = Header::until_body(rest);
                let start = (keyword == "fn").then_some(start);
                self.block(&header, &scope.inner(path, &header.bounds()), start);
            }
            "trait" => {
                let header = Header::until_body(rest);
                let implied: BTreeSet<_> =
                    names(header.tokens.iter().cloned()).into_iter().collect();
                self.traits.insert(name, implied.clone());
                self.block(&header, &scope.inner(path, &implied), None);
            }
            "struct" | "enum" | "union" | "type" => {
                self.types.push((path, Header::until_body(rest).bounds()));
            }
            _ => {}
        }
    }

    /// Goes through the braces of an item; it is a function if `start` is where it begins.
    fn block(&mut self, header: &Header, scope: &Scope, start: Option<Span>) {
        let Some(body) = &header.body else { return };
        if let Some(start) = start {
            self.functions.push(Function {
                path: scope.path.clone(),
                bounds: scope.bounds.clone(),
                range: Range::new(start, body.span()),
            });
        }
        self.items(body.stream(), scope);
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
            line,
            column,
            ..Place::default()
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
    fn names_given_in_other_files_are_resolved_where_they_are_certain() {
        let outlines = ["pub use a::{C as D, I as J};", "pub use x::D as E;"].map(Outline::of);
        let renames = Renames::new(outlines.iter().flat_map(Outline::renames));
        for (import, bound, expected) in [
            ("use crate::b::D;", "D", true),
            ("use super::b::*; use std::io::*;", "D", true),
            ("", "b::D", true),
            ("use crate::x::E;", "E", true),
            ("use std::io::D;", "D", false),
            ("use other::*;", "D", false),
            ("use other::D;", "D", true),
            ("use crate::b::J;", "J", false),
        ] {
            let mut outline = Outline::of(&format!("{import} fn f<S: {bound}>() {{}}"));
            outline.resolve(&renames);
            let bounds = &outline.functions[0].bounds;
            assert_eq!(bounds.contains("C"), expected, "{import} {bounds:?}");
        }
    }

    #[test]
    fn what_is_no_rust_has_no_functions() {
        assert!(Outline::of("fn (\" {").functions.is_empty());
    }
}
