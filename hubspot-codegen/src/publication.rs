//! Tells whether a file that was fetched is the document that it should be.
//!
//! It must be `OpenAPI`, of the expected version, and have a path of the API. An error says what is wrong and what to do.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::config::parameter_name;
use crate::error::{Error, Problem};
use crate::load::parse;

/// What a published document should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The API, as `apis.toml` names it: `line_items`. Several documents that fit are told apart by it.
    pub api: String,
    /// The version: `2026-09`. Any, if it is empty.
    pub version: String,
    /// Paths of our own document, one of which it must have. Any, if there are none.
    pub paths: BTreeSet<String>,
}

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Publication {
    /// Its title: `Line Items`.
    pub title: String,
    version: String,
    paths: BTreeSet<String>,
}

impl Publication {
    /// Reads a file. Text that is not `OpenAPI` is an error.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Self, Error> {
        let refuse = |what: &str| Error::in_file(path, Problem::NotPublished(what.to_owned()));
        if bytes.trim_ascii_start().starts_with(b"<") {
            return Err(refuse(
                "HTML or XML, as a server sends for an error or a login page",
            ));
        }
        let value = parse(path, bytes)?;
        let version = value
            .get("openapi")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !version.starts_with("3.") {
            return Err(refuse("a file that does not say `openapi: 3`"));
        }
        let text = |pointer: &str| {
            let text = value.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let paths = value.get("paths").and_then(Value::as_object);
        Ok(Self {
            title: text("/info/title"),
            version: text("/info/version"),
            paths: paths
                .into_iter()
                .flat_map(|paths| paths.keys().cloned())
                .collect(),
        })
    }

    /// Fails if this is another document. `path` is for the message.
    pub fn check(&self, path: &str, expected: &Expected) -> Result<(), Error> {
        let refuse = |what: String| Err(Error::in_file(path, Problem::NotPublished(what)));
        if !expected.version.is_empty() && self.version != expected.version {
            let (found, wanted) = (&self.version, &expected.version);
            return refuse(format!(
                "`{}` of version `{found}`, and not `{wanted}`",
                self.title
            ));
        }
        let has = |path: &String| self.paths.iter().any(|own| same_path(own, path));
        if !expected.paths.is_empty() && !expected.paths.iter().any(has) {
            let (title, api) = (&self.title, &expected.api);
            return refuse(format!("`{title}`, which has none of the paths of `{api}`"));
        }
        Ok(())
    }

    /// Returns whether the title or the name of the file says the API.
    pub fn is_named(&self, path: &str, expected: &Expected) -> bool {
        let words = |text: &str| {
            text.to_lowercase()
                .replace(|letter: char| !letter.is_alphanumeric(), " ")
        };
        let api = words(&expected.api);
        let file = path.rsplit('/').next().unwrap_or_default();
        let file = words(file.split('.').next().unwrap_or_default());
        let title = words(&self.title);
        title == api || file == api || title.ends_with(&format!(" {api}"))
    }
}

/// Returns whether two paths are the same where neither has a parameter.
fn same_path(one: &str, other: &str) -> bool {
    let is_parameter = |segment: &str| parameter_name(segment).is_some();
    let mut segments = one.split('/').zip(other.split('/'));
    one.split('/').count() == other.split('/').count()
        && segments.all(|(one, other)| one == other || is_parameter(one) || is_parameter(other))
}
