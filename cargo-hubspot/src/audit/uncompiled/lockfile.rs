//! Which dependencies use the client, on every platform and with every feature: `Cargo.lock` knows.

use std::collections::BTreeSet;
use std::path::Path;

use cargo_metadata::Package;
use serde::Deserialize;

use crate::audit::graph::CLIENT;

/// The packages of a lockfile.
#[derive(Default, Deserialize)]
pub(super) struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    /// Each `name`, `name version` or `name version (source)`.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// The lockfile of a workspace, which cargo has just brought up to date.
    pub(super) fn read(root: &Path) -> Self {
        let text = std::fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// Name and version of each package outside the workspace that a member may be built with and that depends on the
    /// client.
    pub(super) fn users_below(
        &self,
        member: &Package,
        members: &[&Package],
    ) -> BTreeSet<(String, String)> {
        let is_member = |one: &Locked| {
            let mut members = members.iter();
            one.source.is_none()
                && members.any(|member| {
                    *one.name == *member.name && one.version == member.version.to_string()
                })
        };
        let version = member.version.to_string();
        let start = self.package.iter().position(|one| {
            one.source.is_none() && *one.name == *member.name && one.version == version
        });
        let mut found: BTreeSet<usize> = start.into_iter().collect();
        let mut open: Vec<usize> = start.into_iter().collect();
        while let Some(at) = open.pop() {
            let new: Vec<_> = self
                .below(at)
                .filter(|next| !found.contains(next))
                .collect();
            found.extend(&new);
            open.extend(new);
        }
        found
            .into_iter()
            .filter_map(|at| Some((at, self.package.get(at)?)))
            .filter(|(_, one)| !is_member(one) && one.name != CLIENT)
            .filter(|(at, _)| {
                self.below(*at)
                    .any(|next| self.package[next].name == CLIENT)
            })
            .map(|(_, one)| (one.name.clone(), one.version.clone()))
            .collect()
    }

    /// What a package may be built with, directly.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let dependencies = self
            .package
            .get(at)
            .into_iter()
            .flat_map(|one| &one.dependencies);
        dependencies.flat_map(|dependency| {
            let mut words = dependency.split(' ');
            let (name, version) = (words.next(), words.next());
            self.package
                .iter()
                .enumerate()
                .filter(move |(_, one)| {
                    Some(&*one.name) == name && version.is_none_or(|version| one.version == version)
                })
                .map(|(index, _)| index)
        })
    }
}
