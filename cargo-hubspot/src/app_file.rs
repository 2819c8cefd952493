//! The file of a HubSpot project that says how an app logs in and with which scopes: `app-hsmeta.json`.
//!
//! Comes in: its path. Goes out: what it says about logging in. Refused: a file that cannot be read, or is no app's.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Deserialize)]
struct AppFile {
    config: Config,
}

#[derive(Deserialize)]
struct Config {
    auth: Auth,
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

/// Reads the file at `path`.
pub(crate) fn read(path: &Path) -> Result<Auth> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{shown}`"))?;
    let file: AppFile = serde_json::from_str(&text)
        .with_context(|| format!("`{shown}` is not the file of an app"))?;
    Ok(file.config.auth)
}
