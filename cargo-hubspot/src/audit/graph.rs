//! Finds the packages that use the client in the dependency graph.
//!
//! The [`Plan`] says what to compile, with which features, and which dependencies cannot be audited this way. A workspace that
//! does not use the client is an error.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use cargo_metadata::{DependencyKind, Metadata, Package, PackageId};

use crate::finding::quoted;
use crate::model::{ClientVersion, Unseen};

/// The client's package.
pub(super) const CLIENT: &str = "hubspot-generated";

/// The local HubSpot, which uses the client and calls itself only.
pub(super) const MOCK: &str = "hubspot-mock";

/// The feature of the client that marks each call.
const FEATURE: &str = "scope-audit";

/// Every kind of dependency.
pub(super) const ANY: [DependencyKind; 3] = [
    DependencyKind::Normal,
    DependencyKind::Build,
    DependencyKind::Development,
];

/// What to compile, and what is known about it beforehand.
pub(super) struct Plan<'a> {
    /// The packages to compile, by name.
    pub(super) members: Vec<Member<'a>>,
    /// The features to compile them with besides.
    pub(super) features: BTreeSet<String>,
    /// As in the report.
    pub(super) clients: Vec<ClientVersion>,
    /// As in the report.
    pub(super) unseen: Vec<Unseen>,
    /// Whether packages of the workspace that use the client are not among the members.
    pub(super) leaves_out_users: bool,
    graph: Graph<'a>,
}

/// A package of the workspace that uses the client.
pub(super) struct Member<'a> {
    pub(super) package: &'a Package,
    /// Whether it was requested.
    pub(super) asked: bool,
    /// Whether it is the client: the calls of its own library do not count as uses.
    pub(super) is_client: bool,
}

type Ids<'a> = BTreeSet<&'a PackageId>;

/// The packages, and what each is built with.
struct Graph<'a> {
    packages: BTreeMap<&'a PackageId, &'a Package>,
    edges: BTreeMap<&'a PackageId, Vec<(&'a PackageId, Vec<DependencyKind>)>>,
}

impl<'a> Graph<'a> {
    fn new(metadata: &'a Metadata) -> Self {
        let packages = metadata.packages.iter();
        let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        let edges = nodes.map(|node| {
            let edges = node.deps.iter().map(|dependency| {
                let kinds = dependency.dep_kinds.iter().map(|kind| kind.kind);
                (&dependency.pkg, kinds.collect())
            });
            (&node.id, edges.collect())
        });
        Self {
            packages: packages.map(|package| (&package.id, package)).collect(),
            edges: edges.collect(),
        }
    }

    /// The direct dependencies of these kinds.
    fn direct(
        &self,
        package: &PackageId,
        kinds: &[DependencyKind],
    ) -> impl Iterator<Item = &'a PackageId> {
        let edges = self.edges.get(package).into_iter().flatten();
        let wanted = edges.filter(|(_, of)| of.iter().any(|kind| kinds.contains(kind)));
        wanted.map(|(to, _)| *to)
    }

    /// The packages, and all that they are built with. Development dependencies count for the packages themselves only.
    fn below(
        &self,
        from: impl IntoIterator<Item = &'a PackageId>,
        kinds: &[DependencyKind],
    ) -> Ids<'a> {
        let is_built = |kind: &&DependencyKind| **kind != DependencyKind::Development;
        let built: Vec<_> = kinds.iter().filter(is_built).copied().collect();
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
    fn above(&self, candidates: &Ids<'a>, wanted: &Ids<'a>, kinds: &[DependencyKind]) -> Ids<'a> {
        let is_above =
            |package: &&&'a PackageId| !self.below([**package], kinds).is_disjoint(wanted);
        candidates.iter().filter(is_above).copied().collect()
    }

    /// The packages with these ids, sorted by name and version.
    fn sorted(&self, ids: impl IntoIterator<Item = &'a PackageId>) -> Vec<&'a Package> {
        let packages = ids.into_iter().filter_map(|id| self.packages.get(id));
        let mut packages: Vec<_> = packages.copied().collect();
        packages.sort_by_key(|package| (&package.name, &package.version));
        packages
    }

    /// The features that mark the calls: of each package's own dependency on the client, by its name there. The question
    /// mark leaves an optional dependency off.
    fn features(&self, compiled: &Ids<'a>) -> BTreeSet<String> {
        let marks = |id: &PackageId| {
            let package = self.packages.get(id);
            package.is_some_and(|package| package.name == CLIENT && has_marks(package))
        };
        let mut features = BTreeSet::new();
        for package in self.sorted(compiled.iter().copied()) {
            if marks(&package.id) {
                features.insert(format!("{CLIENT}/{FEATURE}"));
            }
            if self.direct(&package.id, &ANY).any(marks) {
                let clients = package.dependencies.iter().filter(|one| one.name == CLIENT);
                let names = clients.map(|one| one.rename.as_ref().unwrap_or(&one.name));
                features.extend(names.map(|name| format!("{name}?/{FEATURE}")));
            }
        }
        features
    }

    /// The dependencies outside the workspace that use the client.
    fn unseen(&self, members: &Ids<'a>, compiled: &Ids<'a>, clients: &Ids<'a>) -> Vec<Unseen> {
        let outside = self.below(compiled.iter().copied(), &ANY).into_iter();
        let outside = outside.filter(|id| !members.contains(id) && !clients.contains(id));
        let users = outside.filter(|id| self.direct(id, &ANY).any(|to| clients.contains(to)));
        let unseen = self.sorted(users).into_iter().map(|package| {
            let itself = BTreeSet::from([&package.id]);
            let used_by = |kinds: &[DependencyKind]| self.above(compiled, &itself, kinds);
            Unseen {
                name: package.name.to_string(),
                version: package.version.to_string(),
                ships: !used_by(&[DependencyKind::Normal]).is_empty(),
                used_by: names(self.sorted(used_by(&ANY))),
            }
        });
        unseen.collect()
    }
}

fn has_marks(package: &Package) -> bool {
    package.features.contains_key(FEATURE)
}

fn names(packages: Vec<&Package>) -> Vec<String> {
    let names = packages.into_iter().map(|package| package.name.to_string());
    names.collect()
}

/// Makes the plan; `asked` are names of packages, none for those that cargo would choose here.
pub(super) fn plan<'a>(metadata: &'a Metadata, asked: &[String]) -> Result<Plan<'a>> {
    let graph = Graph::new(metadata);
    let clients = graph
        .packages
        .values()
        .filter(|package| package.name == CLIENT);
    let clients: Ids<'_> = clients.map(|package| &package.id).collect();
    if clients.is_empty() {
        bail!("nothing in this workspace depends on {CLIENT}, so there is nothing to audit");
    }
    let members: Ids<'_> = metadata.workspace_members.iter().collect();
    let users = graph.above(&members, &clients, &ANY);
    let asked = asked_for(metadata, asked)?;
    let wanted = &users & &asked;
    if wanted.is_empty() {
        bail!("{}", no_use(&graph, &asked, &users));
    }
    // What is built with a wanted package can use its scope sets, and calls with them in all that it is built with.
    let above = graph.above(&users, &wanted, &ANY);
    let compiled = &graph.below(above, &ANY) & &users;
    let features = graph.features(&compiled);
    let unseen = graph.unseen(&members, &compiled, &clients);
    if features.is_empty() {
        bail!("{}", nothing_to_mark(&unseen));
    }
    let unseen = unseen.into_iter().filter(|unseen| unseen.name != MOCK);
    let in_use = graph.below(compiled.iter().copied(), &ANY);
    let versions = graph.sorted(&clients & &in_use).into_iter();
    let packages = graph.sorted(compiled.iter().copied()).into_iter();
    Ok(Plan {
        members: packages
            .map(|package| Member {
                package,
                asked: wanted.contains(&package.id),
                is_client: clients.contains(&package.id),
            })
            .collect(),
        features,
        clients: versions
            .map(|package| ClientVersion {
                version: package.version.to_string(),
                audited: has_marks(package),
            })
            .collect(),
        unseen: unseen.collect(),
        leaves_out_users: !users.is_subset(&compiled),
        graph,
    })
}

/// The packages that were requested, as cargo would choose them.
fn asked_for<'a>(metadata: &'a Metadata, asked: &[String]) -> Result<Ids<'a>> {
    let members = metadata.workspace_packages();
    if !asked.is_empty() {
        let ids =
            asked.iter().map(
                |name| match members.iter().find(|package| package.name == *name) {
                    Some(package) => Ok(&package.id),
                    None => bail!("no package of this workspace has the name `{name}`"),
                },
            );
        return ids.collect();
    }
    let root = metadata.workspace_root.as_path();
    let here = metadata.root_package();
    let here = here.filter(|package| package.manifest_path.parent() != Some(root));
    Ok(match here {
        Some(package) => BTreeSet::from([&package.id]),
        None if metadata.workspace_default_members.is_available() => {
            metadata.workspace_default_members.iter().collect()
        }
        None => metadata.workspace_members.iter().collect(),
    })
}

fn no_use(graph: &Graph<'_>, asked: &Ids<'_>, users: &Ids<'_>) -> String {
    let shown = |ids: &Ids<'_>| {
        let packages = graph.packages.iter().filter(|(id, _)| ids.contains(**id));
        let names = packages.map(|(_, package)| format!("`{}`", package.name));
        names.collect::<Vec<_>>().join(", ")
    };
    if users.is_empty() {
        return format!("no package of this workspace depends on {CLIENT}");
    }
    let (asked, users) = (shown(asked), shown(users));
    format!(
        "{asked} does not depend on {CLIENT}; of this workspace, {users} does: choose with `--package`, or audit all with \
         `--workspace`"
    )
}

fn nothing_to_mark(unseen: &[Unseen]) -> String {
    if unseen.is_empty() {
        return format!(
            "the version of {CLIENT} that this workspace uses has no feature `{FEATURE}`: update it to 0.1 or newer"
        );
    }
    let names = unseen
        .iter()
        .map(|one| format!("{} {}", one.name, one.version));
    let names = quoted(&names.collect::<Vec<_>>());
    format!(
        "no package of this workspace depends on {CLIENT} directly, only {names} outside of it: what that calls is not \
         compiled here; audit the finished program with `--binary`"
    )
}

impl<'a> Plan<'a> {
    /// The packages whose calls count for `package`: itself and what it is built with by dependencies of these kinds,
    /// except for the client; with `users` also the packages that are built with it, and what these are built with.
    pub(super) fn counted_for(
        &self,
        package: &'a PackageId,
        kinds: &[DependencyKind],
        users: bool,
    ) -> Ids<'a> {
        let is_counted = |member: &&Member<'a>| !member.is_client || member.package.id == *package;
        let members = self.members.iter().filter(is_counted);
        let compiled: Ids<'_> = members.map(|member| &member.package.id).collect();
        let mut from = BTreeSet::from([package]);
        if users {
            from = self.graph.above(&compiled, &from, kinds);
        }
        &self.graph.below(from, kinds) & &compiled
    }
}
