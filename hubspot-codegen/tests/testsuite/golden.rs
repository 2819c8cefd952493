//! What is generated, to the byte: `../client/` is a client of small documents, one idea each, and this test compares its
//! sources with what is generated from them. It is a package of the workspace on the real runtime, so that they are
//! compiled, and its own tests use them. `client/table/` is the table of the same operations, and of those of a document
//! for the mock alone.
//!
//! `UPDATE_GOLDEN=1 cargo test -p hubspot-codegen --test testsuite golden` writes what is generated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use hubspot_codegen::config::Config;
use hubspot_codegen::load::Origin;
use hubspot_codegen::{documents, generate_from, generate_table};

fn client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client")
}

/// Every file below `client/` that is generated.
fn generated() -> BTreeMap<String, String> {
    let specs = client().join("specs");
    let read = |name: &str| fs::read_to_string(specs.join(name)).unwrap();
    let (apis, scopes) = (read("apis.toml"), read("scopes.toml"));
    let config = Config::parse(("apis.toml", &apis), ("scopes.toml", &scopes)).unwrap();
    let trees = documents(&config, Origin::Own, &[], &|path| {
        fs::read(specs.join(path))
    })
    .and_then(|documents| {
        let client = generate_from(&config, &documents)?;
        Ok([
            (TREES[0], client),
            (TREES[1], generate_table(&config, &documents)?),
        ])
    })
    .unwrap_or_else(|errors| panic!("{errors}"));
    let paths = |(folder, files): (&str, BTreeMap<String, String>)| {
        let files = files.into_iter();
        files
            .map(|(path, text)| (format!("{folder}/{path}"), text))
            .collect::<Vec<_>>()
    };
    trees.into_iter().flat_map(paths).collect()
}

const TREES: [&str; 2] = ["src/generated", "table"];

/// The files below a folder: text by path.
fn files(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            found.insert(name.replace('\\', "/"), fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_client_and_the_table_are_what_is_generated() {
    let root = client();
    let generated = generated();
    if env::var_os("UPDATE_GOLDEN").is_some() {
        for tree in TREES {
            fs::remove_dir_all(root.join(tree)).ok();
        }
        for (path, text) in &generated {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let mut written = BTreeMap::new();
    for tree in TREES {
        files(&root, &root.join(tree), &mut written);
    }
    for path in generated.keys().chain(written.keys()) {
        let (expected, actual) = (written.get(path), generated.get(path));
        assert!(
            expected == actual,
            "{path} differs from what is generated; `UPDATE_GOLDEN=1 cargo test -p hubspot-codegen --test testsuite golden` writes it"
        );
    }
}

#[test]
fn the_table_calls_an_operation_what_the_client_calls_it() {
    let generated = generated();
    let text = |tree: &str| {
        let files = generated.iter().filter(|(path, _)| path.starts_with(tree));
        files.map(|(_, text)| text.as_str()).collect::<String>()
    };
    let (of_client, table) = (text(TREES[0]), text(TREES[1]));
    let ids = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("id: "));
    let (ours, others): (Vec<_>, Vec<_>) = ids
        .map(|id| id.trim_end_matches(','))
        .partition(|id| of_client.contains(id));
    assert_eq!(others, [r#""v1.mocked.imagine""#]);
    assert!(ours.contains(&r#""v1.versions.get""#), "{ours:?}");
    let constants = of_client.matches(": Operation = ").count();
    assert_eq!(ours.len(), constants);
}

#[test]
fn a_second_run_gives_the_same() {
    assert_eq!(generated(), generated());
}
