//! Code that may call HubSpot and that the audit's compilation did not see.
//!
//! Every source file of a package is compared with what rustc read: files that no target has, code under a `cfg` that did
//! not hold, documentation tests, and what a macro or a derive may do besides. Where something is left that may need a
//! scope, the scope is not called unused.

mod cfg;
mod docs;
mod element;
mod files;
mod known;
mod lockfile;
mod notes;
mod package;
mod text;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, Package, PackageId};

pub(super) use self::element::{depth_after, is};
use self::package::{OfPackage, Source, Workspace};
use self::walk::What;
use super::compile::Compiled;
use super::graph::Plan;
use crate::model::Uncompiled;
use crate::operations;

/// What was not compiled, of each package of the workspace.
pub(super) struct Code<'a> {
    metadata: &'a Metadata,
    packages: BTreeMap<&'a PackageId, OfPackage>,
    /// Each operation of the client that is known here.
    operations: Vec<Operation>,
    /// Whether the client may have other operations.
    has_unknown_operations: bool,
    lock: lockfile::Lock,
    /// Name and version of each dependency outside the workspace that is known to use the client.
    known_users: BTreeSet<(String, String)>,
}

struct Operation {
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
        let mut code = Self {
            metadata,
            packages: BTreeMap::new(),
            operations: operations::all().filter_map(Operation::of).collect(),
            has_unknown_operations: plan
                .clients
                .iter()
                .any(|client| client.version != env!("CARGO_PKG_VERSION")),
            lock: lockfile::Lock::read(metadata.workspace_root.as_std_path()),
            known_users: plan
                .unseen
                .iter()
                .map(|unseen| (unseen.name.clone(), unseen.version.clone()))
                .collect(),
        };
        let root = metadata.workspace_root.as_std_path();
        let clients: BTreeSet<_> = plan
            .members
            .iter()
            .filter(|member| member.is_client)
            .map(|member| &member.package.id)
            .collect();
        let mut sources = BTreeMap::new();
        let mut own_macros = BTreeSet::new();
        for package in metadata.workspace_packages() {
            if clients.contains(&package.id) {
                continue;
            }
            let files = files::of_package(package, compiled, root);
            let parsed: Vec<_> = files.into_iter().map(Source::read).collect();
            for source in &parsed {
                if let Ok(tokens) = &source.tokens {
                    walk::definitions(tokens.clone(), &mut own_macros);
                }
            }
            sources.insert(&package.id, (package, parsed));
        }
        let workspace = Workspace {
            metadata,
            compiled,
            marks: package::marks(compiled),
            own_macros,
            trusted_derives,
        };
        for (id, (package, files)) in sources {
            code.packages
                .insert(id, OfPackage::new(package, files, &workspace));
        }
        code
    }

    /// What may call with the scope sets of a package: code of its own, of what it may be built with, and of what may be
    /// built with it.
    pub(super) fn around(&self, package: &Package) -> Around<'_, 'a> {
        let related = self.related(package);
        let lists = self
            .packages
            .iter()
            .filter(|(id, _)| related.contains(**id));
        let packages: Vec<_> = lists.map(|(_, found)| found).collect();
        let names = packages.iter().flat_map(|found| &found.names);
        let all = self.metadata.workspace_packages();
        let members = all.iter().filter(|member| related.contains(&member.id));
        let left_out = members.flat_map(|member| self.lock.users_below(member, &all));
        let left_out = left_out.filter(|user| !self.known_users.contains(user));
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
    fn related(&self, package: &Package) -> BTreeSet<&PackageId> {
        let members = self.metadata.workspace_packages();
        let folder = |package: &Package| package.manifest_path.parent().map(ToOwned::to_owned);
        let edges: Vec<(&PackageId, &PackageId)> = members
            .iter()
            .flat_map(|from| {
                let paths = from
                    .dependencies
                    .iter()
                    .filter_map(|dependency| dependency.path.clone());
                let to = paths.filter_map(|path| {
                    members
                        .iter()
                        .find(|member| folder(member) == Some(path.clone()))
                });
                to.map(|to| (&from.id, &to.id))
            })
            .collect();
        let closed = |mut found: BTreeSet<_>, next: &dyn Fn(&(_, _)) -> (_, _)| loop {
            let more: Vec<_> = edges
                .iter()
                .map(next)
                .filter(|(from, to)| found.contains(from) && !found.contains(to))
                .map(|(_, to)| to)
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        };
        let own = members.iter().find(|member| member.id == package.id);
        let above = closed(own.iter().map(|own| &own.id).collect(), &|(from, to)| {
            (*to, *from)
        });
        closed(above, &|(from, to)| (*from, *to))
    }
}

impl Operation {
    fn of(operation: &'static hubspot_generated::Operation) -> Option<Self> {
        let (of, method) = operation.id.rsplit_once('.')?;
        let requirement = operation.requirement()?;
        Some(Self {
            method,
            resource: of.rsplit('.').next().unwrap_or(of),
            scopes: requirement
                .scopes()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }
}

/// What may call with the scope sets of one package.
pub(super) struct Around<'c, 'a> {
    code: &'c Code<'a>,
    packages: Vec<&'c OfPackage>,
    names: BTreeSet<&'c str>,
    /// Dependencies that the compiled packages do not have now, but may have, and that use the client.
    left_out: BTreeSet<(String, String)>,
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
        self.packages
            .iter()
            .flat_map(|found| found.derives.clone())
            .collect()
    }

    fn suspects(&self, needs: impl Fn(&Operation) -> bool) -> Vec<Uncompiled> {
        let may_be = |what: &What| match what {
            What::Anything => true,
            What::Method(_) if self.code.has_unknown_operations => true,
            What::Method(method) => self.code.operations.iter().any(|operation| {
                operation.method == *method
                    && self.names.contains(operation.resource)
                    && needs(operation)
            }),
        };
        let mut found: Vec<Uncompiled> = Vec::new();
        for (file, suspect) in self.packages.iter().flat_map(|found| &found.suspects) {
            let is_known =
                |known: &Uncompiled| known.file == *file && known.within == suspect.within;
            if may_be(&suspect.what) && !found.iter().any(is_known) {
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
