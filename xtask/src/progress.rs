//! Runs the steps of a task in order, and prints a summary.
//!
//! The summary lists how long each step took, and every step that was skipped with the command that enables it.

use std::{
    fmt::{self, Write as _},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// What has run so far.
pub(crate) struct Progress {
    begin: Instant,
    took: Vec<(String, Duration)>,
    skipped: Vec<(String, Missing)>,
}

/// Something that a step needs and that is not on this machine.
#[derive(Debug)]
pub(crate) struct Missing {
    /// Why the step cannot run.
    reason: String,
    /// The command that installs it.
    enable: String,
}

impl Missing {
    pub(crate) fn new(reason: impl Into<String>, enable: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            enable: enable.into(),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}\n    to enable it: {}",
            self.reason, self.enable
        )
    }
}

impl std::error::Error for Missing {}

impl Progress {
    /// Starts the clock.
    pub(crate) fn begin() -> Self {
        Self {
            begin: Instant::now(),
            took: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Runs one step under its name. `alone` is the command that runs this step by itself; the error of a step that
    /// fails contains it.
    pub(crate) fn step(
        &mut self,
        name: &str,
        alone: &str,
        run: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        println!("\n== {name}");
        let begin = Instant::now();
        let outcome = run();
        self.took.push((name.to_owned(), begin.elapsed()));
        outcome.with_context(|| format!("{name} failed; to run it alone: {alone}"))
    }

    /// Records that a step was skipped.
    pub(crate) fn skip(&mut self, name: &str, missing: Missing) {
        self.skipped.push((name.to_owned(), missing));
    }

    /// How many steps have been skipped.
    pub(crate) fn skipped(&self) -> usize {
        self.skipped.len()
    }

    /// The summary.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        for (name, missing) in &self.skipped {
            let _ = writeln!(text, "skipped {name}: {missing}");
        }
        if !self.took.is_empty() {
            text.push_str("seconds\n");
        }
        for (name, took) in &self.took {
            let _ = writeln!(text, "{:>7.1}  {name}", took.as_secs_f64());
        }
        let _ = writeln!(text, "{:>7.1}  in all", self.begin.elapsed().as_secs_f64());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Missing, Progress};

    #[test]
    fn a_step_that_fails_says_how_to_run_it_alone_and_is_timed() {
        let mut progress = Progress::begin();
        let outcome = progress.step("lints", "cargo clippy", || anyhow::bail!("a lint"));
        assert_eq!(
            format!("{:#}", outcome.unwrap_err()),
            "lints failed; to run it alone: cargo clippy: a lint"
        );
        assert!(progress.summary().contains("  lints\n"));
    }

    #[test]
    fn a_skipped_step_says_how_to_enable_it() {
        let mut progress = Progress::begin();
        let missing = Missing::new("`node` is not on the path", "apt-get install nodejs");
        progress.skip("the witness", missing);
        assert_eq!(progress.skipped(), 1);
        assert!(progress.summary().starts_with(
            "skipped the witness: `node` is not on the path\n    to enable it: apt-get install nodejs\n"
        ));
    }
}
