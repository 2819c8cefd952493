//! `cargo xtask conform`: proves that `specs/` states the same facts as HubSpot's own documents, in our own words.
//!
//! In: our documents, and a folder with HubSpot's. Out: a line for each fact that differs, for each generated file that
//! differs in more than doc comments, and for each sentence that stands in HubSpot's documents too. Fails when there is
//! a line. Those for the mock alone count as well, save that one may state what HubSpot publishes no document of. Refuses
//! a folder without HubSpot's documents.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use hubspot_codegen::{Output, config::Config, conform, wording};

use crate::{inputs, regen, workspace};

/// Options of `cargo xtask conform`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder with HubSpot's own documents [default: `HUBSPOT_PUBLISHED`, else `target/published`]
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
}

impl Arguments {
    /// With HubSpot's documents at `folder`.
    pub(crate) fn at(folder: &Path) -> Self {
        Self {
            published: Some(folder.to_path_buf()),
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
    let config = inputs::config()?;
    let mut ours = inputs::documents(&config, None)?;
    let theirs = inputs::documents(&config, Some(&folder))?;
    ours.retain(|document| {
        let entry = config.apis.document(&document.api, &document.version);
        entry.is_none_or(|entry| entry.published.is_some())
    });

    let mut differences: Vec<String> = conform::compare(&ours, &theirs)
        .iter()
        .map(ToString::to_string)
        .collect();
    let facts = differences.len();
    if facts == 0 {
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
    let values = every_published_value(&folder, &config)?;
    differences.extend(
        wording::shared(texts, &values)
            .iter()
            .map(ToString::to_string),
    );

    for difference in &differences {
        println!("{difference}");
    }
    if differences.is_empty() {
        let operations: usize = ours.iter().map(|document| document.operations.len()).sum();
        println!(
            "{} documents with {operations} operations state the same facts as HubSpot's, generate the same code, and \
             share no sentence with them.",
            ours.len()
        );
        return Ok(());
    }
    bail!("{} differences from HubSpot's documents", differences.len());
}

/// The first line in which the code generated from both differs, file by file, doc comments aside.
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

/// Every text of `specs/`, by its path.
fn own_texts() -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![workspace::specs()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("cannot list {}", workspace::shown(&folder)))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", workspace::shown(&path)))?;
                texts.insert(workspace::shown(&path), text);
            }
        }
    }
    Ok(texts)
}

/// Every document below `folder`, also those that nothing is generated from, and those that `apis.toml` names beside it.
fn every_published_value(folder: &Path, config: &Config) -> Result<Vec<serde_json::Value>> {
    let named = config.apis.documents.iter();
    let named = named.filter_map(|entry| entry.published.as_deref());
    let beside = named
        .filter(|path| path.starts_with(".."))
        .map(|path| folder.join(path));
    let mut values = beside
        .map(|path| value(&path))
        .collect::<Result<Vec<_>>>()?;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                values.push(value(&path)?);
            }
        }
    }
    Ok(values)
}

fn value(path: &Path) -> Result<serde_json::Value> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}
