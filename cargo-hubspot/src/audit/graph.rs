//! Finds the packages that use the client in the dependency graph.
//!
//! The [`Plan`] says what to compile, with which features, and which dependencies cannot be audited this way. A workspace that
//! does not use the client is an error.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};

use crate::model::{Client, Unseen};

/// The client's package.
pub(super) const CLIENT: &str = "hubspot-generated";

/// The feature of the client that marks each call.
const FEATURE: &str = "scope-audit";

/// Every kind of dependency.
pub(super) const ANY: [DependencyKind; 3] = [
    DependencyKind::Normal,
    DependencyKind::Build,
    DependencyKind::Development,
];

/// What is to be compiled, and what is known about it beforehand.
pub(super) struct Plan<'a> {
    /// The packages to compile, by name.
    pub(super) members: Vec<Member<'a>>,
    /// The features to compile them with besides.
    pub(super) features: BTreeSet<String>,
    /// As in the report.
    pub(super) clients: Vec<Client>,
    /// As in the report.
    pub(super) unseen: Vec<Unseen>,
    /// Whether packages of the workspace that use the client are not among the members.
    pub(super) leaves_out_users: bool,
    graph: Graph<'a>,
}

/// A package of the workspace that uses the client.
pub(super) struct Member<'a> {
    pub(super) package: &'a Package,
    /// Whether it was asked for, itself.
    pub(super) asked: bool,
    /// Whether it is the client: the calls of its own library are no use of it.
    pub(super) is_client: bool,
}

/// Packages by their ids, and what each is built with.
struct Graph<'a> {
    packages: BTreeMap<&'a PackageId, &'a Package>,
    edges: BTreeMap<&'a PackageId, Vec<Edge<'a>>>,
}

struct Edge<'a> {
    to: &'a PackageId,
    kinds: Vec<DependencyKind>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Self {
        let packages = metadata
            .packages
            .iter()
            .map(|package| (&package.id, package));
        let nodes = metadata
            .resolve
            .iter()
            .flat_map(|resolve| &resolve.nodes)
            .map(|node| {
                let edges = node.deps.iter().map(|dependency| Edge {
                    to: &dependency.pkg,
                    kinds: dependency.dep_kinds.iter().map(|kind| kind.kind).collect(),
                });
                (&node.id, edges.collect())
            });
        Self {
            packages: packages.collect(),
            edges: nodes.collect(),
        }
    }

    /// What each package is built with, directly, by dependencies of `kinds`.
    fn direct(
        &self,
        package: &PackageId,
        kinds: &[DependencyKind],
    ) -> impl Iterator<Item = &'a PackageId> {
        self.edges
            .get(package)
            .into_iter()
            .flatten()
            .filter(|edge| edge.kinds.iter().any(|kind| kinds.contains(kind)))
            .map(|edge| edge.to)
    }

    /// The packages of `from`, and all that they are built with. What serves to develop a package is of no concern to those
    /// that are built with it.
    fn below(
        &self,
        from: impl IntoIterator<Item = &'a PackageId>,
        kinds: &[DependencyKind],
    ) -> BTreeSet<&'a PackageId> {
        let built: Vec<_> = kinds
            .iter()
            .copied()
            .filter(|kind| *kind != DependencyKind::Development)
            .collect();
        let mut found: BTreeSet<_> = from.into_iter().collect();
        let start = found.iter().flat_map(|package| self.direct(package, kinds));
        let mut open: Vec<_> = start.collect();
        while let Some(package) = open.pop() {
            if found.insert(package) {
                open.extend(self.direct(package, &built));
            }
        }
        found
    }

    /// Those of `candidates` that are built with one of `wanted`, or are one.
    fn above(
        &self,
        candidates: &BTreeSet<&'a PackageId>,
        wanted: &BTreeSet<&'a PackageId>,
        kinds: &[DependencyKind],
    ) -> BTreeSet<&'a PackageId> {
        let is_above =
            |package: &&&'a PackageId| !self.below([**package], kinds).is_disjoint(wanted);
        candidates.iter().filter(is_above).copied().collect()
    }

    /// The packages of `users` whose calls say something about the scopes of those that are wanted: also what is built with
    /// them, for that can use their scope sets, and what they are built with.
    fn around(
        &self,
        wanted: &BTreeSet<&'a PackageId>,
        users: &BTreeSet<&'a PackageId>,
    ) -> BTreeSet<&'a PackageId> {
        let above = self.above(users, wanted, &ANY);
        let below = self.below(above, &ANY);
        below.intersection(users).copied().collect()
    }

    /// The packages to compile, by name.
    fn members(
        &self,
        compiled: &BTreeSet<&'a PackageId>,
        wanted: &BTreeSet<&'a PackageId>,
        clients: &BTreeSet<&'a PackageId>,
    ) -> Vec<Member<'a>> {
        let packages = compiled.iter().filter_map(|id| self.packages.get(id));
        let mut members: Vec<_> = packages
            .map(|package| Member {
                package,
                asked: wanted.contains(&package.id),
                is_client: clients.contains(&package.id),
            })
            .collect();
        members.sort_by(|one, other| one.package.name.cmp(&other.package.name));
        members
    }

    /// The versions of the client that the compiled packages are built with.
    fn clients(
        &self,
        compiled: &BTreeSet<&'a PackageId>,
        clients: &BTreeSet<&'a PackageId>,
    ) -> Vec<Client> {
        let in_use = self.below(compiled.iter().copied(), &ANY);
        let packages = clients.intersection(&in_use);
        let packages = packages.filter_map(|id| self.packages.get(id));
        packages
            .map(|package| Client {
                version: package.version.to_string(),
                audited: package.features.contains_key(FEATURE),
            })
            .collect()
    }

    fn named(&self, name: &str) -> BTreeSet<&'a PackageId> {
        let packages = self.packages.iter();
        packages
            .filter(|(_, package)| package.name == name)
            .map(|(id, _)| *id)
            .collect()
    }
}

/// Makes the plan; `asked` are names of packages, none for those that cargo would take here.
pub(super) fn plan<'a>(metadata: &'a Metadata, asked: &[String]) -> Result<Plan<'a>> {
    let graph = Graph::new(metadata);
    let clients = graph.named(CLIENT);
    if clients.is_empty() {
        bail!("nothing in this workspace depends on {CLIENT}, so there is nothing to audit");
    }
    let members: BTreeSet<_> = metadata.workspace_members.iter().collect();
    let users = graph.above(&members, &clients, &ANY);
    let asked = asked_for(metadata, asked)?;
    let wanted: BTreeSet<_> = users.intersection(&asked).copied().collect();
    if wanted.is_empty() {
        bail!("{}", no_use(metadata, &asked, &users));
    }
    let compiled = graph.around(&wanted, &users);
    let features = features(&graph, &compiled);
    let unseen = unseen(&graph, &members, &compiled, &clients);
    if features.is_empty() {
        bail!("{}", nothing_to_mark(&unseen));
    }
    Ok(Plan {
        members: graph.members(&compiled, &wanted, &clients),
        features,
        clients: graph.clients(&compiled, &clients),
        unseen,
        leaves_out_users: users.iter().any(|user| !compiled.contains(user)),
        graph,
    })
}

/// The packages that were asked for, as cargo would choose them.
fn asked_for<'a>(metadata: &'a Metadata, asked: &[String]) -> Result<BTreeSet<&'a PackageId>> {
    if asked.is_empty() {
        let root = metadata.root_package().filter(|package| {
            package.manifest_path.parent() != Some(metadata.workspace_root.as_path())
        });
        return Ok(match root {
            Some(package) => BTreeSet::from([&package.id]),
            None if metadata.workspace_default_members.is_available() => {
                metadata.workspace_default_members.iter().collect()
            }
            None => metadata.workspace_members.iter().collect(),
        });
    }
    let members = metadata.workspace_packages();
    asked
        .iter()
        .map(
            |name| match members.iter().find(|package| package.name == *name) {
                Some(package) => Ok(&package.id),
                None => bail!("no package of this workspace has the name `{name}`"),
            },
        )
        .collect()
}

/// The features that mark the calls: of each package's own dependency on the client, by its name there. The question mark
/// leaves an optional one off where it is off.
fn features(graph: &Graph<'_>, compiled: &BTreeSet<&PackageId>) -> BTreeSet<String> {
    let marks = |id: &PackageId| {
        let package = graph.packages.get(id);
        package
            .is_some_and(|package| package.name == CLIENT && package.features.contains_key(FEATURE))
    };
    let mut features = BTreeSet::new();
    for package in compiled.iter().filter_map(|id| graph.packages.get(id)) {
        if marks(&package.id) {
            features.insert(format!("{CLIENT}/{FEATURE}"));
        }
        if graph.direct(&package.id, &ANY).any(marks) {
            let dependencies = package.dependencies.iter();
            features.extend(
                dependencies
                    .filter(|dependency| dependency.name == CLIENT)
                    .map(|dependency| dependency.rename.as_ref().unwrap_or(&dependency.name))
                    .map(|name| format!("{name}?/{FEATURE}")),
            );
        }
    }
    features
}

fn unseen<'a>(
    graph: &Graph<'a>,
    members: &BTreeSet<&'a PackageId>,
    compiled: &BTreeSet<&'a PackageId>,
    clients: &BTreeSet<&'a PackageId>,
) -> Vec<Unseen> {
    let everything = graph.below(compiled.iter().copied(), &ANY);
    let outside = everything
        .iter()
        .filter(|id| !members.contains(**id) && !clients.contains(**id));
    let mut unseen: Vec<_> = outside
        .filter(|id| graph.direct(id, &ANY).any(|to| clients.contains(to)))
        .filter_map(|id| graph.packages.get(id))
        .map(|package| {
            let itself = BTreeSet::from([&package.id]);
            let used_by = |kinds: &[DependencyKind]| graph.above(compiled, &itself, kinds);
            Unseen {
                name: package.name.to_string(),
                version: package.version.to_string(),
                ships: !used_by(&[DependencyKind::Normal]).is_empty(),
                used_by: names(graph, used_by(&ANY)),
            }
        })
        .collect();
    unseen.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    unseen
}

fn names<'a>(graph: &Graph<'a>, ids: impl IntoIterator<Item = &'a PackageId>) -> Vec<String> {
    let packages = ids.into_iter().filter_map(|id| graph.packages.get(id));
    let mut names: Vec<_> = packages.map(|package| package.name.to_string()).collect();
    names.sort();
    names
}

fn no_use(
    metadata: &Metadata,
    asked: &BTreeSet<&PackageId>,
    users: &BTreeSet<&PackageId>,
) -> String {
    let shown = |ids: &BTreeSet<&PackageId>| {
        let packages = metadata.packages.iter();
        let names = packages.filter(|package| ids.contains(&package.id));
        names
            .map(|package| format!("`{}`", package.name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (asked, users) = (shown(asked), shown(users));
    if users.is_empty() {
        format!("no package of this workspace depends on {CLIENT}")
    } else {
        format!(
            "{asked} does not depend on {CLIENT}; of this workspace, {users} does: choose with `--package`, or audit all \
             with `--workspace`"
        )
    }
}

fn nothing_to_mark(unseen: &[Unseen]) -> String {
    if unseen.is_empty() {
        return format!(
            "the version of {CLIENT} that this workspace uses has no feature `{FEATURE}`: update it to 0.1 or newer"
        );
    }
    let names: Vec<_> = unseen
        .iter()
        .map(|unseen| format!("`{} {}`", unseen.name, unseen.version))
        .collect();
    format!(
        "no package of this workspace depends on {CLIENT} directly, only {} outside of it: what that calls is not compiled \
         here; audit the finished program with `--binary`",
        names.join(", ")
    )
}

impl<'a> Plan<'a> {
    /// The packages, by name, whose calls count for `package`: itself and what it is built with by dependencies of
    /// `kinds`, but not the client; with `users` also the packages that are built with it, and what these are built with.
    pub(super) fn counted_for(
        &self,
        package: &'a PackageId,
        kinds: &[DependencyKind],
        users: bool,
    ) -> BTreeSet<&'a PackageId> {
        let compiled = self
            .members
            .iter()
            .filter(|member| !member.is_client || member.package.id == *package)
            .map(|member| &member.package.id)
            .collect();
        let from = if users {
            self.graph
                .above(&compiled, &BTreeSet::from([package]), kinds)
        } else {
            BTreeSet::from([package])
        };
        self.graph
            .below(from, kinds)
            .intersection(&compiled)
            .copied()
            .collect()
    }
}
