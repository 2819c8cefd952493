//! Reads the inputs of the generator: `specs/`, or HubSpot's own documents from another folder.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use hubspot_codegen::{
    config::Config,
    correct::Overlay,
    error::Errors,
    load::{Origin, Read},
    lower::Lowered,
    model::Document,
    object_types::ObjectTypes,
    older_paths::OlderPaths,
};

use crate::{files, workspace};

/// The configuration in `specs/`, without drafts.
pub(crate) fn config() -> Result<Config> {
    config_of(&workspace::specs(), false)
}

/// The same with drafts.
pub(crate) fn config_with_drafts() -> Result<Config> {
    config_of(&workspace::specs(), true)
}

/// The configuration in a folder that is laid out like `specs/`.
pub(crate) fn config_of(specs: &Path, drafts: bool) -> Result<Config> {
    let text = |name| files::read(&specs.join(name));
    let (apis, scopes) = (text("apis.toml")?, text("scopes.toml")?);
    let mut config = Config::parse(("apis.toml", &apis), ("scopes.toml", &scopes))?;
    config.drafts = drafts;
    for path in files::with_extension(&specs.join("apis"), "toml")? {
        config = config.with_api(&workspace::shown(&path), &files::read(&path)?)?;
    }
    Ok(object_types_of(specs, &config)?.extend(config)?)
}

/// The object types in `specs/`.
pub(crate) fn object_types(config: &Config) -> Result<ObjectTypes> {
    object_types_of(&workspace::specs(), config)
}

fn object_types_of(specs: &Path, config: &Config) -> Result<ObjectTypes> {
    let text = files::read(&specs.join("object-types.toml"))?;
    Ok(ObjectTypes::parse("object-types.toml", &text, config)?)
}

/// The older paths and undocumented operations in `specs/`.
pub(crate) fn older_paths(config: &Config) -> Result<OlderPaths> {
    let text = files::read(&workspace::specs().join("older-paths.toml"))?;
    Ok(OlderPaths::parse("older-paths.toml", &text, config)?)
}

/// One of our files, by its path below `specs/`.
pub(crate) fn document(config: &Config, path: &str) -> Result<Vec<u8>> {
    document_of(&workspace::specs(), config, path)
}

/// The same in a folder that is laid out like `specs/`.
pub(crate) fn document_of(specs: &Path, config: &Config, path: &str) -> Result<Vec<u8>> {
    let from_disk = |path: &str| fs::read(specs.join(path));
    let bytes = object_types_of(specs, config)?.read(path, &from_disk);
    bytes.with_context(|| format!("cannot read specs/{path}"))
}

/// Our documents, or HubSpot's from the folder `published`, corrected.
pub(crate) fn documents(config: &Config, published: Option<&Path>) -> Result<Vec<Document>> {
    read_documents(config, published, hubspot_codegen::documents)
}

/// The further documents of HubSpot's in the folder `published`, corrected.
pub(crate) fn also_published(config: &Config, published: &Path) -> Result<Vec<Document>> {
    read_documents(config, Some(published), |config, _, overlays, read| {
        hubspot_codegen::also_published(config, overlays, read)
    })
}

/// The same as far as they can be expressed, with what is refused beside them.
pub(crate) fn lowered(config: &Config, published: Option<&Path>) -> Result<Lowered> {
    read_documents(config, published, hubspot_codegen::lowered)
}

fn read_documents<T>(
    config: &Config,
    published: Option<&Path>,
    stage: impl FnOnce(&Config, Origin, &[Overlay], Read<'_>) -> Result<T, Errors>,
) -> Result<T> {
    let (folder, origin, overlays) = match published {
        None => (workspace::specs(), Origin::Own, Vec::new()),
        Some(folder) => (
            folder.to_path_buf(),
            Origin::Published,
            overlays(&workspace::specs().join("overlays"))?,
        ),
    };
    let types = object_types(config)?;
    let from_disk = |path: &str| fs::read(folder.join(path));
    let filled = |path: &str| types.read(path, &from_disk);
    let read: Read<'_> = match origin {
        Origin::Own => &filled,
        Origin::Published => &from_disk,
    };
    stage(config, origin, &overlays, read).with_context(|| {
        format!(
            "cannot use the documents in {} (see specs/README.md)",
            workspace::shown(&folder)
        )
    })
}

/// The corrections to HubSpot's documents in a folder, sorted by name.
pub(crate) fn overlays(folder: &Path) -> Result<Vec<Overlay>> {
    let paths = files::with_extension(folder, "yaml")?;
    let overlays = paths.iter().map(|path| {
        let text = files::read(path)?;
        Ok(Overlay::parse(&workspace::shown(path), text.as_bytes())?)
    });
    overlays.collect()
}
