//! The configuration: `apis.toml` and the files of single APIs say what is generated from which documents and what its parts
//! are called, `scopes.toml` lists the scopes.
//!
//! Unknown keys, unknown versions and APIs, and duplicates are errors.

mod api_file;
mod check;
mod document;
mod home;
mod scopes;
mod version;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::document::DocumentEntry;
use self::home::module_name;
pub use self::home::{Home, Module};
pub use self::scopes::Scope;
use self::scopes::known_scopes;
pub use self::version::{Support, Version};
use crate::error::{Error, Errors, Problem};

/// The configuration of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// What `apis.toml` says.
    pub apis: Apis,
    /// Every scope that is known, by name.
    pub scopes: BTreeMap<String, Scope>,
    /// Whether the documents are the whole set that `apis.toml` describes, so that a name in it which no document uses
    /// is a mistake.
    pub complete: bool,
    /// Whether documents that are drafts are read too.
    pub drafts: bool,
    /// Where the generated code lives.
    pub home: Home,
}

/// The contents of `apis.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Apis {
    /// The version at the top of the client.
    pub current: String,
    /// The versions, newest first.
    #[serde(rename = "version", default)]
    pub versions: Vec<Version>,
    /// The APIs.
    #[serde(rename = "api", default)]
    pub apis: Vec<Api>,
    /// Resources whose operations stand in several documents.
    #[serde(rename = "generic", default)]
    pub generics: Vec<Generic>,
    /// The documents.
    #[serde(rename = "document", default)]
    pub documents: Vec<DocumentEntry>,
    /// Method names for operations where the rules find none, or two the same: `"POST /path"` to name.
    #[serde(default)]
    pub methods: BTreeMap<String, String>,
    /// Operations that take no token, as `"POST /path"`, each with the reason. Any other operation without `security` is
    /// an error.
    #[serde(default)]
    pub public: BTreeMap<String, String>,
    /// What fields and values are named after where two of a type would have one name: `"Schema/field"` or
    /// `"Schema/value"` to name.
    #[serde(default)]
    pub members: BTreeMap<String, String>,
    /// What parameters are named after where two of an operation would have one name: `"GET /path parameter"` to name.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Examples for the documentation, by the operation's id: `contacts.list`.
    #[serde(default)]
    pub examples: BTreeMap<String, String>,
    /// Names that are longer than those of others may be, each with the reason: the operation's id for a method.
    #[serde(default)]
    pub long_names: BTreeMap<String, String>,
    /// HubSpot's schema names to ours.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// HubSpot's names of schemas that the client's own runtime defines, to their Rust paths.
    #[serde(default)]
    pub runtime: BTreeMap<String, String>,
}

/// An API, which becomes a resource of the client, unless only the mock knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// `line_items`.
    pub name: String,
    /// The cargo feature that it needs: `line-items`. Empty for an API that only the mock knows.
    #[serde(default)]
    pub feature: String,
    /// The cargo feature that `feature` implies, for what APIs of a family share: `objects`.
    #[serde(default)]
    pub family: Option<String>,
    /// The area of the client that it is in: `cms`. Its name begins with it.
    #[serde(default)]
    pub area: Option<String>,
    /// The path parameter that its handle holds, so that operations do not take it: `objectType`.
    #[serde(default)]
    pub handle: Option<String>,
    /// Whether the feature brings more than operations, so that it is described by hand in the client's `Cargo.toml`.
    #[serde(default)]
    pub runtime: bool,
    /// What the sets of optional parameters are named after. Empty for an API that only the mock knows.
    #[serde(default)]
    pub nouns: Nouns,
    /// Fields whose values never appear in `Debug`, logs or errors.
    #[serde(default)]
    pub secrets: BTreeSet<String>,
}

/// The area whose APIs are at the top of the client.
const TOP: &str = "crm";

impl Api {
    /// The area that gives the handle, and what the API is called there: `cms` and `posts`. None at the top of the client.
    pub fn within(&self) -> Option<(&str, &str)> {
        let area = self.area.as_deref().filter(|area| *area != TOP)?;
        let name = self.name.strip_prefix(area)?.strip_prefix('_')?;
        Some((area, name))
    }

    /// What the client's own method for it, or for its area, is called.
    fn at_top(&self) -> &str {
        self.within().map_or(self.name.as_str(), |(area, _)| area)
    }
}

/// A noun in singular and plural, in Pascal case: `Object` and `Objects`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nouns {
    /// For operations on one.
    pub one: String,
    /// For operations on many.
    pub many: String,
}

/// A resource whose operations stand in several documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Generic {
    /// `associations`.
    pub resource: String,
    /// The operations whose paths have every one of these parameters are its operations.
    pub parameters: BTreeSet<String>,
    /// It is there with any of these cargo features.
    pub features: BTreeSet<String>,
    /// What the sets of optional parameters are named after.
    pub nouns: Nouns,
}

impl Generic {
    /// Returns whether an operation with this path template belongs to the resource.
    pub fn claims(&self, path: &str) -> bool {
        !self.parameters.is_empty()
            && self.parameters.iter().all(|parameter| {
                path.split('/')
                    .any(|segment| parameter_name(segment) == Some(parameter))
            })
    }
}

/// What a table of `apis.toml` says of a key: for one of these documents, as `"2026-09/contacts#key"`, or else for all.
pub(crate) fn entry<'a>(
    table: &'a BTreeMap<String, String>,
    documents: impl IntoIterator<Item = String>,
    key: &str,
) -> Option<&'a String> {
    let mut documents = documents.into_iter();
    let of_document = documents.find_map(|document| table.get(&format!("{document}#{key}")));
    of_document.or_else(|| table.get(key))
}

/// The name in a segment such as `{objectId}` of a path template.
pub fn parameter_name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Returns whether a segment of a path says the version, which is a date or a number: `2026-09-beta`, `v3`.
pub(crate) fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or(segment);
    !number.is_empty()
        && number.starts_with(|first: char| first.is_ascii_digit())
        && number
            .trim_end_matches("-beta")
            .chars()
            .all(|character| character.is_ascii_digit() || character == '-')
}

impl Config {
    /// Reads `apis.toml` and `scopes.toml`; the paths are for messages.
    pub fn parse(apis: (&str, &str), scopes: (&str, &str)) -> Result<Self, Errors> {
        let (scopes_path, scopes_text) = scopes;
        let (apis_path, apis_text) = apis;
        let config = Self {
            scopes: known_scopes(scopes_path, parse_toml(scopes_path, scopes_text)?)?,
            apis: parse_toml(apis_path, apis_text)?,
            complete: true,
            drafts: false,
            home: Home::Client,
        };
        config.check(apis_path)?;
        Ok(config)
    }

    /// Fails if names are given twice or refer to nothing.
    pub(crate) fn check(&self, path: &str) -> Result<(), Errors> {
        let problems = self.apis.problems().into_iter();
        let errors = problems.map(|problem| Error::in_file(path, problem));
        Errors::check(errors.collect())
    }

    /// A configuration for one document that no `apis.toml` describes: its API and version are the only ones, and every
    /// name follows the rules.
    pub fn ad_hoc(api: &str, version: &str, file: &str) -> Self {
        Self::default().and_document(api, version, file)
    }

    /// The same with one document more. Its API and version are added where they are new; the first version is the
    /// current one.
    #[must_use]
    pub fn and_document(mut self, api: &str, version: &str, file: &str) -> Self {
        let apis = &mut self.apis;
        if apis.current.is_empty() {
            version.clone_into(&mut apis.current);
        }
        if apis.version(version).is_none() {
            let is_current = apis.current == version;
            apis.versions.push(Version {
                name: version.into(),
                module: module_name(version),
                feature: (!is_current).then(|| version.into()),
                ..Version::default()
            });
        }
        if apis.api(api).is_none() {
            let noun = api.to_pascal_case();
            apis.apis.push(Api {
                name: api.into(),
                feature: api.replace('_', "-"),
                nouns: Nouns {
                    one: noun.clone(),
                    many: noun,
                },
                ..Api::default()
            });
        }
        apis.documents.push(DocumentEntry {
            api: api.into(),
            version: version.into(),
            file: file.into(),
            published: Some(file.into()),
            ..DocumentEntry::default()
        });
        self
    }

    /// What of it the client is generated from: without the documents that only the mock knows, and without the APIs
    /// and versions that only these have.
    #[must_use]
    pub fn of_client(&self) -> Self {
        let mut config = self.clone();
        let Apis {
            documents,
            apis,
            versions,
            ..
        } = &mut config.apis;
        documents.retain(|entry| !entry.mock_only);
        apis.retain(|api| documents.iter().any(|entry| entry.api == api.name));
        versions.retain(|version| documents.iter().any(|entry| entry.version == version.name));
        config
    }
}

impl Apis {
    /// Where a version stands in the list of versions; the last place if it is unknown.
    pub(crate) fn version_order(&self, version: &str) -> usize {
        let mut versions = self.versions.iter();
        let found = versions.position(|known| known.name == version);
        found.unwrap_or(usize::MAX)
    }

    /// The version with this name.
    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// The API with this name.
    pub fn api(&self, name: &str) -> Option<&Api> {
        self.apis.iter().find(|api| api.name == name)
    }

    /// Where the documents of this API in this version stand.
    pub fn document(&self, api: &str, version: &str) -> Option<&DocumentEntry> {
        let mut entries = self.documents.iter();
        entries.find(|entry| entry.api == api && entry.version == version)
    }

    /// Returns whether an operation of a document takes no token.
    pub(crate) fn is_public(&self, document: String, operation: &str) -> bool {
        entry(&self.public, [document], operation).is_some()
    }

    /// The generic resource that an operation with this path belongs to.
    pub fn generic(&self, path: &str) -> Option<&Generic> {
        self.generics.iter().find(|generic| generic.claims(path))
    }

    /// The generic resource with this name.
    pub fn generic_resource(&self, name: &str) -> Option<&Generic> {
        self.generics
            .iter()
            .find(|generic| generic.resource == name)
    }

    /// The nouns of a resource.
    pub fn nouns(&self, resource: &str) -> Option<&Nouns> {
        let generic = self
            .generic_resource(resource)
            .map(|generic| &generic.nouns);
        generic.or_else(|| self.api(resource).map(|api| &api.nouns))
    }

    /// Returns whether there is code for an API in the client: not so when only the mock knows its documents.
    fn is_of_client(&self, api: &Api) -> bool {
        let mut entries = self.documents.iter().filter(|entry| entry.api == api.name);
        entries.clone().next().is_none() || entries.any(|entry| !entry.mock_only)
    }
}

pub(crate) fn parse_toml<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|cause| {
        let cause = cause.to_string().trim_end().to_owned();
        Error::in_file(
            path,
            Problem::Syntax {
                format: "TOML",
                cause,
            },
        )
    })
}
