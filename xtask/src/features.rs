//! The features of APIs and areas in the client's `Cargo.toml`, written from `specs/`.
//!
//! Features of the runtime stand outside of the section and are written by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use hubspot_codegen::config::{Api, Config};

use crate::{files, workspace};

const BEGIN: &str = "# <features of APIs>\n";
const END: &str = "# </features of APIs>\n";

/// The name of the feature with every API.
const FULL: &str = "full";

/// The client's `Cargo.toml`, as it is and as it should be.
pub(crate) fn manifest(config: &Config) -> Result<(String, String)> {
    let path = workspace::root().join("hubspot-generated/Cargo.toml");
    let text = files::read(&path)?;
    let (before, rest) = text.split_once(BEGIN).with_context(|| missing(BEGIN))?;
    let (_, after) = rest.split_once(END).with_context(|| missing(END))?;
    let features = features(config)?;
    let by_hand = [before, after].map(names_of);
    let by_hand = by_hand.into_iter().flatten().collect::<BTreeSet<_>>();
    for name in features.keys() {
        ensure!(
            !by_hand.contains(name.as_str()),
            "the feature `{name}` of an API or area is also one of the runtime: give the API another name, or set \
             `runtime = true` if they are the same"
        );
    }
    let wanted = format!("{before}{BEGIN}{}{END}{after}", section(&features));
    Ok((text, wanted))
}

fn missing(marker: &str) -> String {
    format!(
        "hubspot-generated/Cargo.toml lacks the line `{}`",
        marker.trim_end()
    )
}

/// The names of features, and of optional dependencies, in a part of the manifest.
fn names_of(part: &str) -> impl Iterator<Item = &str> {
    let lines = part
        .lines()
        .take_while(|line| !line.starts_with("[dependencies]"));
    lines.filter_map(|line| Some(line.split_once(" = ")?.0))
}

/// Each feature with what it implies.
fn features(config: &Config) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let client = config.of_client();
    let mut features = BTreeMap::<String, BTreeSet<String>>::new();
    let mut areas = BTreeMap::<&str, BTreeSet<String>>::new();
    let mut full = BTreeSet::new();
    let own = |api: &&Api| !api.runtime;
    for api in client.apis.apis.iter().filter(own) {
        let implied = features.entry(api.feature.clone()).or_default();
        implied.extend(api.family.clone());
        if let Some(family) = &api.family {
            features.entry(family.clone()).or_default();
        }
        match &api.area {
            Some(area) => drop(areas.entry(area).or_default().insert(api.feature.clone())),
            None => drop(full.insert(api.feature.clone())),
        }
    }
    for (area, implied) in areas {
        full.insert(area.to_owned());
        let taken = features.insert(area.to_owned(), implied);
        ensure!(
            taken.is_none(),
            "`{area}` is both an area and the feature of an API"
        );
    }
    let taken = features.insert(FULL.to_owned(), full);
    ensure!(
        taken.is_none(),
        "`{FULL}` is the feature with every API, so no API can have it"
    );
    Ok(features)
}

fn section(features: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut text = "# Written by `cargo xtask regen`: one feature an API, one an area, and `full` with all of them.\n".to_owned();
    for (name, implied) in features {
        let implied = implied.iter().map(|feature| format!("\"{feature}\""));
        let implied = implied.collect::<Vec<_>>();
        let _ = if implied.len() > 1 {
            writeln!(text, "{name} = [\n    {},\n]", implied.join(",\n    "))
        } else {
            writeln!(text, "{name} = [{}]", implied.join(", "))
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use hubspot_codegen::config::{Api, DocumentEntry, Nouns};

    use super::*;
    use crate::inputs;

    fn config(apis: &[(&str, Option<&str>)]) -> Config {
        let mut config = Config::default();
        for (name, area) in apis {
            config.apis.apis.push(Api {
                name: (*name).to_owned(),
                feature: name.replace('_', "-"),
                area: area.map(str::to_owned),
                nouns: Nouns::default(),
                ..Api::default()
            });
            config.apis.documents.push(DocumentEntry {
                api: (*name).to_owned(),
                ..DocumentEntry::default()
            });
        }
        config
    }

    #[test]
    fn an_area_implies_its_apis_and_full_everything() {
        let config = config(&[
            ("cms_posts", Some("cms")),
            ("cms_tags", Some("cms")),
            ("files", None),
        ]);
        let text = section(&features(&config).unwrap());
        let (_, text) = text.split_once('\n').unwrap();
        assert_eq!(
            text,
            "cms = [\n    \"cms-posts\",\n    \"cms-tags\",\n]\ncms-posts = []\ncms-tags = []\nfiles = []\n\
             full = [\n    \"cms\",\n    \"files\",\n]\n"
        );
    }

    #[test]
    fn names_of_features_meet_nothing_else() {
        for (apis, message) in [
            (
                [("cms", None), ("cms_tags", Some("cms"))],
                "`cms` is both an area and the feature of an API",
            ),
            (
                [("full", None), ("files", None)],
                "`full` is the feature with every API, so no API can have it",
            ),
        ] {
            assert_eq!(features(&config(&apis)).unwrap_err().to_string(), message);
        }
        let error = manifest(&config(&[("redis", None)]))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("the feature `redis` of an API or area is also one of the runtime"),
            "{error}"
        );
        let error = manifest(&config(&[("bytes", None)]));
        assert!(
            error.is_ok(),
            "a dependency that every build has is no feature"
        );
    }

    /// The registry refuses a package with more.
    #[test]
    fn the_registry_takes_so_many_features() {
        let (_, manifest) = manifest(&inputs::config_with_drafts().unwrap()).unwrap();
        let (_, features) = manifest.split_once("[features]\n").unwrap();
        let count = names_of(features).count();
        assert!((80..300).contains(&count), "{count}");
    }
}
