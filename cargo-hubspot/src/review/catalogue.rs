//! `--catalogue`: what operations need in another version of the client, or by a newer OpenAPI document.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use hubspot_generated::Operation;
use hubspot_scopes::Requirement;
use hubspot_scopes::security::{self, Entry};
use serde_json::Value;

use crate::operations;
use crate::path::fits;
use crate::request::METHODS;
use crate::scopes::CATALOGUE_FORMAT;

/// What is known of operations.
#[derive(Default)]
pub(super) struct Catalogue {
    operations: Vec<Known>,
    /// Names of documents that name no resource of the client, so that their operations on any object type are left out.
    pub(super) unnamed: Vec<String>,
}

struct Known {
    method: String,
    path: String,
    /// The resource that the document is about, if its paths are of any object type.
    resource: Option<String>,
    /// `None` if the document does not say it.
    needs: Option<Requirement>,
}

/// What becomes of an operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OperationStatus {
    /// It needs this.
    Needs(Requirement),
    /// It is gone, although others of its resource are there.
    Gone,
    /// The catalogue does not say it.
    Unknown,
}

impl Catalogue {
    pub(super) fn read(files: &[PathBuf]) -> Result<Self> {
        let mut catalogue = Self::default();
        for file in files {
            let shown = file.display();
            let text =
                fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
            let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
                .with_context(|| format!("`{shown}` is not JSON"))?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            if value.get("paths").is_some_and(Value::is_object) {
                catalogue.add_document(&value, &stem);
            } else {
                catalogue
                    .add(&value)
                    .with_context(|| format!("`{shown}` cannot be used"))?;
            }
        }
        Ok(catalogue)
    }

    /// Adds what `cargo hubspot scopes --catalogue` printed.
    fn add(&mut self, value: &Value) -> Result<()> {
        let format = value.get("format").and_then(Value::as_u64);
        match (format, value.get("operations").and_then(Value::as_array)) {
            (Some(format), _) if format != u64::from(CATALOGUE_FORMAT) => bail!(
                "it has format {format}, and this version of cargo-hubspot knows {CATALOGUE_FORMAT}: update the older one"
            ),
            (Some(_), Some(operations)) => {
                for one in operations {
                    let text = |key: &str| one.get(key).and_then(Value::as_str);
                    let known = text("method").zip(text("path")).zip(text("requirement"));
                    let ((method, path), needs) =
                        known.context("an operation lacks `method`, `path` or `requirement`")?;
                    let needs = needs
                        .parse()
                        .with_context(|| format!("`{needs}` is no requirement"))?;
                    self.operations.push(Known {
                        method: method.to_owned(),
                        path: path.to_owned(),
                        resource: None,
                        needs: Some(needs),
                    });
                }
                Ok(())
            }
            _ => bail!(
                "it is neither an OpenAPI document nor the output of `cargo hubspot scopes --catalogue`"
            ),
        }
    }

    /// Adds a document. In the paths of several APIs `{objectType}` stands for the objects that the document is about.
    fn add_document(&mut self, document: &Value, stem: &str) {
        let title = document.pointer("/info/title").and_then(Value::as_str);
        let names = [title.unwrap_or_default(), stem];
        let resource = operations::all().map(Operation::resource).find(|resource| {
            let is_it = |name: &&str| {
                let name = name.to_lowercase().replace([' ', '-'], "_");
                name == **resource || name.strip_prefix("crm_") == Some(resource)
            };
            names.iter().any(is_it)
        });
        if resource.is_none() && document["paths"].to_string().contains("{objectType}") {
            self.unnamed.push(stem.to_owned());
        }
        let paths = document["paths"].as_object().into_iter().flatten();
        for (path, item) in paths {
            for method in METHODS {
                let Some(operation) = item.get(method.to_lowercase()) else {
                    continue;
                };
                let security = operation
                    .get("security")
                    .or_else(|| document.get("security"));
                self.operations.push(Known {
                    method: method.to_owned(),
                    path: path.clone(),
                    resource: path
                        .contains("{objectType}")
                        .then(|| resource.unwrap_or_default().to_owned()),
                    needs: security.and_then(requirement),
                });
            }
        }
    }

    /// What becomes of an operation of the client.
    pub(super) fn status(&self, operation: &Operation) -> OperationStatus {
        let of_resource = |known: &&Known| {
            known
                .resource
                .as_deref()
                .is_none_or(|of| of == operation.resource())
        };
        let is_it = |known: &&Known| {
            known.method == operation.method.as_str()
                && of_resource(known)
                && (known.path == operation.path
                    || fits(&known.path, operation.path)
                    || fits(operation.path, &known.path))
        };
        let mut fitting: Vec<_> = self.operations.iter().filter(is_it).collect();
        // The same path first: names of parameters differ. Then the one with the fewest parameters says most.
        let is_other = |known: &Known| {
            !(fits(&known.path, operation.path) && fits(operation.path, &known.path))
        };
        fitting.sort_by_key(|known| (is_other(known), known.path.matches('{').count()));
        if let Some(known) = fitting.first() {
            return known
                .needs
                .clone()
                .map_or(OperationStatus::Unknown, OperationStatus::Needs);
        }
        // The collection of the resource: `/crm/objects/2026-09/contacts`.
        let base = |path: &str| path.split('/').take(5).collect::<Vec<_>>().join("/");
        let mut others = self.operations.iter().filter(of_resource);
        let own = base(operation.path);
        if others.any(|known| fits(&base(&known.path), &own) || known.path.starts_with(&own)) {
            OperationStatus::Gone
        } else {
            OperationStatus::Unknown
        }
    }
}

/// What a `security` asks for; `None` if it does not name scopes of a kind of login.
fn requirement(security: &Value) -> Option<Requirement> {
    let entries = security.as_array()?.iter();
    let entries = entries.filter_map(Value::as_object).map(|schemes| {
        Entry::new(schemes.iter().map(|(name, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten();
            (name.as_str(), scopes.filter_map(Value::as_str))
        }))
    });
    let entries: Vec<_> = entries.collect();
    security::requirement(&entries, security::logins(&entries))
}

/// Fails if the catalogue says nothing of the client.
pub(super) fn refuse_empty(catalogue: &Catalogue, files: &[PathBuf]) -> Result<()> {
    let is_known =
        operations::all().any(|operation| catalogue.status(operation) != OperationStatus::Unknown);
    let names: Vec<_> = files
        .iter()
        .map(|file| format!("`{}`", file.display()))
        .collect();
    ensure!(
        is_known,
        "{} has no operation of the client",
        names.join(" and ")
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contacts(security: &Value) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let document = json!({
            "info": { "title": "Contacts" },
            "paths": { "/crm/objects/2026-09/{objectType}": { "get": { "security": security } } },
        });
        catalogue.add_document(&document, "crm-contacts");
        catalogue
    }

    fn status(catalogue: &Catalogue, id: &str) -> OperationStatus {
        catalogue.status(operations::find(id).unwrap())
    }

    #[test]
    fn a_document_says_what_its_operations_need() {
        let catalogue = contacts(
            &json!([{ "oauth2": ["a"] }, { "private_apps": ["a"] }, { "oauth2": ["b"] }, { "developer_hapikey": [] }]),
        );
        let needs = r#"any("a", oauth2("b"))"#.parse().unwrap();
        assert_eq!(
            status(&catalogue, "contacts.list"),
            OperationStatus::Needs(needs)
        );
        assert_eq!(status(&catalogue, "contacts.create"), OperationStatus::Gone);
        // The document is about contacts of one version.
        for id in ["companies.list", "v3.contacts.list", "owners.list"] {
            assert_eq!(status(&catalogue, id), OperationStatus::Unknown, "{id}");
        }
        for security in [json!([]), json!([{ "developer_hapikey": [] }]), json!(null)] {
            assert_eq!(
                status(&contacts(&security), "contacts.list"),
                OperationStatus::Unknown
            );
        }
    }

    #[test]
    fn a_catalogue_of_the_same_client_changes_nothing() {
        let mut catalogue = Catalogue::default();
        catalogue
            .add(&serde_json::to_value(crate::scopes::catalogue()).unwrap())
            .unwrap();
        for operation in operations::all() {
            let needs = operation.requirement().unwrap_or_default();
            assert_eq!(
                catalogue.status(operation),
                OperationStatus::Needs(needs),
                "{}",
                operation.id
            );
        }
    }
}
