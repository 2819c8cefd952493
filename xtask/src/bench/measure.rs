//! Comes in: a command to run, or several to compare. Goes out: what each cost (wall, processor time, peak
//! memory), as medians of interleaved rounds. Refuses: a command that cannot be started or that fails.
//!
//! Two things that are measured one after the other meet different machines: another program starts, the
//! processor gets warm. So what is compared is measured in turns, round by round, and the median of the rounds is
//! what counts.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What one run of a command cost, or the medians of several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// From start to end, as a clock on the wall shows it.
    pub(super) wall: Duration,
    /// Processor time of the process and of all its children, user and system.
    pub(super) processor: Duration,
    /// The most memory that the process, or one of its children, held at once, in bytes.
    pub(super) peak_memory: u64,
}

/// One of several things that are compared with one another.
pub(super) struct Contender<'a> {
    /// What the table calls it.
    pub(super) name: String,
    /// Brings everything into the state from which is measured; not part of the cost.
    pub(super) prepare: Box<dyn Fn() -> Result<()> + 'a>,
    /// Makes the command whose cost is taken.
    pub(super) command: Box<dyn Fn() -> Command + 'a>,
}

/// Runs commands and keeps what they print.
pub(super) struct Runner {
    log: PathBuf,
}

impl Runner {
    /// A runner that keeps the output of its last command in `log`.
    pub(super) fn new(log: PathBuf) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(Self { log })
    }

    /// Runs a command to its end and takes its cost.
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
                "{command:?} failed ({}); the end of what it printed:\n{}",
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

    /// What the last command printed.
    pub(super) fn printed(&self) -> Result<String> {
        let bytes =
            fs::read(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Measures the contenders in turns, `rounds` times, and gives the medians in the order of the contenders.
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

/// The medians of several costs, each figure by itself; of nothing: nothing.
fn typical(costs: &[Cost]) -> Cost {
    Cost {
        wall: median(costs.iter().map(|cost| cost.wall)),
        processor: median(costs.iter().map(|cost| cost.processor)),
        peak_memory: median(costs.iter().map(|cost| cost.peak_memory)),
    }
}

/// The middle value; of an even number of values the upper one of the two in the middle.
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
