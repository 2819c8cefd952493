//! The commands that compare versions of a program, on a repository with a history.
//!
//! `HISTORY=overwrite cargo test -p cargo-hubspot --test history` writes the expected outputs.

mod catalogue;
mod certify;
mod fix;
mod init;
mod lock;
#[cfg(feature = "mcp")]
mod mcp;
#[cfg(feature = "mcp")]
mod mcp_lines;
mod migrate;
mod repository;
mod review;
mod used;
#[path = "../shapes/workspace.rs"]
#[expect(dead_code, reason = "the shapes use all of it")]
mod workspace;
