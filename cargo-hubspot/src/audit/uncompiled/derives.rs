//! Decides which derives are known to write no calls: those of the standard library, of serde and of the client.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{Metadata, Package, PackageId, TargetKind};

use super::walk::{Derive, Walk};
use crate::folder::{Links, files};
use crate::tokens::Import;

/// The crates whose derives write no call, besides the standard library.
const KNOWN_CRATES: [&str; 6] = [
    "std",
    "core",
    "alloc",
    "serde",
    "serde_derive",
    "hubspot_generated",
];

/// The derives of the standard library.
const STANDARD: [&str; 9] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
];

/// The derives of serde.
const OF_SERDE: [&str; 2] = ["Deserialize", "Serialize"];

/// The derives of the client. The methods that they write carry marks, so that their calls are seen.
const OF_CLIENT: [&str; 2] = ["PropertyEnum", "Record"];

/// Where an import comes from.
enum Origin<'a> {
    /// This workspace, which may hand on what it imports itself.
    Near,
    /// A crate whose derives are known.
    Known,
    /// Another crate; `None` if it is not a dependency in this build.
    Foreign(Option<&'a PackageId>),
}

/// The derives that the crates of a workspace can import under the names of known ones.
pub(super) struct Derives<'a> {
    pub(super) metadata: &'a Metadata,
    /// What is imported anywhere in the workspace, by name; `*` is everything.
    imported: BTreeMap<String, BTreeSet<Option<&'a PackageId>>>,
    trusted: &'a [String],
}

impl<'a> Derives<'a> {
    pub(super) fn new<'w>(
        metadata: &'a Metadata,
        walks: impl Iterator<Item = (&'w Package, &'w Walk<'w>)>,
        trusted: &'a [String],
    ) -> Self {
        let mut derives = Self {
            metadata,
            imported: BTreeMap::new(),
            trusted,
        };
        for (package, walk) in walks {
            for import in &walk.imports {
                if let Origin::Foreign(id) = derives.origin(package, import.root()) {
                    let origins = derives.imported.entry(import.name.clone());
                    origins.or_default().insert(id);
                }
            }
        }
        derives
    }

    /// Returns whether a derive is known to write no calls.
    pub(super) fn is_harmless(&self, derive: &Derive, package: &Package, walk: &Walk<'_>) -> bool {
        let Some((name, path)) = derive.path.split_last() else {
            return true;
        };
        let full = derive.path.join("::");
        if self
            .trusted
            .iter()
            .any(|trusted| trusted == name || *trusted == full)
        {
            return true;
        }
        let has = |list: &[&str]| list.contains(&name.as_str());
        if !has(&STANDARD) && !has(&OF_SERDE) && !has(&OF_CLIENT) {
            return false;
        }
        if let Some(root) = path.first() {
            return KNOWN_CRATES.contains(&root.as_str());
        }
        let named = walk.imports.iter().filter(|import| import.name == *name);
        let mut named = named.map(Import::root).peekable();
        if named.peek().is_some() {
            return named.all(|root| KNOWN_CRATES.contains(&root));
        }
        // The names of a glob import come before those of the prelude.
        let mut globs = walk.imports.iter().filter(|import| import.name == "*");
        globs.all(|glob| match self.origin(package, glob.root()) {
            Origin::Known => true,
            Origin::Foreign(id) => !self.can_derive(id, name),
            Origin::Near => {
                let imported = [name, "*"].map(|name| self.imported.get(name));
                let mut imported = imported.into_iter().flatten().flatten();
                imported.all(|id| !self.can_derive(*id, name))
            }
        })
    }

    fn origin(&self, package: &Package, root: &str) -> Origin<'a> {
        if KNOWN_CRATES.contains(&root) {
            return Origin::Known;
        }
        let nodes = self
            .metadata
            .resolve
            .iter()
            .flat_map(|resolve| &resolve.nodes);
        let mut nodes = nodes.filter(|node| node.id == package.id);
        let resolved = nodes.find_map(|node| node.deps.iter().find(|one| one.name == root));
        if let Some(dependency) = resolved {
            let is_near = self.metadata.workspace_members.contains(&dependency.pkg);
            return if is_near && !self.is_macro_crate(&dependency.pkg) {
                Origin::Near
            } else {
                Origin::Foreign(Some(&dependency.pkg))
            };
        }
        let mut declared = package.dependencies.iter();
        let is_root = declared.any(|dependency| {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name);
            name.replace('-', "_") == root
        });
        if is_root {
            Origin::Foreign(None)
        } else {
            Origin::Near
        }
    }

    fn is_macro_crate(&self, id: &PackageId) -> bool {
        let mut packages = self.metadata.packages.iter();
        packages.any(|package| package.id == *id && has_macros(package))
    }

    /// Returns whether a crate, or one that it is built with, may define a derive of this name.
    fn can_derive(&self, id: Option<&PackageId>, name: &str) -> bool {
        let Some(id) = id else {
            return true;
        };
        let nodes = || {
            self.metadata
                .resolve
                .iter()
                .flat_map(|resolve| &resolve.nodes)
        };
        let mut found = BTreeSet::from([id]);
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let below = nodes().filter(|node| node.id == *id);
            for dependency in below.flat_map(|node| &node.dependencies) {
                if found.insert(dependency) {
                    open.push(dependency);
                }
            }
        }
        let packages = self.metadata.packages.iter();
        let mut packages = packages.filter(|package| found.contains(&package.id));
        packages.any(|package| has_macros(package) && defines(package, name))
    }
}

fn has_macros(package: &Package) -> bool {
    let mut targets = package.targets.iter();
    targets.any(|target| target.kind.contains(&TargetKind::ProcMacro))
}

/// Returns whether the source of a crate may define a derive of this name. A macro may write the definition.
fn defines(package: &Package, name: &str) -> bool {
    if KNOWN_CRATES.contains(&package.name.as_str()) && !OF_SERDE.contains(&name) {
        return false;
    }
    let folder = package.manifest_path.parent();
    let files = folder.map(|folder| files(folder.as_std_path(), Links::Skip, |_| true));
    let texts = files
        .into_iter()
        .flatten()
        .filter_map(|path| fs::read_to_string(path).ok());
    texts.into_iter().any(|text| {
        let mut definitions = text.split("proc_macro_derive").skip(1);
        definitions.any(|rest| {
            let rest = rest.trim_start().strip_prefix('(').unwrap_or_default();
            let rest = rest.trim_start();
            let end = rest.find(|sign: char| sign != '_' && !sign.is_alphanumeric());
            rest.starts_with('$') || rest.get(..end.unwrap_or(rest.len())) == Some(name)
        })
    })
}
