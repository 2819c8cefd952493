//! The scopes that a scope set declares, in a `scope_set!` or in its file.
//!
//! A file that cannot be read is an error, and so is a scope that is listed twice or is no name.

use std::io;
use std::path::PathBuf;

use hubspot_scopes::app_file::AppFile;
use hubspot_scopes::{ScopeFault, ScopeFaultReason, ScopeList, ScopeLists};
use proc_macro2::Span;
use syn::{Error, LitStr, Result};

use crate::scope_set::Lists;

/// A scope and the literal that names it, or names the file with it.
pub(crate) struct Scope {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Whether the catalogue should know it: HubSpot checks what is in a file, and `unlisted` says it all.
    pub(crate) checked: bool,
}

impl AsRef<str> for Scope {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// Every scope once, in its list.
#[derive(Default)]
pub(crate) struct Declared(pub(crate) ScopeLists<Vec<Scope>>);

impl Declared {
    /// What stands in `lists`, and in the file if there is one.
    pub(crate) fn new(lists: &Lists, file: Option<&LitStr>) -> Result<Self> {
        let mut declared = Self::default();
        for (list, literals) in lists.each() {
            let scopes = literals.iter().map(|literal| Scope {
                name: literal.value(),
                span: literal.span(),
                checked: list != ScopeList::Unlisted,
            });
            *declared.0.get_mut(list) = scopes.collect();
        }
        if let Some(file) = file {
            declared.read(file)?;
        }
        combine(declared.faults())?;
        Ok(declared)
    }

    fn read(&mut self, file: &LitStr) -> Result<()> {
        let path = file.value();
        let text = std::fs::read_to_string(in_package(&path))
            .map_err(|error| Error::new(file.span(), unreadable(&path, &error)))?;
        let app = AppFile::parse(&text)
            .map_err(|fault| Error::new(file.span(), format!("`{path}` {fault}")))?;
        for (list, name) in app.scopes.scopes() {
            self.0.get_mut(list).push(Scope {
                name: name.clone(),
                span: file.span(),
                checked: false,
            });
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Error> {
        let faults = self.0.faults().into_iter();
        let errors = faults.map(
            |ScopeFault {
                 list,
                 scope,
                 reason,
                 ..
             }| {
                let Scope { name, span, .. } = scope;
                let message = match reason {
                    ScopeFaultReason::Repeated { before } if before == list => {
                        format!("the scope `{name}` is listed twice in `{list}`")
                    }
                    ScopeFaultReason::Repeated { before } => {
                        format!("the scope `{name}` is listed in `{before}` and in `{list}`")
                    }
                    _ => format!("a scope's name has no space and is not empty: {name:?}"),
                };
                Error::new(*span, message)
            },
        );
        errors.collect()
    }

    /// The scopes that the catalogue should know.
    pub(crate) fn to_check(&self) -> impl Iterator<Item = &Scope> {
        let scopes = self.0.scopes().map(|(_, scope)| scope);
        scopes.filter(|scope: &&Scope| scope.checked)
    }

    /// The scopes that every client of the set has. What is unlisted counts too: a later catalogue may know it.
    pub(crate) fn granted(&self) -> impl Iterator<Item = &Scope> {
        self.0.granted().flatten()
    }

    /// The scopes that a client of the set has only if it is made so, each with its list.
    pub(crate) fn on_demand(&self) -> impl Iterator<Item = (ScopeList, &Scope)> {
        let scopes = self.0.scopes();
        scopes.filter(|(list, _)| !list.is_granted())
    }
}

fn unreadable(path: &str, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::NotFound => {
            "there is no such file below the folder of the package's Cargo.toml".to_owned()
        }
        _ => error.to_string(),
    };
    format!("cannot read `{path}`: {reason}")
}

/// The path, seen from the package that is being compiled.
pub(crate) fn in_package(path: &str) -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(PathBuf::new, PathBuf::from)
        .join(path)
}

/// All of `errors` as one, if there are any.
pub(crate) fn combine(errors: impl IntoIterator<Item = Error>) -> Result<()> {
    let joined = errors.into_iter().reduce(|mut all, next| {
        all.combine(next);
        all
    });
    joined.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope_set::ScopeSet;

    fn declared(text: &str) -> Result<Declared> {
        let set: ScopeSet = syn::parse_str(text).unwrap();
        Declared::new(&set.lists.unwrap(), set.file.as_ref())
    }

    fn messages(text: &str) -> Vec<String> {
        declared(text)
            .err()
            .into_iter()
            .flatten()
            .map(|error| error.to_string())
            .collect()
    }

    fn names<'a>(scopes: impl Iterator<Item = &'a Scope>) -> Vec<&'a str> {
        scopes.map(|scope| scope.name.as_str()).collect()
    }

    #[test]
    fn every_fault_in_a_name_is_reported() {
        assert_eq!(
            messages(r#"struct A { required: ["a", "", "a b", "a"], optional: ["a"] }"#),
            [
                "a scope's name has no space and is not empty: \"\"",
                "a scope's name has no space and is not empty: \"a b\"",
                "the scope `a` is listed twice in `required`",
                "the scope `a` is listed in `required` and in `optional`",
            ]
        );
    }

    #[test]
    fn a_client_has_what_is_required_unlisted_or_assumed() {
        let declared = declared(
            r#"struct A { required: ["a"], conditional: ["b"], optional: ["c"], unlisted: ["d"], assume: ["e"] }"#,
        )
        .unwrap();
        assert_eq!(names(declared.granted()), ["a", "d", "e"]);
        assert_eq!(names(declared.to_check()), ["a", "b", "c", "e"]);
    }

    #[test]
    fn a_file_is_read_below_the_package() {
        let declared = declared(r#"struct A = "tests/app-hsmeta.json" { assume: ["e"] }"#).unwrap();
        assert_eq!(
            names(declared.granted()),
            ["oauth", "crm.objects.contacts.read", "e"]
        );
        assert_eq!(names(declared.to_check()), ["e"]);
    }

    #[test]
    fn a_file_with_a_fault_is_named() {
        assert_eq!(
            messages(r#"struct A = "tests/none.json""#),
            [
                "cannot read `tests/none.json`: there is no such file below the folder of the package's Cargo.toml"
            ]
        );
        assert!(messages(r#"struct A = "tests""#)[0].starts_with("cannot read `tests`: "));
        assert!(
            messages(r#"struct A = "Cargo.toml""#)[0].starts_with("`Cargo.toml` is not JSON: ")
        );
        assert_eq!(
            messages(r#"struct A = "tests/app-hsmeta.json" { assume: ["oauth"] }"#),
            ["the scope `oauth` is listed in `required` and in `assume`"]
        );
    }
}
