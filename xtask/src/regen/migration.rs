//! Writes the table that `cargo hubspot migrate` reads: until when versions are supported, and what becomes of each operation
//! of an older version in the current one.
//!
//! Each line has fields between tabs. Lines of changes follow the line of their operation.

use std::fmt::Write as _;

use hubspot_codegen::config::Config;
use hubspot_codegen::diff::{ChangeKind, Group, OperationDiff};
use hubspot_codegen::model::Document;

/// The lines `current`, `support`, `writes`, `operation` and `change`.
pub(super) fn table(config: &Config, documents: &[Document]) -> String {
    let current = &config.apis.current;
    let mut text = format!("# written by `cargo xtask regen`\ncurrent\t{current}\n");
    for version in &config.apis.versions {
        let name = &version.name;
        for support in &version.support {
            _ = writeln!(
                text,
                "support\t{name}\t{}\t{}",
                support.until, support.source
            );
        }
        if let Some(note) = &version.on_crm_writes {
            _ = writeln!(text, "writes\t{name}\t{note}");
        }
    }
    let of = |version: &str| {
        let documents = documents.iter();
        let documents = documents.filter(|document| document.version == version);
        documents.cloned().collect::<Vec<_>>()
    };
    let versions = config.apis.versions.iter().map(|version| &version.name);
    for from in versions.filter(|name| *name != current) {
        for one in OperationDiff::each(&of(from), &of(current)) {
            _ = write!(text, "operation\t{from}\t{}\t{}", one.old.0, one.old.1);
            if let Some((method, path)) = &one.new {
                _ = write!(text, "\t{method}\t{path}");
            }
            text.push('\n');
            for change in &one.changes {
                let effect = match (change.breaking, change.group) {
                    (false, _) => "harmless",
                    (true, Group::Scopes) => "scopes",
                    (true, _) if is_of_response(change.kind) => "response",
                    (true, _) => "breaking",
                };
                let (what, label) = (&change.what, change.kind.label());
                let what = what.replace(['\t', '\n'], " ");
                _ = writeln!(text, "change\t{effect}\t{what}: {label}");
            }
        }
    }
    text
}

/// Returns whether the compiler reports each use of what has changed, as responses have types.
const fn is_of_response(kind: ChangeKind) -> bool {
    matches!(
        kind,
        ChangeKind::ResponseRemoved
            | ChangeKind::ResponseFieldRemoved
            | ChangeKind::ResponseFieldOptional
            | ChangeKind::ResponseFieldNullable
            | ChangeKind::ResponseRetyped
    )
}
