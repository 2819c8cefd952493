//! Finds the source files of a package, and the `cfg` values that each was compiled with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cargo_metadata::{Metadata, Package, PackageId};
use proc_macro2::TokenStream;

use super::cfg::Values;
use super::notes;
use super::outsiders::{self, Outsider};
use super::walk::Definitions;
use crate::audit::compile::Compiled;
use crate::audit::paths;
use crate::folder::{Links, files, real};
use crate::tokens;

/// A source file of a package.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// The file as the report names it.
    pub(super) shown: String,
    pub(super) tokens: Result<TokenStream, String>,
    /// The values of each compilation that read it.
    pub(super) units: Vec<Rc<Values>>,
    /// What it belongs to, if nothing compiled it.
    pub(super) part_of: Option<String>,
    /// Whether it is outside the package's folder.
    pub(super) is_outside: bool,
}

/// Finds source files.
pub(super) struct Finder<'a> {
    compiled: &'a Compiled,
    root: &'a Path,
    readers: BTreeMap<PathBuf, Vec<Rc<Values>>>,
    outsiders: Vec<Outsider<'a>>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(metadata: &'a Metadata, compiled: &'a Compiled) -> Self {
        let root = metadata.workspace_root.as_std_path();
        let mut readers = BTreeMap::<_, Vec<_>>::new();
        for unit in &compiled.units {
            let values: Rc<Values> = Rc::new(unit.unit.cfg.iter().cloned().collect());
            for file in &unit.unit.files {
                let reading = readers.entry(real(&root.join(file))).or_default();
                reading.push(Rc::clone(&values));
            }
        }
        Self {
            compiled,
            root,
            readers,
            outsiders: outsiders::find(metadata),
        }
    }

    /// The names of all files that the compiler read.
    pub(super) fn read_files(&self) -> BTreeSet<String> {
        let names = self.readers.keys().filter_map(|path| path.file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }

    /// The packages outside the workspace that may be built with a package.
    pub(super) fn outsiders_with(
        &self,
        package: &PackageId,
    ) -> impl Iterator<Item = &Outsider<'a>> {
        let outsiders = self.outsiders.iter();
        outsiders.filter(move |outsider| outsider.members.contains(&package))
    }

    /// The Rust files of a package: those that were compiled for it, those that its targets begin with, those in its
    /// folder, and those of packages outside the workspace that may be built with it.
    pub(super) fn sources(&self, package: &Package) -> Vec<Source> {
        let manifest = package.manifest_path.as_std_path();
        let folder = manifest.parent().unwrap_or(self.root);
        let units = self.compiled.units.iter();
        let units = units.filter(|unit| unit.package == package.id);
        let read = units.flat_map(|unit| &unit.unit.files);
        let read: BTreeSet<_> = read
            .map(|file| paths::normal(&self.root.join(file)))
            .collect();
        let (rust, others): (Vec<_>, Vec<_>) = read.into_iter().partition(|path| is_rust(path));
        let mut sources: Vec<_> = rust
            .into_iter()
            .map(|path| self.source(path, folder, None))
            .collect();
        // A target may begin anywhere.
        let begins = package.targets.iter().map(|target| {
            let path = paths::normal(target.src_path.as_std_path());
            (path, Some(notes::target(target)))
        });
        let in_folder = rust_files(folder).into_iter().map(|path| (path, None));
        let outside = self.outsiders_with(&package.id).flat_map(|outsider| {
            let files = rust_files(&outsider.folder).into_iter();
            files.map(|path| (path, Some(notes::outsider(outsider))))
        });
        let mut known: BTreeSet<_> = sources.iter().map(|source| real(&source.path)).collect();
        for (path, part_of) in begins.chain(in_folder).chain(outside) {
            if known.insert(real(&path)) {
                sources.push(self.source(path, folder, part_of));
            }
        }
        self.add_included(others, folder, &mut sources);
        sources
    }

    /// Adds the files that the code includes, whatever their names end with. Other files that rustc read are texts and
    /// data.
    fn add_included(&self, mut others: Vec<PathBuf>, folder: &Path, sources: &mut Vec<Source>) {
        let mut definitions = Definitions::default();
        let mut seen = 0;
        while let Some(new) = sources.get(seen..).filter(|new| !new.is_empty()) {
            for tokens in new.iter().filter_map(|source| source.tokens.as_ref().ok()) {
                definitions.add(tokens.clone());
            }
            seen = sources.len();
            let is_named = |path: &mut PathBuf| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                definitions.files.contains(&*name)
            };
            let included = others.extract_if(.., is_named);
            sources.extend(included.map(|path| self.source(path, folder, None)));
        }
        let has_conditions = |path: &PathBuf| {
            let text = fs::read_to_string(path);
            text.is_ok_and(|text| text.contains("#[cfg"))
        };
        let others = others.into_iter().filter(has_conditions);
        let others = others.map(|path| self.source(path, folder, None));
        sources.extend(others.filter(|source| source.tokens.is_ok()));
    }

    fn source(&self, path: PathBuf, folder: &Path, part_of: Option<String>) -> Source {
        let text = fs::read_to_string(&path).map_err(|error| error.to_string());
        let parse = |text: String| tokens::parse(&text).map_err(|error| error.to_string());
        Source {
            shown: self.compiled.paths.shown(&path),
            tokens: text.and_then(parse),
            units: self.readers.get(&real(&path)).cloned().unwrap_or_default(),
            part_of,
            is_outside: !path.starts_with(folder),
            path,
        }
    }
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The Rust files of a folder that are not in another package's folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let is_own = |folder: &Path| !folder.join("Cargo.toml").exists();
    let mut found = files(folder, Links::Follow, is_own);
    found.retain(|path| is_rust(path));
    found
}
