//! HubSpot's published documents, every one of them, read without a panic; what has no code yet is refused by name.
//!
//! They are not part of the repository: the tests look where `HUBSPOT_PUBLISHED` points, else beside the workspace.

use std::path::{Path, PathBuf};

use hubspot_codegen::config::Config;
use hubspot_codegen::error::Problem;
use hubspot_codegen::load::{Origin, load};
use hubspot_codegen::lower::{Lowered, lower};

/// The folder with the documents of HubSpot's that the client is generated from, if it is at hand.
fn published() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let beside = workspace.parent()?.join("shared/hubspot-openapi/focal");
    let folder = std::env::var_os("HUBSPOT_PUBLISHED").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: {} is missing; set HUBSPOT_PUBLISHED",
        folder.display()
    );
    None
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            json_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
}

fn lower_alone(folder: &Path, path: &Path) -> Lowered {
    let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
    let config = Config::ad_hoc("api", "version", name);
    let sources = load(&config, Origin::Published, &|path| {
        std::fs::read(folder.join(path))
    })
    .unwrap();
    lower(&sources)
}

#[test]
fn every_document_is_read_and_refusals_have_a_place() {
    let Some(focal) = published() else { return };
    let folder = focal.parent().unwrap();
    let mut files = Vec::new();
    for part in ["focal", "sample"] {
        let part = folder.join(part);
        if part.is_dir() {
            json_files(&part, &mut files);
        }
    }
    assert!(!files.is_empty());
    let (mut kept, mut omitted) = (0, 0);
    for file in &files {
        let lowered = lower_alone(folder, file);
        for error in &lowered.refused {
            assert!(
                matches!(error.problem, Problem::Inexpressible(_)),
                "{error}"
            );
            assert!(error.place.pointer.starts_with('/'), "{error}");
            assert!(file.ends_with(&error.place.document), "{error}");
        }
        assert_eq!(
            lowered.omitted.is_empty(),
            lowered.refused.is_empty(),
            "{}",
            file.display()
        );
        kept += lowered.documents[0].operations.len();
        omitted += lowered.omitted.len();
    }
    eprintln!(
        "{} documents: {kept} operations, {omitted} refused",
        files.len()
    );
    assert!(kept > omitted);
}
