//! Generates the APIs of documents as a module of a crate of one's own.

mod client;
mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use self::client::Client;
use crate::config::{Apis, Config, Home, Module, Scope, parse_toml};
use crate::correct::Overlay;
use crate::error::{Error, Errors, Problem};
use crate::folder::{self, Difference, FolderError};
use crate::load::Origin;
use crate::model::{Document, Place};
use crate::name::is_identifier;
use crate::{Output, documents, generate_from, unused};

/// Modules that the generated one has besides those of versions.
const MODULES: [&str; 6] = [
    "client",
    "models",
    "operations",
    "prelude",
    "requests",
    "scopes",
];

/// Methods of the client that are no handles.
const METHODS: [&str; 11] = [
    "builder",
    "clone",
    "core",
    "developer_builder",
    "narrow",
    "objects_of",
    "records",
    "request",
    "unchecked_builder",
    "upgrade",
    "verify_scopes",
];

/// The schemas of HubSpot's documents that the client's runtime defines.
const RUNTIME: [(&str, &str); 2] = [
    ("ErrorDetail", "error::ErrorDetail"),
    ("StandardError", "error::BatchError"),
];

/// Generates the APIs of `OpenAPI` documents as a module of a crate that depends on `hubspot-generated`.
///
/// In a build script:
///
/// ```no_run
/// use std::{env, path::Path};
///
/// use hubspot_codegen::Generator;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     println!("cargo::rerun-if-changed=openapi");
///     Generator::new("hubspot")
///         .document("openapi/visits.yaml")
///         .new_scope("visits.read")
///         .write(&Path::new(&env::var("OUT_DIR")?).join("hubspot"))?;
///     Ok(())
/// }
/// ```
///
/// and in the crate, where the module's path has to be the one given to [`new`](Self::new):
///
/// ```ignore (needs the build script)
/// mod hubspot {
///     include!(concat!(env!("OUT_DIR"), "/hubspot/mod.rs"));
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Generator {
    module: String,
    client: String,
    serde: bool,
    documents: Vec<PathBuf>,
    overlays: Vec<PathBuf>,
    names: Option<PathBuf>,
    new_scopes: BTreeSet<String>,
    handles: BTreeMap<String, String>,
}

/// Why nothing was generated or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The documents or the settings cannot be used.
    #[error(transparent)]
    Input(#[from] Errors),
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// The tables of `apis.toml` that name things, for documents of one's own.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Names {
    methods: BTreeMap<String, String>,
    public: BTreeMap<String, String>,
    members: BTreeMap<String, String>,
    parameters: BTreeMap<String, String>,
    rename: BTreeMap<String, String>,
}

impl Generator {
    /// Creates one for the module with this path below the root of its crate: `hubspot`, or `api::hubspot`.
    pub fn new(module: impl Into<String>) -> Self {
        Self {
            module: module.into(),
            client: "hubspot_generated".to_owned(),
            ..Self::default()
        }
    }

    /// Adds an `OpenAPI` document, in YAML or JSON: 3.0, or 3.1 where it says what 3.0 can.
    ///
    /// Its API is named after the file up to the first dot: the operations of `visits.yaml` are methods of `visits()`. Its
    /// version is the one in its paths and in `info.version`.
    pub fn document(mut self, path: impl Into<PathBuf>) -> Self {
        self.documents.push(path.into());
        self
    }

    /// Adds an `OpenAPI` Overlay 1.0 document, whose actions correct the documents. An action that matches nothing is an
    /// error.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// Sets the file with names that the rules do not find, called `apis.toml` in messages: the tables `methods`, `public`,
    /// `members`, `parameters` and `rename`.
    pub fn names(mut self, path: impl Into<PathBuf>) -> Self {
        self.names = Some(path.into());
        self
    }

    /// Adds a scope that the client does not know. Any other unknown scope of a document is an error.
    pub fn new_scope(mut self, scope: impl Into<String>) -> Self {
        self.new_scopes.insert(scope.into());
        self
    }

    /// Names the client's method for a version: `handle("2027-03-beta", "beta")` makes it `client.beta()` instead of
    /// `client.v2027_03_beta()`.
    pub fn handle(mut self, version: impl Into<String>, method: impl Into<String>) -> Self {
        self.handles.insert(version.into(), method.into());
        self
    }

    /// Sets the name of the dependency `hubspot-generated` in Rust, if it is renamed in `Cargo.toml`.
    pub fn client(mut self, name: impl Into<String>) -> Self {
        self.client = name.into();
        self
    }

    /// Implements serde's `Serialize` and `Deserialize` for every model. The module then needs the feature `serde` of
    /// `hubspot-generated`.
    pub fn serde(mut self) -> Self {
        self.serde = true;
        self
    }

    /// Returns the files of the module, by path below its folder.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the settings or the documents, with file and JSON pointer.
    pub fn generate(&self) -> Result<Output, Errors> {
        let config = self.config()?;
        let overlays = self.overlays.iter().map(|path| {
            let shown = path.to_string_lossy();
            Overlay::parse(&shown, &read(path, |path| fs::read(path))?)
        });
        let overlays = overlays.collect::<Result<Vec<_>, _>>()?;
        let origin = if overlays.is_empty() {
            Origin::Own
        } else {
            Origin::Published
        };
        let documents = documents(&config, origin, &overlays, &|path| fs::read(path))?;
        Errors::check(self.unused(&config, &documents))?;
        generate_from(&config, &documents)
    }

    /// Settings that have no effect, and documents without operations.
    fn unused(&self, config: &Config, documents: &[Document]) -> Vec<Error> {
        let mut errors = Vec::new();
        if let Some(path) = &self.names {
            errors = unused::names(&path.to_string_lossy(), &config.apis, documents);
        }
        let operations = documents.iter().flat_map(|document| &document.operations);
        let needed = operations.flat_map(|operation| operation.requirement.scopes());
        let needed = needed.collect::<BTreeSet<_>>();
        let unused = self.new_scopes.iter();
        let unused = unused.filter(|scope| !needed.contains(scope.as_str()));
        errors.extend(unused.map(|scope| {
            let cause = format!(
                "no operation needs `{scope}`, which is stated as a new scope: correct it, or remove `--new-scope {scope}`"
            );
            Error::in_file("the settings", Problem::Setting(cause))
        }));
        let empty = documents.iter();
        let empty = empty.filter(|document| document.operations.is_empty());
        errors.extend(empty.map(|document| {
            let place = Place {
                document: document.path.clone(),
                pointer: "/paths".to_owned(),
            };
            let cause = "the document has no operations: is it the right file?";
            Error::new(place, Problem::Setting(cause.to_owned()))
        }));
        errors
    }

    /// Writes the files of the module to `folder`, and removes those that are no longer generated. Returns what changed; a
    /// file whose text stays the same is not touched.
    ///
    /// # Errors
    ///
    /// As [`generate`](Self::generate), and if `folder` has a file that was not generated, or cannot be written. Then
    /// nothing is changed.
    pub fn write(&self, folder: &Path) -> Result<Vec<Difference>, GenerateError> {
        self.update(folder, true)
    }

    /// Returns how `folder` differs from what is generated, and writes nothing.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn check(&self, folder: &Path) -> Result<Vec<Difference>, GenerateError> {
        self.update(folder, false)
    }

    fn update(&self, folder: &Path, write: bool) -> Result<Vec<Difference>, GenerateError> {
        folder::only_generated(folder, folder::MARK)?;
        let output = self.generate()?;
        let differences = folder::compare(folder, &output)?;
        if write {
            folder::update(folder, &output, &differences)?;
        }
        Ok(differences)
    }

    fn config(&self) -> Result<Config, Errors> {
        let mut errors = Vec::new();
        let place = "the settings";
        let refuse = |cause: String| Error::in_file(place, Problem::Setting(cause));
        if !self.module.split("::").all(is_identifier) {
            errors.push(refuse(format!(
                "`{}` is no path of a module below the root of its crate, such as `hubspot` or `api::hubspot`; keywords are \
                 none either",
                self.module
            )));
        }
        if !is_identifier(&self.client) {
            errors.push(refuse(format!("`{}` is no name of a crate", self.client)));
        }
        if self.documents.is_empty() {
            errors.push(refuse("no document is given".to_owned()));
        }
        let client = Client::current();
        let mut config = Config {
            apis: self.apis()?,
            ..Config::default()
        };
        for path in &self.documents {
            match document::identify(path) {
                Ok((api, version)) => {
                    let taken = config.apis.document(&api, &version).is_some();
                    if taken {
                        errors.push(Error::in_file(
                            path.to_string_lossy(),
                            Problem::Setting(format!(
                                "another document is `{api}` of version {version} too: rename one of the files"
                            )),
                        ));
                    }
                    let file = path.to_string_lossy();
                    config = config.and_document(&api, &version, &file);
                }
                Err(error) => errors.push(error),
            }
        }
        self.name_handles(&mut config, &client, &mut errors);
        Errors::check(errors)?;
        // No version is at the top of the client, which has methods of its own there.
        config.apis.current = String::new();
        for version in &mut config.apis.versions {
            version.feature = None;
        }
        let known = client.scopes.iter().chain(&self.new_scopes).cloned();
        config.scopes = known.map(|scope| (scope, Scope::default())).collect();
        config.home = Home::Module(Module {
            path: self.module.clone(),
            client: self.client.clone(),
            serde: self.serde,
            scopes: client.scopes,
            requirements: client.requirements,
        });
        Ok(config)
    }

    fn apis(&self) -> Result<Apis, Errors> {
        let names = match &self.names {
            None => Names::default(),
            Some(path) => {
                let shown = path.to_string_lossy();
                let text = read(path, |path| fs::read_to_string(path))?;
                parse_toml(&shown, &text)?
            }
        };
        let runtime = RUNTIME.map(|(name, path)| (name.to_owned(), path.to_owned()));
        Ok(Apis {
            methods: names.methods,
            public: names.public,
            members: names.members,
            parameters: names.parameters,
            rename: names.rename,
            runtime: runtime.into(),
            ..Apis::default()
        })
    }

    fn name_handles(&self, config: &mut Config, client: &Client, errors: &mut Vec<Error>) {
        let refuse = |cause: String| Error::in_file("the settings", Problem::Setting(cause));
        for version in self.handles.keys() {
            if config.apis.version(version).is_none() {
                errors.push(refuse(format!(
                    "no document is of the version `{version}` that a handle is named for"
                )));
            }
        }
        // Newest first, since that is where types are defined.
        config
            .apis
            .versions
            .sort_by(|one, other| other.name.cmp(&one.name));
        for version in &mut config.apis.versions {
            if let Some(name) = self.handles.get(&version.name) {
                version.module.clone_from(name);
            }
            let name = &version.module;
            let taken = if client.methods.contains(name) || METHODS.contains(&name.as_str()) {
                "is a method of the client already"
            } else if [&MODULES[..], &document::RESERVED]
                .concat()
                .contains(&name.as_str())
                || !is_identifier(name)
            {
                "cannot be the name of its module"
            } else {
                continue;
            };
            errors.push(refuse(format!(
                "the handle of version {} would be named `{name}`, which {taken}: name it with `--handle {}=NAME`",
                version.name, version.name
            )));
        }
    }
}

/// A file's contents.
fn read<T>(path: &Path, read: impl Fn(&Path) -> io::Result<T>) -> Result<T, Error> {
    let refuse = |cause: io::Error| {
        Error::in_file(
            path.to_string_lossy(),
            Problem::Unreadable(cause.to_string()),
        )
    };
    read(path).map_err(refuse)
}
