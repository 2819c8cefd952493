//! What was not compiled in the source files of one package.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::Package;

use super::cfg::Values;
use super::derives::Derives;
use super::files::{Finder, Source};
use super::generated;
use super::notes::{self, Parts};
use super::walk::{Callee, FileContext, Seen, Suspect, Walk};
use crate::audit::compile::Compiled;
use crate::model::Uncompiled;

/// What was found in the files of one package.
#[derive(Default)]
pub(super) struct OfPackage {
    pub(super) suspects: Vec<(String, Suspect)>,
    /// Every identifier.
    pub(super) names: BTreeSet<String>,
    pub(super) derives: Vec<Uncompiled>,
    /// The scopes in declarations that were not compiled.
    pub(super) declared: BTreeSet<String>,
    pub(super) notes: Vec<String>,
}

/// Line and column of each mark, by file.
pub(super) type Marks = BTreeMap<String, BTreeSet<(usize, usize)>>;

pub(super) fn marks(compiled: &Compiled) -> Marks {
    let mut marks = Marks::new();
    for mark in &compiled.marks {
        for place in [&mark.place].into_iter().chain(&mark.written) {
            let places = marks.entry(place.file.clone()).or_default();
            places.insert((place.line, place.column));
        }
    }
    marks
}

impl OfPackage {
    /// Summarizes the walks through the files of a package, each with the file's name in the report.
    pub(super) fn new(
        package: &Package,
        sources: &[Source],
        walks: Vec<(String, Walk<'_>)>,
        derives: &Derives<'_>,
        (finder, compiled): (&Finder<'_>, &Compiled),
    ) -> Self {
        let mut found = Self::default();
        let mut predicates = BTreeSet::new();
        for (file, walk) in walks {
            for derive in &walk.derives {
                if !derives.is_harmless(derive, package, &walk) {
                    found.derives.push(Uncompiled {
                        file: file.clone(),
                        line: derive.line,
                        within: format!("the derive `{}`", derive.path.join("::")),
                    });
                }
            }
            let suspects = walk.suspects.into_iter();
            let suspects = suspects.map(|suspect| (file.clone(), suspect));
            found.suspects.extend(suspects);
            found.declared.extend(walk.declared);
            found.names.extend(walk.names);
            predicates.extend(walk.predicates);
        }
        let generated = generated::suspect(package, sources, compiled);
        let uncompiled = notes::uncompiled(
            package,
            compiled,
            &Parts {
                metadata: derives.metadata,
                predicates: predicates.into_iter().collect(),
                is_generated: generated.is_some(),
                outsiders: finder.outsiders_with(&package.id).collect(),
            },
        );
        found.suspects.extend(generated);
        found.notes.extend(uncompiled);
        found.notes.extend(notes::derives(package, &found.derives));
        found
    }
}

/// Walks through one source file.
pub(super) fn walk<'a>(source: &Source, package: &Package, context: FileContext<'a>) -> Walk<'a> {
    let mut walk = Walk::new(context);
    let units: Vec<&Values> = source.units.iter().map(|unit| &**unit).collect();
    let seen = match &source.part_of {
        _ if !units.is_empty() => Seen::Yes,
        Some(whole) => Seen::No(format!("{whole}, which was not compiled")),
        None => Seen::No("a file that was not compiled".to_owned()),
    };
    match &source.tokens {
        Ok(tokens) => walk.tokens(tokens.clone(), &units, &seen),
        // A file that is not Rust is only compiled by a program that knows its format.
        Err(_) if units.is_empty() => {}
        Err(_) => walk.suspects.push(unreadable(1, "a file")),
    }
    if context.has_doc_tests {
        include_documentation(&mut walk, source, package);
    }
    walk
}

/// Walks through the files that are documentation.
fn include_documentation(walk: &mut Walk<'_>, source: &Source, package: &Package) {
    let folder = source.path.parent().unwrap_or(&source.path);
    let manifest = package.manifest_path.as_std_path();
    for (line, file, is_certain) in std::mem::take(&mut walk.doc_files) {
        let path = match file.strip_prefix("CARGO_MANIFEST_DIR") {
            Some(rest) => manifest.with_file_name(rest.trim_start_matches('/')),
            None => folder.join(file),
        };
        match std::fs::read_to_string(path) {
            Ok(text) => walk.documentation(&text, line),
            Err(_) if is_certain => walk.suspects.push(unreadable(line, "documentation")),
            Err(_) => {}
        }
    }
}

fn unreadable(line: usize, what: &str) -> Suspect {
    Suspect {
        line,
        within: format!("{what} that cannot be read here"),
        callee: Callee::Anything,
    }
}
