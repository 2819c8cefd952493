//! What is generated, to the byte: `client/` is a client of small documents, one idea each, and this test compares its
//! sources with what is generated from them. It is a package of the workspace on the real runtime, so that they are
//! compiled, and its own tests use them.
//!
//! `UPDATE_GOLDEN=1 cargo test -p hubspot-codegen --test golden` writes what is generated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use hubspot_codegen::config::Config;
use hubspot_codegen::generate;
use hubspot_codegen::load::Origin;

fn client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client")
}

fn generated() -> BTreeMap<String, String> {
    let specs = client().join("specs");
    let read = |name: &str| fs::read_to_string(specs.join(name)).unwrap();
    let (apis, scopes) = (read("apis.toml"), read("scopes.toml"));
    let config = Config::parse(("apis.toml", &apis), ("scopes.toml", &scopes)).unwrap();
    let output = generate(&config, Origin::Own, &[], &|path| {
        fs::read(specs.join(path))
    });
    output.unwrap_or_else(|errors| panic!("{errors}"))
}

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
fn the_client_is_what_is_generated() {
    let root = client().join("src/generated");
    let generated = generated();
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::remove_dir_all(&root).ok();
        for (path, text) in &generated {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let mut written = BTreeMap::new();
    files(&root, &root, &mut written);
    for path in generated.keys().chain(written.keys()) {
        let (expected, actual) = (written.get(path), generated.get(path));
        assert!(
            expected == actual,
            "{path} differs from what is generated; `UPDATE_GOLDEN=1 cargo test -p hubspot-codegen --test golden` writes it"
        );
    }
}

#[test]
fn a_second_run_gives_the_same() {
    assert_eq!(generated(), generated());
}
