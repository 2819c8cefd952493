//! When a part of the client is compiled: with the features of the resources, by version, that need it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::config::{Config, Home};

/// What needs a part: pairs of the feature of a version (none for one that is always there) and that of an API. Nothing in a
/// module of another crate, which has no features.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gate(BTreeSet<(Option<String>, String)>);

impl Gate {
    /// The gate of what these resources, by version, need.
    pub(crate) fn of<'a>(
        needed_by: impl IntoIterator<Item = (&'a str, &'a str)>,
        config: &Config,
    ) -> Self {
        if matches!(config.home, Home::Module(_)) {
            return Self::default();
        }
        let mut pairs = BTreeSet::new();
        for (version, resource) in needed_by {
            let version = config
                .apis
                .version(version)
                .and_then(|version| version.feature.clone());
            pairs.extend(
                features(resource, config)
                    .into_iter()
                    .map(|feature| (version.clone(), feature)),
            );
        }
        Self(pairs).shared(config).reduced()
    }

    /// With the feature of a family in place of several features that imply it.
    fn shared(self, config: &Config) -> Self {
        let family = |feature: &String| {
            let mut apis = config.apis.apis.iter();
            apis.find(|api| api.feature == *feature)?.family.clone()
        };
        let mut members = BTreeMap::<_, usize>::new();
        for (version, feature) in &self.0 {
            if let Some(family) = family(feature) {
                *members.entry((version.clone(), family)).or_default() += 1;
            }
        }
        let shared = |(version, feature): (Option<String>, String)| match family(&feature) {
            Some(family) if members.get(&(version.clone(), family.clone())) > Some(&1) => {
                (version, family)
            }
            _ => (version, feature),
        };
        Self(self.0.into_iter().map(shared).collect())
    }

    /// The features of APIs, any of which is enough.
    pub(crate) fn features(&self) -> BTreeSet<&str> {
        self.0.iter().map(|(_, feature)| feature.as_str()).collect()
    }

    /// The gate of what needs either.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().cloned());
        self.reduced()
    }

    /// Where a feature is enough with the version that is always there, it is enough.
    fn reduced(mut self) -> Self {
        let always = self.0.iter().filter(|(version, _)| version.is_none());
        let always = always
            .map(|(_, feature)| feature.clone())
            .collect::<BTreeSet<_>>();
        self.0
            .retain(|(version, feature)| version.is_none() || !always.contains(feature));
        self
    }

    /// The attribute.
    pub(crate) fn cfg(&self) -> TokenStream {
        self.cfg_within(&BTreeSet::new())
    }

    /// The attribute for a part of something that is compiled only with one of these features of versions.
    pub(crate) fn cfg_within(&self, versions: &BTreeSet<String>) -> TokenStream {
        if self.0.is_empty() {
            return TokenStream::new();
        }
        let mut apis = BTreeMap::<Option<&String>, BTreeSet<&String>>::new();
        for (version, api) in &self.0 {
            apis.entry(version.as_ref()).or_default().insert(api);
        }
        let mut versions_by_apis = BTreeMap::<BTreeSet<&String>, BTreeSet<&String>>::new();
        let mut terms = Vec::new();
        for (version, apis) in apis {
            match version {
                None => terms.extend(apis.into_iter().map(|feature| quote!(feature = #feature))),
                Some(version) => {
                    versions_by_apis.entry(apis).or_default().insert(version);
                }
            }
        }
        for (apis, needed) in versions_by_apis {
            let apis = any_feature(apis.iter().copied());
            let given =
                !versions.is_empty() && versions.iter().all(|version| needed.contains(version));
            if given && terms.is_empty() {
                return quote!(#[cfg(#apis)]);
            }
            let needed = any_feature(needed.iter().copied());
            terms.push(quote!(all(#needed, #apis)));
        }
        let condition = any(&terms);
        quote!(#[cfg(#condition)])
    }

    /// The attribute, or nothing within something that has the same gate.
    pub(crate) fn cfg_unless(&self, outer: &Self) -> TokenStream {
        if self == outer {
            TokenStream::new()
        } else {
            self.cfg()
        }
    }

    /// The features of the versions, if a version's feature is needed in any case.
    pub(crate) fn versions(&self) -> BTreeSet<String> {
        let versions = self
            .0
            .iter()
            .map(|(version, _)| version.clone())
            .collect::<Option<BTreeSet<_>>>();
        versions.unwrap_or_default()
    }
}

/// The attribute of a version's modules.
pub(crate) fn version_cfg(versions: &BTreeSet<String>) -> TokenStream {
    if versions.is_empty() {
        return TokenStream::new();
    }
    let condition = any_feature(versions);
    quote!(#[cfg(#condition)])
}

/// The features with any of which a resource is there.
fn features(resource: &str, config: &Config) -> BTreeSet<String> {
    if let Some(generic) = config.apis.generic_resource(resource) {
        return generic.features.clone();
    }
    config
        .apis
        .api(resource)
        .map(|api| api.feature.clone())
        .into_iter()
        .collect()
}

fn any_feature<'a>(features: impl IntoIterator<Item = &'a String>) -> TokenStream {
    let conditions = features
        .into_iter()
        .map(|feature| quote!(feature = #feature));
    any(&conditions.collect::<Vec<_>>())
}

fn any(conditions: &[TokenStream]) -> TokenStream {
    match conditions {
        [condition] => condition.clone(),
        conditions => quote!(any(#(#conditions),*)),
    }
}
