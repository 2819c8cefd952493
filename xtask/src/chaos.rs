//! Writes docs/reliability.md: what becomes of inputs under faults, measured against the local HubSpot.

use std::fs;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::workspace::{self, cargo, root, target};

/// The head of a table.
const HEAD: &str = "| fault | operation | inputs | done | failed | unknown | lost | duplicated | requests | time |\n\
                    | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n";

#[derive(Args)]
pub(crate) struct Arguments {
    /// The seed of the faults
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The inputs of each run
    #[arg(long, default_value_t = 1_000)]
    inputs: u32,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Arguments { seed, inputs } = arguments;
    let path = target().join("chaos.md");
    let mut command = cargo(["test", "--package", "hubspot-generated", "--test", "bulk"]);
    command.args(["--features", "oauth,redis"]);
    command.args(["--", "--ignored", "--exact", "chaos::table"]);
    command.env("CHAOS_SEED", seed.to_string());
    command.env("CHAOS_INPUTS", inputs.to_string());
    command.env("CHAOS_TABLE", &path);
    workspace::run(&mut command)?;
    let tables = fs::read_to_string(&path).context("the test has written no tables")?;
    let tables = tables.split_once("\n\n");
    let (safe, bare) = tables.context("the test has written one table")?;
    let text = format!(
        "# Reliability\n\n\
         What becomes of the inputs of a bulk run when HubSpot fails, against `hubspot-mock`. Each row is a run of \
         {inputs} inputs in batches of 100.\n\n\
         - *lost*: inputs without an outcome, or whose outcome is not what the mock's store says. The outcomes of reads are \
         not in the\n  store; a record that is not the input's ends the measurement.\n\
         - *duplicated*: records that are there twice.\n\
         - In the rows that name a status, a reset, a body, a page or a timeout, each batch meets this fault with a \
         probability of 10 to\n  50 %.\n\
         - Waits between retries take no time. With Redis they pass a hundred times as fast; Redis is away for a quarter of \
         the run, and\n  grants requests again after that.\n\n\
         Written by `cargo xtask chaos --seed {seed} --inputs {inputs}`.\n\n\
         ## With a journal and settling\n\n\
         In the rows *killed* and *run again*, runs have a journal. Creates are settled by `email`, except those of names: \
         contacts that\nhave only a name cannot be settled, and the journal keeps them from being created twice.\n\n\
         {HEAD}{safe}\n\n\
         ## Without\n\n\
         The same runs without a journal and without settling show what the two are for. A run that is started again then \
         begins with\nthe first input: HubSpot refuses to create a contact whose e-mail address exists, so the run reports \
         as failed what an earlier run\nhas created (*lost*), and creates contacts without an address again (*duplicated*). After\nthe daily limit the run is started once more: \
         what it does not reach then has no outcome (*lost*), and each further run would begin anew.\n\n\
         {HEAD}{bare}\n"
    );
    fs::write(root().join("docs/reliability.md"), text).context("cannot write docs/reliability.md")
}
