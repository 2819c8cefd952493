//! Reads app files of HubSpot projects (`*-hsmeta.json`): how an app logs in, and with which scopes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
pub(crate) use hubspot_scopes::app_file::{AppFile, LOGIN_SCOPE as LOGIN};

use crate::folder::{Links, files};

/// How the names of these files end.
const ENDING: &str = "-hsmeta.json";

/// The files below `folder` that may be app files, sorted. Links to folders are not followed: they may lead anywhere.
pub(crate) fn find(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder, Links::Skip, |_| true);
    found.retain(|path| path.to_string_lossy().ends_with(ENDING));
    found
}

/// Reads a file that a search found; returns `None` if it describes something else than an app. The error is the end of a
/// sentence that begins with the file.
pub(crate) fn look(path: &Path) -> Result<Option<AppFile>, String> {
    AppFile::parse_if_app(&text(path)?).map_err(|error| error.to_string())
}

/// Reads the file of an app.
pub(crate) fn read(path: &Path) -> Result<AppFile> {
    let file = text(path).and_then(|text| AppFile::parse(&text).map_err(|error| error.to_string()));
    file.map_err(|fault| anyhow!("`{}` {fault}", path.display()))
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a file gives when it is named, and when a search finds it.
    #[test]
    fn a_search_passes_over_files_of_something_else_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some-hsmeta.json");
        for (text, fault, is_passed_over) in [
            (r#"{"type":"app","config":{"auth":{}}}"#, "", false),
            (
                r#"{"type":"webhooks"}"#,
                "describes `webhooks`, not an app, at line 1 column 9",
                true,
            ),
            (
                "{",
                "is not JSON: EOF while parsing an object, at line 1 column 1",
                false,
            ),
            ("{}", "has no `config`, at line 1 column 1", false),
            (
                r#"{"config":{}}"#,
                "has no `config.auth`, at line 1 column 11",
                false,
            ),
            (
                r#"{"type":7,"config":{"auth":{}}}"#,
                "has a number in `type`, which should be a string, at line 1 column 9",
                false,
            ),
            (
                r#"{"config":{"auth":{"redirectUrls":"x"}}}"#,
                "has a string in `config.auth.redirectUrls`, which should be an array of strings, at line 1 column 35",
                false,
            ),
            (
                r#"{"config":{"auth":{"type":"static","optionalScopes":["a"]}}}"#,
                "has `static` auth, which has required scopes only; `optionalScopes` need `oauth`, at line 1 column 54",
                false,
            ),
            (
                r#"{"config":{"auth":{}, "auth":{}}}"#,
                "has the key `auth` twice in one object, at line 1 column 23",
                false,
            ),
        ] {
            fs::write(&path, text).unwrap();
            let named = read(&path).map_err(|error| error.to_string());
            let sentence = format!("`{}` {fault}", path.display());
            assert_eq!(named.is_ok(), fault.is_empty(), "{text}");
            assert!(named.err().is_none_or(|error| error == sentence), "{text}");
            match look(&path) {
                Ok(found) => assert!(
                    found.is_none() == is_passed_over && (is_passed_over || fault.is_empty())
                ),
                Err(error) => assert_eq!(error, fault),
            }
        }
    }
}
