//! Reads the documents that a configuration names, and every file that they refer to, as JSON values.
//!
//! Errors are files that cannot be read, that are neither YAML nor JSON, that nest too deep or have a key twice, and
//! documents that are neither `OpenAPI` 3.0 nor 3.1. Documents of 3.1 are rewritten as 3.0.

mod defs;
mod nesting;
mod newer;
mod unique;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::resume_unwind;
use std::thread;

use serde_json::Value;

use crate::config::Config;
use crate::error::{Error, Errors, Problem, join};
use crate::model::Place;
use crate::parallel;
use unique::Unique;

/// Levels of arrays and objects that a file may have. HubSpot's documents have 13.
pub const MAX_DEPTH: usize = 100;

/// Bytes of stack for the parser of YAML.
const YAML_STACK: usize = 64_000_000;

/// Levels that the parser of YAML is given.
const PARSER_DEPTH: usize = MAX_DEPTH + 1;

/// Bytes that a file may have. HubSpot's largest document has half a million.
pub const MAX_BYTES: usize = 32_000_000;

/// How files are read: a path as the configuration writes it, or as a `$ref` leads to it, to the file's bytes.
pub type Read<'a> = &'a (dyn Fn(&str) -> io::Result<Vec<u8>> + Sync);

/// Whose documents are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Those of `specs/`.
    Own,
    /// HubSpot's.
    Published,
}

/// The documents, and what they refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// In the order of the configuration.
    pub documents: Vec<Source>,
    /// The other files that they refer to, by path.
    pub components: BTreeMap<String, Value>,
}

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The API, as `apis.toml` names it.
    pub api: String,
    /// The API version.
    pub version: String,
    /// The path.
    pub path: String,
    /// Whether other files refer to parts of it.
    pub shared: bool,
    /// The contents.
    pub value: Value,
}

/// Reads the documents of one origin. One without a place for that origin is left out.
pub fn load(config: &Config, origin: Origin, read: Read<'_>) -> Result<Sources, Errors> {
    let entries = config.apis.documents.iter();
    let entries = entries.filter_map(|entry| match origin {
        Origin::Own => Some((entry, &entry.file)),
        Origin::Published => entry.published.as_ref().map(|path| (entry, path)),
    });
    let entries = entries.collect::<Vec<_>>();
    let mut errors = Vec::new();
    let mut wanted = BTreeMap::new();
    let mut sources = Sources::default();
    let files = parallel::map(&entries, |(_, path)| read_openapi(path, read, true));
    for ((entry, path), file) in entries.into_iter().zip(files) {
        match file {
            Ok((value, leads_to)) => {
                wanted.extend(leads_to);
                sources.documents.push(Source {
                    api: entry.api.clone(),
                    version: entry.version.clone(),
                    path: path.clone(),
                    shared: false,
                    value,
                });
            }
            Err(error) => errors.push(error),
        }
    }
    errors.extend(load_components(&mut sources, wanted, read));
    Errors::check(errors)?;
    Ok(sources)
}

/// Reads the files that the documents refer to, then those that these refer to, and so on.
fn load_components(sources: &mut Sources, mut wanted: Wanted, read: Read<'_>) -> Vec<Error> {
    let mut errors = Vec::new();
    let mut known = sources
        .documents
        .iter()
        .map(|source| source.path.clone())
        .collect::<BTreeSet<_>>();
    while let Some((path, from)) = wanted.pop_first() {
        if !known.insert(path.clone()) {
            let documents = sources.documents.iter_mut();
            documents
                .filter(|source| source.path == path)
                .for_each(|source| source.shared = true);
            continue;
        }
        match read_openapi(&path, read, false) {
            Ok((value, leads_to)) => {
                wanted.extend(leads_to);
                sources.components.insert(path, value);
            }
            Err(error) if matches!(*error.problem, Problem::Unreadable(_)) => {
                errors.push(sources.dangling(from));
            }
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// Reads a document or a file of components, and finds the files that it refers to.
fn read_openapi(path: &str, read: Read<'_>, is_document: bool) -> Result<(Value, Wanted), Error> {
    let mut value = read_file(path, read)?;
    if check_version(path, &value, is_document)? {
        defs::to_components(&mut value);
        newer::to_older(&mut value);
    }
    let mut wanted = BTreeMap::new();
    collect_files(path, &value, &mut wanted);
    Ok((value, wanted))
}

/// A file as a value, whatever it holds.
fn read_file(path: &str, read: Read<'_>) -> Result<Value, Error> {
    let bytes =
        read(path).map_err(|cause| Error::in_file(path, Problem::Unreadable(cause.to_string())))?;
    parse(path, &bytes)
}

/// The text of a document as a value.
pub(crate) fn document(path: &str, bytes: &[u8]) -> Result<Value, Error> {
    let value = parse(path, bytes)?;
    check_version(path, &value, true)?;
    Ok(value)
}

/// Text as a value; the end of the path says how it is written. Refuses more than [`MAX_BYTES`].
pub fn parse(path: &str, bytes: &[u8]) -> Result<Value, Error> {
    if bytes.len() > MAX_BYTES {
        let (bytes, most) = (bytes.len(), MAX_BYTES);
        return Err(Error::in_file(path, Problem::TooLarge { bytes, most }));
    }
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let (format, value) = match extension {
        "json" => (
            "JSON",
            serde_json::from_slice(bytes).map_err(|cause| cause.to_string()),
        ),
        "yaml" | "yml" if nesting::is_deeper_than(bytes, PARSER_DEPTH) => {
            return Err(Error::in_file(path, Problem::TooDeep(MAX_DEPTH)));
        }
        "yaml" | "yml" => ("YAML", parse_yaml(bytes)),
        _ => return Err(Error::in_file(path, Problem::UnknownFormat)),
    };
    let Unique(value) =
        value.map_err(|cause| Error::in_file(path, Problem::Syntax { format, cause }))?;
    if deeper_than(&value, MAX_DEPTH) {
        return Err(Error::in_file(path, Problem::TooDeep(MAX_DEPTH)));
    }
    Ok(value)
}

/// Parses YAML. The parser needs much stack for each level, so it has a stack of its own.
fn parse_yaml(bytes: &[u8]) -> Result<Unique, String> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(YAML_STACK);
        let thread = thread.spawn_scoped(scope, || yaml(bytes));
        let thread = thread.map_err(|cause| cause.to_string())?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn yaml(bytes: &[u8]) -> Result<Unique, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: 2 * MAX_DEPTH },
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_slice_with_options(bytes, options).map_err(|cause| cause.to_string())
}

fn deeper_than(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(values) => {
            levels == 0 || values.iter().any(|value| deeper_than(value, levels - 1))
        }
        Value::Object(fields) => {
            levels == 0 || fields.values().any(|value| deeper_than(value, levels - 1))
        }
        _ => false,
    }
}

/// A document says which `OpenAPI` it is; a file of components may. Returns whether it is 3.1.
fn check_version(path: &str, value: &Value, is_document: bool) -> Result<bool, Error> {
    let found = match value.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => return Ok(false),
        Some(Value::String(version)) if version.starts_with("3.1.") => return Ok(true),
        None if value.is_object() && !is_document => return Ok(false),
        None => "missing".to_owned(),
        Some(other) => other.to_string(),
    };
    let place = Place {
        document: path.to_owned(),
        pointer: "/openapi".to_owned(),
    };
    Err(Error::new(place, Problem::NotOpenApi(found)))
}

/// A file, and a reference in it.
type From = (String, String);

/// Files, each with a reference that leads to it.
type Wanted = BTreeMap<String, From>;

/// Adds the files that references in a value lead to, each with where it was found.
fn collect_files(path: &str, value: &Value, files: &mut Wanted) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => {
                        collect_file(path, reference, files);
                    }
                    Value::Object(_) | Value::Array(_) => collect_files(path, value, files),
                    _ => {}
                }
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| collect_files(path, value, files)),
        _ => {}
    }
}

/// Adds the file that a reference leads to. One that leads to no file is refused where it is followed.
fn collect_file(path: &str, reference: &str, files: &mut Wanted) {
    if !reference.starts_with('#')
        && let Some((file, _)) = split_reference(path, reference)
    {
        files
            .entry(file)
            .or_insert_with(|| (path.to_owned(), reference.to_owned()));
    }
}

impl Sources {
    /// The document or file of components with this path.
    pub fn file(&self, path: &str) -> Option<&Value> {
        let document = self
            .documents
            .iter()
            .find(|source| source.path == path)
            .map(|source| &source.value);
        document.or_else(|| self.components.get(path))
    }

    fn dangling(&self, (document, reference): From) -> Error {
        let pointer = self
            .file(&document)
            .and_then(|value| pointer_to(value, &reference))
            .unwrap_or_default();
        Error::new(Place { document, pointer }, Problem::Dangling(reference))
    }
}

/// Where a value has a reference.
fn pointer_to(value: &Value, reference: &str) -> Option<String> {
    let inside = |name: &str, value| Some(join("", name) + &pointer_to(value, reference)?);
    match value {
        Value::Object(fields) if fields.get("$ref").and_then(Value::as_str) == Some(reference) => {
            Some(String::new())
        }
        Value::Object(fields) => fields.iter().find_map(|(name, value)| inside(name, value)),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .find_map(|(index, value)| inside(&index.to_string(), value)),
        _ => None,
    }
}

/// The file and the JSON pointer that a `$ref` in the file `base` leads to. `None` for one that is no relative path, or
/// leads out of the folder of the documents.
pub(crate) fn split_reference<'a>(base: &str, reference: &'a str) -> Option<(String, &'a str)> {
    let (file, pointer) = reference.split_once('#')?;
    if file.is_empty() {
        return Some((base.to_owned(), pointer));
    }
    if file.starts_with('/') || file.contains(':') || file.contains('\\') {
        return None;
    }
    let mut segments = base.split('/').collect::<Vec<_>>();
    segments.pop();
    for segment in file.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    Some((segments.join("/"), pointer))
}
