//! Measures hubspot-mock: its start, reads per second, memory per contact, and how calls slow down as an account grows.

use std::{path::Path, process::Command, time::Instant};

use anyhow::{Context, Result, bail};

use super::{
    Output, folder,
    measure::{Runner, median},
    megabytes,
    report::{Bar, Figure, Report, Unit},
};
use crate::{
    files,
    provision::{self, Provision},
    witness::server::Server,
    workspace,
};

/// Options of `cargo xtask bench mock`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The number of contacts of the large account
    #[arg(long, default_value_t = 1_000_000)]
    contacts: u32,
    /// The duration of the reads, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    #[command(flatten)]
    pub(super) output: Output,
}

/// The number of contacts of the small account.
const FEW: u32 = 10_000;

/// The number of starts.
const STARTS: usize = 21;

/// The number of concurrent reads: enough to keep two cores busy.
const CONNECTIONS: &str = "32";

/// The seed of the server for the reads.
const SEED: &str = r#"{ "accounts": [{
    "name": "bench", "tier": "unlimited",
    "tokens": [{ "token": "bench", "scopes": ["crm.objects.contacts.read"] }],
    "records": { "contacts": [{ "email": "ada@bench.example", "firstname": "Ada", "lastname": "Lovelace" }] }
}] }"#;

/// The path of the contact of [`SEED`].
const CONTACT: &str = "/crm/objects/2026-09/contacts/ada@bench.example?idProperty=email";

/// Runs all measurements.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let runner = Runner::new()?;
    let mut build = workspace::cargo(["build", "--release", "--package", "hubspot-mock"]);
    workspace::run(build.args(["--bin", "hubspot-mock", "--example", "fill"]))?;
    let programs = workspace::target().join("release");
    let server = programs.join("hubspot-mock");
    start(&server, report)?;
    reads(&runner, &server, arguments.seconds, report)?;
    growth(
        &runner,
        &programs.join("examples/fill"),
        arguments.contacts,
        report,
    )
}

/// Measures the time from the start of the process until it listens.
fn start(program: &Path, report: &mut Report) -> Result<()> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let begin = Instant::now();
        let _server = Server::start(program, &["--port", "0"])?;
        times.push(begin.elapsed());
    }
    let milliseconds = median(times).as_secs_f64() * 1e3;
    let what = "from the process's start until it listens";
    report.add(Figure::new("start", what, milliseconds, Unit::Milliseconds).bar(Bar::AtMost(20.0)));
    Ok(())
}

/// Measures reads of a contact per second, with the load generator on the same machine.
fn reads(runner: &Runner, program: &Path, seconds: u32, report: &mut Report) -> Result<()> {
    let generator = match provision::program(Provision::Nothing, &["wrk"], &["wrk"]) {
        Ok(generator) => generator,
        Err(missing) => {
            report.note("reads", format!("not measured: {missing}"));
            return Ok(());
        }
    };
    let seed = folder().join("mock-seed.json");
    files::write(&seed, SEED)?;
    let server = Server::start(program, &["--port", "0", "--seed", &seed.to_string_lossy()])?;
    let mut command = Command::new(generator);
    command
        .args(["--threads", "1", "--connections", CONNECTIONS])
        .args(["--duration", &format!("{seconds}s")])
        .args(["--header", "Authorization: Bearer bench"])
        .arg(format!("{}{CONTACT}", server.url()));
    eprintln!("  reading one contact for {seconds} s");
    runner.run(&mut command)?;
    let rate = rate(&runner.printed()?)?;
    report.add(
        Figure::new("reads", "of one contact", rate, Unit::PerSecond).bar(Bar::AtLeast(50_000.0)),
    );
    Ok(())
}

/// The requests per second that wrk printed. Fails unless all succeeded.
fn rate(printed: &str) -> Result<f64> {
    let faults = ["Non-2xx", "Socket errors"];
    let mut lines = printed.lines();
    if let Some(line) = lines.find(|line| faults.iter().any(|fault| line.contains(fault))) {
        bail!("a response was not a success: {}", line.trim());
    }
    let mut lines = printed.lines();
    let rate = lines.find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok())
        .context("wrk printed no rate")
}

/// Measures the memory of a large account, and how much slower its calls are than those of a small one.
fn growth(runner: &Runner, fill: &Path, contacts: u32, report: &mut Report) -> Result<()> {
    eprintln!("  filling an account with {contacts} contacts");
    let sizes = [FEW, contacts].map(|size| size.to_string());
    let cost = runner.run(Command::new(fill).args(&sizes))?;
    let what = format!("peak with {contacts} contacts of 20 properties");
    report.add(
        Figure::new("memory", what, megabytes(cost.peak_memory), Unit::Megabytes)
            .bar(Bar::AtMost(2000.0)),
    );
    let printed = runner.printed()?;
    let small = format!("with {FEW} contacts");
    for call in printed.lines().filter_map(Call::read) {
        let figure = Figure::new("growth", call.name, call.large, Unit::Milliseconds);
        let figure = figure.against(&small, call.small);
        // A search without an index looks at every record.
        report.add(if call.name.starts_with("scan") {
            figure
        } else {
            figure.bar(Bar::TimesOther(2.0))
        });
    }
    Ok(())
}

/// A call in the table that the example `fill` prints. Times are in milliseconds.
#[derive(Debug, PartialEq)]
struct Call<'a> {
    name: &'a str,
    small: f64,
    large: f64,
}

impl<'a> Call<'a> {
    /// Parses `no filter      412 us      430 us    1.04`. Returns `None` for other lines.
    fn read(line: &'a str) -> Option<Self> {
        let (name, times) = line.split_once("  ")?;
        let words: Vec<&str> = times.split_whitespace().collect();
        let [small, "us", large, "us", _ratio] = words[..] else {
            return None;
        };
        let milliseconds = |text: &str| text.parse().map(|us: f64| us / 1e3).ok();
        Some(Self {
            name,
            small: milliseconds(small)?,
            large: milliseconds(large)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, rate};

    #[test]
    fn the_rate_is_parsed_and_failures_are_errors() {
        let printed = "  2 requests in 5.00s\nRequests/sec:  12345.50\nTransfer/sec:  1MB\n";
        assert!((rate(printed).expect("a rate") - 12345.5).abs() < 0.1);
        assert!(rate(&format!("  Non-2xx or 3xx responses: 2\n{printed}")).is_err());
        assert!(rate("").is_err());
    }

    #[test]
    fn the_times_of_a_call_are_parsed() {
        let line = "email IN, 3 of them                                412 us     824 us    2.00";
        let call = Call {
            name: "email IN, 3 of them",
            small: 0.412,
            large: 0.824,
        };
        assert_eq!(Call::read(line), Some(call));
        assert_eq!(
            Call::read("10000 contacts: 901 bytes each, filled in 1.2s"),
            None
        );
    }
}
