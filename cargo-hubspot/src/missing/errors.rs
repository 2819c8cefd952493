//! Reads from rustc's errors which scopes are missing, and in which scope set.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use hubspot_generated::Operation;
use hubspot_scopes::message::{self, Lack};
use hubspot_scopes::{Requirement, trait_name};
use serde::Deserialize;
use serde_json::Value;

use crate::operations;
use crate::scopes::{CATALOGUE, known};

/// What the errors of a compilation say.
#[derive(Default)]
pub(super) struct Errors {
    pub(super) missing: Vec<Missing>,
    /// How many other errors there are.
    pub(super) others: usize,
}

/// A call that lacks scopes.
pub(super) struct Missing {
    /// The type that lacks them: a scope set, or a type parameter.
    pub(super) set: String,
    /// Where the type is declared; `None` for a type parameter.
    pub(super) declared: Option<(PathBuf, usize)>,
    /// Where the call is: `src/lib.rs:14`.
    pub(super) call: String,
    /// The operation, after what rustc calls it: `companies.list`.
    pub(super) operation: String,
    pub(super) needs: Requirement,
    /// The line of the input.
    pub(super) line: usize,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Cargo { message: Diagnostic },
    Rustc(Diagnostic),
}

impl Errors {
    /// Reads the output of `cargo check --message-format=json`, or of rustc with `--error-format=json`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut errors = Self::default();
        let mut is_json = false;
        let mut seen = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let Ok(value) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            is_json |= value.get("reason").or(value.get("$message_type")).is_some();
            let Ok(Line::Cargo { message } | Line::Rustc(message)) = Line::deserialize(value)
            else {
                continue;
            };
            if message.level != DiagnosticLevel::Error || is_summary(&message) {
                continue;
            }
            // Code that is also compiled for its tests has every error twice.
            let text = message.rendered.clone().unwrap_or_default();
            let is_new = text.is_empty() || !seen.contains(&text);
            match Missing::parse(&message, number) {
                Some(missing) => errors.missing.push(missing),
                None => errors.others += usize::from(is_new),
            }
            seen.push(text);
        }
        if !is_json {
            bail!("not the output of `cargo check --message-format=json`");
        }
        Ok(errors)
    }
}

/// `aborting due to 2 previous errors` is no error of its own.
fn is_summary(message: &Diagnostic) -> bool {
    message.spans.is_empty() && message.code.is_none()
}

impl Missing {
    fn parse(error: &Diagnostic, line: usize) -> Option<Self> {
        let (set, lack) = message::parse(&error.message)?;
        let span = error.spans.iter().find(|span| span.is_primary)?;
        let mut children = error.children.iter();
        let before = match lack {
            Lack::Optional => format!("required for `{set}` to implement `"),
            _ => "the trait `".to_owned(),
        };
        let of_trait = children.find(|child| child.message.starts_with(&before));
        let name = of_trait.and_then(|child| in_backquotes(&child.message, &before));
        let by_trait = name.and_then(|path| of_grant(path.rsplit("::").next()?));
        let label = span.label.as_deref().unwrap_or_default();
        let needs = with_logins(by_trait.or_else(|| message::parse_needs(label))?);
        let declared = of_trait.and_then(|child| {
            let span = child.spans.first()?;
            let byte = usize::try_from(span.byte_start).ok()?;
            Some((Path::new(&span.file_name).to_owned(), byte))
        });
        let mut children = error.children.iter();
        let bound =
            children.find_map(|child| in_backquotes(&child.message, "required by a bound in `"));
        Some(Self {
            set: set.rsplit("::").next().unwrap_or(set).to_owned(),
            declared,
            call: format!("{}:{}", span.file_name, span.line_start),
            operation: bound.map_or_else(String::new, operation),
            needs,
            line,
        })
    }
}

fn in_backquotes<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (name, _) = text.strip_prefix(before)?.split_once('`')?;
    Some(name)
}

/// What a trait stands for, by the client's catalogue.
fn of_grant(name: &str) -> Option<Requirement> {
    if let Some(scope) = known().find(|scope| trait_name(scope).is_ok_and(|own| own == name)) {
        return Some(Requirement::all_of([scope]));
    }
    let mut lines = CATALOGUE.lines();
    lines.find_map(|line| {
        let (known, requirement) = line.strip_prefix("composite ")?.split_once(' ')?;
        (known == name).then(|| requirement.parse().ok()).flatten()
    })
}

/// The requirement with the kinds of login that have each alternative. Neither messages nor traits tell them, but the
/// operations that need it do.
fn with_logins(needs: Requirement) -> Requirement {
    let mut known = operations::all().filter_map(Operation::requirement);
    let known = known.find(|known| known.ignoring_logins() == needs);
    known.unwrap_or(needs)
}

/// `Companies::<S>::list` as the id of an operation: `companies.list`.
fn operation(bound: &str) -> String {
    let parts = bound.split("::").filter(|part| !part.starts_with('<'));
    let parts: Vec<_> = parts.collect();
    let [.., resource, method] = parts.as_slice() else {
        return String::new();
    };
    let mut name = String::new();
    for letter in resource.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    format!("{name}.{method}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composites_and_operations_are_named() {
        let known = of_grant("CrmObjectsLineItemsReadOrECommerce");
        let requirement = r#"any("crm.objects.line_items.read", "e-commerce")"#;
        assert_eq!(known, requirement.parse().ok());
        let known = of_grant("CrmObjectsContactsRead");
        assert_eq!(known, r#""crm.objects.contacts.read""#.parse().ok());
        assert_eq!(of_grant("Sized"), None);
        assert_eq!(
            operation("LineItems::<S>::batch_read"),
            "line_items.batch_read"
        );
        assert_eq!(
            operation("hubspot_generated::v2026_09::contacts::Contacts::<S>::archive"),
            "contacts.archive"
        );
        assert_eq!(operation("both"), "");
    }

    #[test]
    fn kinds_of_login_are_those_of_the_operations() {
        let needs = r#"any("contacts", "crm.objects.owners.read")"#;
        let known = r#"any("crm.objects.owners.read", private_apps("contacts"))"#;
        assert_eq!(with_logins(needs.parse().unwrap()), known.parse().unwrap());
        let other: Requirement = r#"any("contacts", "tickets")"#.parse().unwrap();
        assert_eq!(with_logins(other.clone()), other);
    }

    #[test]
    fn other_output_is_refused() {
        assert!(Errors::parse("error[E0277]: text\n").is_err());
        assert!(Errors::parse("").is_err());
        let finished = r#"{"reason":"build-finished","success":true}"#;
        assert!(Errors::parse(finished).unwrap().missing.is_empty());
    }
}
