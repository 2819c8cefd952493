//! Modules import from lower layers only.
//!
//! [`table`] lists the modules of each crate from the lowest layer to the highest. A module may import itself, its own
//! modules and modules of lower rows, but not other modules of its row. Test code and generated code are not checked.
//! Paths are read from the tokens of a file, so those in macros count. A name that the crate's root re-exports counts as
//! the module that it comes from. Files of one module do not import one another in a circle.

mod cycles;
mod imports;
mod table;

use std::collections::BTreeMap;

use anyhow::Result;

use self::{
    cycles::Module,
    imports::{imports, names},
};
use super::{Source, parse};

/// The rows of a crate, each a list of modules.
type Rows<'a> = &'a [&'a [&'a str]];

/// Checks every crate of the table.
pub(super) fn faults(sources: &[Source<'_>]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for (name, rows) in table::CRATES {
        let prefix = format!("{name}/src/");
        let mut modules = Vec::new();
        for source in sources {
            if let Some(path) = source.path.strip_prefix(&prefix)
                && !source.is_generated()
                && !path.ends_with("/tests.rs")
            {
                modules.push(module(source.path, path, &parse(source)?));
            }
        }
        let (roots, modules): (Vec<_>, Vec<_>) = modules
            .into_iter()
            .partition(|module| module.path.is_empty());
        let roots = roots.into_iter().flat_map(|root| root.names).collect();
        for module in &modules {
            faults.extend(crate_faults(module, rows, &roots));
        }
        faults.extend(cycles::faults(&modules));
    }
    Ok(faults)
}

fn module<'a>(file: &'a str, path: &str, code: &syn::File) -> Module<'a> {
    let path = path_of(path);
    Module {
        file,
        imports: imports(code, &path),
        names: names(code, &path),
        path,
    }
}

/// The module of a file, by its path below `src/`; empty for a crate's root.
fn path_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" || path == "main" {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// The imports of one file that go up or sideways, and the file itself if its module is in no row.
fn crate_faults(
    module: &Module<'_>,
    rows: Rows<'_>,
    roots: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let path = module.file;
    let Some((from, row)) = place(&module.path, rows) else {
        return vec![format!(
            "{path}: its module is in no row of xtask/src/tidy/layers/table.rs"
        )];
    };
    let mut faults = Vec::new();
    for import in &module.imports {
        let name = import.path.first().map_or("", String::as_str);
        let whole = roots.get(name).unwrap_or(&import.path);
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

    use super::{crate_faults, cycles, module, names, path_of};

    const ROWS: &[&[&str]] = &[
        &["values", "text"],
        &["store"],
        &["store::index"],
        &["pages"],
    ];

    fn faults(path: &str, code: &str) -> usize {
        let root = syn::parse_file("pub use pages::Page; pub use values::{Id, Name as Title};");
        let module = module(path, path, &syn::parse_file(code).unwrap());
        crate_faults(&module, ROWS, &names(&root.unwrap(), &[])).len()
    }

    #[test]
    fn the_module_of_a_file_follows_from_its_path() {
        assert_eq!(path_of("lib.rs"), Vec::<String>::new());
        assert_eq!(path_of("a/mod.rs"), ["a"]);
        assert_eq!(path_of("a/b.rs"), ["a", "b"]);
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

    /// The circles among files, each with its code.
    fn circles(files: &[(&'static str, &str)]) -> Vec<String> {
        let modules: Vec<_> = files
            .iter()
            .map(|(path, code)| module(path, path, &syn::parse_file(code).unwrap()))
            .collect();
        cycles::faults(&modules)
    }

    #[test]
    fn parents_and_children_import_one_another() {
        let files = [
            ("a/mod.rs", "use self::b::B; struct A;"),
            ("a/b.rs", "use super::A; use crate::a::A as _;"),
            (
                "c.rs",
                "use crate::a::A; #[cfg(test)] mod tests { use crate::d::D; }",
            ),
            ("d.rs", "use crate::c::C; use serde::de::C as _;"),
        ];
        assert_eq!(circles(&files), Vec::<String>::new());
    }

    #[test]
    fn circles_are_reported() {
        let direct = [
            ("a/b.rs", "use super::c::C;"),
            ("a/c.rs", "\nuse super::b::B;"),
        ];
        assert_eq!(
            circles(&direct),
            [
                "a/b.rs:1 imports `a::c`, a/c.rs:2 imports `a::b`: files import one another in a circle"
            ]
        );
        let through_names = [
            ("a/mod.rs", "use b::B; pub use self::c::C;"),
            ("a/b.rs", "use super::C;"),
            ("a/c.rs", "fn f(b: &crate::d::D) {}"),
            ("d.rs", "pub(crate) use crate::a::b::B as D;"),
        ];
        assert_eq!(circles(&through_names).len(), 1);
        let of_three = [
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use super::a::A;"),
        ];
        assert_eq!(circles(&of_three).len(), 1);
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
