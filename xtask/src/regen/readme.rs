//! The table of features in the READMEs, written from `specs/` and from the client's `Cargo.toml`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use hubspot_codegen::config::{Api, Config};

use crate::{files, workspace};

/// The files that have the table.
pub(super) const READMES: [&str; 2] = ["README.md", "hubspot-generated/README.md"];

const BEGIN: &str = "<!-- Written by `cargo xtask regen`: features -->\n";
const END: &str = "<!-- end of features -->\n";

/// The area whose APIs are at the top of the client.
const TOP: &str = "crm";

/// What object types share, which has a row of its own.
const FAMILY: &str = "objects";

/// The rows of features that are no API's: what they are called, what they provide, and the column of defaults.
const OTHERS: &[[&str; 3]] = &[
    [
        "`crm`, `full`",
        "every CRM API; every API of the current version but `oauth`",
        "",
    ],
    [
        "`objects`",
        "custom objects and types that are known at run time only: `client.objects(\"2-123\")`; \
         `client.objects_of::<Deals>()`, for code that is generic over object types; what object types share, such as \
         `associations()`; each type implies it",
        "yes",
    ],
    [
        "`bulk`, `records`",
        "batch operations over any number of inputs; `#[derive(Record)]` for any object type, which implies `bulk`. \
         `default-features = false` leaves them out, and compiles faster",
        "yes",
    ],
    [
        "`oauth`",
        "OAuth apps: install links, tokens that are refreshed; the operations `token`, `introspect`, `revoke`",
        "",
    ],
    [
        "`axum`, `token-file`, `keyring`, `redis`",
        "for OAuth apps: the callback as a router, tokens in an encrypted file, its key in the system's keyring, tokens, a \
         lock and rate limits in Redis",
        "",
    ],
    [
        "`v2026-03`, `v3`",
        "older API versions: `client.v2026_03().contacts()`, `client.v3().contacts()`",
        "",
    ],
    [
        "`chrono`, `jiff`, `rust_decimal`, `time`",
        "types of these crates as values of records' properties",
        "",
    ],
    [
        "`serde`",
        "`Serialize` and `Deserialize` for every model",
        "",
    ],
    ["`gzip`", "compressed responses", ""],
];

/// The text of a README with the table as it should be. `manifest` is the client's `Cargo.toml`.
pub(super) fn with_features(path: &str, config: &Config, manifest: &str) -> Result<String> {
    let text = files::read(&workspace::root().join(path))?;
    let missing = |marker: &str| format!("{path} lacks the line `{}`", marker.trim_end());
    let (before, rest) = text.split_once(BEGIN).with_context(|| missing(BEGIN))?;
    let (_, after) = rest.split_once(END).with_context(|| missing(END))?;
    let table = table(config, &defaults(manifest)?);
    Ok(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

/// The features that are on by default.
fn defaults(manifest: &str) -> Result<BTreeSet<String>> {
    let manifest: toml::Table = toml::from_str(manifest)?;
    let features = manifest.get("features");
    let names = features.and_then(|features| features.get("default")?.as_array());
    let names = names.context("hubspot-generated/Cargo.toml has no default features")?;
    let names = names.iter().filter_map(toml::Value::as_str);
    Ok(names.map(str::to_owned).collect())
}

fn table(config: &Config, defaults: &BTreeSet<String>) -> String {
    let client = config.of_client();
    let apis = client.apis.apis.iter();
    let apis: Vec<_> = apis
        .filter(|api| !api.runtime && api.feature != FAMILY)
        .collect();
    let of = |is_wanted: &dyn Fn(&Api) -> bool| {
        let wanted = apis.iter().filter(|api| is_wanted(api));
        quoted(wanted.map(|api| api.feature.as_str()))
    };
    let is_default = |api: &Api| defaults.contains(&api.feature);
    let is_at_top = |api: &Api| api.area.as_deref().is_none_or(|area| area == TOP);
    let areas = apis.iter().filter(|api| !is_at_top(api));
    let areas = quoted(areas.filter_map(|api| api.area.as_deref()));
    let rows = [
        [
            of(&is_default),
            "the API of that name: `client.contacts()`".to_owned(),
            "yes".to_owned(),
        ],
        [
            of(&|api| !is_default(api) && api.family.is_some()),
            "the object type or the activity of that name: `client.deals()`, `client.notes()`"
                .to_owned(),
            String::new(),
        ],
        [
            of(&|api| !is_default(api) && api.family.is_none() && is_at_top(api)),
            "the API of that name: `client.owners()`".to_owned(),
            String::new(),
        ],
        [
            areas,
            "the APIs of an area: `client.cms().posts()`; each has a feature of its own, such as `cms-posts`"
                .to_owned(),
            String::new(),
        ],
    ];
    let mut text = "| feature | provides | default |\n| --- | --- | --- |\n".to_owned();
    let others = OTHERS.iter().map(|row| row.map(str::to_owned));
    for row in rows.into_iter().chain(others) {
        let row = row.join(" | ");
        let _ = writeln!(text, "| {} |", row.trim_end());
    }
    text
}

/// The names in backquotes, each once, sorted.
fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: BTreeSet<_> = names.map(|name| format!("`{name}`")).collect();
    Vec::from_iter(names).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{features, inputs};

    /// Not for users, or the list of the others.
    const UNSHOWN: [&str; 2] = ["default", "scope-audit"];

    #[test]
    fn every_feature_is_in_the_table() {
        let config = inputs::config().unwrap();
        let (_, manifest) = features::manifest(&config).unwrap();
        let table = table(&config, &defaults(&manifest).unwrap());
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        let features = manifest["features"].as_table().unwrap();
        assert!(features.len() > 80);
        let is_shown = |name: &str| table.contains(&format!("`{name}`"));
        for name in features
            .keys()
            .filter(|name| !UNSHOWN.contains(&name.as_str()))
        {
            // `cms-posts` is in the row of its area.
            let area = name.split_once('-').map(|(area, _)| area);
            assert!(is_shown(name) || area.is_some_and(is_shown), "{name}");
        }
    }

    #[test]
    fn the_first_row_has_the_apis_of_ordinary_builds() {
        let config = inputs::config().unwrap();
        let defaults = ["contacts", "bulk"].map(str::to_owned).into();
        let table = table(&config, &defaults);
        let first = table.lines().nth(2).unwrap();
        assert_eq!(
            first,
            "| `contacts` | the API of that name: `client.contacts()` | yes |"
        );
        assert!(table.contains("| `account`, `automation`, `cms`"));
    }
}
