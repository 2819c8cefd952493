//! Measures how long it takes to generate code from all of HubSpot's documents, compared with parsing them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use hubspot_codegen::{
    Output,
    config::Config,
    correct::correct,
    error::Errors,
    load::{self, Origin},
    lower::{Lowered, lower},
};
use openapiv3::OpenAPI;

use super::{
    Session,
    measure::median,
    report::{Bar, Figure, Report},
};
use crate::files;

const SECTION: &str = "generating code from HubSpot's documents";

/// Measures generation and parsing in turns.
pub(super) fn measure(session: &Session, report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    let mut files = files::with_extension(&session.published, "json")?;
    files.extend(files::with_extension(&session.sample, "json")?);
    if files.is_empty() {
        bail!(
            "no documents in {} and {}: pass --published DIR and --sample DIR",
            session.published.display(),
            session.sample.display()
        );
    }
    files.sort();
    files.reverse();
    let count = files.len();
    let (groups, refusals) = groups(files)?;
    let files: Vec<_> = groups.iter().flat_map(|group| &group.files).collect();
    let (mut parsing, mut generating) = (Vec::new(), Vec::new());
    let mut outcome = Outcome::default();
    for _ in 0..session.rounds {
        parsing.push(parse(&files)?);
        let begin = Instant::now();
        outcome = Outcome::default();
        for group in &groups {
            outcome.add(&generate(group)?);
        }
        generating.push(begin.elapsed());
    }
    let parsing = median(parsing).as_secs_f64();
    let generating = Figure::seconds(SECTION, "generate", median(generating));
    report.add(
        generating
            .against("serde_json into openapiv3", parsing)
            .bar(Bar::TimesOther(8.0)),
    );
    let mut note = format!(
        "{} of {count} documents, as {} clients: {} operations, {} lines; {} operations left out",
        files.len(),
        outcome.clients,
        outcome.operations,
        outcome.lines,
        outcome.omitted
    );
    for refusal in refusals {
        note += "\n    no code: ";
        note += &refusal;
    }
    report.note(SECTION, note);
    Ok(())
}

/// Returns how long it takes to read and parse the files.
fn parse(files: &[&PathBuf]) -> Result<Duration> {
    let begin = Instant::now();
    for file in files {
        std::hint::black_box(files::json::<OpenAPI>(file)?);
    }
    Ok(begin.elapsed())
}

/// Documents whose names do not conflict, so that one client can be generated from them.
struct Group {
    config: Config,
    files: Vec<PathBuf>,
}

/// What was generated.
#[derive(Default)]
struct Outcome {
    clients: usize,
    operations: usize,
    /// Operations that were left out.
    omitted: usize,
    lines: usize,
}

impl Outcome {
    fn add(&mut self, other: &Self) {
        self.clients += other.clients;
        self.operations += other.operations;
        self.omitted += other.omitted;
        self.lines += other.lines;
    }
}

/// Generates code from the documents of a group.
fn generate(group: &Group) -> Result<Outcome, Errors> {
    let (lowered, files) = attempt(group)?;
    let files = files?;
    let documents = lowered.documents.iter();
    Ok(Outcome {
        clients: 1,
        operations: documents.map(|document| document.operations.len()).sum(),
        omitted: lowered.omitted.len(),
        lines: files.values().map(|text| text.lines().count()).sum(),
    })
}

/// Lowers a group, and generates code from it. Generation fails if its documents conflict.
fn attempt(group: &Group) -> Result<(Lowered, Result<Output, Errors>), Errors> {
    let sources = load::load(&group.config, Origin::Published, &|path: &str| {
        fs::read(path)
    })?;
    let lowered = lower(&correct(sources, &group.config, &[])?, &group.config);
    let files = hubspot_codegen::generate_from(&group.config, &lowered.documents);
    Ok((lowered, files))
}

/// Sorts documents into as few groups as possible: a group cannot have different schemas of one version with the same
/// name. Also returns why documents were left out.
fn groups(files: Vec<PathBuf>) -> Result<(Vec<Group>, Vec<String>)> {
    let (mut groups, mut refusals) = (Vec::new(), Vec::new());
    let mut rest = files;
    while !rest.is_empty() {
        let mut left_over = Vec::new();
        loop {
            let group = group(std::mem::take(&mut rest))?;
            let Err(errors) = attempt(&group)?.1 else {
                groups.push(group);
                break;
            };
            let named = |file: &PathBuf| {
                let document = file.to_string_lossy();
                errors
                    .as_slice()
                    .iter()
                    .any(|error| error.place.document == document)
            };
            let (at_fault, fitting): (Vec<_>, Vec<_>) = group.files.into_iter().partition(named);
            if fitting.is_empty() || at_fault.is_empty() {
                refusals.push(errors.to_string());
                break;
            }
            left_over.extend(at_fault);
            rest = fitting;
        }
        rest = left_over;
    }
    Ok((groups, refusals))
}

/// Creates a group, with the object type of each document bound as in `apis.toml`.
fn group(files: Vec<PathBuf>) -> Result<Group> {
    let mut config = Config::default();
    for file in &files {
        let part = |path: Option<&Path>| {
            let name = path.and_then(Path::file_stem).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let (api, version) = (part(Some(file)), part(file.parent()));
        config = config.and_document(&api, &version, &file.to_string_lossy());
        let text = files::read(file)?;
        if let (true, Some(document)) = (
            text.contains("/{objectType}\""),
            config.apis.documents.last_mut(),
        ) {
            document.bind.insert("objectType".to_owned(), api);
        }
    }
    Ok(Group { config, files })
}
