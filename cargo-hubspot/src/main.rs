//! `cargo hubspot`: finds the OAuth scopes that a program needs.
//!
//! The status is 0 if all is well, 1 if a denied finding was found, and 2 if the command failed: code that does not compile,
//! a file that cannot be read.

mod app_file;
mod audit;
mod baseline;
mod binary;
mod certify;
mod finding;
mod fix;
mod folder;
#[cfg(feature = "generate")]
mod generate;
mod git;
mod init;
mod live;
mod lock;
mod log;
mod login;
#[cfg(feature = "mcp")]
mod mcp;
mod migrate;
mod missing;
mod model;
mod object_types;
mod operations;
mod output;
mod path;
mod power;
mod render;
mod request;
mod review;
mod scopes;
mod tokens;
#[cfg(feature = "generate")]
mod types;
mod used;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// As cargo calls it: `cargo-hubspot hubspot audit`.
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    Hubspot(Hubspot),
}

/// What the compiler knows about a program's use of HubSpot.
#[derive(Args)]
#[command(version)]
struct Hubspot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find out which OAuth scopes the program needs, and where
    Audit(Box<audit::Arguments>),
    /// Check what HubSpot's certification of apps looks at
    Certify(Box<certify::Arguments>),
    /// Add the scopes that code needs to compile, or that HubSpot's 403 names
    Fix(Box<missing::Arguments>),
    /// Generate the APIs of OpenAPI documents as a module of a crate
    #[cfg(feature = "generate")]
    Generate(generate::Arguments),
    /// Write a workflow that reviews scopes in CI
    Init(init::Arguments),
    /// Write or check hubspot-scopes.lock: the scopes that the workspace needs, and what for
    Lock(Box<lock::Arguments>),
    /// Connect an account to an OAuth app, for development
    Login(Box<login::Arguments>),
    /// Serve the lookup of scopes and the audit to assistants, over the Model Context Protocol
    #[cfg(feature = "mcp")]
    Mcp(Box<mcp::Arguments>),
    /// Find calls of an older API version, and what becomes of them in the current one
    Migrate(Box<migrate::Arguments>),
    /// Compare the code with a former version: new calls, new scopes, and what they mean for installed accounts
    Review(Box<review::Arguments>),
    /// Look up a scope or an operation, or make the link that installs an app
    Scopes(scopes::Arguments),
    /// Write Rust types for the records of an account, or tell what has changed in it
    #[cfg(feature = "generate")]
    Types(Box<types::Arguments>),
}

fn main() -> ExitCode {
    if let Some(status) = audit::wrapper::run() {
        return status;
    }
    let Cargo::Hubspot(Hubspot { command }) = Cargo::parse();
    let outcome = match command {
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Certify(arguments) => certify::run(&arguments),
        Command::Fix(arguments) => missing::run(&arguments),
        #[cfg(feature = "generate")]
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Lock(arguments) => lock::run(&arguments),
        Command::Login(arguments) => login::run(&arguments),
        #[cfg(feature = "mcp")]
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Scopes(arguments) => scopes::run(&arguments),
        #[cfg(feature = "generate")]
        Command::Types(arguments) => types::run(&arguments),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}
