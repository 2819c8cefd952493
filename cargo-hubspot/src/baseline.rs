//! `--baseline FILE`: a JSON file that lists accepted findings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, FindingKind};
use crate::output::write_file;

/// The version of the format; files of another one are not read.
const FORMAT: u32 = 1;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    format: u32,
    accepted: Vec<Accepted>,
}

/// Findings with the same key.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Accepted {
    #[serde(flatten)]
    key: Key,
    /// The number of findings, if it is not 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    count: Option<usize>,
}

/// Identifies a finding, also when its line has moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Key {
    kind: FindingKind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    package: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    file: Option<String>,
    subject: String,
}

impl Key {
    pub(crate) fn of(finding: &Finding<'_>) -> Self {
        Self {
            kind: finding.kind,
            package: finding.package.map(str::to_owned),
            file: finding.file.map(str::to_owned),
            subject: finding.subject.clone(),
        }
    }

    /// The key as one line of text.
    pub(crate) fn text(&self) -> String {
        let [package, file] =
            [&self.package, &self.file].map(|part| part.as_deref().unwrap_or_default());
        format!("{}:{package}:{file}:{}", self.kind.name(), self.subject)
    }
}

impl Baseline {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the baseline `{shown}`"))?;
        let baseline: Self = serde_json::from_str(&text).with_context(|| {
            format!("`{shown}` is not a baseline; `--write-baseline` makes one")
        })?;
        ensure!(
            baseline.format == FORMAT,
            "the baseline `{shown}` has format {}, this version knows {FORMAT}",
            baseline.format
        );
        Ok(baseline)
    }

    /// The baseline that accepts `findings`.
    pub(crate) fn of(findings: &[Finding<'_>]) -> Self {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry(Key::of(finding)).or_default() += 1;
        }
        let accepted = counts.into_iter().map(|(key, count)| Accepted {
            key,
            count: (count > 1).then_some(count),
        });
        Self {
            format: FORMAT,
            accepted: accepted.collect(),
        }
    }

    /// Writes the file.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        write_file(path, &text)
            .with_context(|| format!("cannot write the baseline `{}`", path.display()))
    }

    /// Returns for each finding whether it is accepted, and how many accepted findings no longer exist.
    pub(crate) fn accepts(&self, findings: &[Finding<'_>]) -> (Vec<bool>, usize) {
        let mut left: BTreeMap<&Key, usize> = BTreeMap::new();
        for accepted in &self.accepted {
            *left.entry(&accepted.key).or_default() += accepted.count.unwrap_or(1);
        }
        let mut accept = |finding| match left.get_mut(&Key::of(finding)) {
            Some(count @ 1..) => {
                *count -= 1;
                true
            }
            _ => false,
        };
        let accepted = findings.iter().map(&mut accept).collect();
        (accepted, left.values().sum())
    }
}
