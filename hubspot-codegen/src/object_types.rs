//! The object types of `object-types.toml`, and the table of them that the mock is generated with.

mod associations;
mod markers;
mod template;

use std::collections::{BTreeMap, BTreeSet};

use hubspot_scopes::{Requirement, Sensitivity};
use quote::quote;
use serde::{Deserialize, Deserializer, de::Error as _};

pub use self::associations::AssociationType;
use crate::config::{Config, Home, parse_toml};
use crate::emit::{File, separated};
use crate::error::{Error, Errors, Problem};
use crate::model::Place;
use crate::{Output, render::render};

/// The content of `object-types.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ObjectTypes {
    /// HubSpot's own types.
    #[serde(rename = "object_type")]
    pub types: Vec<ObjectType>,
    /// What types that an account defines have in common.
    pub custom: Custom,
    /// The types of associations that HubSpot defines.
    #[serde(rename = "association_type", default)]
    pub associations: Vec<AssociationType>,
}

/// One of HubSpot's object types.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table"
)]
#[non_exhaustive]
pub struct ObjectType {
    /// HubSpot's `objectTypeId`: `0-1`. None if HubSpot does not tell it.
    #[serde(default)]
    pub id: Option<String>,
    /// The name in paths: `contacts`.
    #[serde(deserialize_with = "not_empty")]
    pub path: String,
    /// The name of one record: `contact`.
    #[serde(deserialize_with = "not_empty")]
    pub singular: String,
    /// The name of its resource in the client, if it is not `path`.
    #[serde(default)]
    pub name: Option<String>,
    /// What the documentation calls one record, if it is not `singular`.
    #[serde(default)]
    pub one: Option<String>,
    /// What the documentation calls its records, if it is not the resource's name.
    #[serde(default)]
    pub many: Option<String>,
    /// The scopes of its records.
    pub scopes: Scopes,
    /// Properties whose values no two records share.
    #[serde(default)]
    pub unique: Vec<String>,
    /// Properties that serve as `idProperty` although their values may be shared.
    #[serde(default)]
    pub shared: Vec<String>,
    /// Properties of which a new record needs one.
    #[serde(default)]
    pub required_any: Vec<String>,
    /// The property with the time of the last change.
    #[serde(deserialize_with = "not_empty", default = "last_modified")]
    pub updated: String,
    /// Whether records can be merged.
    #[serde(default)]
    pub merge: bool,
    /// Whether records can be deleted permanently.
    #[serde(default)]
    pub gdpr_delete: bool,
    /// `HubSpot`'s document, if the client has the type.
    #[serde(default)]
    pub published: Option<String>,
    /// Whether the document has the operations on associations too.
    #[serde(default)]
    pub associations: bool,
    /// Whether the document lists the associations of a record too.
    #[serde(default)]
    pub lists_associations: bool,
    /// Operations that the document lacks.
    #[serde(default)]
    pub without: BTreeSet<String>,
    /// What the documentation says of this type alone, by place.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
}

/// What the object types that an account defines have in common.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Custom {
    /// The scopes of their records.
    pub scopes: Scopes,
}

/// The scopes of an object type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Scopes {
    /// Each of these allows reading records.
    pub read: Vec<Alternative>,
    /// Each of these allows writing records.
    pub write: Vec<Alternative>,
    /// The further scopes for sensitive properties.
    #[serde(default)]
    pub sensitive: Option<Further>,
    /// The further scopes for highly sensitive properties.
    #[serde(default)]
    pub highly_sensitive: Option<Further>,
}

/// The scopes that reading and writing some properties needs besides those of the records.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Further {
    /// For reading them.
    pub read: String,
    /// For writing them.
    pub write: String,
}

impl Scopes {
    /// Each sensitivity, with the further scopes for its properties.
    fn further(&self) -> [(Sensitivity, Option<&Further>); 2] {
        [
            (Sensitivity::Sensitive, self.sensitive.as_ref()),
            (Sensitivity::HighlySensitive, self.highly_sensitive.as_ref()),
        ]
    }
}

/// What allows reading or writing records.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Alternative {
    /// A scope.
    One(String),
    /// All of these scopes together.
    All(Vec<String>),
}

impl Alternative {
    fn scopes(&self) -> &[String] {
        match self {
            Self::One(scope) => std::slice::from_ref(scope),
            Self::All(scopes) => scopes,
        }
    }
}

impl ObjectTypes {
    /// Parses `object-types.toml`. The path is for messages; scopes have to be known to `config`.
    ///
    /// # Errors
    ///
    /// Fails on unknown, missing and empty keys, unknown scopes, and ids, paths and names that are given twice.
    pub fn parse(path: &str, text: &str, config: &Config) -> Result<Self, Errors> {
        let types: Self = parse_toml(path, text)?;
        Errors::check(types.errors(path, config))?;
        Ok(types)
    }

    fn errors(&self, path: &str, config: &Config) -> Vec<Error> {
        let error = |pointer: String, problem| {
            let document = path.to_owned();
            Error::new(Place { document, pointer }, problem)
        };
        let mut errors = Vec::new();
        let mut names = BTreeMap::new();
        let mut scopes = vec![("/custom".to_owned(), &self.custom.scopes)];
        for (index, ty) in self.types.iter().enumerate() {
            let place = format!("/object_type/{index}");
            let id = ty.id.as_ref().map(|id| ("id", id));
            let given = [("path", &ty.path), ("singular", &ty.singular)];
            for (key, name) in id.into_iter().chain(given) {
                // A type may have one name in several roles.
                if *names.entry(name).or_insert(index) != index {
                    let name = name.clone();
                    let problem = Problem::Duplicate {
                        kind: "object type",
                        name,
                    };
                    errors.push(error(format!("{place}/{key}"), problem));
                }
            }
            scopes.push((place, &ty.scopes));
        }
        errors.extend(associations::errors(&self.associations, &self.types, path));
        for (place, scopes) in scopes {
            let read = scopes.read.iter().flat_map(Alternative::scopes);
            let write = scopes.write.iter().flat_map(Alternative::scopes);
            let all = read.map(|scope| ("read", scope));
            let all = all.chain(write.map(|scope| ("write", scope)));
            let further = scopes.further().into_iter();
            let further = further.filter_map(|(of, scopes)| Some((of.name(), scopes?)));
            let further =
                further.flat_map(|(key, scopes)| [(key, &scopes.read), (key, &scopes.write)]);
            let all = all.chain(further);
            for (key, name) in all.filter(|(_, scope)| !config.scopes.contains_key(*scope)) {
                let problem = Problem::Unknown {
                    kind: "scope",
                    name: name.clone(),
                    known: Vec::new(),
                };
                errors.push(error(format!("{place}/scopes/{key}"), problem));
            }
        }
        errors
    }

    /// Generates the mock's table of the object types whose id is known.
    ///
    /// # Errors
    ///
    /// Fails if the generated code cannot be parsed.
    pub fn generate(&self) -> Result<Output, Errors> {
        let file = File::new("object_types.rs", "HubSpot's object types.", || {
            self.tokens()
        });
        render(&[file], &Home::Client)
    }

    /// Generates the table of object types that `#[derive(Record)]` knows.
    ///
    /// # Errors
    ///
    /// Fails if the generated code cannot be parsed.
    pub fn generate_for_records(&self) -> Result<Output, Errors> {
        let file = File::new("object_types.rs", "HubSpot's object types.", || {
            self.tokens_for_records()
        });
        render(&[file], &Home::Client)
    }

    /// Generates the client's constants for the types of associations that `HubSpot` defines.
    ///
    /// # Errors
    ///
    /// Fails if the generated code cannot be parsed.
    pub fn generate_associations(&self) -> Result<Output, Errors> {
        let title = "The types of associations that HubSpot defines.";
        let file = File::new("association_types.rs", title, || {
            associations::constants(&self.associations, &self.types)
        });
        render(&[file], &Home::Client)
    }

    fn tokens_for_records(&self) -> proc_macro2::TokenStream {
        let entry = |names: [&str; 3], scopes: &Scopes, without: &BTreeSet<&str>| {
            let [id, path, resource] = names;
            let without = without.iter();
            let (read, write) = (any_of(&scopes.read), any_of(&scopes.write));
            let further = scopes.further().map(|(_, scopes)| {
                let lists = scopes.map(|Further { read, write }| quote!([#read, #write]));
                lists.map_or_else(|| quote!(None), |lists| quote!(Some(#lists)))
            });
            quote! {
                ObjectType {
                    id: #id,
                    path: #path,
                    resource: #resource,
                    read: #read,
                    write: #write,
                    sensitive: [#(#further),*],
                    without: &[#(#without),*],
                }
            }
        };
        let types = self.types.iter().filter(|ty| ty.published.is_some());
        let types = types.map(|ty| {
            let names = [ty.id_or_path(), &*ty.path, ty.resource()];
            entry(names, &ty.scopes, &ty.lacks())
        });
        let names = ["", "", "objects"];
        let custom = entry(names, &self.custom.scopes, &BTreeSet::new());
        separated([
            quote!(
                use crate::object_type::ObjectType;
            ),
            quote! {
                /// HubSpot's own object types, by id.
                pub(crate) static OBJECT_TYPES: &[ObjectType] = &[#(#types),*];
            },
            quote! {
                /// What the object types that an account defines have in common.
                pub(crate) static CUSTOM: ObjectType = #custom;
            },
        ])
    }

    /// A line for each object type: id, path, resource, singular, sensitivities with scopes, unique properties; custom ones last.
    pub fn facts(&self) -> String {
        let words = |names: [&str; 4], scopes: &Scopes, unique: &[&str]| {
            let further = scopes.further().into_iter();
            let further = further.filter_map(|(of, scopes)| scopes.map(|_| of.name()));
            let further = further.collect::<Vec<_>>().join(",");
            let further = if further.is_empty() { "-" } else { &further };
            let words = [&names[..], &[further], unique].concat();
            words.join(" ") + "\n"
        };
        let line = |ty: &ObjectType| {
            let names = [ty.id_or_path(), &ty.path, ty.resource(), &ty.singular];
            let unique = ty.unique.iter().map(String::as_str).collect::<Vec<_>>();
            words(names, &ty.scopes, &unique)
        };
        let custom = words(["-", "-", "objects", "-"], &self.custom.scopes, &[]);
        self.types.iter().map(line).chain([custom]).collect()
    }

    fn tokens(&self) -> proc_macro2::TokenStream {
        let known = self
            .types
            .iter()
            .filter_map(|ty| Some((ty, ty.id.as_ref()?)));
        let types = known.map(|(ty, id)| {
            let ObjectType {
                singular,
                scopes,
                unique,
                shared,
                required_any,
                updated,
                merge,
                gdpr_delete,
                ..
            } = ty;
            let (read, write) = (any_of(&scopes.read), any_of(&scopes.write));
            let resource = ty.resource();
            // Of a type whose path is its id.
            let path = if ty.path == *id { resource } else { &ty.path };
            quote! {
                ObjectType {
                    id: #id,
                    resource: #resource,
                    path: #path,
                    singular: #singular,
                    read: #read,
                    write: #write,
                    unique: &[#(#unique),*],
                    shared: &[#(#shared),*],
                    required_any: &[#(#required_any),*],
                    updated: #updated,
                    merge: #merge,
                    gdpr_delete: #gdpr_delete,
                }
            }
        });
        let custom = &self.custom.scopes;
        let (read, write) = (any_of(&custom.read), any_of(&custom.write));
        separated([
            quote!(
                use crate::table::{AssociationType, ObjectType};
            ),
            quote! {
                /// HubSpot's own object types, by id.
                pub(crate) static OBJECT_TYPES: &[ObjectType] = &[#(#types),*];
            },
            quote! {
                /// What reading and writing records of an account's own object types requires.
                pub(crate) const CUSTOM_SCOPES: [&str; 2] = [#read, #write];
            },
            associations::table(&self.associations),
        ])
    }
}

/// The property with the time of the last change, but for contacts.
fn last_modified() -> String {
    "hs_lastmodifieddate".to_owned()
}

/// The text of a requirement that each of the alternatives meets.
fn any_of(alternatives: &[Alternative]) -> String {
    let all_of =
        |alternative: &Alternative| hubspot_scopes::Alternative::all_of(alternative.scopes());
    let alternatives = alternatives.iter().map(all_of);
    Requirement::new(alternatives).to_string()
}

fn not_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Err(D::Error::custom("the value must not be empty"));
    }
    Ok(text)
}
