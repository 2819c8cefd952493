//! Compares the scopes of an app file with what a program can call.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use hubspot_scopes::Requirement;
use serde::Serialize;

use super::BinaryReport;
use super::read::Description;
use crate::app_file::{self, LOGIN};
use crate::finding::{Finding, FindingKind, short};
use crate::operations;

/// The kinds of findings about a program.
pub(super) const FINDINGS: [FindingKind; 2] = [FindingKind::Missing, FindingKind::Unused];

/// The result of the comparison.
#[derive(Debug, Serialize)]
pub(super) struct Compared {
    /// The file, as it was named.
    file: String,
    /// The operations that the scopes do not allow.
    missing: Vec<Description>,
    /// The scopes that no operation needs.
    unused: Vec<String>,
    /// The scopes that no operation of the client needs, but raw requests may.
    undecided: Vec<String>,
    /// Whether there are requests of unknown scopes.
    #[serde(skip)]
    has_raw_requests: bool,
}

impl Compared {
    /// Compares.
    pub(super) fn of(path: &Path, report: &BinaryReport) -> Result<Self> {
        let app = app_file::read(path)?;
        let scopes = app.scopes.scopes();
        let scopes: BTreeSet<_> = scopes.map(|(_, scope)| scope.clone()).collect();
        let allowed = |requirement: &Requirement| match app.login {
            Some(login) => requirement.satisfied_by_as(&scopes, login),
            None => requirement.satisfied_by(&scopes),
        };
        let operations = report.operations.iter();
        let missing = operations.clone().filter(|one| !allowed(&one.requirement));
        let needed = operations.flat_map(|one| one.requirement.scopes());
        let needed: BTreeSet<_> = needed.collect();
        let is_unused = |scope: &&String| *scope != LOGIN && !needed.contains(scope.as_str());
        let unused = scopes.iter().filter(is_unused);
        // A raw request may need a scope that no operation of the client needs.
        let covered = operations::covered();
        let has_raw_requests = !report.raw_requests.is_empty();
        let (undecided, unused): (Vec<_>, Vec<_>) = unused
            .cloned()
            .partition(|scope| has_raw_requests && !covered.contains(scope));
        Ok(Self {
            file: path.display().to_string(),
            missing: missing.cloned().collect(),
            unused,
            undecided,
            has_raw_requests,
        })
    }

    /// The findings, the most important ones first.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let missing = self.missing.iter().map(|missing| {
            let message = format!(
                "`{}` needs {}, which the app does not ask for",
                missing.operation,
                short(&missing.requirement)
            );
            Finding::new(FindingKind::Missing, &missing.operation, message)
                .help("add it to the app file, or find the call with `cargo hubspot audit`")
        });
        let unused = self.unused.iter().map(|scope| {
            let message = format!("the app asks for the scope `{scope}`, but nothing needs it");
            let raw = "raw requests may need it";
            Finding::new(FindingKind::Unused, scope, message)
                .note(self.has_raw_requests.then(|| raw.to_owned()))
                .help("remove it from the app file")
        });
        missing.chain(unused).map(|finding| Finding {
            file: Some(&self.file),
            ..finding
        })
    }
}
