//! Comes in: `cargo-hubspot`, built for release, and a workspace of 50,000 lines with 500 calls, which is written here. Goes
//! out: what an audit of it costs beside `cargo check`, what it compiles besides, and whether the marks for the audit are
//! all that the feature `scope-audit` adds to the client. Refuses: a build that fails, an audit that does not find every
//! call.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use super::{
    Output, count,
    measure::{Contender, Runner, median},
    our_dependency,
    report::{Bar, Figure, Report, Unit},
    scratch::Scratch,
};
use crate::workspace;

/// Options of `cargo xtask bench audit`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How often each thing is measured
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    #[command(flatten)]
    pub(super) output: Output,
}

const SECTION: &str = "audit of 50,000 lines with 500 calls, third-party crates built";
const FEATURE: &str = "the client's code with the feature scope-audit, expanded";

/// The libraries of the workspace; a binary uses all of them.
const LIBRARIES: usize = 10;

/// The calls in each library.
const CALLS: usize = 50;

/// The functions beside each call that have nothing to do with HubSpot; they make a hundred lines of it.
const PARTS: usize = 9;

/// What is compiled anew, besides the workspace's own packages.
const OURS: [&str; 3] = ["hubspot-generated", "hubspot-macros", "hubspot-scopes"];

/// Takes each measurement in turn.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let folder = workspace::target().join("bench");
    let runner = Runner::new(folder.join("last-command.log"))?;
    workspace::run(&mut workspace::cargo([
        "build",
        "--release",
        "--package",
        "cargo-hubspot",
    ]))?;
    let bench = Audited {
        scratch: Scratch::new(folder.join("audited"))?,
        program: workspace::target().join("release/cargo-hubspot"),
        runner,
    };
    let lines = bench.write()?;
    report.note(
        SECTION,
        format!("{lines} lines in {} packages", LIBRARIES + 1),
    );
    bench.cost(usize::from(arguments.rounds), report)?;
    bench.second_run(usize::from(arguments.rounds), report)?;
    expansion(&bench.runner, report)
}

/// The workspace, and the program that audits it.
struct Audited {
    scratch: Scratch,
    program: PathBuf,
    runner: Runner,
}

impl Audited {
    /// Writes the workspace; its lines are counted.
    fn write(&self) -> Result<usize> {
        let mut lines = 0;
        let mut main = String::from(
            "use hubspot_generated::Client;\n\nhubspot_generated::scope_set! {\n    struct App {\n        required: [\n            \"crm.objects.contacts.read\",\n            \"crm.objects.companies.read\",\n            \"crm.objects.deals.read\",\n        ],\n    }\n}\n\nfn main() {\n    let hubspot = Client::<App>::builder().access_token(\"secret\").build().unwrap();\n",
        );
        let mut dependencies = our_dependency(&[]);
        for number in 0..LIBRARIES {
            let name = format!("audited-{number}");
            let text = library();
            lines += text.lines().count();
            self.scratch.write_package(
                &name,
                &our_dependency(&[]),
                &[("lib.rs".to_owned(), text)],
            )?;
            // Writing to a String does not fail.
            let _ = writeln!(dependencies, "{name} = {{ path = \"../{name}\" }}");
            let _ = writeln!(main, "    drop(audited_{number}::call_0(&hubspot));");
        }
        main.push_str("}\n");
        lines += main.lines().count();
        self.scratch
            .write_package("audited", &dependencies, &[("main.rs".to_owned(), main)])?;
        Ok(lines)
    }

    fn check(&self, targets: &[&str]) -> Command {
        let mut command = self.scratch.cargo(&["check", "--workspace"]);
        command.args(targets);
        command
    }

    fn audit(&self, options: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["hubspot", "audit", "--workspace", "--format", "json"])
            .args(options)
            .current_dir(self.scratch.folder())
            .envs(
                self.scratch
                    .cargo(&[])
                    .get_envs()
                    .filter_map(|(key, value)| Some((key, value?))),
            );
        command
    }

    /// Leaves nothing but the third-party crates.
    fn clean(&self) -> Result<()> {
        let libraries = (0..LIBRARIES).map(|number| format!("audited-{number}"));
        let names: Vec<_> = libraries.chain(["audited".to_owned()]).collect();
        let mut command = self.scratch.cargo(&["clean", "--quiet"]);
        for name in names.iter().map(String::as_str).chain(OURS) {
            command.args(["--package", name]);
        }
        self.runner.run(&mut command).map(drop)
    }

    /// An audit beside a check of the same packages and targets.
    fn cost(&self, rounds: usize, report: &mut Report) -> Result<()> {
        eprintln!("{SECTION}");
        self.runner.run(&mut self.check(&["--all-targets"]))?;
        self.clean()?;
        self.runner.run(&mut self.audit(&[]))?;
        let printed = self.runner.printed()?;
        let found = printed.matches("\"is_function\": false").count();
        if found != LIBRARIES * CALLS {
            bail!("the audit found {found} calls of {}", LIBRARIES * CALLS);
        }
        let others = compiled(&printed);
        report.add(
            Figure::new(
                SECTION,
                "compiled besides ours",
                count(others.len()),
                Unit::Count,
            )
            .bar(Bar::AtMost(0.0)),
        );
        for (what, targets, options) in [
            ("audit, every target", &["--all-targets"][..], &[][..]),
            ("audit, what ships", &[], &["--shipped"]),
        ] {
            let contenders = [
                Contender {
                    name: what.to_owned(),
                    prepare: Box::new(|| self.clean()),
                    command: Box::new(move || self.audit(options)),
                },
                Contender {
                    name: "cargo check".to_owned(),
                    prepare: Box::new(|| self.clean()),
                    command: Box::new(move || self.check(targets)),
                },
            ];
            if let [audit, check] = self.runner.compare(rounds, &contenders)?[..] {
                let wall = Figure::new(
                    SECTION,
                    format!("{what}, wall"),
                    audit.wall.as_secs_f64(),
                    Unit::Seconds,
                );
                report.add(
                    wall.against("cargo check of the same", check.wall.as_secs_f64())
                        .bar(Bar::TimesOther(1.2)),
                );
                let processor = audit.processor.as_secs_f64();
                let processor = Figure::new(
                    SECTION,
                    format!("{what}, processor"),
                    processor,
                    Unit::Seconds,
                );
                report.add(
                    processor.against("cargo check of the same", check.processor.as_secs_f64()),
                );
            }
        }
        Ok(())
    }

    /// An audit where nothing has changed since the last one.
    fn second_run(&self, rounds: usize, report: &mut Report) -> Result<()> {
        self.runner.run(&mut self.audit(&[]))?;
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            times.push(self.runner.run(&mut self.audit(&[]))?.wall);
        }
        let wall = median(times).as_secs_f64();
        report.add(
            Figure::new(
                SECTION,
                "second audit, nothing changed",
                wall,
                Unit::Seconds,
            )
            .bar(Bar::AtMost(1.0)),
        );
        Ok(())
    }
}

/// What cargo says that it compiled, besides the workspace's packages and the client's.
fn compiled(printed: &str) -> BTreeSet<&str> {
    let names = printed.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        matches!(words.next()?, "Compiling" | "Checking").then(|| words.next())?
    });
    names
        .filter(|name| !name.starts_with("audited") && !OURS.contains(name))
        .collect()
}

/// A library of calls, each among code of other kinds.
fn library() -> String {
    let mut text = String::from(
        "//! Written for a measurement.\n\nuse hubspot_generated::{Client, Error, hubspot_scopes};\n",
    );
    for number in 0..CALLS {
        let resource = if number % 2 == 0 {
            "contacts"
        } else {
            "companies"
        };
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n/// Counts them.\n#[hubspot_scopes(\"crm.objects.{resource}.read\")]\npub async fn call_{number}<S>(hubspot: &Client<S>) -> Result<usize, Error> {{\n    let page = hubspot.{resource}().list().limit(100).send().await?;\n    Ok(page.results.len() + part_{number}_0(1, \"a\").len())\n}}\n"
        );
        for part in 0..PARTS {
            let _ = write!(
                text,
                "\nfn part_{number}_{part}(count: usize, name: &str) -> Vec<String> {{\n    let mut names: Vec<String> = (0..count).map(|index| format!(\"{{name}}-{{index}}\")).collect();\n    names.sort_by(|one, other| other.cmp(one));\n    if names.len() > {part} {{\n        names.truncate({part});\n    }}\n    names\n}}\n"
            );
        }
        let _ = write!(
            text,
            "\n/// Keeps them in use.\npub fn all_{number}() -> usize {{\n    let mut sum = 0;\n"
        );
        for part in 0..PARTS {
            let _ = writeln!(
                text,
                "    sum += part_{number}_{part}({part}, \"b\").len();"
            );
        }
        text.push_str("    sum\n}\n");
    }
    text
}

/// What the feature adds to the client's expanded code.
fn expansion(runner: &Runner, report: &mut Report) -> Result<()> {
    eprintln!("{FEATURE}");
    let off = expanded(runner, &[])?;
    let on = expanded(runner, &["--features", "scope-audit"])?;
    let (without, none) = unmarked(&off);
    let (with, marks) = unmarked(&on);
    let pairs = with.iter().zip(&without);
    let differing =
        with.len().abs_diff(without.len()) + pairs.filter(|(one, other)| one != other).count();
    for (what, lines) in [
        ("marks, feature off", none),
        ("other lines that differ, feature on", differing),
    ] {
        report.add(Figure::new(FEATURE, what, count(lines), Unit::Count).bar(Bar::AtMost(0.0)));
    }
    report.add(Figure::new(
        FEATURE,
        "marks, feature on",
        count(marks),
        Unit::Count,
    ));
    Ok(())
}

/// The lines without the attributes that mark something for the audit, and how many of these there were.
fn unmarked(expanded: &str) -> (Vec<&str>, usize) {
    let mut marks = 0;
    let mut rest = Vec::new();
    let mut lines = expanded
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    while let Some(line) = lines.next() {
        let is_mark = [
            "#[deprecated(",
            "#[allow(useless_deprecated)]",
            "#![allow(deprecated,",
        ]
        .iter()
        .any(|mark| line.starts_with(mark));
        if is_mark {
            marks += 1;
            // A long one goes on in the next lines.
            if !line.ends_with(']') {
                lines.find(|line| line.ends_with(']'));
            }
        } else {
            rest.push(line);
        }
    }
    (rest, marks)
}

/// The client's expanded code.
fn expanded(runner: &Runner, features: &[&str]) -> Result<String> {
    let cargo = |arguments: &[&str]| {
        let mut command = workspace::cargo(arguments);
        command
            // The one way to see expanded code with a stable compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "CARGO_TARGET_DIR",
                workspace::target().join("bench/expanded"),
            );
        command
    };
    let package = ["--package", "hubspot-generated", "--quiet"];
    // What cargo believes to have compiled it does not print again.
    runner.run(cargo(&["clean"]).args(package))?;
    let mut command = cargo(&["rustc", "--lib", "--profile", "check"]);
    command
        .args(package)
        .args(features)
        .args(["--", "-Zunpretty=expanded"]);
    runner.run(&mut command)?;
    let printed = runner.printed()?;
    if !printed.contains("pub struct Client") {
        bail!("the compiler has not printed the client's expanded code");
    }
    Ok(printed)
}
