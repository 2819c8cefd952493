//! The documents of object types: one template a version, filled in for each type.

use std::collections::BTreeSet;
use std::io;

use hubspot_scopes::LoginKind;
use serde_json::{Map, Value, json};

use super::{Alternative, ObjectType, ObjectTypes};
use crate::config::{Api, Config, DocumentEntry, Nouns};
use crate::error::Errors;
use crate::load::{self, Read};

/// The version that the table's `published` is of.
const VERSION: &str = "2026-09";

/// The API of types that an account defines. The features of other types imply its feature.
const FAMILY: &str = "objects";

/// Names an operation of the template.
const OPERATION: &str = "x-operation";

/// Notes for types that have none of their own.
const NOTES: &str = "x-notes";

impl ObjectTypes {
    /// Adds to the configuration an API and a document for each type that the client has.
    ///
    /// # Errors
    ///
    /// Fails if the configuration has one of them already.
    pub fn extend(&self, mut config: Config) -> Result<Config, Errors> {
        let apis = &mut config.apis;
        for ty in self.types.iter().filter(|ty| ty.published.is_some()) {
            if apis.api(ty.resource()).is_none() {
                apis.apis.push(Api {
                    name: ty.resource().to_owned(),
                    feature: ty.resource().replace('_', "-"),
                    family: Some(FAMILY.to_owned()),
                    area: Some("crm".to_owned()),
                    nouns: Nouns {
                        one: "Object".to_owned(),
                        many: "Objects".to_owned(),
                    },
                    ..Api::default()
                });
            }
            apis.documents.push(DocumentEntry {
                api: ty.resource().to_owned(),
                version: VERSION.to_owned(),
                file: ty.document(),
                published: ty.published.clone(),
                bind: [("objectType".to_owned(), ty.path.clone())].into(),
                scopes: Some((security(&ty.scopes.read), security(&ty.scopes.write))),
                ..DocumentEntry::default()
            });
        }
        let custom = &self.custom.scopes;
        for document in &mut apis.documents {
            if document.api == FAMILY && document.version == VERSION {
                document.scopes = Some((security(&custom.read), security(&custom.write)));
            }
        }
        config.check("object-types.toml")?;
        Ok(config)
    }

    /// Reads a file of `specs/`, or fills in the template if the path is that of an object type's document.
    ///
    /// # Errors
    ///
    /// Fails if the file or the template cannot be read, and if the template or the notes of the type have a mistake.
    pub fn read(&self, path: &str, read: Read<'_>) -> io::Result<Vec<u8>> {
        let documented = |ty: &&ObjectType| ty.published.is_some() && ty.document() == path;
        let Some(ty) = self.types.iter().find(documented) else {
            return read(path);
        };
        let template = format!("templates/objects-{VERSION}.yaml");
        let value = load::parse(&template, &read(&template)?).map_err(io::Error::other)?;
        let filled = Filling::fill(ty, value);
        let filled = filled.map_err(|cause| io::Error::other(format!("{template}: {cause}")))?;
        serde_json::to_vec_pretty(&filled).map_err(io::Error::other)
    }
}

impl ObjectType {
    /// The resource of the client: `deals`.
    pub(super) fn resource(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.path)
    }

    /// Its id, or what it is called in paths if no id is known.
    pub(super) fn id_or_path(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.path)
    }

    /// The operations on records that `HubSpot` does not offer for it, by the last part of their ids.
    pub(super) fn lacks(&self) -> BTreeSet<&str> {
        let mut lacks: BTreeSet<_> = self.without.iter().map(String::as_str).collect();
        if !self.merge {
            lacks.insert("merge");
        }
        if self.scopes.write.is_empty() && !self.associations {
            lacks.insert("set_default");
        }
        lacks
    }

    /// Where its document would stand if it were a file.
    fn document(&self) -> String {
        format!("{VERSION}/{}.json", self.resource())
    }

    fn has(&self, operation: &str) -> bool {
        match operation {
            "associations" => self.associations,
            "list_associations" => self.lists_associations,
            "gdpr_delete" => self.gdpr_delete,
            "merge" => self.merge,
            other => !self.without.contains(other),
        }
    }
}

/// The `security` of operations that each of the alternatives allows.
fn security(alternatives: &[Alternative]) -> Value {
    let mut alternatives = alternatives
        .iter()
        .map(Alternative::scopes)
        .collect::<Vec<_>>();
    alternatives.sort_unstable();
    let entry = |login: LoginKind| {
        let entries = alternatives.iter();
        entries.map(move |scopes| json!({ login.name(): scopes }))
    };
    LoginKind::ALL.iter().copied().flat_map(entry).collect()
}

/// The template for one type.
struct Filling<'a> {
    ty: &'a ObjectType,
    defaults: Map<String, Value>,
    notes: BTreeSet<String>,
    operations: BTreeSet<String>,
}

impl<'a> Filling<'a> {
    fn fill(ty: &'a ObjectType, mut template: Value) -> Result<Value, String> {
        let defaults = template
            .as_object_mut()
            .and_then(|fields| fields.remove(NOTES));
        let mut filling = Self {
            ty,
            defaults: defaults
                .and_then(|notes| notes.as_object().cloned())
                .unwrap_or_default(),
            notes: BTreeSet::new(),
            operations: BTreeSet::new(),
        };
        let filled = filling.value(template)?;
        let unused = ty.notes.keys().find(|note| !filling.notes.contains(*note));
        if let Some(note) = unused {
            return Err(format!(
                "{} has the note `{note}`, which is used nowhere",
                ty.path
            ));
        }
        let unknown = ty
            .without
            .iter()
            .find(|name| !filling.operations.contains(*name));
        match unknown {
            Some(name) => Err(format!(
                "{} is without `{name}`, which is not an operation",
                ty.path
            )),
            None => Ok(filled.unwrap_or_default()),
        }
    }

    /// A part of the template, filled in; `None` for an operation that the type lacks, and for a path without operations.
    fn value(&mut self, value: Value) -> Result<Option<Value>, String> {
        Ok(Some(match value {
            Value::String(text) => Value::String(self.text(&text)?),
            Value::Array(values) => {
                let values = values
                    .into_iter()
                    .filter_map(|value| self.value(value).transpose());
                Value::Array(values.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => return self.object(fields),
            other => other,
        }))
    }

    fn object(&mut self, mut fields: Map<String, Value>) -> Result<Option<Value>, String> {
        if let Some(Value::String(operation)) = fields.remove(OPERATION) {
            let has = self.ty.has(&operation);
            self.operations.insert(operation);
            if !has {
                // Its notes are known all the same.
                self.object(fields)?;
                return Ok(None);
            }
        }
        let was_empty = fields.is_empty();
        let mut filled = Map::new();
        for (key, value) in fields {
            let value = match (key.as_str(), &value) {
                ("security", Value::String(access)) if access == "read" => {
                    Some(security(&self.ty.scopes.read))
                }
                ("security", Value::String(access)) if access == "write" => {
                    Some(security(&self.ty.scopes.write))
                }
                _ => self.value(value)?,
            };
            if let Some(value) = value {
                filled.insert(self.text(&key)?, value);
            }
        }
        Ok((was_empty || !filled.is_empty()).then_some(Value::Object(filled)))
    }

    /// Text with its paragraphs filled in.
    fn text(&mut self, text: &str) -> Result<String, String> {
        let mut paragraphs = Vec::new();
        for paragraph in text.split("\n\n") {
            let note = paragraph.trim().strip_prefix("<note ");
            let Some(note) = note.and_then(|note| note.strip_suffix('>')) else {
                paragraphs.push(self.words(paragraph)?);
                continue;
            };
            self.notes.insert(note.to_owned());
            let default = self.defaults.get(note).and_then(Value::as_str);
            if let Some(text) = self.ty.notes.get(note).map(String::as_str).or(default) {
                paragraphs.push(self.words(text)?);
            }
        }
        Ok(paragraphs.join("\n\n"))
    }

    /// Text with `<one>` and the like filled in.
    fn words(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let (name, after) = after
                .split_once('>')
                .ok_or_else(|| format!("`<` without `>` in {text:?}"))?;
            filled.push_str(before);
            filled.push_str(&self.word(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn word(&self, name: &str) -> Result<String, String> {
        let ty = self.ty;
        let spaced = |name: &str| name.replace('_', " ");
        let one = ty.one.clone().unwrap_or_else(|| spaced(&ty.singular));
        let many = ty.many.clone().unwrap_or_else(|| spaced(ty.resource()));
        let article = if one.starts_with(['a', 'e', 'i', 'o']) {
            "an"
        } else {
            "a"
        };
        Ok(match name {
            "path" => ty.path.clone(),
            "one" => one,
            "many" => many,
            "Many" => capital(&many),
            "a one" => format!("{article} {one}"),
            "A one" => capital(&format!("{article} {one}")),
            "unique" => match ty.unique.iter().chain(&ty.shared).next() {
                Some(property) => format!("`{property}`, or one of your own"),
                None => "one of your own".to_owned(),
            },
            other => return Err(format!("`<{other}>` is not known")),
        })
    }
}

/// The text with a capital first letter.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}
