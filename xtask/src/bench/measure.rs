//! Runs commands and measures their cost: wall time, processor time and peak memory.
//!
//! Things that are compared are measured in turns, round by round, and the medians are compared. Measuring one after the
//! other would compare different states of the machine.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The cost of one run of a command, or the medians of several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// From start to end.
    pub(super) wall: Duration,
    /// User and system time of the process and all its children.
    pub(super) processor: Duration,
    /// The peak memory of the process or of one of its children, in bytes.
    pub(super) peak_memory: u64,
}

/// A command that is compared with others.
pub(super) struct Contender<'a> {
    /// Its name in the table.
    pub(super) name: String,
    /// Prepares the measurement. Not part of the cost.
    pub(super) prepare: Box<dyn Fn() -> Result<()> + 'a>,
    /// Creates the command to measure.
    pub(super) command: Box<dyn Fn() -> Command + 'a>,
}

/// Runs commands and keeps their output.
pub(super) struct Runner {
    log: PathBuf,
}

impl Runner {
    /// Creates a runner that keeps the output of its last command below `target/bench`.
    pub(super) fn new() -> Result<Self> {
        let folder = workspace::target().join("bench");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let log = folder.join("last-command.log");
        Ok(Self { log })
    }

    /// Runs a command and measures its cost.
    pub(super) fn run(&self, command: &mut Command) -> Result<Cost> {
        let log = File::create(&self.log)
            .with_context(|| format!("cannot write {}", self.log.display()))?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let begin = Instant::now();
        let ended = command
            .spawn()
            .and_then(wait4::Wait4::wait4)
            .with_context(|| format!("cannot run {command:?}"))?;
        let wall = begin.elapsed();
        if !ended.status.success() {
            bail!(
                "{command:?} failed ({}); the end of its output:\n{}",
                ended.status,
                tail(&self.log)
            );
        }
        Ok(Cost {
            wall,
            processor: ended.rusage.utime + ended.rusage.stime,
            peak_memory: ended.rusage.maxrss,
        })
    }

    /// The output of the last command.
    pub(super) fn printed(&self) -> Result<String> {
        let bytes =
            fs::read(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Measures the contenders in turns, `rounds` times, and returns the medians in their order.
    pub(super) fn compare(&self, rounds: usize, contenders: &[Contender<'_>]) -> Result<Vec<Cost>> {
        let mut costs = vec![Vec::with_capacity(rounds); contenders.len()];
        for round in 1..=rounds {
            for (contender, costs) in contenders.iter().zip(&mut costs) {
                eprintln!("  round {round} of {rounds}: {}", contender.name);
                (contender.prepare)()?;
                costs.push(self.run(&mut (contender.command)())?);
            }
        }
        Ok(costs.iter().map(|costs| typical(costs)).collect())
    }
}

/// The medians of several costs.
fn typical(costs: &[Cost]) -> Cost {
    Cost {
        wall: median(costs.iter().map(|cost| cost.wall)),
        processor: median(costs.iter().map(|cost| cost.processor)),
        peak_memory: median(costs.iter().map(|cost| cost.peak_memory)),
    }
}

/// The middle value, or the higher of the two middle values.
pub(super) fn median<T: Ord + Copy + Default>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The last lines of a file, for a message.
fn tail(path: &Path) -> String {
    const LINES: usize = 30;
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
