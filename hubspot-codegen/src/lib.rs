//! From `OpenAPI` documents to the code of a scope-checked `HubSpot` client, one stage a module.
//!
//! The documents are those that `apis.toml` names. The output is Rust files by path: the client for
//! `hubspot-generated/src/generated/`, and a table of every operation for `hubspot-mock/src/generated/`. What cannot be
//! expressed is an error with document and JSON pointer; nothing is left out in silence.
//!
//! | stage | gives |
//! | --- | --- |
//! | [`load`](mod@load) | the documents as JSON values |
//! | [`correct`](mod@correct) | the same, mended, for documents that are HubSpot's own |
//! | [`lower`](mod@lower) | the [`model`] of each document |
//! | [`unify`](mod@unify) | one model, with every type once |
//! | [`analyze`](mod@analyze) | what the code needs to know beyond shapes |
//! | [`name`](mod@name) | every identifier |
//! | [`join`](mod@join) | resources and types with names, types, analysis and gates in place |
//! | [`emit`](mod@emit) | tokens |
//! | [`render`](mod@render) | text |
//!
//! A stage takes values and returns a value. The output is a function of the input: no clock, no order of hashing, no
//! network.

pub mod analyze;
pub mod config;
pub mod conform;
pub mod corpus;
pub mod correct;
pub mod diff;
pub mod emit;
pub mod error;
pub mod import;
pub mod join;
pub mod lint;
pub mod load;
pub mod lower;
pub mod model;
pub mod name;
pub mod object_types;
pub mod parallel;
pub mod publication;
pub mod render;
pub mod unify;
pub mod unused;
pub mod wording;

use std::collections::BTreeMap;

use crate::analyze::analyze;
use crate::config::Config;
use crate::correct::{Overlay, correct};
use crate::emit::{File, emit, emit_table};
use crate::error::Errors;
use crate::join::{Code, join};
use crate::load::{Origin, Read, load};
use crate::lower::{Lowered, lower};
use crate::model::Document;
use crate::name::name;
use crate::render::render;
use crate::unify::unify;

/// Generated files: text by path below `src/generated/`.
pub type Output = BTreeMap<String, String>;

/// Generates the client from the documents of one origin. Overlays mend HubSpot's documents; ours need none.
pub fn generate(
    config: &Config,
    origin: Origin,
    overlays: &[Overlay],
    read: Read<'_>,
) -> Result<Output, Errors> {
    generate_from(config, &documents(config, origin, overlays, read)?)
}

/// The documents of one origin, those for the mock alone included: corrected where they are HubSpot's, and lowered.
pub fn documents(
    config: &Config,
    origin: Origin,
    overlays: &[Overlay],
    read: Read<'_>,
) -> Result<Vec<Document>, Errors> {
    let lowered = lowered(config, origin, overlays, read)?;
    Errors::check(lowered.refused)?;
    unused::check(config, &lowered.documents)?;
    Ok(lowered.documents)
}

/// The same as far as it can be expressed, with what is refused beside it.
pub fn lowered(
    config: &Config,
    origin: Origin,
    overlays: &[Overlay],
    read: Read<'_>,
) -> Result<Lowered, Errors> {
    let sources = load(config, origin, read)?;
    let sources = match origin {
        Origin::Own if config.drafts => sources,
        Origin::Own => {
            Errors::check(import::unwritten(&sources))?;
            sources
        }
        Origin::Published => correct(sources, config, overlays)?,
    };
    Ok(lower(&sources, config))
}

/// Generates the client from documents that are lowered already. Those for the mock alone are no part of it.
pub fn generate_from(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    let config = config.of_client();
    let is_of_client = |document: &&Document| {
        let entry = config.apis.document(&document.api, &document.version);
        entry.is_some()
    };
    output(&config, documents.iter().filter(is_of_client), emit)
}

/// Generates the mock's table of every operation from documents that are lowered already. An operation of the client
/// has the id there that it has in the client.
pub fn generate_table(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    output(config, documents, emit_table)
}

fn output<'a>(
    config: &Config,
    documents: impl IntoIterator<Item = &'a Document>,
    emit: for<'c> fn(&'c Code<'c>) -> Vec<File<'c>>,
) -> Result<Output, Errors> {
    let model = unify(documents, config)?;
    let analysis = analyze(&model);
    let names = name(&model, &analysis, config)?;
    let code = join(&model, &names, &analysis, config)?;
    render(&emit(&code))
}
