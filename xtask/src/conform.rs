//! `cargo xtask conform`: checks that `specs/` states the same facts as HubSpot's own documents, in our own words.
//!
//! Fails with each fact that differs, each generated file that differs in more than doc comments, and each sentence that
//! HubSpot's documents contain too. Documents for the mock alone are compared as well, unless HubSpot publishes none.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use hubspot_codegen::{Output, config::Config, conform, model::Document, wording};

use crate::{files, inputs, regen, workspace};

/// Options of `cargo xtask conform`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's own documents [default: `HUBSPOT_PUBLISHED`, else `target/published`]
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Compare facts and sentences of drafts too, and no generated code; lists what the generator refuses
    #[arg(long)]
    drafts: bool,
}

impl Arguments {
    /// Compares with the documents in `folder`.
    pub(crate) fn at(folder: &Path) -> Self {
        Self {
            published: Some(folder.to_path_buf()),
            drafts: false,
        }
    }
}

/// Compares facts, code and wording.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = workspace::published(arguments.published.as_deref());
    if !folder.is_dir() {
        bail!(
            "HubSpot's documents are not at {}: put them there, or pass --published DIR or set HUBSPOT_PUBLISHED",
            workspace::shown(&folder)
        );
    }
    let (config, [mut ours, theirs]) = both(arguments.drafts, &folder)?;
    ours.retain(|document| {
        let entry = config.apis.document(&document.api, &document.version);
        entry.is_none_or(|entry| entry.published.is_some())
    });

    let further = inputs::also_published(&config, &folder)?;
    let mut differences: Vec<String> = conform::compare(&ours, &theirs)
        .iter()
        .chain(&conform::compare_parts(&ours, &further))
        .map(ToString::to_string)
        .collect();
    let facts = differences.len();
    if facts == 0 && !arguments.drafts {
        let [our_client, their_client] = [&ours, &theirs].map(|from| regen::client(&config, from));
        differences.extend(code_differences(our_client?, &their_client?));
        let [our_table, their_table] = [&ours, &theirs].map(|from| regen::table(&config, from));
        differences.extend(code_differences(our_table?, &their_table?));
    }
    let texts = own_texts()?;
    let texts: Vec<_> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let values = every_published_value(&folder)?;
    differences.extend(
        wording::shared(texts, &values)
            .iter()
            .map(ToString::to_string),
    );

    for difference in &differences {
        println!("{difference}");
    }
    if !differences.is_empty() {
        bail!("{} differences from HubSpot's documents", differences.len());
    }
    let theirs = theirs.iter().chain(&further).collect::<Vec<_>>();
    println!(
        "{}",
        summary(&theirs, &config.apis.current, arguments.drafts)
    );
    Ok(())
}

/// Says how much of HubSpot's was compared.
fn summary(theirs: &[&Document], current: &str, drafts: bool) -> String {
    let result = if drafts {
        "state the same facts as ours, drafts included"
    } else {
        "state the same facts as ours, generate the same code and share no sentence with them"
    };
    let operations = |documents: &mut dyn Iterator<Item = &&Document>| -> usize {
        documents.map(|document| document.operations.len()).sum()
    };
    let all = operations(&mut theirs.iter());
    let of_current = theirs.iter().filter(|document| document.version == current);
    let of_current = operations(&mut of_current.into_iter());
    format!(
        "{} documents of HubSpot's with {all} operations, {of_current} of them of {current}, {result}.",
        theirs.len()
    )
}

/// Our documents and HubSpot's. Of drafts, those parts that the generator can express; it prints the others.
fn both(drafts: bool, folder: &Path) -> Result<(Config, [Vec<Document>; 2])> {
    if !drafts {
        let config = inputs::config()?;
        let documents = [None, Some(folder)].map(|from| inputs::documents(&config, from));
        let [ours, theirs] = documents;
        return Ok((config, [ours?, theirs?]));
    }
    let config = inputs::config_with_drafts()?;
    let [ours, theirs] = [None, Some(folder)].map(|from| inputs::lowered(&config, from));
    let (ours, theirs) = (ours?, theirs?);
    for error in &ours.refused {
        println!("refused: {error}");
    }
    Ok((config, [ours.documents, theirs.documents]))
}

/// The first line of each file in which the generated code differs, except doc comments.
fn code_differences(mut ours: Output, theirs: &Output) -> Vec<String> {
    let mut differences = Vec::new();
    for (path, their_text) in theirs {
        let our_text = ours.remove(path).unwrap_or_default();
        let code = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| !is_doc_comment(line))
                .map(str::to_owned)
                .collect()
        };
        let (our_code, their_code) = (code(&our_text), code(their_text));
        if our_code != their_code {
            let at = our_code
                .iter()
                .zip(&their_code)
                .take_while(|(ours, theirs)| ours == theirs)
                .count();
            let line =
                |code: &[String]| code.get(at).map_or("(end)", |line| line.trim()).to_owned();
            differences.push(format!(
                "{path}: ours `{}`, HubSpot's `{}`",
                line(&our_code),
                line(&their_code)
            ));
        }
    }
    differences.extend(
        ours.keys()
            .map(|path| format!("{path}: only from our documents")),
    );
    differences
}

fn is_doc_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("///") || line.starts_with("//!")
}

/// Every text of `specs/`, with its path.
fn own_texts() -> Result<Vec<(String, String)>> {
    let paths = files::below(&workspace::specs())?.into_iter();
    paths
        .map(|path| Ok((workspace::shown(&path), files::read(&path)?)))
        .collect()
}

/// Every document below `folder`, used or not.
fn every_published_value(folder: &Path) -> Result<Vec<serde_json::Value>> {
    let paths = files::with_extension(folder, "json")?;
    paths.iter().map(|path| files::json(path)).collect()
}
