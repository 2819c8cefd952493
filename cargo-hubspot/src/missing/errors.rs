//! Reads from rustc's errors which scopes are missing, and in which scope set.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};
use hubspot_scopes::{Alternative, Requirement, trait_name};
use serde::Deserialize;
use serde_json::Value;

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
    fn parse(message: &Diagnostic, line: usize) -> Option<Self> {
        let text = message.message.strip_prefix('`')?;
        let (set, rest) = text.split_once('`')?;
        let is_missing = rest.starts_with(" does not declare the OAuth scope `")
            || rest.starts_with(" declares none of the OAuth scopes");
        let is_optional = rest.starts_with(" declares the OAuth scope `")
            || rest.starts_with(" declares only as optional what ");
        let span = message.spans.iter().find(|span| span.is_primary)?;
        let mut children = message.children.iter();
        let (of_trait, name) = if is_missing {
            let child = children.find(|child| child.message.starts_with("the trait `"));
            let name = child.and_then(|child| in_backquotes(&child.message, "the trait `"));
            (child, name)
        } else if is_optional {
            let before = format!("required for `{set}` to implement `");
            let child = children.find(|child| child.message.starts_with(&before));
            let name = child.and_then(|child| in_backquotes(&child.message, &before));
            (child, name)
        } else {
            return None;
        };
        let by_trait = name.and_then(|path| of_grant(path.rsplit("::").next()?));
        let label = span.label.as_deref().unwrap_or_default();
        let needs = by_trait.or_else(|| of_label(label))?;
        let declared = of_trait.and_then(|child| {
            let span = child.spans.first()?;
            let byte = usize::try_from(span.byte_start).ok()?;
            Some((Path::new(&span.file_name).to_owned(), byte))
        });
        let mut children = message.children.iter();
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

/// What the label of an error says: `` this HubSpot call needs `a`, `b` + `c` or 2 more ``.
fn of_label(label: &str) -> Option<Requirement> {
    let needs = label.strip_prefix("this HubSpot call needs ")?;
    let names = |text: &str| {
        let names = text.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    if !needs.contains(" or ") {
        return Some(Requirement::all_of(names(needs)));
    }
    let alternatives = needs.split(" or ").flat_map(|part| part.split(", "));
    let alternatives = alternatives.map(names).filter(|names| !names.is_empty());
    Some(Requirement::new(alternatives.map(Alternative::all_of)))
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
    fn labels_are_read() {
        for (label, requirement) in [
            ("this HubSpot call needs `a.b`", r#""a.b""#),
            (
                "this HubSpot call needs `a`, `b` and `c`",
                r#""a", "b", "c""#,
            ),
            (
                "this HubSpot call needs `a` or `b` + `c`",
                r#"any("a", all("b", "c"))"#,
            ),
            (
                "this HubSpot call needs `a`, `b` or 2 more",
                r#"any("a", "b")"#,
            ),
        ] {
            assert_eq!(of_label(label), requirement.parse().ok(), "{label}");
        }
        assert_eq!(of_label("expected `u8`"), None);
    }

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
    fn other_output_is_refused() {
        assert!(Errors::parse("error[E0277]: text\n").is_err());
        assert!(Errors::parse("").is_err());
        let finished = r#"{"reason":"build-finished","success":true}"#;
        assert!(Errors::parse(finished).unwrap().missing.is_empty());
    }
}
