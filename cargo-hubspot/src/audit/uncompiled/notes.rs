//! Describes the parts of a package that were not compiled, for the notes of the report.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, Package, Target, TargetKind};

use super::outsiders::Outsider;
use crate::audit::compile::{self, Compiled};
use crate::finding::{few, quoted};
use crate::model::Uncompiled;

/// What may differ in other builds of a package with a build script, in a few words.
pub(super) const ELSEWHERE: &str = "what the build script writes for other platforms and features";

/// The parts of a package that the compilations do not tell by themselves.
pub(super) struct Parts<'a> {
    pub(super) metadata: &'a Metadata,
    /// The conditions that did not hold.
    pub(super) predicates: Vec<String>,
    /// Whether the build script may write other code for other builds.
    pub(super) is_generated: bool,
    pub(super) outsiders: Vec<&'a Outsider<'a>>,
}

/// The features, targets and conditions of a package that were not compiled, in a sentence; `None` if all were.
pub(super) fn uncompiled(
    package: &Package,
    compiled: &Compiled,
    parts: &Parts<'_>,
) -> Option<String> {
    let mut found = Vec::new();
    let nodes = parts.metadata.resolve.iter();
    let mut nodes = nodes.flat_map(|resolve| &resolve.nodes);
    let node = nodes.find(|node| node.id == package.id);
    let is_on = |feature: &&String| {
        let mut on = node.iter().flat_map(|node| &node.features);
        on.any(|on| **on == ***feature)
    };
    let off = package.features.keys();
    let off = off.filter(|feature| !is_on(feature) && *feature != "default");
    let off: Vec<_> = off.cloned().collect();
    if !off.is_empty() {
        let plural = if off.len() == 1 { "" } else { "s" };
        found.push(format!("the feature{plural} {}", quoted(&off)));
    }
    let left_out = package.targets.iter().filter(|target| {
        let mut units = compiled.units.iter();
        !units.any(|unit| unit.package == package.id && unit.target == compile::target(target))
    });
    found.extend(left_out.map(self::target));
    let is_direct = |name: &str| {
        let mut direct = node.iter().flat_map(|node| &node.deps);
        direct.any(|dependency| dependency.name == name.replace('-', "_"))
    };
    let absent = package.dependencies.iter();
    let absent = absent
        .filter(|dependency| !is_direct(dependency.rename.as_ref().unwrap_or(&dependency.name)));
    let platforms: BTreeSet<_> = absent
        .filter_map(|dependency| Some(format!("`{}`", dependency.target.as_ref()?)))
        .collect();
    if !platforms.is_empty() {
        let platforms = Vec::from_iter(platforms).join(", ");
        found.push(format!("dependencies for {platforms}"));
    }
    if parts.is_generated {
        found.push(ELSEWHERE.to_owned());
    }
    found.extend(parts.outsiders.iter().copied().map(outsider));
    if !parts.predicates.is_empty() {
        found.push(format!("code under {}", parts.predicates.join(", ")));
    }
    (!found.is_empty()).then(|| format!("`{}`: not compiled: {}", package.name, found.join("; ")))
}

/// The derives of a package of which nothing is known, in a sentence; `None` if there are none.
pub(super) fn derives(package: &Package, derives: &[Uncompiled]) -> Option<String> {
    let names: BTreeSet<_> = derives.iter().map(|derive| derive.within.clone()).collect();
    let names = Vec::from_iter(names);
    (!names.is_empty()).then(|| {
        let (package, names) = (&package.name, few(&names));
        format!("`{package}`: calls that a derive writes are not seen: {names}")
    })
}

/// A target in a few words.
pub(super) fn target(target: &Target) -> String {
    let kind = match target.kind.first() {
        Some(TargetKind::Bin) => "binary",
        Some(TargetKind::Example) => "example",
        Some(TargetKind::Test) => "test",
        Some(TargetKind::Bench) => "benchmark",
        Some(TargetKind::CustomBuild) => "build script",
        _ => "library",
    };
    format!("the {kind} `{}`", target.name)
}

/// A package outside the workspace in a few words.
pub(super) fn outsider(outsider: &Outsider<'_>) -> String {
    format!("the package `{}` outside this workspace", outsider.name)
}
