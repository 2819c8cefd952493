//! How files are named in a report: one file by one name.

use std::path::{Component, Path, PathBuf};

use cargo_metadata::PackageId;

use crate::model::OUT_DIR;

/// The folders that names are relative to.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    root: PathBuf,
    /// The folder that each build script writes to: one for each platform.
    out_dirs: Vec<(PackageId, PathBuf)>,
}

impl Paths {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            out_dirs: Vec::new(),
        }
    }

    /// Adds a folder that a package's build script writes to.
    pub(super) fn add_out_dir(&mut self, package: PackageId, folder: &Path) {
        self.out_dirs.push((package, normal(folder)));
    }

    /// The name of a file: relative to the workspace, or to what a build script wrote, with `/`.
    pub(super) fn shown(&self, path: &Path) -> String {
        let path = normal(&self.root.join(path));
        let written = self
            .out_dirs
            .iter()
            .find_map(|(_, folder)| path.strip_prefix(folder).ok());
        let shown = match written {
            Some(rest) => Path::new(OUT_DIR).join(rest),
            None => path.strip_prefix(&self.root).unwrap_or(&path).to_owned(),
        };
        shown.to_string_lossy().replace('\\', "/")
    }

    /// The file of this name in a package.
    pub(super) fn real(&self, package: &PackageId, shown: &str) -> PathBuf {
        let Ok(rest) = Path::new(shown).strip_prefix(OUT_DIR) else {
            return self.root.join(shown);
        };
        let written = self.written_by(package).map(|folder| folder.join(rest));
        let written: Vec<_> = written.collect();
        let existing = written.iter().find(|path| path.exists());
        let path = existing.or(written.first()).cloned();
        path.unwrap_or_else(|| self.root.join(shown))
    }

    /// Returns whether the build script of a package wrote a file.
    pub(super) fn is_generated(&self, package: &PackageId, path: &Path) -> bool {
        let path = normal(&self.root.join(path));
        self.written_by(package)
            .any(|folder| path.starts_with(folder))
    }

    fn written_by(&self, package: &PackageId) -> impl Iterator<Item = &PathBuf> {
        let own = self.out_dirs.iter().filter(move |(of, _)| of == package);
        own.map(|(_, folder)| folder)
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
