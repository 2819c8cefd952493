//! What code is generated from, read from the disk.
//!
//! In: `specs/`, and for HubSpot's own documents the folder that holds them. Out: the configuration, and the documents,
//! lowered. Refuses what cannot be read, and everything that the stages refuse.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use hubspot_codegen::{
    config::Config, correct::Overlay, load::Origin, model::Document, object_types::ObjectTypes,
};

use crate::workspace;

/// The configuration in `specs/`.
pub(crate) fn config() -> Result<Config> {
    let (apis, scopes) = (text("apis.toml")?, text("scopes.toml")?);
    Ok(Config::parse(
        ("apis.toml", &apis),
        ("scopes.toml", &scopes),
    )?)
}

/// The object types in `specs/`.
pub(crate) fn object_types(config: &Config) -> Result<ObjectTypes> {
    let text = text("object-types.toml")?;
    Ok(ObjectTypes::parse("object-types.toml", &text, config)?)
}

fn text(name: &str) -> Result<String> {
    let path = workspace::specs().join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", workspace::shown(&path)))
}

/// Our documents, or with `published` HubSpot's from that folder, corrected.
pub(crate) fn documents(config: &Config, published: Option<&Path>) -> Result<Vec<Document>> {
    let (folder, origin, overlays) = match published {
        None => (workspace::specs(), Origin::Own, Vec::new()),
        Some(folder) => (folder.to_path_buf(), Origin::Published, overlays()?),
    };
    let read = |path: &str| fs::read(folder.join(path));
    hubspot_codegen::documents(config, origin, &overlays, &read).with_context(|| {
        format!(
            "cannot take the documents in {} (see specs/README.md)",
            workspace::shown(&folder)
        )
    })
}

/// The corrections to HubSpot's documents, in order of their names.
fn overlays() -> Result<Vec<Overlay>> {
    let folder = workspace::specs().join("overlays");
    let mut paths = fs::read_dir(&folder)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<Vec<PathBuf>, _>>()
        })
        .with_context(|| format!("cannot list {}", workspace::shown(&folder)))?;
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let bytes = fs::read(path)
                .with_context(|| format!("cannot read {}", workspace::shown(path)))?;
            Ok(Overlay::parse(&workspace::shown(path), &bytes)?)
        })
        .collect()
}
