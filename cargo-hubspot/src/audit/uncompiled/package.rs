//! What was not compiled in the source files of one package.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, Package};
use proc_macro2::TokenStream;

use super::cfg::Values;
use super::walk::{Derive, Seen, Suspect, Walk, What};
use super::{files, notes};
use crate::audit::compile::Compiled;
use crate::model::Uncompiled;

/// The crates whose derives write no call, besides the standard library.
const KNOWN_DERIVES: [&str; 5] = ["std", "core", "alloc", "serde", "serde_derive"];

/// The derives of the standard library and of serde.
const STANDARD_DERIVES: [&str; 11] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];

/// The derives of serde.
const OF_SERDE: [&str; 2] = ["Deserialize", "Serialize"];

/// What was found in the files of one package.
#[derive(Default)]
pub(super) struct OfPackage {
    pub(super) suspects: Vec<(String, Suspect)>,
    pub(super) names: BTreeSet<String>,
    pub(super) derives: Vec<Uncompiled>,
    /// The scopes in declarations that were not compiled.
    pub(super) declared: BTreeSet<String>,
    pub(super) notes: Vec<String>,
}

/// A source file, with what compiled it.
pub(super) struct Source {
    /// As the report has it.
    shown: String,
    path: PathBuf,
    pub(super) tokens: Result<TokenStream, String>,
    units: Vec<Values>,
    /// What it is if nothing compiled it.
    target: Option<String>,
    is_outside: bool,
}

impl Source {
    pub(super) fn read(file: files::File) -> Self {
        let tokens = std::fs::read_to_string(&file.path)
            .map_err(|error| error.to_string())
            .and_then(|text| {
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
                text.parse::<TokenStream>()
                    .map_err(|error| error.to_string())
            });
        Self {
            shown: file.shown,
            path: file.path,
            tokens,
            units: file.units,
            target: file.target,
            is_outside: file.is_outside,
        }
    }
}

/// Line and column of each mark, by file.
pub(super) type Marks = BTreeMap<String, BTreeSet<(usize, usize)>>;

pub(super) fn marks(compiled: &Compiled) -> Marks {
    let mut marks = Marks::new();
    for mark in &compiled.marks {
        for place in [Some(&mark.place), mark.written.as_ref()]
            .into_iter()
            .flatten()
        {
            let places = marks.entry(place.file.clone()).or_default();
            places.insert((place.line, place.column));
        }
    }
    marks
}

/// What the packages of a workspace have in common.
pub(super) struct Workspace<'a> {
    pub(super) metadata: &'a Metadata,
    pub(super) compiled: &'a Compiled,
    pub(super) marks: Marks,
    /// The macros that the workspace defines.
    pub(super) own_macros: BTreeSet<String>,
    /// Derives that the user says write no calls.
    pub(super) trusted_derives: &'a [String],
}

impl OfPackage {
    /// Walks through the sources of a package.
    pub(super) fn new(package: &Package, sources: Vec<Source>, workspace: &Workspace<'_>) -> Self {
        let mut found = Self::default();
        let has_doc_tests = package.targets.iter().any(|target| target.doctest);
        let mut predicates = BTreeSet::new();
        for source in sources {
            predicates.extend(found.add(source, has_doc_tests, workspace));
        }
        let uncompiled =
            notes::uncompiled(package, workspace.metadata, workspace.compiled, &predicates);
        found.notes.extend(uncompiled);
        found.notes.extend(notes::derives(package, &found.derives));
        found
    }

    /// Walks through one source file; the conditions in it that did not hold.
    fn add(
        &mut self,
        source: Source,
        has_doc_tests: bool,
        workspace: &Workspace<'_>,
    ) -> BTreeSet<String> {
        let none = BTreeSet::new();
        let marks = workspace.marks.get(&source.shown).unwrap_or(&none);
        let mut walk = Walk::new(marks, &workspace.own_macros);
        walk.has_doc_tests = has_doc_tests;
        walk.is_outside = source.is_outside;
        let units: Vec<_> = source.units.iter().collect();
        let seen = match &source.target {
            _ if !units.is_empty() => Seen::Yes,
            Some(target) => Seen::No(format!("{target}, which was not compiled")),
            None => Seen::No("a file that was not compiled".to_owned()),
        };
        match source.tokens {
            Ok(tokens) => walk.tokens(tokens, &units, &seen),
            // What is no Rust can only be compiled by the one who knows what it is.
            Err(_) if units.is_empty() => {}
            Err(_) => walk.suspects.push(Suspect {
                line: 1,
                within: "a file that cannot be read here".to_owned(),
                what: What::Anything,
            }),
        }
        walk.include_documentation(&source.path);
        for derive in std::mem::take(&mut walk.derives) {
            if !is_harmless(&derive, &walk, workspace.trusted_derives) {
                self.derives.push(Uncompiled {
                    file: source.shown.clone(),
                    line: derive.line,
                    within: format!("the derive `{}`", derive.path.join("::")),
                });
            }
        }
        self.declared.extend(walk.declared);
        self.names.extend(walk.names);
        let suspects = walk.suspects.into_iter();
        self.suspects
            .extend(suspects.map(|suspect| (source.shown.clone(), suspect)));
        walk.predicates
    }
}

/// Whether a derive is known to write no calls.
fn is_harmless(derive: &Derive, walk: &Walk<'_>, trusted: &[String]) -> bool {
    let Some((name, path)) = derive.path.split_last() else {
        return true;
    };
    let is_trusted = |trusted: &String| trusted == name || *trusted == derive.path.join("::");
    let is_known = |root: &String| KNOWN_DERIVES.contains(&root.as_str());
    let comes_from_known_crate = match path.iter().find(|part| !part.is_empty()) {
        Some(root) => is_known(root),
        // One of the prelude, or imported.
        None => match walk.imports.get(name) {
            Some(roots) => roots.iter().all(is_known),
            // serde's are not in the prelude: they come with a `*`, which may be that of another crate.
            None if OF_SERDE.contains(&name.as_str()) => {
                let globs = walk.imports.get("*");
                let is_near = |root: &String| ["crate", "self", "super"].contains(&root.as_str());
                globs.is_none_or(|roots| roots.iter().all(|root| is_known(root) || is_near(root)))
            }
            None => true,
        },
    };
    trusted.iter().any(is_trusted)
        || (STANDARD_DERIVES.contains(&name.as_str()) && comes_from_known_crate)
}

impl Walk<'_> {
    /// Walks through the files that are documentation.
    fn include_documentation(&mut self, source: &Path) {
        for (line, file) in std::mem::take(&mut self.doc_files) {
            let path = source.parent().unwrap_or(source).join(file);
            if let Ok(text) = std::fs::read_to_string(path) {
                self.documentation(&text, line);
            }
        }
    }
}
