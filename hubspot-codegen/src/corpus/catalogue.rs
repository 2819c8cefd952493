//! Sorts documents by version, and gives each the name of its API.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::config::Config;
use crate::error::{Error, Problem};
use crate::load::{Read, parse};
use crate::model::Place;
use crate::parallel;

/// The documents of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The version: `2026-09`.
    pub version: String,
    /// The documents: paths by API.
    pub documents: BTreeMap<String, String>,
}

impl Client {
    /// The configuration that describes the documents.
    pub fn config(&self) -> Config {
        let mut config = Config::default();
        for (api, path) in &self.documents {
            config = config.and_document(api, &self.version, path);
        }
        // A feature of an API is never one of the runtime's.
        for api in &mut config.apis.apis {
            api.feature.insert_str(0, "api-");
        }
        config
    }
}

/// Sorts documents by the version that each of them says it has. A document that says none, or cannot be read, is an error.
pub fn catalogue(paths: &[String], read: Read<'_>) -> (Vec<Client>, Vec<Error>) {
    let mut by_version = BTreeMap::<String, Vec<&str>>::new();
    let mut errors = Vec::new();
    for (path, version) in paths
        .iter()
        .zip(parallel::map(paths, |path| version(path, read)))
    {
        match version {
            Ok(version) => by_version.entry(version).or_default().push(path),
            Err(error) => errors.push(error),
        }
    }
    let clients = by_version.into_iter().map(|(version, paths)| Client {
        version,
        documents: apis(&paths),
    });
    (clients.collect(), errors)
}

/// What is read of a document here.
#[derive(Deserialize)]
struct Head {
    info: Info,
}

#[derive(Deserialize)]
struct Info {
    version: String,
}

fn version(path: &str, read: Read<'_>) -> Result<String, Error> {
    let bytes =
        read(path).map_err(|cause| Error::in_file(path, Problem::Unreadable(cause.to_string())))?;
    if let Ok(head) = serde_json::from_slice::<Head>(&bytes) {
        return Ok(head.info.version);
    }
    // Not JSON, or without a version: the whole file tells which.
    let value = parse(path, &bytes)?;
    let version = value
        .pointer("/info/version")
        .and_then(|version| version.as_str());
    version.map(str::to_owned).ok_or_else(|| {
        let place = Place {
            document: path.to_owned(),
            pointer: "/info/version".to_owned(),
        };
        let cause = "a document needs a version such as \"2026-09\"";
        Error::new(place, Problem::NotAllowed(cause.to_owned()))
    })
}

/// The paths by API: the file's name, with as many folders above it as tell it apart from the others.
fn apis(paths: &[&str]) -> BTreeMap<String, String> {
    let mut rest = paths.to_vec();
    let mut apis = BTreeMap::new();
    let most = paths.iter().map(|path| path.split('/').count()).max();
    for parts in 1..=most.unwrap_or_default() {
        let names = rest.iter().map(|path| api(path, parts)).collect::<Vec<_>>();
        let is_unique = |name: &String| {
            !apis.contains_key(name) && names.iter().filter(|other| *other == name).count() == 1
        };
        let (unique, shared): (Vec<_>, Vec<_>) = names
            .iter()
            .zip(&rest)
            .partition(|(name, _)| is_unique(name));
        let unique = unique.into_iter();
        let unique = unique.map(|(name, path)| (name.clone(), (*path).to_owned()));
        let unique = unique.collect::<Vec<_>>();
        rest = shared.into_iter().map(|(_, path)| *path).collect();
        apis.extend(unique);
    }
    // Paths that differ in punctuation alone.
    let taken = apis.keys().cloned().collect::<BTreeSet<_>>();
    for (path, number) in rest.into_iter().zip(2_usize..) {
        let name = api(path, 1);
        let mut names = (number..).map(|number| format!("{name}_{number}"));
        let free = names.find(|name| !taken.contains(name));
        apis.insert(free.unwrap_or(name), path.to_owned());
    }
    apis
}

/// The last parts of a path as a name: `crm_deals` of `sample/v3/crm-deals.424.json`, whose number is that of a rollout.
fn api(path: &str, parts: usize) -> String {
    let mut segments = path.rsplit('/').take(parts).collect::<Vec<_>>();
    segments.reverse();
    if let Some(file) = segments.last_mut() {
        let stem = file.rsplit_once('.').map_or(*file, |(stem, _)| stem);
        let is_number = |end: &str| end.chars().all(|digit| digit.is_ascii_digit());
        *file = match stem.rsplit_once('.') {
            Some((name, end)) if is_number(end) => name,
            _ => stem,
        };
    }
    let words = segments.join("_").to_lowercase();
    let words = words.split(|character: char| !character.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).collect::<Vec<_>>();
    words.join("_")
}
