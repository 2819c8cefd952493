//! Reads app files of HubSpot projects (`*-hsmeta.json`): how an app logs in, and with which scopes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use hubspot_scopes::Scheme;
use serde::Deserialize;

use crate::model::List;

/// How the names of these files end.
const ENDING: &str = "-hsmeta.json";

/// The scope that signing in through OAuth needs, and no operation.
pub(crate) const LOGIN: &str = "oauth";

/// What is read of one.
#[derive(Deserialize)]
struct Contents {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    config: Config,
}

#[derive(Default, Deserialize)]
struct Config {
    auth: Option<Auth>,
}

/// How an app logs in, and with which scopes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Auth {
    /// `oauth` or `static`.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// Where HubSpot may send users back to.
    #[serde(default)]
    pub(crate) redirect_urls: Vec<String>,
    /// Scopes without which the app is not installed.
    #[serde(default)]
    pub(crate) required_scopes: Vec<String>,
    /// Scopes that must be granted if the install link asks for them.
    #[serde(default)]
    pub(crate) conditionally_required_scopes: Vec<String>,
    /// Scopes that are left out where the account lacks the feature.
    #[serde(default)]
    pub(crate) optional_scopes: Vec<String>,
}

impl Auth {
    /// Whether nobody logs in to the app: it has a token of its own.
    pub(crate) fn is_static(&self) -> bool {
        self.kind.as_deref() == Some("static")
    }

    /// How one gets a token of the app, where the file tells.
    pub(crate) fn login(&self) -> Option<Scheme> {
        match self.kind.as_deref() {
            Some("oauth") => Some(Scheme::OAuth2),
            Some("static") => Some(Scheme::PrivateApps),
            _ => None,
        }
    }

    /// Every scope, with its list.
    pub(crate) fn scopes(&self) -> impl Iterator<Item = (List, &String)> {
        let lists = [
            (List::Required, &self.required_scopes),
            (List::Conditional, &self.conditionally_required_scopes),
            (List::Optional, &self.optional_scopes),
        ];
        lists
            .into_iter()
            .flat_map(|(list, scopes)| scopes.iter().map(move |scope| (list, scope)))
    }

    /// Whether HubSpot sends users of the app back to this address; a file that lists none does not tell.
    pub(crate) fn may_lead_to(&self, redirect_uri: &str) -> bool {
        let listed = &self.redirect_urls;
        listed.is_empty() || listed.iter().any(|url| url == redirect_uri)
    }
}

/// The files below `folder` that may be app files, in order; not in folders of builds, of other tools or that are hidden.
pub(crate) fn find(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let is_built = folder.join("CACHEDIR.TAG").exists();
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        for entry in entries.filter(|_| !is_built) {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let skipped = name.starts_with('.') || name == "node_modules" || name == "target";
            // A link to a folder is not followed: it may lead anywhere.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !skipped => open.push(entry.path()),
                Ok(kind) if !kind.is_dir() && name.ends_with(ENDING) => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// What the file at `path` says; none for a file about something else than an app. Otherwise what is wrong with it, as the
/// end of a sentence.
pub(crate) fn look(path: &Path) -> Result<Option<Auth>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    let contents: Contents =
        serde_json::from_str(&text).map_err(|error| format!("is no app file: {error}"))?;
    let is_app = contents.kind.as_deref().is_none_or(|kind| kind == "app");
    Ok(contents.config.auth.filter(|_| is_app))
}

/// What the file of an app at `path` says.
pub(crate) fn read(path: &Path) -> Result<Auth> {
    let shown = path.display();
    match look(path) {
        Ok(Some(auth)) => Ok(auth),
        Ok(None) => Err(anyhow!("`{shown}` is not the file of an app")),
        Err(fault) => Err(anyhow!("`{shown}` {fault}")),
    }
}
