//! Lists the files below a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Whether a walk enters folders that are links.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// Each folder is entered once, by whichever name comes first.
    Follow,
    Skip,
}

/// The files below `folder`, sorted. Skips hidden folders, those that a tool such as cargo fills, and those that `enters`
/// rejects.
pub(crate) fn files(folder: &Path, links: Links, enters: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut entered = BTreeSet::new();
    let mut is_wanted = |entry: &DirEntry| {
        if !entry.file_type().is_dir() {
            return true;
        }
        let name = entry.file_name().to_string_lossy();
        let is_skipped = name.starts_with('.')
            || name == "node_modules"
            || (name == "target" && entry.path().with_file_name("Cargo.toml").exists())
            || entry.path().join("CACHEDIR.TAG").exists();
        (entry.depth() == 0 || (!is_skipped && enters(entry.path())))
            && (links == Links::Skip || entered.insert(real(entry.path())))
    };
    let walk = WalkDir::new(folder)
        .follow_links(links == Links::Follow)
        .sort_by_file_name();
    let entries = walk.into_iter().filter_entry(&mut is_wanted);
    entries
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_type().is_dir())
        .map(DirEntry::into_path)
        .collect()
}

/// The path with links resolved, or the path itself if there is no such file.
pub(crate) fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in ["a/inner/target", "elsewhere", "target", ".hidden", "built"] {
            fs::create_dir_all(at(path)).unwrap();
        }
        for path in [
            "a/inner/one.rs",
            "elsewhere/two.rs",
            "Cargo.toml",
            "target/no.rs",
            ".hidden/no.rs",
            "built/no.rs",
            "built/CACHEDIR.TAG",
            "a/inner/target/mod.rs",
        ] {
            fs::write(at(path), "").unwrap();
        }
        symlink(at("a"), at("a/inner/loop")).unwrap();
        symlink(at("elsewhere"), at("a/linked")).unwrap();
        symlink(at("elsewhere"), at("a/twice")).unwrap();
        symlink(at("elsewhere/two.rs"), at("a/file.rs")).unwrap();
        let found = |links| {
            let files = files(&at("a"), links, |_| true);
            let names = files.iter().map(|path| path.strip_prefix(at("a")).unwrap());
            names
                .map(|path| path.display().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found(Links::Follow),
            [
                "file.rs",
                "inner/one.rs",
                "inner/target/mod.rs",
                "linked/two.rs"
            ]
        );
        let without = found(Links::Skip);
        assert!(without.contains(&"inner/one.rs".to_owned()));
        assert!(!without.iter().any(|path| path.contains("two.rs")));
        let rest = files(folder.path(), Links::Skip, |path| !path.ends_with("a"));
        assert_eq!(rest, [at("Cargo.toml"), at("elsewhere/two.rs")]);
    }
}
