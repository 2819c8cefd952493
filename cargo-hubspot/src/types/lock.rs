//! `hubspot-types.lock`: the definitions that the types of a package were written from.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use hubspot_codegen::records::{Objects, Style};
use serde::{Deserialize, Serialize};

/// The name of the file.
pub(super) const FILE: &str = "hubspot-types.lock";

const HEADER: &str = "# Written by `cargo hubspot types`; do not edit.\n\n";

/// The version of its format.
const VERSION: u32 = 1;

/// Which properties of an object type have fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Selection {
    /// All of them
    #[default]
    All,
    /// Those that the package's code names
    Used,
}

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lock {
    version: u32,
    pub(super) properties: Selection,
    pub(super) style: Style,
    #[serde(default)]
    pub(super) objects: Objects,
}

impl Lock {
    pub(super) const fn new(properties: Selection, style: Style, objects: Objects) -> Self {
        Self {
            version: VERSION,
            properties,
            style,
            objects,
        }
    }

    /// Reads the file, if it exists.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let shown = path.display();
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.with_context(|| format!("cannot read `{shown}`"))?,
        };
        let lock: Self = toml::from_str(&text).with_context(|| {
            format!("cannot read `{shown}`: restore it, or remove it and write it again")
        })?;
        ensure!(
            lock.version == VERSION,
            "`{shown}` has version {}, and this cargo-hubspot reads version {VERSION}",
            lock.version
        );
        Ok(Some(lock))
    }

    /// The text of the file.
    pub(super) fn text(&self) -> Result<String> {
        let text = toml::to_string(self).context("cannot write the lock file")?;
        Ok(HEADER.to_owned() + &text)
    }
}
