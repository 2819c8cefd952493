//! Measures `cargo hubspot audit`: on a generated workspace of 50,000 lines with 500 calls, compared with `cargo check`.
//!
//! Also checks that the feature `scope-audit` adds nothing to the client but its marks. Fails if the audit does not find
//! every call.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf, process::Command};

use anyhow::{Result, bail};

use super::{
    Output, data, folder,
    measure::{Contender, Runner},
    our_dependency,
    report::{Bar, Figure, Report},
    scratch::Scratch,
};
use crate::workspace;

/// Options of `cargo xtask bench audit`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The number of rounds
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    #[command(flatten)]
    pub(super) output: Output,
}

const SECTION: &str = "audit of 50,000 lines with 500 calls, third-party crates built";
const FEATURE: &str = "the client's code with the feature scope-audit, expanded";

/// The client's features that the calls need. They are those of an older version, so that `migrate` has something to report.
const FEATURES: [&str; 3] = ["companies", "contacts", "v3"];

/// The libraries of the workspace; a binary uses all of them.
const LIBRARIES: usize = 10;

/// The calls in each library.
const CALLS: usize = 50;

/// The functions without calls for each call. Together they have about a hundred lines.
const PARTS: usize = 9;

/// The packages that are compiled again, besides those of the workspace.
const OURS: [&str; 3] = ["hubspot-generated", "hubspot-macros", "hubspot-scopes"];

/// Runs all measurements.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let runner = Runner::new()?;
    workspace::run(&mut workspace::cargo([
        "build",
        "--release",
        "--package",
        "cargo-hubspot",
    ]))?;
    let bench = Audited {
        scratch: Scratch::new(folder().join("audited"))?,
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

/// The generated workspace, and the program that audits it.
struct Audited {
    scratch: Scratch,
    program: PathBuf,
    runner: Runner,
}

impl Audited {
    /// Writes the workspace, and returns its number of lines.
    fn write(&self) -> Result<usize> {
        let mut lines = 0;
        let mut main = data("audit/main.rs")?;
        let library = library()?;
        let mut dependencies = our_dependency(&FEATURES);
        for number in 0..LIBRARIES {
            let name = format!("audited-{number}");
            lines += library.lines().count();
            self.scratch
                .write_package(&name, &our_dependency(&FEATURES), "lib.rs", &library)?;
            // Writing to a String does not fail.
            let _ = writeln!(dependencies, "{name} = {{ path = \"../{name}\" }}");
            let _ = writeln!(main, "    drop(audited_{number}::call_0(&hubspot));");
        }
        main.push_str("}\n");
        lines += main.lines().count();
        self.scratch
            .write_package("audited", &dependencies, "main.rs", &main)?;
        Ok(lines)
    }

    fn check(&self, targets: &[&str]) -> Command {
        let mut command = self.scratch.cargo(&["check", "--workspace"]);
        command.args(targets);
        command
    }

    fn audit(&self, options: &[&str]) -> Command {
        let mut command = self.hubspot(&["audit", "--format", "json"]);
        command.args(options);
        command
    }

    /// `cargo hubspot` in the workspace.
    fn hubspot(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("hubspot")
            .args(arguments)
            .arg("--workspace")
            .current_dir(self.scratch.folder())
            .envs(
                self.scratch
                    .cargo(&[])
                    .get_envs()
                    .filter_map(|(key, value)| Some((key, value?))),
            );
        command
    }

    /// Removes everything that was built, except third-party crates.
    fn clean(&self) -> Result<()> {
        let libraries = (0..LIBRARIES).map(|number| format!("audited-{number}"));
        let names: Vec<_> = libraries.chain(["audited".to_owned()]).collect();
        let mut command = self.scratch.cargo(&["clean", "--quiet"]);
        for name in names.iter().map(String::as_str).chain(OURS) {
            command.args(["--package", name]);
        }
        self.runner.run(&mut command).map(drop)
    }

    /// Compares an audit with a check of the same packages and targets.
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
        let others = Figure::count(SECTION, "other crates compiled", others.len());
        report.add(others.bar(Bar::AtMost(0.0)));
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
            if let [audit, check] = &self.runner.compare(rounds, &contenders)?[..] {
                let check = ("cargo check of the same", check);
                report.compare(SECTION, (what, audit), check, Bar::TimesOther(1.2));
            }
        }
        Ok(())
    }

    /// Measures commands when nothing has changed since the last audit.
    fn second_run(&self, rounds: usize, report: &mut Report) -> Result<()> {
        self.runner.run(&mut self.hubspot(&["lock"]))?;
        let commands: [(&str, &[&str]); 4] = [
            ("audit", &["audit", "--format", "json"]),
            ("lock --check", &["lock", "--check"]),
            ("review of a lock", &["review", "hubspot-scopes.lock"]),
            ("migrate", &["migrate", "v3", "2026-09"]),
        ];
        let contenders = commands.map(|(what, arguments)| Contender {
            name: what.to_owned(),
            prepare: Box::new(|| Ok(())),
            command: Box::new(move || self.hubspot(arguments)),
        });
        let costs = self.runner.compare(rounds, &contenders)?;
        let Some((audit, others)) = costs.split_first() else {
            return Ok(());
        };
        let wall = Figure::seconds(SECTION, "second audit, nothing changed", audit.wall);
        report.add(wall.bar(Bar::AtMost(1.0)));
        let names = commands[1..].iter().map(|(what, _)| what);
        for ((what, cost), limit) in names.zip(others).zip([0.3, 0.3, 2.0]) {
            let more = cost.wall.saturating_sub(audit.wall);
            let figure = Figure::seconds(SECTION, format!("{what}, more than the audit"), more);
            report.add(figure.bar(Bar::AtMost(limit)));
        }
        Ok(())
    }
}

/// The packages that cargo compiled according to its output, except those of the workspace and the client.
fn compiled(printed: &str) -> BTreeSet<&str> {
    let names = printed.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        matches!(words.next()?, "Compiling" | "Checking").then(|| words.next())?
    });
    names
        .filter(|name| !name.starts_with("audited") && !OURS.contains(name))
        .collect()
}

/// The code of a library with calls and other functions.
fn library() -> Result<String> {
    let (call, part) = (data("audit/call.rs")?, data("audit/part.rs")?);
    let mut text = String::from(
        "//! Generated for a measurement.\n\nuse hubspot_generated::{Client, Error, hubspot_scopes};\n",
    );
    for number in 0..CALLS {
        let resource = ["contacts", "companies"][number % 2];
        let numbered = |text: &str| text.replace("CALL", &number.to_string());
        text += &numbered(&call).replace("RESOURCE", resource);
        let mut uses = String::new();
        for index in 0..PARTS {
            text += &numbered(&part).replace("PART", &index.to_string());
            // Writing to a String does not fail.
            let _ = writeln!(uses, "    part_{number}_{index}({index}, \"b\");");
        }
        let _ = write!(
            text,
            "\n/// Uses them.\npub fn all_{number}() {{\n{uses}}}\n"
        );
    }
    Ok(text)
}

/// Compares the client's expanded code with and without the feature.
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
        report.add(Figure::count(FEATURE, what, lines).bar(Bar::AtMost(0.0)));
    }
    report.add(Figure::count(FEATURE, "marks, feature on", marks));
    Ok(())
}

/// The lines except the audit's marks, and the number of marks.
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
            // A long one continues on the next lines.
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
            // The only way to expand code with a stable compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            .env(
                "CARGO_TARGET_DIR",
                workspace::target().join("bench/expanded"),
            );
        command
    };
    let package = ["--package", "hubspot-generated", "--quiet"];
    // Cargo prints nothing for a package that is up to date.
    runner.run(cargo(&["clean"]).args(package))?;
    let mut command = cargo(&["rustc", "--lib", "--profile", "check"]);
    command
        .args(package)
        .args(features)
        .args(["--", "-Zunpretty=expanded"]);
    runner.run(&mut command)?;
    let printed = runner.printed()?;
    if !printed.contains("pub struct Client") {
        bail!("the compiler did not print the client's expanded code");
    }
    Ok(printed)
}
