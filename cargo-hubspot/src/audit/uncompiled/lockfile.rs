//! Reads `Cargo.lock`: which dependencies use the client, on every platform and with every feature.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::audit::graph::CLIENT;

/// The name and the version of a package.
pub(super) type NameVersion = (String, String);

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
    /// Reads the lockfile of a workspace, which cargo has just brought up to date.
    pub(super) fn read(root: &Path) -> Self {
        let text = std::fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
        toml::from_str(&text).unwrap_or_default()
    }

    /// The packages outside the workspace that a member may be built with and that depend on the client.
    pub(super) fn users_below(
        &self,
        member: &NameVersion,
        members: &BTreeSet<NameVersion>,
    ) -> BTreeSet<NameVersion> {
        let is_local = |at: usize, wanted: &dyn Fn(&NameVersion) -> bool| {
            let one = &self.package[at];
            one.source.is_none() && wanted(&(one.name.clone(), one.version.clone()))
        };
        let start = (0..self.package.len()).find(|at| is_local(*at, &|one| one == member));
        let mut found: BTreeSet<usize> = start.into_iter().collect();
        let mut open = Vec::from_iter(start);
        while let Some(at) = open.pop() {
            let new: Vec<_> = self
                .below(at)
                .filter(|next| !found.contains(next))
                .collect();
            found.extend(&new);
            open.extend(new);
        }
        let is_client = |at: usize| self.package[at].name == CLIENT;
        let users = found.into_iter().filter(|at| {
            !is_local(*at, &|one| members.contains(one))
                && !is_client(*at)
                && self.below(*at).any(is_client)
        });
        let users = users.map(|at| &self.package[at]);
        users
            .map(|one| (one.name.clone(), one.version.clone()))
            .collect()
    }

    /// The direct dependencies of a package.
    fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let dependencies = self.package[at].dependencies.iter();
        dependencies.flat_map(|dependency| {
            let mut words = dependency.split(' ');
            let (name, version) = (words.next(), words.next());
            let packages = self.package.iter().enumerate();
            let named = packages.filter(move |(_, one)| {
                Some(&*one.name) == name && version.is_none_or(|version| one.version == version)
            });
            named.map(|(index, _)| index)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_user_of_the_client_is_found_on_every_platform() {
        let package = |name: &str, version: &str, source: &str, dependencies: &[&str]| {
            let source = match source {
                "" => String::new(),
                source => format!("source = \"{source}\"\n"),
            };
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}dependencies = {dependencies:?}\n"
            )
        };
        let registry = "registry+https://example.com";
        let text = [
            package(
                "app",
                "0.1.0",
                "",
                &["helper", "foreign 2.0.0", "shared", "plain"],
            ),
            package("shared", "0.1.0", "", &[CLIENT, "loop"]),
            // A path dependency outside the workspace has no source either.
            package("helper", "0.3.0", "", &[CLIENT]),
            package("foreign", "1.0.0", registry, &[]),
            package(
                "foreign",
                "2.0.0",
                registry,
                &["deep 1.0.0 (registry+https://example.com)"],
            ),
            package("deep", "1.0.0", registry, &[CLIENT]),
            package("loop", "1.0.0", registry, &["plain"]),
            package("plain", "1.0.0", registry, &["loop"]),
            package("other", "0.1.0", "", &["aside"]),
            package("aside", "1.0.0", registry, &[CLIENT]),
            package(CLIENT, "0.1.0", registry, &["plain"]),
        ];
        let lock: Lock = toml::from_str(&text.concat()).unwrap();
        let one = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let members = ["app", "shared", "other"].map(|name| one(name, "0.1.0"));
        let [app, _, other] = &members;
        let members = members.clone().into();
        assert_eq!(
            lock.users_below(app, &members),
            [one("helper", "0.3.0"), one("deep", "1.0.0")].into()
        );
        assert_eq!(
            lock.users_below(other, &members),
            [one("aside", "1.0.0")].into()
        );
        assert!(
            lock.users_below(&one("absent", "0.1.0"), &members)
                .is_empty()
        );
    }
}
