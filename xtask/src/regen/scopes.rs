//! What changes about the scopes of operations when generated files are replaced.

use std::collections::BTreeMap;
use std::path::Path;

use hubspot_codegen::Output;
use hubspot_codegen::diff::scope_change;
use hubspot_scopes::Requirement;
use quote::ToTokens as _;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, Lit, Token};

use hubspot_codegen::folder::Difference;

use crate::files;

/// A line for each operation whose scopes change: those of stale files.
pub(super) fn changes(folder: &Path, wanted: &Output, differences: &[Difference]) -> Vec<String> {
    let mut lines = Vec::new();
    for difference in differences {
        let Difference::Stale(path) = difference else {
            continue;
        };
        let old = files::read(&folder.join(path)).unwrap_or_default();
        let new = wanted.get(path).map_or("", String::as_str);
        lines.extend(between(&old, new));
    }
    lines
}

fn between(old: &str, new: &str) -> Vec<String> {
    let mut old = requirements(old);
    let mut lines = Vec::new();
    for (operation, new) in requirements(new) {
        let change = old
            .remove(&operation)
            .and_then(|old| scope_change(&old, &new));
        if let Some((kind, change)) = change {
            let mark = if kind.is_breaking() { "BREAKING " } else { "" };
            lines.push(format!("{mark}{operation} {}: {change}", kind.label()));
        }
    }
    lines
}

/// The requirement of each operation: what the attribute `hubspot_scopes` of its method says. Code that cannot be read has
/// none.
fn requirements(text: &str) -> BTreeMap<String, Requirement> {
    let mut found = Found::default();
    if let Ok(file) = syn::parse_file(text) {
        found.visit_file(&file);
    }
    found.0
}

#[derive(Default)]
struct Found(BTreeMap<String, Requirement>);

impl Visit<'_> for Found {
    fn visit_meta_list(&mut self, list: &syn::MetaList) {
        if list.path.is_ident("hubspot_scopes")
            && let Ok(arguments) =
                list.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        {
            let (named, scopes): (Vec<_>, Vec<_>) = arguments
                .iter()
                .partition(|argument| matches!(argument, Expr::Assign(_)));
            let operation = named.into_iter().find_map(operation);
            let scopes = scopes
                .into_iter()
                .map(|scope| scope.to_token_stream().to_string());
            let scopes = scopes.collect::<Vec<_>>().join(", ");
            if let (Some(operation), Ok(requirement)) = (operation, scopes.parse()) {
                self.0.insert(operation, requirement);
            }
        }
        visit::visit_meta_list(self, list);
    }
}

/// The value of `operation = "…"`.
fn operation(argument: &Expr) -> Option<String> {
    let Expr::Assign(assign) = argument else {
        return None;
    };
    match (&*assign.left, &*assign.right) {
        (
            Expr::Path(name),
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }),
        ) => name.path.is_ident("operation").then(|| text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_scopes_are_listed() {
        let code = |scopes: &str| {
            format!(
                "impl<S> Things<S> {{ #[hubspot_scopes(grant = crate::A, operation = \"things.list reads GET /things\", {scopes})] pub fn list(&self) {{}} pub fn other() {{}} }}"
            )
        };
        let between = |old: &str, new: &str| between(&code(old), &code(new));
        assert_eq!(between("\"a\"", "\"a\""), [""; 0]);
        assert_eq!(
            between("\"a\"", "any(\"a\", all(\"b\", \"c\"))"),
            ["things.list reads GET /things needs fewer scopes: `a` or `b` + `c` instead of `a`"]
        );
        assert_eq!(
            between("any(\"a\", \"b\")", "\"a\""),
            [
                "BREAKING things.list reads GET /things needs more scopes: `a` instead of `a` or `b`; a scope set of \"b\" stops compiling: \
              add \"a\""
            ]
        );
    }

    /// The attribute is where this looks for it, and every one of them can be read.
    #[test]
    fn requirements_of_the_client_are_found() {
        let path = crate::workspace::generated().join("v2026_09/contacts.rs");
        let text = files::read(&path).unwrap();
        let found = requirements(&text);
        assert_eq!(found.len(), text.matches("hubspot_scopes(").count());
        let list = &found["contacts.list reads GET /crm/objects/2026-09/contacts"];
        let scopes = list.scopes();
        assert!(scopes.contains("crm.objects.contacts.read"), "{found:?}");
    }
}
