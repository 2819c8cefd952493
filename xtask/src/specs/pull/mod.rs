//! `cargo xtask specs pull`: fetches HubSpot's documents into a folder outside the repository's files.
//!
//! Each file is checked to be the document that it should be. The files are collected beside the target folder, which is
//! replaced when all have arrived; a run that was interrupted goes on where it stopped.

mod lock;
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hubspot_codegen::config::Config;
use hubspot_codegen::load::parse;
use hubspot_codegen::publication::{Expected, Publication};

use self::lock::{Lock, Locked};
use self::source::Source;
use crate::{files, inputs, workspace};

/// Options of `cargo xtask specs pull`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder, a git checkout of HubSpot's collection of documents, or a base URL
    #[arg(long, value_name = "DIR|URL")]
    from: String,
    /// Every document of the source, instead of those that apis.toml and object-types.toml name
    #[arg(long)]
    all: bool,
    /// The folder to write to [default: target/published]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Fetches the documents and replaces the folder.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let to = arguments.to.clone();
    let to = to.unwrap_or_else(|| workspace::target().join("published"));
    let source = Source::open(&arguments.from)?;
    let wanted = if arguments.all {
        let paths = source.list()?;
        paths
            .into_iter()
            .map(|path| (path, Expected::default()))
            .collect()
    } else {
        expected(&inputs::config()?)?
    };
    pull(&source, &arguments.from, &wanted, &to)
}

/// Fetches these documents from a source that is called `from`.
fn pull(source: &Source, from: &str, wanted: &BTreeMap<String, Expected>, to: &Path) -> Result<()> {
    ensure!(!wanted.is_empty(), "there is nothing to pull from {from}");
    let staging = beside(to, "pulling");
    for folder in [to, &staging, &beside(to, "previous")] {
        ensure_ours(folder)?;
    }
    let old = Lock::read(to)?;
    let outside = wanted.keys().find(|path| !is_inside(path));
    ensure!(
        outside.is_none(),
        "{from} lists a file outside of its folder: {outside:?}"
    );
    let mut lock = Lock::resume(&staging, from)?;
    lock.write(&staging)?;
    let mut failed = Vec::new();
    for (number, (path, expected)) in wanted.iter().enumerate() {
        let progress = format!("[{}/{}] {path}", number + 1, wanted.len());
        if lock.has(&staging, path) {
            eprintln!("{progress}: is here already");
            continue;
        }
        match fetch(source, path, expected) {
            Ok((bytes, title)) => {
                eprintln!("{progress}: {} bytes, {title}", bytes.len());
                let text = std::str::from_utf8(&bytes).context("JSON is UTF-8")?;
                files::write(&staging.join(path), text)?;
                lock.add(path, Locked::of(&bytes, title));
                lock.write(&staging)?;
            }
            Err(error) => {
                eprintln!("{progress}: {error:#}");
                failed.push(format!("{error:#}"));
            }
        }
    }
    if !failed.is_empty() {
        let kept = if to.exists() {
            format!("{} is as it was", to.display())
        } else {
            format!("{} is not there yet", to.display())
        };
        bail!(
            "{} of {} documents could not be pulled; {kept}, and the others are kept: run the same command again, or correct \
             `published` in specs/ for a document that has moved\n{}",
            failed.len(),
            wanted.len(),
            failed.join("\n")
        );
    }
    finish(lock, old.as_ref(), wanted, (&staging, to))
}

/// Fails for a folder with files that this task has not written: it is replaced or removed.
fn ensure_ours(folder: &Path) -> Result<()> {
    let is_ours = folder.join(lock::NAME).is_file()
        || !folder.exists()
        || fs::read_dir(folder)?.next().is_none();
    ensure!(
        is_ours,
        "{} has files and no {}, so it was not written by this task: pass --to another folder",
        folder.display(),
        lock::NAME
    );
    Ok(())
}

/// Replaces the folder with what was collected. The old one is kept beside it.
fn finish(
    mut lock: Lock,
    old: Option<&Lock>,
    wanted: &BTreeMap<String, Expected>,
    (staging, to): (&Path, &Path),
) -> Result<()> {
    for path in lock.keep(wanted.keys()) {
        fs::remove_file(staging.join(&path)).with_context(|| format!("cannot remove {path}"))?;
    }
    lock.write(staging)?;
    let previous = beside(to, "previous");
    let replaced = to.exists();
    if replaced {
        files::remove(&previous)?;
        fs::rename(to, &previous).with_context(|| format!("cannot move {}", to.display()))?;
    }
    fs::rename(staging, to).with_context(|| format!("cannot write {}", to.display()))?;
    println!(
        "{} documents in {}: {}",
        wanted.len(),
        to.display(),
        lock.compared_with(old)
    );
    if replaced {
        let (previous, to) = (previous.display(), to.display());
        println!("what changed: cargo xtask specs diff {previous} {to}");
    }
    Ok(())
}

fn fetch(source: &Source, path: &str, expected: &Expected) -> Result<(Vec<u8>, String)> {
    let bytes = source.fetch(path, expected)?;
    let publication = Publication::read(path, &bytes);
    let publication = publication.with_context(|| source.origin(path))?;
    publication
        .check(path, expected)
        .with_context(|| source.origin(path))?;
    Ok((bytes, publication.title))
}

/// Returns whether a path leads to a place below a folder.
fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    parts.all(|part| matches!(part, Component::Normal(_)))
}

/// `target/published.pulling` for `target/published`.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(format!(".{what}"));
    name.into()
}

/// The documents that the configuration names, with what each should be.
fn expected(config: &Config) -> Result<BTreeMap<String, Expected>> {
    let mut wanted = BTreeMap::new();
    for entry in &config.apis.documents {
        if entry.published.is_none() {
            continue;
        }
        let own = parse(&entry.file, &inputs::document(config, &entry.file)?)?;
        let paths = own.get("paths").and_then(serde_json::Value::as_object);
        let expected = Expected {
            api: entry.api.clone(),
            version: entry.version.clone(),
            paths: paths
                .into_iter()
                .flat_map(|paths| paths.keys().cloned())
                .collect(),
        };
        let all = entry.all_published();
        wanted.extend(all.map(|path| (path.clone(), expected.clone())));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests;
