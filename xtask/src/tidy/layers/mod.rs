//! Modules import from lower layers only.
//!
//! [`table`] lists the modules of each crate from the lowest layer to the highest. A module may import itself, its own
//! modules and modules of lower rows, but not other modules of its row. Test code and generated code are not checked.
//! Paths are read from the tokens of a file, so those in macros count. A name that the crate's root re-exports counts as
//! the module that it comes from.

mod imports;
mod table;

use std::collections::BTreeMap;

use anyhow::Result;

use self::imports::{Import, imports, reexports};
use super::{Source, parse};

/// The rows of a crate, each a list of modules.
type Rows<'a> = &'a [&'a [&'a str]];

/// Checks every crate of the table.
pub(super) fn faults(sources: &[Source<'_>]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (name, rows) in table::CRATES {
        let prefix = format!("{name}/src/");
        let files: Vec<_> = sources
            .iter()
            .filter(|source| !source.is_generated() && !source.path.ends_with("/tests.rs"))
            .filter_map(|source| Some((source, module(source.path.strip_prefix(&prefix)?))))
            .collect();
        let mut roots = BTreeMap::new();
        for (source, _) in files.iter().filter(|(_, module)| module.is_empty()) {
            roots.extend(reexports(&parse(source)?));
        }
        for (source, module) in files.iter().filter(|(_, module)| !module.is_empty()) {
            let imports = imports(&parse(source)?, module);
            faults.extend(crate_faults(source.path, module, &imports, rows, &roots));
        }
    }
    Ok(faults)
}

/// The module of a file, by its path below `src/`; empty for a crate's root.
fn module(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" || path == "main" {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// The imports of one file that go up or sideways, and the file itself if its module is in no row.
fn crate_faults(
    path: &str,
    module: &[String],
    imports: &[Import],
    rows: Rows<'_>,
    roots: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let Some((from, row)) = place(module, rows) else {
        return vec![format!(
            "{path}: its module is in no row of xtask/src/tidy/layers/table.rs"
        )];
    };
    let mut faults = Vec::new();
    for import in imports {
        // The runtime for other crates has the paths of this one, so that macros can use them from everywhere.
        let used = match import.path.as_slice() {
            [runtime, rest @ ..] if runtime == "__rt" && !rest.is_empty() => rest,
            used => used,
        };
        let name = used.first().map_or("", String::as_str);
        let whole = roots.get(name).map_or(used, Vec::as_slice);
        let Some((to, other)) = place(whole, rows) else {
            continue;
        };
        let inside = to == from || to.starts_with(&format!("{from}::"));
        if !inside && other >= row {
            faults.push(format!(
                "{path}:{}: `{from}` imports `{to}`, which is not below it (xtask/src/tidy/layers/table.rs)",
                import.line
            ));
        }
    }
    // One group of names can be many imports.
    faults.dedup();
    faults
}

/// The longest entry of the table that a path is in, with its row.
fn place<'a>(path: &[String], rows: Rows<'a>) -> Option<(&'a str, usize)> {
    let entries = rows
        .iter()
        .enumerate()
        .flat_map(|(row, entries)| entries.iter().map(move |entry| (*entry, row)));
    let is_in = |entry: &str| {
        let mut segments = path.iter();
        entry
            .split("::")
            .all(|part| segments.next().is_some_and(|segment| segment == part))
    };
    entries
        .filter(|(entry, _)| is_in(entry))
        .max_by_key(|(entry, _)| entry.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{crate_faults, imports, module, reexports};

    const ROWS: &[&[&str]] = &[
        &["values", "text"],
        &["store"],
        &["store::index"],
        &["pages"],
    ];

    fn faults(path: &str, code: &str) -> usize {
        let root = syn::parse_file("pub use pages::Page; pub use values::{Id, Name as Title};");
        let module = module(path);
        let imports = imports(&syn::parse_file(code).unwrap(), &module);
        crate_faults(path, &module, &imports, ROWS, &reexports(&root.unwrap())).len()
    }

    #[test]
    fn the_module_of_a_file_follows_from_its_path() {
        assert_eq!(module("lib.rs"), Vec::<String>::new());
        assert_eq!(module("a/mod.rs"), ["a"]);
        assert_eq!(module("a/b.rs"), ["a", "b"]);
    }

    #[test]
    fn an_import_of_a_lower_layer_is_allowed() {
        for code in [
            "use crate::values::Id;",
            "use super::values;",
            "use crate::{values::{Id, Name}, text};",
            "fn f() -> crate::Title { crate::values::id() }",
            "use self::index::Index; use crate::store::index;",
            "#[cfg(test)] mod tests { use crate::pages::Page; }",
            "#[cfg(test)] use crate::pages::Page;",
            "use other::pages::Page;",
        ] {
            assert_eq!(faults("store.rs", code), 0, "{code}");
        }
        assert_eq!(faults("store/other.rs", "use super::Store;"), 0);
    }

    #[test]
    fn other_imports_are_reported() {
        for code in [
            "use crate::pages::Page;",
            "use super::pages;",
            "use crate::{values::Id, pages::{self, Page}};",
            "fn f(page: &crate::pages::Page) {}",
            "fn f() { vec![super::pages::page()]; }",
            "use crate::Page;",
            "mod inner { use super::super::pages::Page; }",
        ] {
            assert!(faults("store.rs", code) > 0, "{code}");
        }
        assert_eq!(faults("values.rs", "use crate::text::Text;"), 1);
        assert_eq!(
            faults("store/deep/er.rs", "use super::super::super::pages;"),
            1
        );
        assert_eq!(faults("new.rs", ""), 1, "a module that is not in the table");
    }

    #[test]
    fn every_crate_of_the_table_exists_once() {
        let mut names = BTreeSet::new();
        for (name, _) in super::table::CRATES {
            let source = crate::workspace::root().join(name).join("src");
            assert!(source.is_dir() && names.insert(name), "{name}");
        }
    }
}
