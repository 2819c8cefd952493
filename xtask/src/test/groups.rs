//! Tests in two groups that run side by side: those that run cargo mostly wait for a compiler that uses one processor.

use std::{collections::BTreeSet, process::Command, thread};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::workspace::{self, EVERY_FEATURE};

/// The packages whose tests run cargo.
const RUN_CARGO: [&str; 4] = [
    "beta",
    "build-script",
    "cargo-hubspot",
    "hubspot-scope-checks",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Runs all tests but those in documentation. The output of the group that runs cargo follows that of the other one.
pub(super) fn run() -> Result<()> {
    let [mut run_cargo, mut others] = commands()?;
    let (outcome, output) = thread::scope(|scope| {
        let running = scope.spawn(|| workspace::output(&mut run_cargo));
        (workspace::run(&mut others), running.join())
    });
    let Ok(output) = output else {
        bail!("the tests that run cargo could not be waited for");
    };
    let output = output?;
    print!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    outcome?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({})",
            workspace::command_line(&run_cargo),
            output.status
        );
    }
    Ok(())
}

/// The commands of both groups.
fn commands() -> Result<[Command; 2]> {
    let mut command = workspace::cargo(["metadata", "--no-deps", "--format-version", "1"]);
    let output = workspace::output(&mut command)?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("`{}` failed", workspace::command_line(&command)))?;
    let [run_cargo, others] = split(&metadata);
    let test = |more: &[&str], names: BTreeSet<&str>| {
        let mut command = workspace::cargo(["test", "--workspace", "--features", EVERY_FEATURE]);
        command.args(more);
        command.args(names.iter().flat_map(|name| ["--test", name]));
        command
    };
    Ok([test(&[], run_cargo), test(&["--lib", "--bins"], others)])
}

/// The names of the test targets of both groups. Targets of one name cannot be told apart by cargo: they are in the first.
fn split(metadata: &Metadata) -> [BTreeSet<&str>; 2] {
    let names = |runs_cargo: bool| {
        let packages = metadata.packages.iter();
        let packages =
            packages.filter(move |package| RUN_CARGO.contains(&&*package.name) == runs_cargo);
        let targets = packages.flat_map(|package| &package.targets);
        let tests = targets.filter(|target| target.kind.iter().any(|kind| kind == "test"));
        tests.map(|target| &*target.name).collect::<BTreeSet<_>>()
    };
    let run_cargo = names(true);
    let others = &names(false) - &run_cargo;
    [run_cargo, others]
}

#[cfg(test)]
mod tests {
    use super::{Metadata, split};

    #[test]
    fn each_test_is_in_one_group() {
        let target = |name: &str, kind: &str| serde_json::json!({"name": name, "kind": [kind]});
        let metadata = serde_json::json!({"packages": [
            {"name": "beta", "targets": [target("beta", "lib"), target("calls", "test")]},
            {"name": "other", "targets": [target("calls", "test"), target("wire", "test"), target("show", "example")]},
        ]});
        let metadata: Metadata = serde_json::from_value(metadata).unwrap();
        let [run_cargo, others] = split(&metadata);
        assert_eq!(run_cargo.into_iter().collect::<Vec<_>>(), ["calls"]);
        assert_eq!(others.into_iter().collect::<Vec<_>>(), ["wire"]);
    }
}
