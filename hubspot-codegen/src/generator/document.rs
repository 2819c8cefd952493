//! The API and the version that a document describes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::read;
use crate::error::{Error, Problem};
use crate::load;
use crate::lower::path;
use crate::model::Place;

/// Names that mean something else where the module of an API stands, or that its handle cannot have.
pub(super) const RESERVED: [&str; 14] = [
    "alloc",
    "clone",
    "client",
    "core",
    "crate",
    "mod",
    "models",
    "new",
    "request",
    "self",
    "serde",
    "serde_json",
    "std",
    "super",
];

/// The API and the version of a document.
pub(super) fn identify(path: &Path) -> Result<(String, String), Error> {
    let shown = path.to_string_lossy();
    let bytes = read(path, |path| fs::read(path))?;
    let value = load::document(&shown, &bytes)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').next().unwrap_or_default();
    let api = heck::AsSnakeCase(stem).to_string();
    if api.is_empty() || RESERVED.contains(&api.as_str()) {
        return Err(Error::in_file(
            shown,
            Problem::Setting(format!("an API cannot be named `{stem}`: rename the file")),
        ));
    }
    Ok((api, version(&shown, &value)?))
}

/// The version of a document: the one that all of its paths have, if they have one, and `info.version`.
fn version(document: &str, value: &Value) -> Result<String, Error> {
    let place = |pointer: String| Place {
        document: document.to_owned(),
        pointer,
    };
    let info = value.pointer("/info/version");
    if let Some(Value::Number(number)) = info {
        let problem = Problem::UnquotedVersion(number.to_string());
        return Err(Error::new(place("/info/version".to_owned()), problem));
    }
    let info = info.and_then(Value::as_str);
    let mut found = info.map(|version| (version.to_owned(), place("/info/version".to_owned())));
    let paths = value.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flatten();
    let paths = paths.map(|(path, _)| (path.clone(), place("/paths".to_owned()).child(path)));
    // Another server is reported once overlays have corrected the document.
    let base = path::base(value, &place(String::new())).unwrap_or_default();
    let base = base.map(|base| (base, place("/servers".to_owned())));
    for (path, here) in base.into_iter().chain(paths) {
        let Some(version) = path.split('/').find(|part| is_version(part)) else {
            continue;
        };
        match &found {
            Some((other, at)) if other != version => {
                let problem = Problem::TwoVersions {
                    version: version.to_owned(),
                    other: other.clone(),
                    at: Box::new(at.clone()),
                };
                return Err(Error::new(here, problem));
            }
            _ => found = Some((version.to_owned(), here)),
        }
    }
    found
        .map(|(version, _)| version)
        .filter(|version| version.contains(|letter: char| letter.is_ascii_alphanumeric()))
        .ok_or_else(|| {
            let problem = "the version is neither in `info.version` nor in the paths";
            Error::new(
                place("/info".to_owned()),
                Problem::Setting(problem.to_owned()),
            )
        })
}

/// Whether part of a path is a version: `v3`, `2026-09` or `2027-03-beta`.
fn is_version(part: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(number) = part.strip_prefix('v') {
        return is_number(number);
    }
    let mut parts = part.splitn(3, '-');
    let (year, month) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    year.len() == 4 && month.len() == 2 && is_number(year) && is_number(month)
}
