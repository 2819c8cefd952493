//! The file of a single API, `apis/owners.toml`: the API, its document, and what the document's parts are called.
//!
//! Keys of its tables are about its own document, so that files of several APIs never meet.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Api, Config, DocumentEntry, parse_toml};
use crate::error::{Error, Errors, Problem};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApiFile {
    /// None if `apis.toml` has it, because other documents are of it too.
    #[serde(default)]
    api: Option<Api>,
    document: DocumentEntry,
    #[serde(default)]
    methods: BTreeMap<String, String>,
    #[serde(default)]
    public: BTreeMap<String, String>,
    #[serde(default)]
    members: BTreeMap<String, String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    examples: BTreeMap<String, String>,
    #[serde(default)]
    rename: BTreeMap<String, String>,
    #[serde(default)]
    runtime: BTreeMap<String, String>,
}

impl Config {
    /// Adds the API that a file below `apis/` describes. A draft is read and left out, unless [`Config::drafts`] is set.
    ///
    /// # Errors
    ///
    /// Fails on unknown and missing keys, and on names that `apis.toml` or another file has already.
    pub fn with_api(mut self, path: &str, text: &str) -> Result<Self, Errors> {
        let mut file: ApiFile = parse_toml(path, text)?;
        if file.document.draft && !self.drafts {
            return Ok(self);
        }
        if let Some(api) = &file.api {
            file.document.api.clone_from(&api.name);
        }
        let document = file.document.id();
        let apis = &mut self.apis;
        let mut problems = Vec::new();
        let mut add = |to: &mut BTreeMap<String, String>, from: BTreeMap<_, _>, own: bool| {
            for (key, value) in from {
                let key = if own {
                    format!("{document}#{key}")
                } else {
                    key
                };
                if to.insert(key.clone(), value).is_some() {
                    let kind = "entry";
                    problems.push(Problem::Duplicate { kind, name: key });
                }
            }
        };
        add(&mut apis.methods, file.methods, true);
        add(&mut apis.public, file.public, true);
        add(&mut apis.members, file.members, true);
        add(&mut apis.parameters, file.parameters, true);
        add(&mut apis.rename, file.rename, true);
        add(&mut apis.runtime, file.runtime, true);
        add(&mut apis.examples, file.examples, false);
        apis.apis.extend(file.api);
        apis.documents.push(file.document);
        let errors = problems.into_iter();
        let errors = errors.map(|problem| Error::in_file(path, problem));
        Errors::check(errors.collect())?;
        self.check(path)?;
        Ok(self)
    }
}
