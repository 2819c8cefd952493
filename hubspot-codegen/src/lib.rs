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
pub mod folder;
pub mod generator;
pub mod import;
pub mod join;
pub mod lint;
pub mod load;
pub mod lower;
pub mod model;
pub mod name;
pub mod object_types;
pub mod older_paths;
pub mod parallel;
pub mod publication;
pub mod records;
pub mod render;
pub mod unify;
pub mod unused;
pub mod wording;

use std::collections::BTreeMap;

use crate::analyze::analyze;
use crate::config::Config;
use crate::correct::{Overlay, correct};
use crate::emit::{emit, emit_records, emit_table, facts, page};
use crate::error::Errors;
pub use crate::generator::Generator;
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

/// The further documents of HubSpot that state a part of what others of them do, corrected and lowered.
pub fn also_published(
    config: &Config,
    overlays: &[Overlay],
    read: Read<'_>,
) -> Result<Vec<Document>, Errors> {
    let config = config.also_published();
    let mut sources = load(&config, Origin::Published, read)?;
    let mut errors = Vec::new();
    // An overlay may be about other documents alone.
    correct::apply(&mut sources, &config, overlays, &mut errors);
    Errors::check(errors)?;
    let lowered = lower(&sources, &config);
    Errors::check(lowered.refused)?;
    Ok(lowered.documents)
}

/// Generates the client from documents that are lowered already. Those for the mock alone are no part of it.
pub fn generate_from(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    let config = config.of_client();
    let documents = of_client(&config, documents);
    with_code(&config, documents, |code| render(&emit(code), &config.home))
}

/// The documents that a configuration names.
fn of_client<'a>(config: &Config, documents: &'a [Document]) -> impl Iterator<Item = &'a Document> {
    documents.iter().filter(|document| {
        let entry = config.apis.document(&document.api, &document.version);
        entry.is_some()
    })
}

/// Generates what code in other crates has to know of the client, for this crate's own `src/generated/`.
pub fn generate_facts(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    let config = config.of_client();
    let documents = of_client(&config, documents);
    let facts = with_code(&config, documents, |code| Ok(facts(code)))?;
    Ok(Output::from([("client.txt".to_owned(), facts)]))
}

/// Generates the page of the documentation that lists the APIs of the client, as Markdown.
pub fn generate_page(config: &Config, documents: &[Document]) -> Result<String, Errors> {
    let config = config.of_client();
    let documents = of_client(&config, documents);
    with_code(&config, documents, |code| Ok(page(code)))
}

/// Generates the mock's table of every operation from documents that are lowered already. An operation of the client
/// has the id there that it has in the client.
pub fn generate_table(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    with_code(config, documents, |code| {
        render(&emit_table(code), &config.home)
    })
}

/// Generates the table of the operations that `#[derive(Record)]` writes methods for.
pub fn generate_records(config: &Config, documents: &[Document]) -> Result<Output, Errors> {
    let config = config.of_client();
    let documents = of_client(&config, documents);
    with_code(&config, documents, |code| {
        render(&emit_records(code), &config.home)
    })
}

/// Calls `emit` with the code of the documents.
fn with_code<'a, T>(
    config: &Config,
    documents: impl IntoIterator<Item = &'a Document>,
    emit: impl FnOnce(&Code<'_>) -> Result<T, Errors>,
) -> Result<T, Errors> {
    let model = unify(documents, config)?;
    let analysis = analyze(&model);
    let names = name(&model, &analysis, config)?;
    let code = join(&model, &names, &analysis, config)?;
    emit(&code)
}
