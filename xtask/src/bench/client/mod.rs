//! Measures the client with its example `client`: a page of records and a small call beside `reqwest` and `serde_json`, how
//! well it uses HubSpot's limits beside clients of others, and its memory while it reads and writes a large account.

mod large;
mod others;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use super::{
    Output,
    figures::Figures,
    folder,
    measure::Runner,
    report::{Bar, Figure, Report, Unit},
};
use crate::{
    files,
    provision::{self, Provision},
    workspace,
};

/// Options of `cargo xtask bench client`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The number of contacts that are read and written for the memory of the client
    #[arg(long, default_value_t = 1_000_000)]
    contacts: u32,
    /// Install the clients that are compared: Debian packages (as root), and packages of npm and pip below target/
    #[arg(long)]
    provision: bool,
    #[command(flatten)]
    pub(super) output: Output,
}

const PAGE: &str = "a page of 100 records with 50 properties";
const SMALL: &str = "a contact by its id";
const LIMITS: &str = "HubSpot's limits";
const BY_HAND: &str = "reqwest and serde_json";

/// The numbers of calls whose difference is that of the measured ones.
const CALLS: [u32; 2] = [200, 1_200];

/// Builds and runs the example, and reads its output.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let mut build = workspace::cargo(["build", "--release", "--package", "hubspot-generated"]);
    workspace::run(build.args(["--features", "contacts", "--example", "client"]))?;
    let runner = Runner::new()?;
    let program = workspace::target().join("release/examples/client");
    runner.run(&mut Command::new(&program))?;
    let figures = Figures::read(&runner.printed()?)?;
    page(&figures, report)?;
    match provision::program(Provision::Nothing, &["valgrind"], &["valgrind"]) {
        Ok(valgrind) => small(&runner, [&valgrind, &program], report)?,
        Err(missing) => report.note(SMALL, format!("not measured: {missing}")),
    }
    limits(&figures, report)?;
    others::measure(&runner, &program, arguments.provision.into(), report)?;
    large::measure(&runner, &program, arguments.contacts, report)
}

/// Compares the page.
fn page(figures: &Figures, report: &mut Report) -> Result<()> {
    for (what, ours, by_hand, unit, most) in [
        (
            "list, processor time",
            "list ours",
            "list by hand",
            Unit::Nanoseconds,
            1.1,
        ),
        (
            "decoding",
            "decode ours",
            "decode by hand",
            Unit::Nanoseconds,
            0.5,
        ),
        (
            "allocations",
            "decode ours, allocations",
            "decode by hand, allocations",
            Unit::Count,
            0.2,
        ),
        (
            "bytes held",
            "decode ours, bytes held",
            "decode by hand, bytes held",
            Unit::Count,
            0.5,
        ),
    ] {
        let figure = Figure::new(PAGE, what, figures.one(ours)?, unit);
        let figure = figure.against(BY_HAND, figures.one(by_hand)?);
        report.add(figure.bar(Bar::TimesOther(most)));
    }
    Ok(())
}

/// Compares the instructions of one call, with and without pacing.
fn small(runner: &Runner, programs: [&Path; 2], report: &mut Report) -> Result<()> {
    let server = Serving::start(programs[1], &["serve"])?;
    let instructions = |kind| -> Result<f64> {
        let [few, many] =
            CALLS.map(|calls| count(runner, programs, [kind, &server.printed], calls));
        Ok((many? - few?) / f64::from(CALLS[1] - CALLS[0]))
    };
    let [plain, ours, unpaced] = ["plain", "ours", "unpaced"].map(instructions);
    let (plain, ours, unpaced) = (plain?, ours?, unpaced?);
    let figure = |what, value| Figure::new(SMALL, what, value, Unit::Count);
    let call = figure("instructions of a call", ours).against("reqwest", plain);
    report.add(call.bar(Bar::TimesOther(1.05)));
    report.add(figure("of these, pacing", ours - unpaced));
    Ok(())
}

/// The instructions of a program that makes so many calls.
fn count(
    runner: &Runner,
    [valgrind, program]: [&Path; 2],
    [kind, url]: [&str; 2],
    calls: u32,
) -> Result<f64> {
    let file = folder().join("callgrind.out");
    let mut command = Command::new(valgrind);
    command.arg("--tool=callgrind");
    command.arg(format!("--callgrind-out-file={}", file.display()));
    command
        .arg(program)
        .args(["get", kind, url, &calls.to_string()]);
    runner.run(&mut command)?;
    let text = files::read(&file)?;
    let total = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("totals: "));
    let total = total.with_context(|| format!("{} has no totals", file.display()))?;
    Ok(total.trim().parse()?)
}

/// The example as a server; ends with its value.
struct Serving {
    child: Child,
    /// The first line that it printed.
    printed: String,
}

impl Serving {
    fn start(program: &Path, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut printed = String::new();
        let output = child.stdout.take().context("the server has no output")?;
        BufReader::new(output).read_line(&mut printed)?;
        let printed = printed.trim().to_owned();
        ensure!(!printed.is_empty(), "{} serves nothing", program.display());
        Ok(Self { child, printed })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Checks that nothing is lost, next to nothing refused, and the limit used.
fn limits(figures: &Figures, report: &mut Report) -> Result<()> {
    for (name, refused) in [
        ("600 updates", 6.0),
        ("50 searches", 0.5),
        ("10,000 updates", 0.0),
        ("1,000 batches", 0.0),
    ] {
        let figure = |what: &str| -> Result<Figure> {
            let name = format!("{name}, {what}");
            Ok(Figure::new(
                LIMITS,
                &*name,
                figures.one(&name)?,
                Unit::Count,
            ))
        };
        report.add(figure("lost")?.bar(Bar::AtMost(0.0)));
        report.add(figure("refused")?.bar(Bar::AtMost(refused)));
    }
    for name in ["10,000 updates", "1,000 batches"] {
        let name = format!("{name}, of what is permitted");
        let percent = figures.one(&name)? * 100.0;
        let name = format!("{name}, in percent");
        report.add(Figure::new(LIMITS, name, percent, Unit::Count).bar(Bar::AtLeast(97.0)));
    }
    Ok(())
}
