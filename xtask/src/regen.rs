//! `cargo xtask regen`: writes the generated code, that is the client's and the mock's table of operations.
//!
//! Nothing is written if a stage fails.

mod migration;
mod readme;
mod scopes;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use hubspot_codegen::{
    Output,
    analyze::analyze,
    config::Config,
    folder,
    model::Document,
    name::{listing, name, too_long},
    object_types::ObjectTypes,
    unify::unify,
};
use serde::Serialize;

use crate::{features, inputs, workspace};

/// The client's manifest, which has the features.
const MANIFEST: &str = "hubspot-generated/Cargo.toml";

/// The page that lists the APIs.
const PAGE: &str = "docs/apis.md";

/// What `cargo hubspot migrate` knows of versions and operations.
const MIGRATION: &str = "cargo-hubspot/src/migrate/versions.tsv";

/// What `cargo hubspot review` knows of scopes.
const SCOPES: &str = "cargo-hubspot/src/review/scopes.tsv";

/// What the tools know of object types.
const OBJECT_TYPES: &str = "cargo-hubspot/src/object_types.tsv";

/// Options of `cargo xtask regen`.
#[derive(clap::Args, Default)]
pub(crate) struct Arguments {
    /// Write nothing; list stale, missing and orphaned files, and fail if there are any
    #[arg(long)]
    check: bool,
    /// Read HubSpot's own documents from this folder, with the overlays applied, instead of specs/
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// The folder to write the client to, instead of writing both it and the mock's table to their places
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the result of a stage, and write nothing
    #[arg(long, value_name = "STAGE", conflicts_with_all = ["check", "out"])]
    dump: Option<Stage>,
    /// Take drafts too; TODO stands for their texts, and operations that the generator refuses are left out
    #[arg(long)]
    drafts: bool,
}

/// A stage whose result can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// The operations and schemas of each document
    Lower,
    /// All documents as one model
    Unify,
    /// Boxing, direction, gates, paging, idempotency
    Analyze,
    /// Every identifier
    Name,
    /// Calls and types as a user of the client sees them, as text
    Names,
}

impl Arguments {
    /// Only `--check`.
    pub(crate) fn check() -> Self {
        Self {
            check: true,
            ..Self::default()
        }
    }
}

/// Generates the code, compares it with the disk, and writes it unless `--check` is set.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let Some(stage) = arguments.dump {
        return dump(stage, arguments, std::io::stdout().lock());
    }
    if arguments.drafts && arguments.out.is_none() {
        bail!("code generated from drafts is not committed: pass --out DIR");
    }
    if arguments.published.is_some() && arguments.out.is_none() {
        bail!("code generated from HubSpot's documents is not committed: pass --out DIR");
    }
    let (config, documents) = documents(arguments)?;
    if arguments.out.is_none() {
        check_lengths(&config, &documents)?;
    }
    let folder = arguments.out.clone().unwrap_or_else(workspace::generated);
    let mut trees = vec![(folder, client(&config, &documents)?)];
    if arguments.out.is_none() {
        trees.push((workspace::table(), table(&config, &documents)?));
        trees.push((workspace::facts(), facts(&config, &documents)?));
        let types = inputs::object_types(&config)?;
        let mut macros = types.generate_for_records()?;
        macros.extend(hubspot_codegen::generate_records(&config, &documents)?);
        trees.push((workspace::macros(), macros));
    }
    let mut stale = 0;
    if arguments.out.is_none() {
        for (path, wanted) in single_files(&config, &documents)? {
            stale += update_file(path, wanted, arguments.check)?;
        }
    }
    for (folder, wanted) in &trees {
        stale += update(folder, wanted, arguments.check)?;
    }
    if stale > 0 && arguments.check {
        bail!("{stale} files are out of date; run `cargo xtask regen`");
    }
    Ok(())
}

/// The files outside of the generated folders, each with its text.
fn single_files(config: &Config, documents: &[Document]) -> Result<Vec<(&'static str, String)>> {
    let types = inputs::object_types(config)?;
    let (_, manifest) = features::manifest(config)?;
    let mut files = vec![
        (PAGE, hubspot_codegen::generate_page(config, documents)?),
        (SCOPES, known_scopes(config)),
        (OBJECT_TYPES, names_of_types(&types)),
        (MIGRATION, migration::table(config, documents)),
    ];
    for readme in readme::READMES {
        files.push((readme, readme::with_features(readme, config, &manifest)?));
    }
    files.push((MANIFEST, manifest));
    Ok(files)
}

/// The configuration, and the documents that are asked for.
fn documents(arguments: &Arguments) -> Result<(Config, Vec<Document>)> {
    let published = arguments.published.as_deref();
    if !arguments.drafts {
        let config = inputs::config()?;
        let documents = inputs::documents(&config, published)?;
        return Ok((config, documents));
    }
    let config = inputs::config_with_drafts()?;
    let lowered = inputs::lowered(&config, published)?;
    for error in &lowered.refused {
        eprintln!("refused: {error}");
    }
    Ok((config, lowered.documents))
}

/// The product tier and the description of each scope that has one of them.
fn known_scopes(config: &Config) -> String {
    let head = "# written by `cargo xtask regen`: scope, product tier, what it allows\n".to_owned();
    let known = config
        .scopes
        .iter()
        .filter(|(_, scope)| scope.tier.is_some() || scope.description.is_some());
    known.fold(head, |text, (name, scope)| {
        let [tier, description] =
            [&scope.tier, &scope.description].map(|text| text.as_deref().unwrap_or_default());
        format!("{text}{name}\t{tier}\t{description}\n")
    })
}

/// The names of each object type in paths.
fn names_of_types(types: &ObjectTypes) -> String {
    let head = "# written by `cargo xtask regen`: object type, its singular, its id\n".to_owned();
    types.types.iter().fold(head, |text, ty| {
        let id = ty
            .id
            .as_ref()
            .map_or_else(String::new, |id| format!("\t{id}"));
        format!("{text}{}\t{}{id}\n", ty.path, ty.singular)
    })
}

/// Updates a single file unless `check` is set. Returns the number of files that differed.
fn update_file(path: &str, wanted: String, check: bool) -> Result<usize> {
    let text = std::fs::read_to_string(workspace::root().join(path)).unwrap_or_default();
    if text == wanted {
        return Ok(0);
    }
    println!("stale     {path}");
    if !check {
        let difference = [folder::Difference::Stale(path.to_owned())];
        let wanted = BTreeMap::from([(path.to_owned(), wanted)]);
        folder::update(&workspace::root(), &wanted, &difference)?;
    }
    Ok(1)
}

/// Prints how a folder differs from the generated code, and updates it unless `check` is set. Returns the number of files
/// that differed.
fn update(path: &Path, wanted: &Output, check: bool) -> Result<usize> {
    let differences = folder::compare(path, wanted)?;
    for change in scopes::changes(path, wanted, &differences) {
        println!("scopes    {change}");
    }
    for difference in &differences {
        println!("{difference}");
    }
    let (shown, count) = (workspace::shown(path), wanted.len());
    if differences.is_empty() {
        println!("{count} files in {shown} are up to date.");
    } else if check {
        println!("{} files in {shown} are out of date.", differences.len());
    } else {
        folder::update(path, wanted, &differences)?;
        println!("{} of {count} files in {shown} updated.", differences.len());
    }
    Ok(differences.len())
}

/// The client's generated files, from our documents.
pub(crate) fn generate() -> Result<Output> {
    let config = inputs::config()?;
    client(&config, &inputs::documents(&config, None)?)
}

/// The client's generated files.
pub(crate) fn client(config: &Config, documents: &[Document]) -> Result<Output> {
    let context = "cannot generate the client";
    let mut output = hubspot_codegen::generate_from(config, documents).context(context)?;
    let types = inputs::object_types(config)?;
    output.extend(types.generate_associations().context(context)?);
    output.extend(types.generate_markers().context(context)?);
    Ok(output)
}

/// The generated files of the mock's table.
pub(crate) fn table(config: &Config, documents: &[Document]) -> Result<Output> {
    let context = "cannot generate the mock's table";
    let mut output = hubspot_codegen::generate_table(config, documents).context(context)?;
    output.extend(inputs::object_types(config)?.generate().context(context)?);
    output.extend(inputs::older_paths(config)?.generate().context(context)?);
    Ok(output)
}

/// What the generator knows of the client.
fn facts(config: &Config, documents: &[Document]) -> Result<Output> {
    let mut facts = hubspot_codegen::generate_facts(config, documents)
        .context("cannot generate the client's facts")?;
    let types = inputs::object_types(config)?.facts();
    facts.insert("object_types.txt".to_owned(), types);
    Ok(facts)
}

/// Fails for names of the client that are too long to be read.
fn check_lengths(config: &Config, documents: &[Document]) -> Result<()> {
    let model = unify(documents, config)?;
    let names = name(&model, &analyze(&model), config)?;
    let long = too_long(&names, &config.apis.long_names);
    if !long.is_empty() {
        let long = long.join(", ");
        bail!(
            "too long: {long}; give shorter names in `[methods]`, `[parameters]` or `[rename]` of the API's file in specs/, \
             or a reason in `[long_names]` of apis.toml"
        );
    }
    Ok(())
}

/// Writes the result of a stage as JSON, or names as text.
fn dump(stage: Stage, arguments: &Arguments, mut output: impl Write) -> Result<()> {
    let (config, documents) = documents(arguments)?;
    if stage == Stage::Lower {
        return print(&documents, output);
    }
    let model = unify(&documents, &config)?;
    if stage == Stage::Unify {
        return print(&model, output);
    }
    let analysis = analyze(&model);
    if stage == Stage::Analyze {
        return print(&analysis, output);
    }
    let names = name(&model, &analysis, &config)?;
    if stage == Stage::Name {
        return print(&names, output);
    }
    let listing = listing(&model, &names);
    output
        .write_all(listing.as_bytes())
        .context("cannot print the names")
}

fn print(value: &impl Serialize, output: impl Write) -> Result<()> {
    serde_json::to_writer_pretty(output, value).context("cannot print the stage")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_more_letters_than_a_person_reads_are_refused() {
        let (mut config, documents) = documents(&Arguments::default()).unwrap();
        check_lengths(&config, &documents).unwrap();
        let long = "list_owners_of_the_account_by_their_email";
        let key = "GET /crm/owners/2026-09".to_owned();
        config.apis.methods.insert(key, long.to_owned());
        let error = check_lengths(&config, &documents).unwrap_err().to_string();
        assert!(
            error.contains("the method `owners.list_owners_of"),
            "{error}"
        );
    }

    #[test]
    fn a_longer_name_needs_a_reason_and_a_reason_a_longer_name() {
        let (mut config, documents) = documents(&Arguments::default()).unwrap();
        let known = std::mem::take(&mut config.apis.long_names);
        let error = check_lengths(&config, &documents).unwrap_err().to_string();
        for long in [
            "the parameter set `MarketingEventRecordExternalAttendanceByEmailQuery`",
            "the setter `validate_deal_stage_usages_before_delete`",
        ] {
            assert!(error.contains(long), "{error}");
        }
        config.apis.long_names = known;
        let reason = "It is short.".to_owned();
        config
            .apis
            .long_names
            .insert("owners.list".to_owned(), reason);
        let error = check_lengths(&config, &documents).unwrap_err().to_string();
        let message = "too long: `owners.list` of `[long_names]`, which is no long name; ";
        assert!(error.starts_with(message), "{error}");
    }

    #[test]
    fn every_stage_can_be_printed() {
        for stage in Stage::value_variants() {
            let mut text = Vec::new();
            dump(*stage, &Arguments::default(), &mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            assert_eq!(is_json, *stage != Stage::Names, "{stage:?}");
            assert!(text.contains("contacts"), "{stage:?}");
        }
    }
}
