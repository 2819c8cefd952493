//! Maintainers' tasks, as `cargo xtask <task>`.
//!
//! The tasks never link the client: `regen` must run, and repair it, when the generated code does not compile.

mod bench;
mod chaos;
mod conform;
mod corpus;
mod demo;
mod features;
mod files;
mod inputs;
mod msrv;
mod package;
mod power;
mod progress;
mod provision;
mod regen;
mod specs;
mod test;
mod tidy;
mod witness;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Maintainers' tasks for the HubSpot client.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write the generated code from specs/
    Regen(regen::Arguments),
    /// Prove that specs/ states the same facts as HubSpot's own documents
    Conform(conform::Arguments),
    /// Show the documents that code is generated from
    #[command(subcommand)]
    Specs(specs::Specs),
    /// Write down what each scope opens, from all of HubSpot's own documents
    Power(power::Arguments),
    /// Generate a client for each version from any of HubSpot's documents
    Corpus(corpus::Arguments),
    /// Show the main job end to end, against a HubSpot on this machine
    Demo(demo::Arguments),
    /// Run everything that has to pass: format, lints, tests, staleness, conformance, witnesses
    Test(test::Arguments),
    /// Check the rules for source files that no lint knows
    Tidy,
    /// Package the crates that users install, and compile each from its package
    Package(package::Arguments),
    /// Compile the crates that users install with the oldest supported compiler
    Msrv,
    /// Let programs by others tell whether hubspot-mock behaves like HubSpot
    Witness(witness::Arguments),
    /// Run batches under faults, and write what became of their inputs to docs/reliability.md
    Chaos(chaos::Arguments),
    /// Measure, and compare with other generators
    #[command(subcommand)]
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Regen(arguments) => regen::run(&arguments),
        Task::Conform(arguments) => conform::run(&arguments),
        Task::Specs(specs) => specs::run(&specs),
        Task::Power(arguments) => power::run(&arguments),
        Task::Corpus(arguments) => corpus::run(&arguments),
        Task::Demo(arguments) => demo::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Tidy => tidy::run(),
        Task::Msrv => msrv::run(),
        Task::Package(arguments) => package::run(&arguments),
        Task::Witness(arguments) => witness::run(&arguments),
        Task::Chaos(arguments) => chaos::run(&arguments),
        Task::Bench(bench) => bench::run(&bench),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
