//! Finds packages near the workspace that are not in it, but may be built with its packages: excluded ones, fuzz targets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, PackageId};
use toml::{Table, Value};

use crate::folder::{Links, files, real};

/// A package outside the workspace that depends on packages of it.
pub(super) struct Outsider<'a> {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    /// The packages of the workspace that it depends on, directly or through other outsiders.
    pub(super) members: BTreeSet<&'a PackageId>,
}

/// A manifest outside the workspace.
struct Manifest {
    folder: PathBuf,
    table: Table,
}

/// The packages below the workspace's folder, and in the folders beside it, that depend on a package of the workspace.
pub(super) fn find(metadata: &Metadata) -> Vec<Outsider<'_>> {
    let root = metadata.workspace_root.as_std_path();
    let members: Vec<_> = metadata
        .workspace_packages()
        .into_iter()
        .filter_map(|package| {
            Some((
                real(package.manifest_path.parent()?.as_std_path()),
                &package.id,
            ))
        })
        .collect();
    let mut manifests: Vec<PathBuf> = files(root, Links::Follow, |_| true);
    manifests.retain(|path| path.ends_with("Cargo.toml"));
    let beside = root.parent().and_then(|parent| fs::read_dir(parent).ok());
    let beside = beside.into_iter().flatten().flatten();
    manifests.extend(beside.map(|entry| entry.path().join("Cargo.toml")));
    let is_outside = |folder: &PathBuf| members.iter().all(|(member, _)| member != folder);
    let folders = manifests
        .iter()
        .filter_map(|path| Some(real(path.parent()?)));
    let folders: BTreeSet<_> = folders.filter(is_outside).collect();
    let manifests: Vec<_> = folders.into_iter().filter_map(Manifest::read).collect();
    let outsiders = manifests.iter().filter_map(|manifest| {
        let name = manifest.table.get("package")?.get("name")?.as_str()?;
        let reached = reached(manifest, &manifests);
        let members = members
            .iter()
            .filter(|(folder, _)| reached.contains(folder));
        let members: BTreeSet<_> = members.map(|(_, id)| *id).collect();
        (!members.is_empty()).then(|| Outsider {
            name: name.to_owned(),
            folder: manifest.folder.clone(),
            members,
        })
    });
    outsiders.collect()
}

/// The folders of all packages that a package may be built with.
fn reached(from: &Manifest, manifests: &[Manifest]) -> BTreeSet<PathBuf> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from.folder.clone()];
    while let Some(folder) = open.pop() {
        // A dependency that is inherited has its path in the manifest of a folder above.
        let above = manifests.iter().filter(|manifest| {
            let is_workspace = manifest.table.contains_key("workspace");
            manifest.folder == folder || (is_workspace && folder.starts_with(&manifest.folder))
        });
        for path in above.flat_map(Manifest::paths) {
            if reached.insert(path.clone()) {
                open.push(path);
            }
        }
    }
    reached
}

impl Manifest {
    fn read(folder: PathBuf) -> Option<Self> {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let table = text.parse().ok()?;
        Some(Self { folder, table })
    }

    /// The folders that its dependencies name.
    fn paths(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for value in self.table.values() {
            paths(value, &self.folder, &mut found);
        }
        found
    }
}

/// The folder of every `path` in a manifest. Those that are no dependency lead to no package.
fn paths(value: &Value, folder: &Path, found: &mut Vec<PathBuf>) {
    match value {
        Value::Table(table) => {
            let path = table.get("path").and_then(Value::as_str);
            found.extend(path.map(|path| real(&folder.join(path))));
            table.values().for_each(|value| paths(value, folder, found));
        }
        Value::Array(list) => list.iter().for_each(|value| paths(value, folder, found)),
        _ => {}
    }
}
