//! The scopes that the bounds of type parameters require of a scope set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use cargo_metadata::PackageId;
use hubspot_scopes::Requirement;

use crate::scopes::CATALOGUE;

/// What each trait of the client requires, by its name.
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

/// The names that `use … as` gives to others, in any file of the workspace.
#[derive(Debug, Default)]
pub(super) struct Renames(BTreeMap<String, BTreeSet<String>>);

impl Renames {
    /// Of the new names, each with the original.
    pub(super) fn new<'a>(renames: impl IntoIterator<Item = (&'a String, &'a String)>) -> Self {
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        for (name, original) in renames {
            all.entry(name.clone())
                .or_default()
                .insert(original.clone());
        }
        Self(all)
    }

    /// What a name may stand for.
    pub(super) fn originals(&self, name: &String) -> BTreeSet<String> {
        let mut found = reached(&self.0, &BTreeSet::from([name.clone()]));
        found.remove(name);
        found
    }
}

/// The traits of the workspace.
#[derive(Debug, Default)]
pub(super) struct OwnTraits {
    /// Each trait, with the names of the traits that it implies.
    traits: BTreeMap<String, BTreeSet<String>>,
    renames: Renames,
}

impl OwnTraits {
    pub(super) fn new(
        traits: impl IntoIterator<Item = (String, BTreeSet<String>)>,
        renames: Renames,
    ) -> Self {
        let mut all = BTreeMap::<_, BTreeSet<_>>::new();
        for (name, implied) in traits {
            all.entry(name).or_default().extend(implied);
        }
        Self {
            traits: all,
            renames,
        }
    }

    /// Those of the names whose meaning is not known: traits of the workspace, and names that may stand for another.
    pub(super) fn among(&self, names: &BTreeSet<String>) -> Vec<String> {
        let is_unknown = |name: &&String| {
            self.traits.contains_key(*name) || !self.renames.originals(name).is_subset(names)
        };
        names.iter().filter(is_unknown).cloned().collect()
    }

    /// The names, and those that they imply.
    pub(super) fn implied(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        reached(&self.traits, names)
    }

    /// The names, and all that they may imply or stand for.
    pub(super) fn possible(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let originals = names.iter().flat_map(|name| self.renames.originals(name));
        self.implied(&(names | &originals.collect()))
    }
}

/// The names, and all to which the edges lead from there.
fn reached(
    edges: &BTreeMap<String, BTreeSet<String>>,
    names: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut found = names.clone();
    let mut open: Vec<_> = names.iter().collect();
    while let Some(name) = open.pop() {
        for next in edges.get(name).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::source::Outline;

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
        let traits = [
            ("Sync".to_owned(), names(&["Read", "Copy"])),
            (
                "Read".to_owned(),
                names(&["CrmObjectsContactsRead", "Sync"]),
            ),
        ];
        let outline = Outline::of("pub use x::CrmObjectsCompaniesRead as Companies;");
        let own = OwnTraits::new(traits, Renames::new(outline.renames()));
        let implied = own.implied(&names(&["Sync"]));
        assert_eq!(requirements(&implied).count(), 1);
        assert_eq!(own.among(&names(&["Send", "Read"])), ["Read"]);
        assert_eq!(own.among(&names(&["Companies"])), ["Companies"]);
        let resolved = names(&["Companies", "CrmObjectsCompaniesRead"]);
        assert_eq!(own.among(&resolved), [""; 0]);
        assert_eq!(own.possible(&names(&["Companies"])), resolved);
    }
}
