//! HubSpot's published documents, every one of them, read without a panic; what has no code yet is refused by name.
//!
//! They are not part of the repository: the tests look where `HUBSPOT_PUBLISHED` points, else beside the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use hubspot_codegen::also_published;
use hubspot_codegen::config::Config;
use hubspot_codegen::conform::{compare, compare_parts};
use hubspot_codegen::corpus::{Known, catalogue, generate};
use hubspot_codegen::correct::{Overlay, correct};
use hubspot_codegen::error::Problem;
use hubspot_codegen::load::{Origin, load};
use hubspot_codegen::lower::{Lowered, lower};
use hubspot_codegen::model::Document;
use hubspot_codegen::object_types::ObjectTypes;

/// The folder with HubSpot's documents, if it is at hand.
fn published() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let beside = workspace.parent()?.join("shared/hubspot-openapi");
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
    lower(&sources, &config)
}

#[test]
fn every_document_is_read_and_refusals_have_a_place() {
    let Some(folder) = published() else { return };
    let mut files = Vec::new();
    for part in ["extra", "focal", "sample", "v2026-09"] {
        let part = folder.join(part);
        if part.is_dir() {
            json_files(&part, &mut files);
        }
    }
    assert!(!files.is_empty());
    let (mut kept, mut omitted) = (0, 0);
    let mut reasons = BTreeMap::<String, usize>::new();
    for file in &files {
        let lowered = lower_alone(&folder, file);
        for error in &lowered.refused {
            *reasons.entry(error.problem.to_string()).or_default() += 1;
            assert!(
                matches!(
                    *error.problem,
                    Problem::Unsupported(_) | Problem::NoSecurity
                ),
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
    for (reason, count) in reasons {
        eprintln!("{count} {reason}");
    }
    eprintln!(
        "{} documents: {kept} operations, {omitted} refused",
        files.len()
    );
    assert!(kept > omitted);
}

/// The documents of each folder as one client a version: every operation is generated or its fault is listed.
#[test]
fn documents_of_one_version_become_one_client() {
    let Some(folder) = published() else { return };
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut public = configuration(&specs).0.apis.public;
    let more = std::fs::read_to_string(specs.join("corpus/public.toml")).unwrap();
    public.extend(toml::from_str::<BTreeMap<_, _>>(&more).unwrap());
    let mut overlays = overlays(&specs, "overlays");
    overlays.extend(self::overlays(&specs, "corpus"));
    let known = Known { overlays, public };
    let folders = [["focal", "sample"].as_slice(), &["v2026-09"]];
    for parts in folders {
        let mut files = Vec::new();
        for part in parts.iter().map(|part| folder.join(part)) {
            if part.is_dir() {
                json_files(&part, &mut files);
            }
        }
        let paths = files.iter().map(|path| path.to_str().unwrap().to_owned());
        let paths = paths.collect::<Vec<_>>();
        let (clients, unreadable) = catalogue(&paths, &|path| std::fs::read(path));
        assert_eq!(unreadable, []);
        for client in clients {
            let generated = generate(&client, &known, &|path| std::fs::read(path));
            assert_eq!(generated.failures, []);
            assert!(
                generated.operations > 0 && generated.omitted == 0,
                "{}",
                client.version
            );
            assert!(generated.types_after <= generated.types_before);
        }
    }
}

/// The overlays in a folder of `specs/`, in the order of their names.
fn overlays(specs: &Path, folder: &str) -> Vec<Overlay> {
    let entries = std::fs::read_dir(specs.join(folder)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    paths.sort();
    let overlay = |path: &PathBuf| {
        let name = path.strip_prefix(specs).unwrap().to_str().unwrap();
        Overlay::parse(name, &std::fs::read(path).unwrap())
    };
    let overlays: Result<Vec<_>, _> = paths.iter().map(overlay).collect();
    overlays.unwrap_or_else(|error| panic!("{error}"))
}

/// The configuration and the object types of `specs/`.
fn configuration(specs: &Path) -> (Config, ObjectTypes) {
    let text = |name: &str| std::fs::read_to_string(specs.join(name)).unwrap();
    let (apis, scopes) = (text("apis.toml"), text("scopes.toml"));
    let config = Config::parse(("apis.toml", &apis), ("scopes.toml", &scopes));
    let mut config = config.unwrap_or_else(|errors| panic!("{errors}"));
    for entry in std::fs::read_dir(specs.join("apis")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let added = config.with_api(name, &std::fs::read_to_string(&path).unwrap());
        config = added.unwrap_or_else(|errors| panic!("{errors}"));
    }
    let types = ObjectTypes::parse("object-types.toml", &text("object-types.toml"), &config);
    let types = types.unwrap_or_else(|errors| panic!("{errors}"));
    let config = types.extend(config);
    (config.unwrap_or_else(|errors| panic!("{errors}")), types)
}

/// A document that no entry names would be compared with nothing.
#[test]
fn every_document_of_the_current_version_is_named() {
    let Some(folder) = published() else { return };
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let (config, _) = configuration(&specs);
    let entries = config.apis.documents.iter();
    let named = entries.flat_map(|entry| entry.all_published().cloned());
    let named = named.filter(|path| path.starts_with("v2026-09/"));
    let named = named.collect::<Vec<_>>();
    let mut files = Vec::new();
    json_files(&folder.join("v2026-09"), &mut files);
    let files = files
        .iter()
        .map(|path| path.strip_prefix(&folder).unwrap().to_str().unwrap());
    let files = files.map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(files.len(), 90);
    assert_eq!(named.len(), 90, "a document is named twice");
    assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), files);
}

#[test]
fn our_documents_state_the_facts_of_the_published_ones() {
    let Some(folder) = published() else { return };
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let (config, types) = configuration(&specs);
    let overlays = overlays(&specs, "overlays");
    let ours = load(&config, Origin::Own, &|path| {
        types.read(path, &|path| std::fs::read(specs.join(path)))
    })
    .unwrap_or_else(|errors| panic!("{errors}"));
    let theirs = load(&config, Origin::Published, &|path| {
        std::fs::read(folder.join(path))
    })
    .and_then(|sources| correct(sources, &config, &overlays))
    .unwrap_or_else(|errors| panic!("{errors}"));
    let (ours, theirs) = (lower(&ours, &config), lower(&theirs, &config));
    for error in ours.refused.iter().chain(&theirs.refused) {
        eprintln!("{error}");
    }
    assert!(ours.refused.is_empty() && theirs.refused.is_empty());

    check_counts(&ours.documents, &config);

    let entry = |document: &Document| config.apis.document(&document.api, &document.version);
    let documents = ours.documents.iter().cloned();
    let published = |document: &Document| entry(document)?.published.clone();
    let ours = documents
        .filter(|document| published(document).is_some())
        .collect::<Vec<_>>();
    let further = also_published(&config, &overlays, &|path| std::fs::read(folder.join(path)));
    let further = further.unwrap_or_else(|errors| panic!("{errors}"));
    let compared = theirs.documents.iter().chain(&further);
    let compared = compared.filter(|document| document.version == "2026-09");
    let operations = compared.map(|document| document.operations.len());
    assert_eq!(operations.sum::<usize>(), 903);
    let mut differences = compare(&ours, &theirs.documents);
    differences.extend(compare_parts(&ours, &further));
    for difference in &differences {
        eprintln!("{difference}");
    }
    assert!(differences.is_empty(), "{} differences", differences.len());
}

/// Checks how many operations of each version the client and the mock have.
fn check_counts(ours: &[Document], config: &Config) {
    let count = |version: &str, mock_only: bool| {
        let documents = ours.iter().filter(|document| {
            let entry = config.apis.document(&document.api, &document.version);
            document.version == version && entry.is_some_and(|entry| entry.mock_only == mock_only)
        });
        documents
            .map(|document| document.operations.len())
            .sum::<usize>()
    };
    for (version, of_client, of_mock) in [
        ("2026-09", 882, 0),
        ("2026-03", 53, 18),
        ("v4", 0, 10),
        ("v3", 44, 16),
        ("v2", 0, 1),
        ("v1", 0, 4),
    ] {
        assert_eq!(
            (count(version, false), count(version, true)),
            (of_client, of_mock),
            "{version}"
        );
    }
}
