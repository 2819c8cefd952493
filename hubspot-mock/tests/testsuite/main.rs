//! Everything that the mock promises, in one program: one build, and tests of all areas side by side.

mod answers;
mod bad_input;
mod explore;
mod faults;
mod generated;
mod jobs;
mod journal;
mod limits;
mod lists;
mod oauth;
mod object_types;
mod objects;
mod older;
mod pages;
#[cfg(feature = "cli")]
mod program;
mod readme;
mod recording;
mod seed;
mod seed_files;
mod server;
mod settings;
mod support;
mod webhooks;
