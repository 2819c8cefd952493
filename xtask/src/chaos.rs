//! Writes docs/reliability.md: what becomes of inputs under faults, measured against the local HubSpot.

use std::fs;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::workspace::{self, cargo, root, target};

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
    let table = fs::read_to_string(&path).context("the test has written no table")?;
    let text = format!(
        "# Reliability\n\n\
         What becomes of the inputs of a bulk run when HubSpot fails, against `hubspot-mock`. Each row is a run of \
         {inputs} inputs in batches of 100;\neach batch meets its fault with a probability of 10 to 50 %. *lost* are inputs \
         whose outcome is not what the mock's store\nsays, or that have none; *duplicated* are records that are there twice. \
         Creates are settled by `email`, except where a row\nsays otherwise. Waits between retries take no time here.\nContacts with a name only have nothing to settle \
         by: a journal keeps them from being created twice.\n\n\
         Written by `cargo xtask chaos --seed {seed} --inputs {inputs}`.\n\n\
         | fault | operation | inputs | done | failed | unknown | lost | duplicated | requests | time |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n{table}"
    );
    fs::write(root().join("docs/reliability.md"), text).context("cannot write docs/reliability.md")
}
