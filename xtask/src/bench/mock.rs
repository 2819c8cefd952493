//! Comes in: hubspot-mock, built for release. Goes out: how fast it starts and answers, how much memory a million contacts
//! take, and how the time of lists and searches grows with them. Refuses: a build that fails. Without a load generator
//! there are no reads per second, and the report says so.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{
    Output,
    measure::{Runner, median},
    megabytes,
    report::{Bar, Figure, Report, Unit},
};
use crate::{provision, witness::server::Server, workspace};

/// Options of `cargo xtask bench mock`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many contacts the large store has
    #[arg(long, default_value_t = 1_000_000)]
    contacts: u32,
    /// For how many seconds each kind of request is sent
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    #[command(flatten)]
    pub(super) output: Output,
}

/// How many contacts the small store has.
const FEW: u32 = 10_000;

/// How often the program is started.
const STARTS: usize = 21;

/// A request that is sent over and over.
struct Load {
    name: &'static str,
    path: String,
    /// JSON; with one it is a POST.
    body: Option<String>,
}

/// Takes each measurement in turn.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let folder = workspace::target().join("release");
    let mut build = workspace::cargo(["build", "--release", "--package", "hubspot-mock"]);
    workspace::run(build.args(["--bin", "hubspot-mock", "--example", "fill"]))?;
    start(&folder.join("hubspot-mock"), report)?;

    let generator = provision::program(&["wrk"], &["wrk"]);
    let fill = folder.join("examples/fill");
    let (few, many) = (FEW, arguments.contacts);
    let few = Filled::start(&fill, few)?;
    let many = Filled::start(&fill, many)?;
    memory(&many, report)?;
    match generator {
        Ok(generator) => {
            let wrk = Generator::new(generator, arguments.seconds)?;
            reads(&wrk, &many, report)?;
            growth(&wrk, &few, &many, report)
        }
        Err(reason) => {
            report.note("answers", format!("not measured: {reason:#}"));
            Ok(())
        }
    }
}

/// From the start of the process until it listens.
fn start(program: &Path, report: &mut Report) -> Result<()> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let begin = Instant::now();
        let _server = Server::start(program, &["--port", "0"])?;
        times.push(begin.elapsed());
    }
    let milliseconds = median(times).as_secs_f64() * 1e3;
    let what = "from the start of the process until it listens";
    report.add(Figure::new("start", what, milliseconds, Unit::Milliseconds).bar(Bar::AtMost(50.0)));
    Ok(())
}

/// The most memory that the process with the large store has held.
fn memory(many: &Filled, report: &mut Report) -> Result<()> {
    let path = format!("/proc/{}/status", many.server.id());
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let kilobytes = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_end_matches("kB").trim().parse().ok()
    };
    let peak = kilobytes("VmHWM:").with_context(|| format!("{path} does not tell the peak"))?;
    let what = format!("peak with {} contacts of 20 properties", many.contacts);
    report.add(
        Figure::new("memory", what, megabytes(peak * 1024), Unit::Megabytes)
            .bar(Bar::AtMost(2500.0)),
    );
    Ok(())
}

/// Reads of one contact, as many at once as keep both cores busy.
fn reads(wrk: &Generator, many: &Filled, report: &mut Report) -> Result<()> {
    let read = many.read();
    let rate = wrk.rate(many, &read, 32)?;
    report
        .add(Figure::new("answers", read.name, rate, Unit::PerSecond).bar(Bar::AtLeast(20_000.0)));
    Ok(())
}

/// What each request takes by itself in the large store, beside the small one.
fn growth(wrk: &Generator, few: &Filled, many: &Filled, report: &mut Report) -> Result<()> {
    for (small, large) in few.loads().iter().zip(many.loads()) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        // In turns: see `measure`.
        for _ in 0..3 {
            before.push(wrk.time(few, small)?);
            after.push(wrk.time(many, &large)?);
        }
        let milliseconds = |times: Vec<Duration>| median(times).as_secs_f64() * 1e3;
        let name = format!("with {} contacts", few.contacts);
        report.add(
            Figure::new(
                "growth",
                large.name,
                milliseconds(after),
                Unit::Milliseconds,
            )
            .against(&name, milliseconds(before))
            .bar(Bar::TimesOther(2.0)),
        );
    }
    Ok(())
}

/// A running program with contacts in it.
struct Filled {
    server: Server,
    contacts: u32,
    known: Known,
}

/// What the example `fill` tells of its contacts, in a line of JSON before its address.
#[derive(Deserialize)]
struct Known {
    token: String,
    /// Of a contact in the middle.
    id: String,
    email: String,
    created: String,
    changed: String,
}

impl Filled {
    fn start(program: &Path, contacts: u32) -> Result<Self> {
        eprintln!("  filling a store with {contacts} contacts");
        let (server, line) = Server::start_with(program, &[&contacts.to_string()])?;
        let known = serde_json::from_str(&line).context("the example `fill` told no contact")?;
        Ok(Self {
            server,
            contacts,
            known,
        })
    }

    fn read(&self) -> Load {
        Load {
            name: "reads of a contact",
            path: format!("{CONTACTS}/{}", self.known.id),
            body: None,
        }
    }

    /// What is to take as long in a large store as in a small one.
    fn loads(&self) -> Vec<Load> {
        let search = |name, property: &str, value: &str, operator: &str| Load {
            name,
            path: format!("{CONTACTS}/search"),
            body: Some(format!(
                r#"{{"filterGroups":[{{"filters":[{{"propertyName":"{property}","operator":"{operator}","value":"{value}"}}]}}],"limit":10}}"#
            )),
        };
        let Known {
            id,
            email,
            created,
            changed,
            ..
        } = &self.known;
        vec![
            self.read(),
            Load {
                name: "list of 100, from the middle",
                path: format!("{CONTACTS}?limit=100&after={id}"),
                body: None,
            },
            search("search by hs_object_id", "hs_object_id", id, "EQ"),
            search("search by email", "email", email, "EQ"),
            search("search by createdate", "createdate", created, "EQ"),
            search(
                "search by lastmodifieddate",
                "lastmodifieddate",
                changed,
                "EQ",
            ),
        ]
    }
}

const CONTACTS: &str = "/crm/objects/2026-09/contacts";

/// wrk, which sends the same request as fast as it is answered.
struct Generator {
    program: PathBuf,
    seconds: u32,
    runner: Runner,
}

impl Generator {
    fn new(program: PathBuf, seconds: u32) -> Result<Self> {
        let log = workspace::target().join("bench/last-command.log");
        Ok(Self {
            program,
            seconds,
            runner: Runner::new(log)?,
        })
    }

    /// Answers per second, on so many connections at once.
    fn rate(&self, filled: &Filled, load: &Load, connections: u32) -> Result<f64> {
        eprintln!("  {}, {} contacts", load.name, filled.contacts);
        let mut command = Command::new(&self.program);
        command.args(["--threads", "1", "--connections", &connections.to_string()]);
        command.args(["--duration", &format!("{}s", self.seconds)]);
        command.args([
            "--header",
            &format!("Authorization: Bearer {}", filled.known.token),
        ]);
        if let Some(body) = &load.body {
            let script = workspace::target().join("bench/request.lua");
            let text = format!(
                "wrk.method = \"POST\"\nwrk.headers[\"Content-Type\"] = \"application/json\"\nwrk.body = [[{body}]]\n"
            );
            fs::write(&script, text)
                .with_context(|| format!("cannot write {}", script.display()))?;
            command.arg("--script").arg(script);
        }
        command.arg(format!("{}{}", filled.server.url(), load.path));
        self.runner.run(&mut command)?;
        rate_of(&self.runner.printed()?)
    }

    /// How long one request takes when no other is under way.
    fn time(&self, filled: &Filled, load: &Load) -> Result<Duration> {
        let rate = self.rate(filled, load, 1)?;
        Ok(Duration::from_secs_f64(1.0 / rate))
    }
}

/// What wrk printed: answers per second, all of them successes.
fn rate_of(printed: &str) -> Result<f64> {
    if let Some(line) = printed
        .lines()
        .find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        anyhow::bail!("not every answer was a success: {}", line.trim());
    }
    let rate = printed
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok())
        .context("wrk printed no rate")
}

#[cfg(test)]
mod tests {
    use super::rate_of;

    #[test]
    fn the_rate_is_read_and_failures_are_not_counted_as_answers() {
        let printed = "  2 requests in 5.00s\nRequests/sec:  12345.50\nTransfer/sec:  1MB\n";
        assert!((rate_of(printed).expect("a rate") - 12345.5).abs() < 0.1);
        let refused = format!("  Non-2xx or 3xx responses: 2\n{printed}");
        assert!(rate_of(&refused).is_err());
        assert!(rate_of("").is_err());
    }
}
