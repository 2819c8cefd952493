//! Measures how long the client and its peers take to compile, alone and with a program of ten calls.

use std::{path::PathBuf, process::Command, time::Duration};

use anyhow::{Context, Result};

use super::{
    Session,
    measure::{Contender, Cost},
    peers::Peer,
    report::{Bar, Figure, Report},
};
use crate::workspace;

/// The client's package.
const OURS: &str = "hubspot-generated";

/// The client's features: the APIs that its peers have, without what they have no counterpart of.
const FEATURES: [&str; 4] = ["companies", "contacts", "line-items", "schemas"];

/// Wall time or processor time.
type Clock = fn(&Cost) -> Duration;

/// A package whose build is measured.
pub(super) struct Package {
    /// Its name in the table.
    pub(super) title: String,
    /// The package that cargo builds.
    pub(super) name: String,
    /// The packages that are compiled each time. All others are dependencies, which are compiled before.
    rebuilt: Vec<String>,
    /// Whether it is a package of this workspace, not of the scratch workspace.
    in_workspace: bool,
}

impl Package {
    /// Creates a package of the scratch workspace. `rebuilt` ends with its name.
    fn new(title: &str, rebuilt: &[&str]) -> Self {
        Self {
            title: title.to_owned(),
            name: rebuilt.last().copied().unwrap_or_default().to_owned(),
            rebuilt: rebuilt.iter().map(|&name| name.to_owned()).collect(),
            in_workspace: false,
        }
    }

    /// The folder of its workspace.
    pub(super) fn folder(&self, session: &Session) -> PathBuf {
        if self.in_workspace {
            workspace::root()
        } else {
            session.scratch.folder().to_owned()
        }
    }

    /// Creates a cargo command in the workspace of the package.
    pub(super) fn cargo(&self, session: &Session, arguments: &[&str]) -> Command {
        if self.in_workspace {
            session.scratch.cargo_in_workspace(arguments)
        } else {
            session.scratch.cargo(arguments)
        }
    }
}

/// The clients, ours first.
pub(super) fn crates(peers: &[Peer]) -> Vec<Package> {
    let mut ours = Package::new("ours", &[OURS]);
    ours.in_workspace = true;
    let peers = peers.iter();
    let peers = peers.map(|peer| Package::new(peer.name(), &[&peer.package()]));
    std::iter::once(ours).chain(peers).collect()
}

/// Writes each client's program of ten calls. Ours is the first.
pub(super) fn programs(session: &Session, peers: &[Peer]) -> Result<Vec<Package>> {
    let ours = "bench-ten-calls";
    let dependencies = format!("{}{}", super::our_dependency(&FEATURES), super::TOKIO);
    let text = super::data("ten-calls/ours.rs")?;
    session
        .scratch
        .write_package(ours, &dependencies, "main.rs", &text)?;
    let mut packages = vec![Package::new("ours", &[OURS, ours])];
    for peer in peers {
        let name = peer.write_program(session)?;
        packages.push(Package::new(peer.name(), &[&peer.package(), &name]));
    }
    Ok(packages)
}

/// Compiles each client alone.
pub(super) fn measure_crates(session: &Session, peers: &[Peer], report: &mut Report) -> Result<()> {
    let packages = crates(peers);
    let check = Measurement {
        section: "cargo check of the client alone, dependencies built",
        arguments: &["check"],
        bar: 0.3,
    };
    let release = Measurement {
        section: "cargo build --release of the client alone, dependencies built",
        arguments: &["build", "--release"],
        bar: 0.5,
    };
    check.take(session, &packages, report)?;
    release.take(session, &packages, report)
}

/// Compiles each client with its program of ten calls.
pub(super) fn measure_programs(
    session: &Session,
    peers: &[Peer],
    report: &mut Report,
) -> Result<()> {
    let packages = programs(session, peers)?;
    let measurement = Measurement {
        section: "cargo build --release of a program with ten calls, its client included",
        arguments: &["build", "--release"],
        bar: 0.55,
    };
    measurement.take(session, &packages, report)
}

/// A kind of build.
struct Measurement {
    section: &'static str,
    arguments: &'static [&'static str],
    /// The target: ours takes at most this share of the best peer's time, wall and processor.
    bar: f64,
}

impl Measurement {
    /// Measures the packages in turns. The first one is ours.
    fn take(&self, session: &Session, packages: &[Package], report: &mut Report) -> Result<()> {
        eprintln!("{}", self.section);
        let mut present = Vec::new();
        for package in packages {
            eprintln!("  building the dependencies of {}", package.title);
            match session.runner.run(&mut self.command(session, package)) {
                Ok(_) => present.push(package),
                Err(reason) if present.is_empty() => {
                    return Err(reason)
                        .with_context(|| format!("{} does not build", package.title));
                }
                Err(reason) => report.note(
                    self.section,
                    format!("{} skipped: {reason:#}", package.title),
                ),
            }
        }
        let contenders: Vec<Contender<'_>> = present
            .iter()
            .map(|&package| Contender {
                name: package.title.clone(),
                prepare: Box::new(move || self.clean(session, package)),
                command: Box::new(move || self.command(session, package)),
            })
            .collect();
        let costs = session.runner.compare(session.rounds, &contenders)?;
        self.report(&present, &costs, report);
        Ok(())
    }

    /// Adds our figures, compared with the best of the others, and those of the others.
    fn report(&self, packages: &[&Package], costs: &[Cost], report: &mut Report) {
        let Some((ours, others)) = costs.split_first() else {
            return;
        };
        let titles = packages
            .iter()
            .skip(1)
            .map(|package| package.title.as_str());
        let others: Vec<(&str, &Cost)> = titles.zip(others).collect();
        let clocks: [(&str, Clock); 2] = [
            ("wall", |cost| cost.wall),
            ("processor time", |cost| cost.processor),
        ];
        for (what, clock) in clocks {
            let mut figure = Figure::seconds(self.section, format!("ours, {what}"), clock(ours));
            if let Some((name, best)) = others.iter().min_by_key(|(_, cost)| clock(cost)) {
                figure = figure.against(name, clock(best).as_secs_f64());
            }
            figure = figure.bar(Bar::TimesOther(self.bar));
            report.add(figure);
            for (name, cost) in &others {
                let what = format!("{name}, {what}");
                report.add(Figure::seconds(self.section, what, clock(cost)));
            }
        }
    }

    /// The command that builds a package.
    fn command(&self, session: &Session, package: &Package) -> Command {
        let mut arguments = self.arguments.to_vec();
        arguments.extend(["--quiet", "--package", &package.name]);
        let features = FEATURES.join(",");
        if package.in_workspace {
            arguments.extend(["--no-default-features", "--features", &features]);
        }
        package.cargo(session, &arguments)
    }

    /// Removes the results of such a build, so that the package is compiled again.
    fn clean(&self, session: &Session, package: &Package) -> Result<()> {
        let mut arguments = vec!["clean", "--quiet"];
        arguments.extend(
            self.arguments
                .iter()
                .filter(|argument| argument.starts_with("--")),
        );
        for name in &package.rebuilt {
            arguments.extend(["--package", name]);
        }
        session
            .runner
            .run(&mut package.cargo(session, &arguments))
            .map(drop)
    }
}
