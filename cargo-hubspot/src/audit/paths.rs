//! How files are named in a report: one file by one name.

use std::path::{Component, Path, PathBuf};

use std::collections::BTreeMap;

use cargo_metadata::PackageId;

use crate::model::OUT_DIR;

/// The folders that names are relative to.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    root: PathBuf,
    out_dirs: BTreeMap<PackageId, PathBuf>,
}

impl Paths {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            out_dirs: BTreeMap::new(),
        }
    }

    /// Takes note of the folder of a package's build script.
    pub(super) fn add_out_dir(&mut self, package: PackageId, folder: &Path) {
        self.out_dirs.insert(package, normal(folder));
    }

    /// The name of a file: relative to the workspace, or to what a build script wrote, with `/`.
    pub(super) fn shown(&self, path: &Path) -> String {
        let path = normal(&self.root.join(path));
        let written = self
            .out_dirs
            .values()
            .find_map(|folder| path.strip_prefix(folder).ok());
        let shown = match written {
            Some(rest) => Path::new(OUT_DIR).join(rest),
            None => path.strip_prefix(&self.root).unwrap_or(&path).to_owned(),
        };
        shown.to_string_lossy().replace('\\', "/")
    }

    /// The file of this name in a package.
    pub(super) fn real(&self, package: &PackageId, shown: &str) -> PathBuf {
        let rest = Path::new(shown).strip_prefix(OUT_DIR);
        match (rest, self.out_dirs.get(package)) {
            (Ok(rest), Some(folder)) => folder.join(rest),
            _ => self.root.join(shown),
        }
    }
}

/// The path without `.` and, as far as they lead to something that is named, without `..`.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => _ = parts.pop(),
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_name() {
        let mut paths = Paths::new(Path::new("/w"));
        let package = PackageId {
            repr: "a".to_owned(),
        };
        paths.add_out_dir(package.clone(), Path::new("/w/target/debug/build/a-1/out"));
        for (path, shown) in [
            ("src/lib.rs", "src/lib.rs"),
            ("src/../src/./lib.rs", "src/lib.rs"),
            ("/w/a/../src/lib.rs", "src/lib.rs"),
            ("../other/lib.rs", "/other/lib.rs"),
            ("/w/target/debug/build/a-1/out/b/c.rs", "$OUT_DIR/b/c.rs"),
        ] {
            assert_eq!(paths.shown(Path::new(path)), shown);
        }
        assert_eq!(
            paths.real(&package, "$OUT_DIR/b.rs"),
            Path::new("/w/target/debug/build/a-1/out/b.rs")
        );
        assert_eq!(
            paths.real(&package, "src/lib.rs"),
            Path::new("/w/src/lib.rs")
        );
    }
}
