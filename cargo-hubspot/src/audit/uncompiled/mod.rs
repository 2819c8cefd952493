//! Code that may call HubSpot and that the audit's compilation did not see.
//!
//! Every source file of a package is compared with what rustc read: files that no target has, code under a `cfg` that did
//! not hold, documentation tests, and what a macro or a derive may do besides. Where something is left that may need a
//! scope, the scope is not called unused.

mod cfg;
mod derives;
mod docs;
mod element;
mod files;
mod generated;
mod known;
mod lockfile;
mod notes;
mod outsiders;
mod package;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, Package, PackageId};

use self::derives::Derives;
use self::files::{Finder, Source};
use self::lockfile::{Lock, NameVersion};
use self::package::{OfPackage, marks};
use self::walk::{Callee, Definitions, FileContext};
use super::compile::Compiled;
use super::graph::{MOCK, Plan};
use crate::model::Uncompiled;
use crate::operations;

/// What was not compiled, of each package of the workspace.
pub(super) struct Code<'a> {
    metadata: &'a Metadata,
    packages: BTreeMap<&'a PackageId, OfPackage>,
    /// Each operation of the client that is known here.
    operations: Vec<KnownOperation>,
    /// Whether the client may have other operations.
    has_unknown_operations: bool,
    lock: Lock,
    members: BTreeSet<NameVersion>,
    /// Each dependency outside the workspace that is known to use the client.
    known_users: BTreeSet<NameVersion>,
}

struct KnownOperation {
    method: &'static str,
    resource: &'static str,
    scopes: BTreeSet<String>,
}

impl<'a> Code<'a> {
    /// Compares the packages' sources with what was compiled.
    pub(super) fn new(
        metadata: &'a Metadata,
        plan: &Plan<'_>,
        compiled: &Compiled,
        trusted_derives: &[String],
    ) -> Self {
        let mut clients = plan.clients.iter();
        let unseen = plan.unseen.iter();
        let members = metadata.workspace_packages().into_iter();
        Self {
            metadata,
            packages: packages(metadata, plan, compiled, trusted_derives),
            operations: operations::all().filter_map(KnownOperation::of).collect(),
            has_unknown_operations: clients
                .any(|client| client.version != env!("CARGO_PKG_VERSION")),
            lock: Lock::read(metadata.workspace_root.as_std_path()),
            members: members.map(name_version).collect(),
            known_users: unseen
                .map(|unseen| (unseen.name.clone(), unseen.version.clone()))
                .collect(),
        }
    }

    /// What may call with the scope sets of a package: code of its own, of what it may be built with, and of what may be
    /// built with it.
    pub(super) fn around(&self, package: &'a Package) -> Around<'_, 'a> {
        let related = self.related(package);
        let packages = self.packages.iter();
        let packages = packages.filter(|(id, _)| related.contains(**id));
        let packages: Vec<_> = packages.map(|(_, found)| found).collect();
        let names = packages.iter().flat_map(|found| &found.names);
        let members = self.metadata.workspace_packages().into_iter();
        let members = members.filter(|member| related.contains(&member.id));
        let left_out = members
            .flat_map(|member| self.lock.users_below(&name_version(member), &self.members))
            .filter(|user| user.0 != MOCK && !self.known_users.contains(user));
        Around {
            code: self,
            names: names.map(String::as_str).collect(),
            left_out: left_out.collect(),
            packages,
        }
    }

    /// What was not looked at in a package, in sentences.
    pub(super) fn notes(&self, package: &PackageId) -> &[String] {
        self.packages.get(package).map_or(&[], |found| &found.notes)
    }

    /// The packages of the workspace that may be built with a package or be a part of what is, by what the manifests say,
    /// whatever features, targets and platforms.
    fn related(&self, package: &'a Package) -> BTreeSet<&'a PackageId> {
        let members = self.metadata.workspace_packages();
        let by_folder = |path| {
            let mut members = members.iter();
            members.find(|member| member.manifest_path.parent() == Some(path))
        };
        let mut edges = Vec::new();
        for from in &members {
            let paths = from.dependencies.iter();
            let paths = paths.filter_map(|dependency| dependency.path.as_deref());
            edges.extend(paths.filter_map(|path| Some((&from.id, &by_folder(path)?.id))));
        }
        let users: Vec<_> = edges.iter().map(|(from, to)| (*to, *from)).collect();
        closed(closed(BTreeSet::from([&package.id]), &users), &edges)
    }
}

/// The set, and all that the edges lead to from there.
fn closed<T: Ord + Copy>(mut found: BTreeSet<T>, edges: &[(T, T)]) -> BTreeSet<T> {
    loop {
        let before = found.len();
        for (from, to) in edges {
            if found.contains(from) {
                found.insert(*to);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn name_version(package: &Package) -> NameVersion {
    (package.name.to_string(), package.version.to_string())
}

/// Walks through the sources of each package of the workspace but the client.
fn packages<'a>(
    metadata: &'a Metadata,
    plan: &Plan<'_>,
    compiled: &Compiled,
    trusted_derives: &[String],
) -> BTreeMap<&'a PackageId, OfPackage> {
    let is_client = |package: &&Package| {
        let mut members = plan.members.iter();
        members.any(|member| member.is_client && member.package.id == package.id)
    };
    let finder = Finder::new(metadata, compiled);
    let packages = metadata.workspace_packages().into_iter();
    let packages: Vec<_> = packages
        .filter(|package| !is_client(package))
        .map(|package| (package, finder.sources(package)))
        .collect();
    let mut definitions = Definitions::default();
    for source in packages.iter().flat_map(|(_, sources)| sources) {
        if let Ok(tokens) = &source.tokens {
            definitions.add(tokens.clone());
        }
    }
    let (marks, none, read_files) = (marks(compiled), BTreeSet::new(), finder.read_files());
    let walk = |package: &Package, sources| -> Vec<_> {
        let walk = |source: &'_ Source| {
            let context = FileContext {
                marks: marks.get(&source.shown).unwrap_or(&none),
                own_macros: &definitions.macros,
                read_files: &read_files,
                has_doc_tests: package.targets.iter().any(|target| target.doctest),
                is_outside: source.is_outside,
            };
            (
                source.shown.clone(),
                package::walk(source, package, context),
            )
        };
        <[_]>::iter(sources).map(walk).collect()
    };
    let walks = packages.iter();
    let walks: Vec<_> = walks
        .map(|(package, sources)| walk(package, sources))
        .collect();
    let each = packages
        .iter()
        .zip(&walks)
        .flat_map(|((package, _), walks)| {
            let walks = walks.iter();
            walks.map(|(_, walk)| (*package, walk))
        });
    let derives = Derives::new(metadata, each, trusted_derives);
    let found = packages
        .iter()
        .zip(walks)
        .map(|((package, sources), walks)| {
            let found = OfPackage::new(package, sources, walks, &derives, (&finder, compiled));
            (&package.id, found)
        });
    found.collect()
}

impl KnownOperation {
    fn of(operation: &'static hubspot_generated::Operation) -> Option<Self> {
        let (of, method) = operation.id.rsplit_once('.')?;
        let requirement = operation.requirement()?;
        let scopes = requirement.scopes().into_iter();
        Some(Self {
            method,
            resource: of.rsplit('.').next().unwrap_or(of),
            scopes: scopes.map(str::to_owned).collect(),
        })
    }
}

/// What may call with the scope sets of one package.
pub(super) struct Around<'c, 'a> {
    code: &'c Code<'a>,
    packages: Vec<&'c OfPackage>,
    names: BTreeSet<&'c str>,
    /// Dependencies that the compiled packages do not have now, but may have, and that use the client.
    left_out: BTreeSet<NameVersion>,
}

impl Around<'_, '_> {
    /// The code that may need a scope.
    pub(super) fn may_need(&self, scope: &str) -> Vec<Uncompiled> {
        let mut found = self.calls_for(scope);
        found.extend(self.derives());
        found
    }

    /// The code that was not compiled and may need a scope.
    pub(super) fn calls_for(&self, scope: &str) -> Vec<Uncompiled> {
        self.suspects(|operation| operation.scopes.contains(scope))
    }

    /// Whether code that was not compiled may need a scope, or declare it.
    pub(super) fn may_declare(&self, scope: &str) -> bool {
        let mut packages = self.packages.iter();
        packages.any(|found| found.declared.contains(scope)) || !self.may_need(scope).is_empty()
    }

    /// The code that may call anything.
    pub(super) fn may_call(&self) -> Vec<Uncompiled> {
        self.suspects(|_| true)
    }

    /// The derives that may write calls.
    pub(super) fn derives(&self) -> Vec<Uncompiled> {
        let derives = self.packages.iter().flat_map(|found| &found.derives);
        derives.cloned().collect()
    }

    fn suspects(&self, needs: impl Fn(&KnownOperation) -> bool) -> Vec<Uncompiled> {
        let may_be = |callee: &Callee| match callee {
            Callee::Anything => true,
            Callee::Method(_) if self.code.has_unknown_operations => true,
            Callee::Method(method) => self.code.operations.iter().any(|operation| {
                operation.method == *method
                    && self.names.contains(operation.resource)
                    && needs(operation)
            }),
        };
        let mut found: Vec<Uncompiled> = Vec::new();
        for (file, suspect) in self.packages.iter().flat_map(|found| &found.suspects) {
            let is_known =
                |known: &Uncompiled| known.file == *file && known.within == suspect.within;
            if may_be(&suspect.callee) && !found.iter().any(is_known) {
                found.push(Uncompiled {
                    file: file.clone(),
                    line: suspect.line,
                    within: suspect.within.clone(),
                });
            }
        }
        for (name, version) in &self.left_out {
            found.push(Uncompiled::elsewhere(format!(
                "`{name}` {version}, which uses HubSpot and is not a dependency in this build"
            )));
        }
        found
    }
}
