//! What the bounds of a type parameter require of a scope set, where they name the client's traits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use cargo_metadata::PackageId;
use hubspot_scopes::Requirement;

use crate::scopes::CATALOGUE;

/// What each trait of the client stands for, by its name.
static TRAITS: LazyLock<BTreeMap<String, Requirement>> = LazyLock::new(|| {
    let lines = CATALOGUE.lines();
    let named = lines.filter_map(|line| match line.split_once(' ')? {
        ("scope", scope) => {
            let name = hubspot_scopes::trait_name(scope).ok()?;
            Some((name, Requirement::all_of([scope])))
        }
        ("composite", rest) => {
            let (name, requirement) = rest.split_once(' ')?;
            Some((name.to_owned(), requirement.parse().ok()?))
        }
        _ => None,
    });
    named.collect()
});

/// What the traits among these names require.
pub(super) fn requirements(names: &BTreeSet<String>) -> impl Iterator<Item = Requirement> {
    names.iter().filter_map(|name| TRAITS.get(name).cloned())
}

/// A function or a type whose type parameters have bounds on a scope set, or a trait that implies scopes.
#[derive(Clone, Debug)]
pub(super) struct Bounded {
    pub(super) requires: Vec<Requirement>,
    /// Its path in its file: `sync::Job::run`.
    pub(super) function: String,
    /// The packages that it is compiled for.
    pub(super) packages: BTreeSet<PackageId>,
}

/// The traits of the workspace, each with the names of the traits that it implies.
#[derive(Debug, Default)]
pub(super) struct OwnTraits(BTreeMap<String, BTreeSet<String>>);

impl OwnTraits {
    pub(super) fn new(traits: impl IntoIterator<Item = (String, BTreeSet<String>)>) -> Self {
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        for (name, implied) in traits {
            all.entry(name).or_default().extend(implied);
        }
        Self(all)
    }

    /// Those of the names that are traits of the workspace.
    pub(super) fn among(&self, names: &BTreeSet<String>) -> Vec<String> {
        let own = names.iter().filter(|name| self.0.contains_key(*name));
        own.cloned().collect()
    }

    /// The names, and those that they imply.
    pub(super) fn implied(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found = names.clone();
        let mut open: Vec<_> = names.iter().collect();
        while let Some(name) = open.pop() {
            for implied in self.0.get(name).into_iter().flatten() {
                if found.insert(implied.clone()) {
                    open.push(implied);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_of_scopes_and_of_alternatives_are_known() {
        let names = [
            "CrmObjectsContactsRead",
            "CrmObjectsLineItemsReadOrECommerce",
            "Send",
        ]
        .map(str::to_owned);
        let found: Vec<_> = requirements(&names.into())
            .map(|one| one.to_string())
            .collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0], r#""crm.objects.contacts.read""#);
        assert!(found[1].starts_with("any("), "{found:?}");
    }

    #[test]
    fn own_traits_imply_others() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<BTreeSet<_>>()
        };
        let own = OwnTraits::new([
            ("Sync".to_owned(), names(&["Read", "Copy"])),
            (
                "Read".to_owned(),
                names(&["CrmObjectsContactsRead", "Sync"]),
            ),
        ]);
        let implied = own.implied(&names(&["Sync"]));
        assert_eq!(requirements(&implied).count(), 1);
        assert_eq!(own.among(&names(&["Send", "Read"])), ["Read"]);
    }
}
