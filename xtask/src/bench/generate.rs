//! Comes in: HubSpot's documents, those of our four APIs and many more. Goes out: how long it takes to generate what can
//! be expressed of them, beside parsing the same files. Refuses: a folder without documents, a file that is none.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use hubspot_codegen::{
    config::Config,
    correct,
    load::{self, Origin, Sources},
    lower,
};
use openapiv3::OpenAPI;

use super::{
    Session,
    measure::median,
    report::{Bar, Figure, Report, Unit},
};

const SECTION: &str = "generating what can be expressed of HubSpot's documents";

/// Measures both in turns.
pub(super) fn measure(session: &Session, report: &mut Report) -> Result<()> {
    eprintln!("{SECTION}");
    let mut files = Vec::new();
    json_files(&session.published, &mut files)?;
    json_files(&session.sample, &mut files)?;
    if files.is_empty() {
        bail!(
            "no documents in {} and {}: pass --published DIR and --sample DIR",
            session.published.display(),
            session.sample.display()
        );
    }
    files.sort();
    let (mut parsing, mut generating) = (Vec::new(), Vec::new());
    let mut outcome = Outcome::default();
    for _ in 0..session.rounds {
        parsing.push(parse(&files)?);
        let begin = Instant::now();
        outcome = Outcome::default();
        for file in &files {
            outcome.add(generate(file)?);
        }
        generating.push(begin.elapsed());
    }
    let parsing = median(parsing).as_secs_f64();
    let generating = Figure::new(
        SECTION,
        "generate",
        median(generating).as_secs_f64(),
        Unit::Seconds,
    );
    report.add(
        generating
            .against("serde_json into openapiv3", parsing)
            .bar(Bar::TimesOther(3.0)),
    );
    report.note(SECTION, outcome.describe(files.len()));
    Ok(())
}

/// How long it takes to read and parse the files.
fn parse(files: &[PathBuf]) -> Result<Duration> {
    let begin = Instant::now();
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let document: OpenAPI = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is not OpenAPI 3.0", file.display()))?;
        std::hint::black_box(document);
    }
    Ok(begin.elapsed())
}

/// What became of documents.
#[derive(Default)]
struct Outcome {
    /// Documents of which code was generated.
    generated: usize,
    /// Their operations that the code has.
    operations: usize,
    /// The operations that cannot be expressed yet.
    omitted: usize,
    /// Lines of code.
    lines: usize,
    /// Why there is no code of a document, one line a document.
    refusals: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.generated += other.generated;
        self.operations += other.operations;
        self.omitted += other.omitted;
        self.lines += other.lines;
        self.refusals.extend(other.refusals);
    }

    fn describe(&self, documents: usize) -> String {
        let mut text = format!(
            "{documents} documents: code of {} ({} operations, {} lines); {} operations cannot be expressed yet",
            self.generated, self.operations, self.lines, self.omitted
        );
        for refusal in &self.refusals {
            text += "\n    no code: ";
            text += refusal;
        }
        text
    }
}

/// Generates what can be expressed of one document.
fn generate(file: &Path) -> Result<Outcome> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let version = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut config = Config::ad_hoc(&stem, &version, &name);
    let read = |path: &str| fs::read(folder.join(path));
    let mut sources = load::load(&config, Origin::Published, &read)
        .with_context(|| format!("cannot take {}", file.display()))?;
    if is_about_any_object(&sources) {
        bind_object_type(&mut config);
        sources = correct::correct(sources, &config, &[])?;
    }
    let lowered = lower::lower(&sources);
    let mut outcome = Outcome {
        omitted: lowered.omitted.len(),
        ..Outcome::default()
    };
    match hubspot_codegen::generate_from(&config, &lowered.documents) {
        Ok(files) => {
            outcome.generated = 1;
            outcome.operations = lowered
                .documents
                .iter()
                .map(|document| document.operations.len())
                .sum();
            outcome.lines = files.values().map(|text| text.lines().count()).sum();
        }
        Err(errors) => {
            let text = errors.to_string();
            outcome.refusals.push(format!(
                "{version}/{name}: {}",
                text.lines().next().unwrap_or_default()
            ));
        }
    }
    Ok(outcome)
}

/// Whether a document writes the type of its objects as a parameter, as those of the newer versions do.
fn is_about_any_object(sources: &Sources) -> bool {
    let paths = sources
        .documents
        .iter()
        .filter_map(|source| source.value.get("paths")?.as_object());
    paths
        .flat_map(|paths| paths.keys())
        .any(|path| path.ends_with("/{objectType}"))
}

/// Gives the type of the objects a value, as `apis.toml` does for each such document.
fn bind_object_type(config: &mut Config) {
    for document in &mut config.apis.documents {
        document
            .bind
            .insert("objectType".to_owned(), "objects".to_owned());
    }
}

/// Adds every JSON file below `folder`.
fn json_files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            json_files(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    Ok(())
}
