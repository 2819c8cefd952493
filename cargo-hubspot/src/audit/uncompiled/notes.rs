//! What the report says about the parts of a package that were not compiled.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, Package, Target, TargetKind};

use crate::audit::compile::{self, Compiled};
use crate::finding::{few, quoted};
use crate::model::Uncompiled;

/// The features, targets and conditions of a package that were not looked at, in a sentence; none if there are none.
pub(super) fn uncompiled(
    package: &Package,
    metadata: &Metadata,
    compiled: &Compiled,
    predicates: &BTreeSet<String>,
) -> Option<String> {
    let mut parts = Vec::new();
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let node = nodes.into_iter().find(|node| node.id == package.id);
    let is_on = |feature: &&String| {
        let mut on = node.iter().flat_map(|node| &node.features);
        on.any(|on| **on == ***feature)
    };
    let off = package
        .features
        .keys()
        .filter(|feature| !is_on(feature) && *feature != "default");
    let off: Vec<_> = off.cloned().collect();
    match off.len() {
        0 => {}
        1 => parts.push(format!("the feature {}", quoted(&off))),
        _ => parts.push(format!("the features {}", quoted(&off))),
    }
    let left_out = package.targets.iter().filter(|target| {
        let mut units = compiled.units.iter();
        !units.any(|unit| unit.package == package.id && unit.target == compile::target(target))
    });
    parts.extend(left_out.map(self::target));
    let is_direct = |name: &str| {
        let mut direct = node.iter().flat_map(|node| &node.deps);
        direct.any(|dependency| dependency.name == name.replace('-', "_"))
    };
    let platforms: BTreeSet<_> = package
        .dependencies
        .iter()
        .filter(|dependency| !is_direct(dependency.rename.as_ref().unwrap_or(&dependency.name)))
        .filter_map(|dependency| Some(format!("`{}`", dependency.target.as_ref()?)))
        .collect();
    if !platforms.is_empty() {
        parts.push(format!(
            "dependencies for {}",
            Vec::from_iter(platforms).join(", ")
        ));
    }
    if !predicates.is_empty() {
        let predicates: Vec<_> = predicates.iter().cloned().collect();
        parts.push(format!("code under {}", predicates.join(", ")));
    }
    (!parts.is_empty()).then(|| format!("`{}`: not compiled: {}", package.name, parts.join("; ")))
}

/// The derives of a package of which nothing is known, in a sentence; none if there are none.
pub(super) fn derives(package: &Package, derives: &[Uncompiled]) -> Option<String> {
    let names: BTreeSet<_> = derives.iter().map(|derive| derive.within.clone()).collect();
    let names = Vec::from_iter(names);
    let sentence = || {
        format!(
            "`{}`: calls that a derive writes are not seen: {}",
            package.name,
            few(&names)
        )
    };
    (!names.is_empty()).then(sentence)
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
