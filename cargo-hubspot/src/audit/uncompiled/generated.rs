//! Finds build scripts that may write other code for other platforms and features.

use std::path::Path;

use cargo_metadata::{DependencyKind, Package};
use proc_macro2::{TokenStream, TokenTree};

use super::files::Source;
use super::notes::ELSEWHERE;
use super::walk::{Callee, Suspect};
use crate::audit::compile::Compiled;
use crate::model::TargetKind;
use crate::tokens::{is, literals};

/// Generators whose code calls nothing.
const KNOWN_GENERATORS: [&str; 12] = [
    "bindgen",
    "built",
    "capnpc",
    "cbindgen",
    "cc",
    "cxx-build",
    "lalrpop",
    "prost-build",
    "protobuf-codegen",
    "tonic-build",
    "tonic-prost-build",
    "vergen",
];

/// Variables that are the same for every platform and feature.
const FIXED: [&str; 4] = [
    "OUT_DIR",
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
];

/// Where the build script of a package starts to depend on the platform or the features, if its code is compiled into the
/// package: what it writes in other builds is not known.
pub(super) fn suspect(
    package: &Package,
    sources: &[Source],
    compiled: &Compiled,
) -> Option<(String, Suspect)> {
    let is_own = |unit: &&crate::audit::compile::CompiledUnit| unit.package == package.id;
    let units = || compiled.units.iter().filter(is_own);
    let mut read = units().flat_map(|unit| &unit.unit.files);
    if !read.any(|file| compiled.paths.is_generated(&package.id, Path::new(file))) {
        return None;
    }
    let script = units().filter(|unit| unit.target.kind == TargetKind::BuildScript);
    let files: Vec<_> = script
        .flat_map(|unit| &unit.unit.files)
        .map(|file| compiled.paths.shown(Path::new(file)))
        .collect();
    let mut sources = sources
        .iter()
        .filter(|source| files.contains(&source.shown));
    let condition = sources.find_map(|source| {
        let tokens = source.tokens.as_ref().ok()?;
        Some((source.shown.clone(), condition(tokens)?))
    });
    let (file, line) = condition.or_else(|| {
        let mut generators = package.dependencies.iter();
        let is_unknown = generators.any(|dependency| {
            dependency.kind == DependencyKind::Build
                && !KNOWN_GENERATORS.contains(&dependency.name.as_str())
        });
        let script = files.first().filter(|_| is_unknown)?;
        Some((script.clone(), 1))
    })?;
    let suspect = Suspect {
        line,
        within: ELSEWHERE.to_owned(),
        callee: Callee::Anything,
    };
    Some((file, suspect))
}

/// The line in which a build script looks at the platform, the features or another variable of its environment.
fn condition(tokens: &TokenStream) -> Option<usize> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().find_map(|(at, token)| {
        let depends = match token {
            TokenTree::Group(group) => return condition(&group.stream()),
            TokenTree::Ident(name) => match name.to_string().as_str() {
                "cfg" | "cfg_attr" | "cfg_if" | "cfg_select" | "consts" | "vars" | "vars_os" => {
                    true
                }
                "env" | "option_env" if !tokens.get(at + 1).is_some_and(|next| is(next, '!')) => {
                    false
                }
                "env" | "option_env" => !names_fixed(tokens.get(at + 2)),
                "var" | "var_os" => !names_fixed(tokens.get(at + 1)),
                _ => false,
            },
            _ => false,
        };
        depends.then(|| token.span().start().line)
    })
}

/// Returns whether the arguments name a variable that is the same in every build.
fn names_fixed(arguments: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Group(group)) = arguments else {
        return false;
    };
    match literals(&group.stream()).first() {
        Some(name) => FIXED.contains(&name.as_str()) || name.starts_with("CARGO_PKG_"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_scripts_that_look_at_the_build_are_found() {
        for (source, expected) in [
            (
                "fn main() { std::env::var(\"OUT_DIR\"); env!(\"CARGO_PKG_NAME\"); }",
                None,
            ),
            (
                "use std::env;\nfn main() { env::var_os(\"CARGO_CFG_WINDOWS\"); }",
                Some(2),
            ),
            (
                "fn main() { std::env::var(\"CARGO_FEATURE_EXTRA\") }",
                Some(1),
            ),
            ("fn main() { std::env::var(NAME) }", Some(1)),
            ("fn main() { names.map(std::env::var) }", Some(1)),
            ("fn main() { if cfg!(windows) {} }", Some(1)),
            ("fn main() {}\n#[cfg(windows)]\nfn a() {}", Some(2)),
            ("fn main() { option_env!(\"TARGET\"); }", Some(1)),
            ("fn main() { std::env::vars(); }", Some(1)),
        ] {
            assert_eq!(condition(&source.parse().unwrap()), expected, "{source}");
        }
    }
}
