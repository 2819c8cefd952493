//! The source files of a package, and with which `cfg` values each was compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Package;

use super::cfg::Values;
use super::notes;
use crate::audit::compile::Compiled;
use crate::audit::paths;

/// A source file of a package.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// As the report has it.
    pub(super) shown: String,
    /// The values of each compilation that read it.
    pub(super) units: Vec<Values>,
    /// The target that begins with it.
    pub(super) target: Option<String>,
    /// Whether it is outside the package's folder.
    pub(super) is_outside: bool,
}

/// The Rust files in a package's folder, those that its targets begin with, and every file that was compiled for it.
pub(super) fn of_package(package: &Package, compiled: &Compiled, root: &Path) -> Vec<File> {
    let folder = package
        .manifest_path
        .parent()
        .map(cargo_metadata::camino::Utf8Path::as_std_path);
    let folder = folder.unwrap_or(root);
    let mut files = BTreeSet::new();
    below(folder, package, &mut files);
    // A target may begin anywhere.
    let begins = package.targets.iter();
    files.extend(begins.map(|target| paths::normal(target.src_path.as_std_path())));
    let units = compiled
        .units
        .iter()
        .filter(|unit| unit.package == package.id);
    for unit in units {
        let read = unit
            .unit
            .files
            .iter()
            .map(|file| paths::normal(&root.join(file)));
        files.extend(read.filter(|path| is_rust(path)));
    }
    let file = |path: PathBuf| {
        let readers = compiled.units.iter().filter(|unit| {
            let mut read = unit.unit.files.iter();
            read.any(|file| paths::normal(&root.join(file)) == path)
        });
        let begins = package
            .targets
            .iter()
            .find(|target| paths::normal(target.src_path.as_std_path()) == path);
        File {
            shown: compiled.paths.shown(&path),
            units: readers
                .map(|unit| unit.unit.cfg.iter().cloned().collect())
                .collect(),
            target: begins.map(notes::target),
            is_outside: !path.starts_with(folder),
            path,
        }
    };
    files.into_iter().map(file).collect()
}

/// Whether a file that rustc read may be code: other ones are texts and data that the code includes.
fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
        || fs::read_to_string(path).is_ok_and(|text| text.contains("#[cfg"))
}

/// The Rust files of a folder that are of its package, or of one that is built with it, such as its fuzz targets.
fn below(folder: &Path, package: &Package, found: &mut BTreeSet<PathBuf>) {
    let is_hidden = folder
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let is_other = fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|manifest| !names(&manifest, package.name.as_str()));
    let is_own = package
        .manifest_path
        .parent()
        .is_some_and(|own| own.as_std_path() == folder);
    if (is_other || is_hidden || folder.join("CACHEDIR.TAG").exists()) && !is_own {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => below(&path, package, found),
            Ok(_) if path.extension().is_some_and(|extension| extension == "rs") => {
                _ = found.insert(path);
            }
            _ => {}
        }
    }
}

/// Whether a manifest may have a package among its dependencies.
fn names(manifest: &str, package: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim);
    lines.any(|line| {
        let key = line.strip_prefix(package);
        key.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
            || line.contains(&format!(".{package}]"))
            || line.contains(&format!("\"{package}\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_in_manifests() {
        for manifest in [
            "app = { path = '..' }",
            "app.path = '..'",
            "[dependencies.app]",
            "a = { package = \"app\" }",
        ] {
            assert!(names(manifest, "app"), "{manifest}");
        }
        for manifest in ["application = '1'", "path = \"../app\"", "[dependencies]"] {
            assert!(!names(manifest, "app"), "{manifest}");
        }
    }
}
