//! The report of an exploration.

use std::fmt;

use crate::mock::explore::plan::Case;
use crate::mock::explore::run::{Ending, Run};
use crate::mock::explore::snapshot::{Records, surplus};

/// How many records a finding describes.
const MOST_RECORDS: usize = 3;

/// What an exploration found. `Display` has a line for each finding, with the command that repeats it.
#[derive(Clone, Debug)]
#[must_use = "`assert_clean` fails if there are findings"]
pub struct Exploration {
    requests: usize,
    runs: usize,
    errors: Vec<String>,
    findings: Vec<Finding>,
}

/// A run in which a fault did harm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The request and the fault, as in `contacts.create#2 reset-after-effect`. The environment variable `HUBSPOT_EXPLORE`
    /// with this value limits an exploration to this run.
    pub run: String,
    /// What went wrong.
    pub problem: Problem,
    /// The records or values concerned.
    pub detail: String,
}

/// The harm that a fault did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The job succeeded, and records lack that are there without the fault.
    Lost,
    /// There are records that are not there without the fault.
    DoneTwice,
    /// The job did not end: it made more than twenty times its requests, or took more than 30 seconds.
    NeverEnded,
    /// The job succeeded with another value.
    OtherValue,
    /// The job panicked.
    Panicked,
    /// The job failed again when it was run once more without the fault.
    NotRepeatable,
    /// The fault did not occur, because the job did not make the request in this run. Nothing is known about it.
    NotReached,
}

impl Exploration {
    pub(super) const fn new(requests: usize) -> Self {
        Self {
            requests,
            runs: 0,
            errors: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The number of requests of the job without a fault.
    pub fn requests(&self) -> usize {
        self.requests
    }

    /// The number of runs with a fault, including those in which it was not reached.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// The runs in which the job returned an error, which is no finding: `contacts.create#1 token-expired: …`.
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// The runs in which a fault did harm.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Fails if there are findings, or if the job made no requests that could meet a fault.
    ///
    /// # Panics
    ///
    /// Panics with the findings.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert!(
            self.runs > 0,
            "no fault was explored, because the job makes no requests to operations of this server"
        );
        assert!(self.findings.is_empty(), "{self}");
    }

    /// Adds a run, and compares it with the run without a fault.
    pub(super) fn add<T: PartialEq + fmt::Debug>(
        &mut self,
        case: &Case,
        run: &Run<T>,
        value: &T,
        records: &Records,
    ) {
        self.runs += 1;
        let extra = surplus(&run.records, records);
        let missing = surplus(records, &run.records);
        let find = |problem, detail| Finding {
            run: case.to_string(),
            problem,
            detail,
        };
        let finding = match &run.ending {
            _ if !run.is_reached => Some(find(Problem::NotReached, run.ending.describe())),
            Ending::Never => Some(find(Problem::NeverEnded, String::new())),
            Ending::Panic => Some(find(Problem::Panicked, String::new())),
            Ending::Error(message) => {
                self.errors.push(format!("{case}: {message}"));
                if run.is_rerun {
                    Some(find(Problem::NotRepeatable, message.clone()))
                } else {
                    (!extra.is_empty()).then(|| find(Problem::DoneTwice, list(&extra)))
                }
            }
            Ending::Value(_) if !missing.is_empty() => Some(find(Problem::Lost, list(&missing))),
            Ending::Value(_) if !extra.is_empty() => Some(find(Problem::DoneTwice, list(&extra))),
            Ending::Value(other) if other != value => {
                let detail = format!("{other:?} instead of {value:?}");
                Some(find(Problem::OtherValue, detail))
            }
            Ending::Value(_) => None,
        };
        self.findings.extend(finding);
    }

    /// Sorts by the names of the runs, whose order differs from exploration to exploration.
    pub(super) fn sort(&mut self) {
        self.errors.sort_unstable();
        self.findings
            .sort_by(|left, right| left.run.cmp(&right.run));
    }
}

fn list(records: &[(String, usize)]) -> String {
    let named = records.iter().take(MOST_RECORDS);
    let named = named.map(|(record, count)| format!("{count} × {record}"));
    let rest = records.len().saturating_sub(MOST_RECORDS);
    let more = (rest > 0).then(|| format!("{rest} more"));
    named.chain(more).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Exploration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requests,
            runs,
            errors,
            findings,
        } = self;
        write!(
            f,
            "{requests} requests, {runs} runs with a fault: {} findings, {} errors of the job",
            findings.len(),
            errors.len(),
        )?;
        let thread = std::thread::current();
        let test = thread
            .name()
            .filter(|name| *name != "main")
            .unwrap_or_default();
        for finding in findings {
            write!(
                f,
                "\n{finding}\n    HUBSPOT_EXPLORE='{}' cargo test {test}",
                finding.run
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.run, self.problem)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lost => "something was lost",
            Self::DoneTwice => "something was done twice",
            Self::NeverEnded => "the job did not end",
            Self::OtherValue => "the job returned another value",
            Self::Panicked => "the job panicked",
            Self::NotRepeatable => "the job failed again without the fault",
            Self::NotReached => "the fault was not reached",
        })
    }
}
