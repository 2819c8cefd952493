//! The older paths and undocumented operations of `older-paths.toml`, and the table of them that the mock is generated with.

use hubspot_scopes::Requirement;
use quote::quote;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::config::{Config, Home, parse_toml};
use crate::emit::{File, separated};
use crate::error::{Error, Errors, Problem};
use crate::model::Place;
use crate::{Output, render::render};

/// The content of `older-paths.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OlderPaths {
    /// Versions that have the same paths with another date.
    pub dates: Vec<String>,
    /// The beginnings of older paths.
    #[serde(rename = "prefix")]
    pub prefixes: Vec<Prefix>,
    /// Operations without a document.
    #[serde(rename = "operation")]
    pub operations: Vec<Operation>,
}

/// The beginning of the paths of some operations in an older version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefix {
    /// The older version: `v3`.
    pub version: String,
    /// The beginning in the current version.
    pub current: String,
    /// The beginning in the older version.
    pub older: String,
    /// A resource that has no such paths.
    #[serde(default)]
    pub except: String,
}

/// An operation without a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The resource, a part of its id.
    pub resource: String,
    /// The version, a part of its id.
    pub version: String,
    /// The action, a part of its id.
    pub action: String,
    /// The id of the operation that has its token, limits and scopes.
    pub like: String,
    /// `GET`
    pub method: String,
    /// The path, with parameters in braces.
    pub path: String,
    /// A requirement that replaces the scopes of `like`.
    pub scopes: Option<String>,
    /// The JSON of the response, if it is always the same.
    pub answer: Option<String>,
}

impl OlderPaths {
    /// Parses `older-paths.toml`. The path is for messages; scopes have to be known to `config`.
    ///
    /// # Errors
    ///
    /// Fails on unknown and missing keys, unknown scopes, and answers that are not JSON.
    pub fn parse(path: &str, text: &str, config: &Config) -> Result<Self, Errors> {
        let parsed: Self = parse_toml(path, text)?;
        let operations = parsed.operations.iter().enumerate();
        let errors = operations.flat_map(|(index, operation)| {
            let problems = operation.problems(config).into_iter();
            problems.map(move |(key, problem)| {
                let (document, pointer) = (path.to_owned(), format!("/operation/{index}/{key}"));
                Error::new(Place { document, pointer }, problem)
            })
        });
        Errors::check(errors.collect())?;
        Ok(parsed)
    }

    /// Generates the mock's table of them.
    ///
    /// # Errors
    ///
    /// Fails if the generated code cannot be parsed.
    pub fn generate(&self) -> Result<Output, Errors> {
        let title = "Operations under older paths, and operations that no document describes.";
        let file = File::new("older_paths.rs", title, || self.tokens());
        render(&[file], &Home::Client)
    }

    fn tokens(&self) -> proc_macro2::TokenStream {
        let dates = &self.dates;
        let prefixes = self.prefixes.iter().map(|prefix| {
            let Prefix {
                version,
                current,
                older,
                except,
            } = prefix;
            quote!(Prefix { version: #version, current: #current, older: #older, except: #except })
        });
        let operations = self.operations.iter().map(Operation::tokens);
        separated([
            quote!(
                use crate::table::{Prefix, Undocumented};
            ),
            quote! {
                /// Versions that have the same paths with another date.
                pub(crate) static DATES: &[&str] = &[#(#dates),*];
            },
            quote! {
                /// The beginnings of older paths.
                pub(crate) static PREFIXES: &[Prefix] = &[#(#prefixes),*];
            },
            quote! {
                /// Operations that no document describes.
                pub(crate) static UNDOCUMENTED: &[Undocumented] = &[#(#operations),*];
            },
        ])
    }
}

impl Operation {
    /// What is wrong, by key.
    fn problems(&self, config: &Config) -> Vec<(&'static str, Problem)> {
        let mut problems = Vec::new();
        if let Some(text) = &self.scopes {
            match text.parse::<Requirement>() {
                Ok(requirement) => {
                    let scopes = requirement.scopes();
                    let unknown = scopes
                        .into_iter()
                        .filter(|scope| !config.scopes.contains_key(*scope));
                    problems.extend(unknown.map(|scope| ("scopes", unknown_name("scope", scope))));
                }
                Err(_) => problems.push(("scopes", unknown_name("requirement", text))),
            }
        }
        if let Some(text) = &self.answer
            && serde_json::from_str::<IgnoredAny>(text).is_err()
        {
            problems.push(("answer", unknown_name("JSON", text)));
        }
        problems
    }

    fn tokens(&self) -> proc_macro2::TokenStream {
        let Self {
            resource,
            version,
            action,
            like,
            method,
            path,
            scopes,
            answer,
        } = self;
        let optional = |text: &Option<String>| {
            if let Some(text) = text {
                quote!(Some(#text))
            } else {
                quote!(None)
            }
        };
        let (scopes, answer) = (optional(scopes), optional(answer));
        quote! {
            Undocumented {
                resource: #resource,
                version: #version,
                action: #action,
                like: #like,
                method: #method,
                path: #path,
                scopes: #scopes,
                answer: #answer,
            }
        }
    }
}

fn unknown_name(kind: &'static str, name: &str) -> Problem {
    Problem::Unknown {
        kind,
        name: name.to_owned(),
        known: Vec::new(),
    }
}
