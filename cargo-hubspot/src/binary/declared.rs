//! The scopes of an app beside what its program can call.
//!
//! Comes in: an app file, and the report of a program. Goes out: the operations that the app's scopes do not allow, and
//! the scopes that nothing needs. Refused: a file that is not the file of an app.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use hubspot_scopes::Requirement;
use serde::Serialize;

use super::Report;
use super::read::Description;
use crate::app_file::{self, LOGIN};
use crate::finding::{Finding, Kind, short};
use crate::operations;

/// The kinds of findings that there may be.
pub(super) const FINDINGS: [Kind; 2] = [Kind::Missing, Kind::Unused];

/// What was compared, and came out.
#[derive(Debug, Serialize)]
pub(super) struct Compared {
    /// The file, as it was named.
    file: String,
    /// The operations that the scopes do not allow.
    missing: Vec<Description>,
    /// The scopes that no operation needs.
    unused: Vec<String>,
    /// The scopes that no operation of the client needs, where spelled-out requests may.
    undecided: Vec<String>,
    /// Whether there are requests of which nobody knows what they need.
    #[serde(skip)]
    has_raw_requests: bool,
}

impl Compared {
    /// Compares.
    pub(super) fn of(path: &Path, report: &Report) -> Result<Self> {
        let app = app_file::read(path)?;
        let scopes: BTreeSet<_> = app
            .scopes
            .scopes()
            .map(|(_, scope)| scope.clone())
            .collect();
        let allowed = |requirement: &Requirement| match app.login {
            Some(login) => requirement.satisfied_by_as(&scopes, login),
            None => requirement.satisfied_by(&scopes),
        };
        let operations = report.operations.iter();
        let lacking = operations
            .clone()
            .filter(|shipped| !allowed(&shipped.requirement));
        let needed: BTreeSet<_> = operations
            .flat_map(|shipped| shipped.requirement.scopes())
            .collect();
        let unused = scopes
            .iter()
            .filter(|scope| *scope != LOGIN && !needed.contains(scope.as_str()));
        // What no operation of the client needs may be what a spelled-out request is for.
        let covered = operations::covered();
        let has_raw_requests = !report.raw_requests.is_empty();
        let (undecided, unused): (Vec<_>, Vec<_>) = unused
            .cloned()
            .partition(|scope| has_raw_requests && !covered.contains(scope));
        Ok(Self {
            file: path.display().to_string(),
            missing: lacking.cloned().collect(),
            unused,
            undecided,
            has_raw_requests,
        })
    }

    /// What there is to say, what matters most first.
    pub(super) fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let missing = self.missing.iter().map(|missing| {
            let message = format!(
                "`{}` needs {}, which the app does not ask for",
                missing.operation,
                short(&missing.requirement)
            );
            Finding::new(Kind::Missing, &missing.operation, message)
                .help("add it to the app file, or find out with `cargo hubspot audit` who calls it")
        });
        let unused = self.unused.iter().map(|scope| {
            let message = format!("the app asks for the scope `{scope}`, but nothing needs it");
            let raw = "requests that are spelled out may need it";
            Finding::new(Kind::Unused, scope, message)
                .note(self.has_raw_requests.then(|| raw.to_owned()))
                .help("take it out of the app file")
        });
        missing.chain(unused).map(|finding| Finding {
            file: Some(&self.file),
            ..finding
        })
    }
}
