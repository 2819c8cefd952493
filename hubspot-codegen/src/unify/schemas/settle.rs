//! Names for different schemas of one version and name, where no `apis.toml` gives them any.

use std::collections::{BTreeMap, BTreeSet};

use super::Schemas;
use crate::name::schema_name;

/// The schemas that are one type: who has them, and in which versions.
#[derive(Default)]
struct Class<'a> {
    nodes: Vec<usize>,
    versions: BTreeSet<&'a str>,
}

impl Schemas<'_> {
    /// Tells types of one version and name apart: the one in most documents keeps the name, and the others get that of their
    /// first API in front of it.
    pub(in crate::unify) fn settle(&mut self, classes: &[usize]) {
        let mut by_name = BTreeMap::<&str, BTreeMap<usize, Class<'_>>>::new();
        let mut taken = BTreeSet::new();
        let own = self.nodes.iter().enumerate();
        for (index, node) in own.filter(|(_, node)| node.replaced_by.is_none()) {
            let of_name = by_name.entry(&node.name).or_default();
            let class = of_name.entry(classes[index]).or_default();
            class.nodes.push(index);
            class.versions.insert(&node.document.version);
            taken.insert((node.document.version.clone(), node.name.clone()));
        }
        let mut renamed = Vec::new();
        for (name, of_name) in by_name {
            let most = of_name.values().max_by_key(|class| {
                let first = class.nodes.first().copied();
                (class.nodes.len(), std::cmp::Reverse(first))
            });
            let kept = most.and_then(|class| class.nodes.first()).copied();
            for (number, class) in &of_name {
                let mut others = of_name.iter().filter(|(other, _)| *other != number);
                let is_alone = others.all(|(_, other)| class.versions.is_disjoint(&other.versions));
                let first = class.nodes.first().copied();
                if is_alone || first == kept {
                    continue;
                }
                let api = first.map_or("", |first| self.nodes[first].document.api.as_str());
                let base = schema_name("", &format!("{api}/{name}"), &BTreeMap::new());
                let numbered = (2..).map(|number: usize| format!("{base}{number}"));
                let free = std::iter::once(base.clone()).chain(numbered).find(|name| {
                    let mut versions = class.versions.iter();
                    versions.all(|version| !taken.contains(&((*version).to_owned(), name.clone())))
                });
                let name = free.unwrap_or(base);
                let versions = class.versions.iter();
                taken.extend(versions.map(|version| ((*version).to_owned(), name.clone())));
                renamed.push((class.nodes.clone(), name));
            }
        }
        for (nodes, name) in renamed {
            for node in nodes {
                self.nodes[node].name.clone_from(&name);
            }
        }
    }
}
