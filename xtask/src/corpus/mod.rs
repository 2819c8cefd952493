//! `cargo xtask corpus`: takes any set of HubSpot's documents through the generator, as one client a version.
//!
//! What cannot be generated is listed with document and JSON pointer. With `--check` each client is compiled on the runtime
//! of `hubspot-generated`.

mod package;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use hubspot_codegen::corpus::{Client, Generated, Known, catalogue, generate};
use hubspot_codegen::correct::{self, Used};

use self::package::Workspace;
use crate::{files, inputs, workspace};

/// Options of `cargo xtask corpus`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folders with documents, at any depth
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Compile the clients, and fail on a warning
    #[arg(long)]
    check: bool,
    /// Only this version; can be repeated
    #[arg(long, value_name = "VERSION")]
    version: Vec<String>,
    /// A folder with overlays for known faults; can be repeated [default: specs/overlays and specs/corpus]
    #[arg(long, value_name = "DIR")]
    overlays: Vec<PathBuf>,
}

impl Arguments {
    /// Generates from the documents below these folders, and compiles nothing.
    pub(crate) fn of(folders: Vec<PathBuf>) -> Self {
        Self {
            folders,
            check: false,
            version: Vec::new(),
            overlays: Vec::new(),
        }
    }
}

/// The totals over all versions.
#[derive(Default)]
struct Totals {
    documents: usize,
    complete: usize,
    operations: usize,
    omitted: usize,
    warnings: usize,
    used: Used,
}

/// Generates, and compiles if wanted. Fails if an operation was left out or a client does not compile without warnings.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let begin = Instant::now();
    let known = known(&arguments.overlays)?;
    let paths = documents(&arguments.folders)?;
    let (mut clients, unreadable) = catalogue(&paths, &|path| fs::read(path));
    if !arguments.version.is_empty() {
        clients.retain(|client| arguments.version.contains(&client.version));
    }
    let mut totals = Totals {
        documents: unreadable.len(),
        ..Totals::default()
    };
    for error in &unreadable {
        println!("  {error}");
    }
    let workspace = arguments.check.then(Workspace::create).transpose()?;
    for client in &clients {
        let started = Instant::now();
        let generated = generate(client, &known, &|path| fs::read(path));
        report(client, &generated, started.elapsed().as_secs_f64());
        totals.add(client, &generated);
        if let Some(workspace) = &workspace {
            totals.warnings += workspace.check(client, &generated.output)?;
        }
    }
    let unused = correct::unused(&known.overlays, &totals.used);
    for error in unused.iter().filter(|_| !arguments.overlays.is_empty()) {
        println!("not needed: {error}");
    }
    totals.print(begin.elapsed().as_secs_f64(), arguments.check);
    totals.verdict()
}

/// The documents, JSON or YAML, below the folders. A path may be that of a document.
pub(crate) fn documents(folders: &[PathBuf]) -> Result<Vec<String>> {
    let mut paths = BTreeSet::new();
    for folder in folders {
        let below = if folder.is_file() {
            vec![folder.clone()]
        } else {
            files::below(folder)?
        };
        for path in below {
            let extension = path.extension().and_then(|extension| extension.to_str());
            if matches!(extension, Some("json" | "yaml" | "yml")) {
                paths.insert(path.to_string_lossy().into_owned());
            }
        }
    }
    let shown = folders.iter().map(|folder| workspace::shown(folder));
    let shown = shown.collect::<Vec<_>>().join(", ");
    ensure!(
        !paths.is_empty(),
        "there are no documents (.json, .yaml) below {shown}"
    );
    Ok(paths.into_iter().collect())
}

/// The known faults of documents: the overlays in these folders, or those of `specs/` if there are none.
pub(crate) fn known(folders: &[PathBuf]) -> Result<Known> {
    let mut folders = folders.to_vec();
    if folders.is_empty() {
        folders = ["overlays", "corpus"]
            .map(|name| workspace::specs().join(name))
            .into();
    }
    let overlays = folders.iter().map(|folder| inputs::overlays(folder));
    let overlays = overlays.collect::<Result<Vec<_>>>()?;
    let mut public = inputs::config()?.apis.public;
    let more = files::read(&workspace::specs().join("corpus/public.toml"))?;
    public.extend(toml::from_str::<BTreeMap<_, _>>(&more)?);
    let overlays = overlays.into_iter().flatten().collect();
    Ok(Known { overlays, public })
}

fn report(client: &Client, generated: &Generated, seconds: f64) {
    let Generated {
        output,
        operations,
        omitted,
        types_before,
        types_after,
        requirements,
        failures,
        ..
    } = generated;
    let lines: usize = output.values().map(|text| text.lines().count()).sum();
    println!(
        "{}: {} documents, {operations} of {} operations, {types_before} types as {types_after}, {requirements} requirements, \
         {lines} lines, {seconds:.1} s{}",
        client.version,
        client.documents.len(),
        operations + omitted,
        peak_memory().map_or_else(String::new, |bytes| format!(
            ", peak memory {} MB",
            bytes / 1_000_000
        )),
    );
    for failure in failures {
        println!("  {failure}");
    }
}

/// The most memory that this process has had, in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    Some(kilobytes * 1024)
}

impl Totals {
    fn add(&mut self, client: &Client, generated: &Generated) {
        self.documents += client.documents.len();
        self.complete += client.documents.len() - generated.incomplete().len();
        self.operations += generated.operations;
        self.omitted += generated.omitted;
        self.used.extend(&generated.used);
    }

    fn print(&self, seconds: f64, checked: bool) {
        let warnings = if checked {
            format!(", {} warnings", self.warnings)
        } else {
            String::new()
        };
        println!(
            "{} of {} documents, {} of {} operations{warnings}, {seconds:.1} s",
            self.complete,
            self.documents,
            self.operations,
            self.operations + self.omitted
        );
    }

    fn verdict(&self) -> Result<()> {
        if self.complete < self.documents {
            let incomplete = self.documents - self.complete;
            bail!(
                "{incomplete} documents have operations that cannot be generated; an overlay can correct a document that is \
                 wrong (--overlays DIR)"
            );
        }
        ensure!(self.warnings == 0, "{} warnings", self.warnings);
        Ok(())
    }
}
