//! What can be wrong with `apis.toml` beyond its form.

use std::collections::BTreeSet;

use super::scopes::duplicates;
use super::{Api, Apis, DocumentEntry, Nouns};
use crate::error::Problem;

impl Apis {
    /// Everything that is wrong with it.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let versions = self.versions.iter().map(|version| version.name.clone());
        let versions = versions.collect::<Vec<_>>();
        let apis = self.apis.iter().map(|api| api.name.clone());
        let apis = apis.collect::<Vec<_>>();
        let of_client = || self.apis.iter().filter(|api| self.is_of_client(api));
        let features = of_client().map(|api| api.feature.clone());
        let features = features.collect::<Vec<_>>();
        let families = of_client().filter_map(|api| api.family.clone());
        let known_features = features.iter().cloned().chain(families);
        let known_features = known_features.collect::<Vec<_>>();
        let documents = self.documents.iter().map(DocumentEntry::id);
        let mut problems = unknown("version", [&self.current], &versions);
        problems.extend(unknown(
            "version",
            self.documents.iter().map(|entry| &entry.version),
            &versions,
        ));
        problems.extend(unknown(
            "api",
            self.documents.iter().map(|entry| &entry.api),
            &apis,
        ));
        problems.extend(unknown(
            "feature",
            self.generics.iter().flat_map(|generic| &generic.features),
            &known_features,
        ));
        problems.extend(duplicates("version", versions));
        problems.extend(duplicates(
            "module",
            self.versions.iter().map(|version| version.module.clone()),
        ));
        problems.extend(duplicates("api", apis));
        problems.extend(duplicates("resource", self.resources()));
        problems.extend(duplicates("document", documents));
        problems.extend(self.problems_of_areas());
        let lacks_names = |api: &&Api| api.feature.is_empty() || api.nouns == Nouns::default();
        problems.extend(
            of_client()
                .filter(lacks_names)
                .map(|api| Problem::WithoutNames(api.name.clone())),
        );
        for (table, entries) in [("public", &self.public), ("long_names", &self.long_names)] {
            let mut entries = entries.iter();
            let without = entries.find(|(_, reason)| reason.trim().is_empty());
            problems.extend(without.map(|(name, _)| Problem::WithoutReason {
                table,
                name: name.clone(),
            }));
        }
        problems
    }

    /// The names of the resources. An API may add operations to a generic resource of its feature.
    fn resources(&self) -> impl Iterator<Item = String> {
        let adds = |api: &Api| {
            let generic = self.generic_resource(&api.name);
            generic.is_some_and(|generic| generic.features.contains(&api.feature))
        };
        let own = self.apis.iter().filter(|api| self.is_of_client(api));
        let own = own.filter(move |api| !adds(api));
        let generics = self.generics.iter().map(|generic| &generic.resource);
        generics.chain(own.map(|api| &api.name)).cloned()
    }

    /// APIs that are not called after their area, or like an area.
    fn problems_of_areas(&self) -> Vec<Problem> {
        let of_client = || self.apis.iter().filter(|api| self.is_of_client(api));
        let misnamed = |api: &&Api| {
            let area = api.area.as_deref();
            area.is_some_and(|area| area != super::TOP) && api.within().is_none()
        };
        let misnamed = of_client().filter(misnamed).map(|api| Problem::AreaName {
            api: api.name.clone(),
            area: api.area.clone().unwrap_or_default(),
        });
        let areas = of_client().filter(|api| api.within().is_some());
        let areas = areas.map(|api| api.at_top().to_owned());
        let areas = areas.collect::<BTreeSet<_>>();
        let top = of_client().filter(|api| api.within().is_none());
        let taken = top.filter(|api| areas.contains(&api.name));
        let taken = taken.map(|api| Problem::Duplicate {
            kind: "area or api",
            name: api.name.clone(),
        });
        misnamed.chain(taken).collect()
    }
}

/// One problem for each name that is not known.
fn unknown<'a>(
    kind: &'static str,
    names: impl IntoIterator<Item = &'a String>,
    known: &[String],
) -> Vec<Problem> {
    let names = names.into_iter().filter(|name| !known.contains(name));
    names
        .map(|name| Problem::Unknown {
            kind,
            name: name.clone(),
            known: known.to_vec(),
        })
        .collect()
}
