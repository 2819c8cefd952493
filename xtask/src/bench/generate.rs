//! Comes in: HubSpot's documents, those of our four APIs and many more. Goes out: how long it takes to generate what can
//! be expressed of them, beside parsing the same files. Refuses: a folder without documents, a file that is none.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
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
    let mut note = format!(
        "{} of {count} documents, as {} clients: {} operations, {} lines; {} operations cannot be expressed yet",
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

/// How long it takes to read and parse the files.
fn parse(files: &[&PathBuf]) -> Result<Duration> {
    let begin = Instant::now();
    for file in files {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let document: OpenAPI = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is not OpenAPI 3.0", file.display()))?;
        std::hint::black_box(document);
    }
    Ok(begin.elapsed())
}

/// Documents that go into one client: what they name alike is alike.
struct Group {
    config: Config,
    files: Vec<PathBuf>,
}

/// What became of the documents.
#[derive(Default)]
struct Outcome {
    /// How many clients they make.
    clients: usize,
    /// Operations that have code.
    operations: usize,
    /// Operations that cannot be expressed yet.
    omitted: usize,
    /// Lines of code.
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

/// Generates what can be expressed of the documents of a group.
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

/// Takes a group as far as it goes: to code, or to the reasons why its documents do not go together.
fn attempt(group: &Group) -> Result<(Lowered, Result<Output, Errors>), Errors> {
    let sources = load::load(&group.config, Origin::Published, &|path: &str| {
        fs::read(path)
    })?;
    let lowered = lower(&correct(sources, &group.config, &[])?, &group.config);
    let files = hubspot_codegen::generate_from(&group.config, &lowered.documents);
    Ok((lowered, files))
}

/// Sorts documents into as few clients as their names allow: two schemas of one version that share a name and differ
/// cannot be in one. Also gives the documents of which there is no code, with the reason.
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

/// The documents as one client, with the object type of each filled in, as `apis.toml` does.
fn group(files: Vec<PathBuf>) -> Result<Group> {
    let mut config = Config::default();
    for file in &files {
        let part = |path: Option<&Path>| {
            let name = path.and_then(Path::file_stem).unwrap_or_default();
            name.to_string_lossy().into_owned()
        };
        let (api, version) = (part(Some(file)), part(file.parent()));
        config = config.and_document(&api, &version, &file.to_string_lossy());
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        if let (true, Some(document)) = (
            text.contains("/{objectType}\""),
            config.apis.documents.last_mut(),
        ) {
            document.bind.insert("objectType".to_owned(), api);
        }
    }
    Ok(Group { config, files })
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
