//! Where the documents of an API stand: ours, and those that HubSpot publishes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Config;

/// Where the documents of an API in a version stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentEntry {
    /// An [`Api`](super::Api)'s name.
    #[serde(default)]
    pub api: String,
    /// A [`Version`](super::Version)'s name.
    pub version: String,
    /// Our document, below `specs/`.
    pub file: String,
    /// HubSpot's document, below the folder of published documents.
    #[serde(default)]
    pub published: Option<String>,
    /// Further documents of HubSpot with operations that are in `published` too.
    #[serde(default)]
    pub also_published: Vec<String>,
    /// Path parameters of HubSpot's document that have a fixed value here.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
    /// Whether it is no part of the client: only the mock answers its operations.
    #[serde(default)]
    pub mock_only: bool,
    /// Whether words are due in it, or names. Such a document is no part of anything that is generated.
    #[serde(default)]
    pub draft: bool,
    /// The `security` of operations that read records and of those that write them, for an object type of the table.
    #[serde(skip)]
    pub scopes: Option<(serde_json::Value, serde_json::Value)>,
}

impl DocumentEntry {
    /// `2026-09/contacts`: what overlays and messages call it.
    pub fn id(&self) -> String {
        format!("{}/{}", self.version, self.api)
    }

    /// Every document of HubSpot that states its facts.
    pub fn all_published(&self) -> impl Iterator<Item = &String> {
        self.published.iter().chain(&self.also_published)
    }
}

impl Config {
    /// The same, with the further documents of HubSpot in the place of the first ones. A document with several has
    /// several entries; one without any has none.
    #[must_use]
    pub fn also_published(&self) -> Self {
        let mut config = self.clone();
        config.apis.documents.clear();
        for entry in &self.apis.documents {
            let further = entry.also_published.iter().map(|path| DocumentEntry {
                published: Some(path.clone()),
                also_published: Vec::new(),
                ..entry.clone()
            });
            config.apis.documents.extend(further);
        }
        config
    }
}
