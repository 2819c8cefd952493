//! The page of the documentation that lists the APIs of the client, as Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::join::{Code, Resource, Version};
use crate::model::Authentication;

/// So many scopes of an API are listed; of more, only the number.
const MOST_SCOPES: usize = 12;

const OPENING: &str = "\
# The APIs of the client

Written by `cargo xtask regen`; do not edit.

Each API is a cargo feature. An area, such as `cms`, is a feature with all of its APIs; `full` has every API but OAuth's.
Versions other than the current one need their feature too (`v3`). The scopes are those that any operation of the API can
need; the documentation of each method says which ones it needs.

";

/// One API in all of its versions.
#[derive(Default)]
struct Row<'a> {
    features: BTreeSet<&'a str>,
    /// The number of operations by version, in the order of the versions.
    versions: Vec<(&'a str, usize)>,
    scopes: BTreeSet<&'a str>,
    takes_developer_key: bool,
}

/// A table of the APIs, in order of their handles.
pub(super) fn page(code: &Code<'_>) -> String {
    let mut rows = BTreeMap::<String, Row<'_>>::new();
    for version in &code.versions {
        for resource in &version.resources {
            rows.entry(handle(resource))
                .or_default()
                .add(version, resource);
        }
    }
    let mut page = OPENING.to_owned();
    page += "| handle | feature | operations | scopes |\n| --- | --- | --- | --- |\n";
    for (handle, row) in rows {
        let features = row.features.iter().map(|feature| format!("`{feature}`"));
        let versions = row.versions.iter();
        let versions = versions.map(|(version, count)| format!("{count} in {version}"));
        let _ = writeln!(
            page,
            "| `{handle}` | {} | {} | {} |",
            features.collect::<Vec<_>>().join(" or "),
            versions.collect::<Vec<_>>().join(", "),
            row.needs(),
        );
    }
    page
}

/// `cms().posts()`, `objects(object_type)`
fn handle(resource: &Resource<'_>) -> String {
    let area = resource.name.area.as_ref();
    let area = area.map(|area| format!("{}().", area.method.plain()));
    format!(
        "{}{}({})",
        area.unwrap_or_default(),
        resource.name.method.plain(),
        resource
            .handle_argument()
            .map_or("", |argument| argument.plain())
    )
}

impl<'a> Row<'a> {
    fn add(&mut self, version: &'a Version<'_>, resource: &'a Resource<'_>) {
        self.features.extend(resource.gate.features());
        let count = resource.operations.len();
        self.versions.push((version.name.name.as_str(), count));
        for operation in &resource.operations {
            self.scopes.extend(operation.model.requirement.scopes());
            let authentication = operation.model.authentication;
            self.takes_developer_key |= authentication == Authentication::DeveloperKey;
        }
    }

    fn needs(&self) -> String {
        let mut needs = match self.scopes.len() {
            0 => Vec::new(),
            count if count > MOST_SCOPES => vec![format!("{count} scopes, by object type")],
            _ => {
                let scopes = self.scopes.iter().map(|scope| format!("`{scope}`"));
                scopes.collect()
            }
        };
        if self.takes_developer_key {
            needs.push("the developer API key".to_owned());
        }
        if needs.is_empty() {
            "none".to_owned()
        } else {
            needs.join(", ")
        }
    }
}
