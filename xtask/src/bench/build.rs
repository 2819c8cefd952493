//! Comes in: the client and its peers, ready to compile. Goes out: how long each takes by itself, and together with a
//! program that makes ten different calls. Refuses: code of ours that does not compile.

use std::{process::Command, time::Duration};

use anyhow::{Context, Result};

use super::{
    Session,
    measure::{Contender, Cost},
    peers::Peer,
    report::{Bar, Figure, Report, Unit},
};

/// The client's package.
pub(super) const OURS: &str = "hubspot-generated";

/// One of the two ways to read a cost.
type Clock = fn(&Cost) -> Duration;

/// A package whose build is measured.
pub(super) struct Package {
    /// What the table calls it.
    pub(super) title: String,
    /// The package that cargo builds.
    pub(super) name: String,
    /// The packages that are built anew each time; every other one is a dependency, built beforehand.
    anew: Vec<String>,
    /// Whether it is a package of the repository, not of the scratch workspace.
    at_home: bool,
}

impl Package {
    /// A cargo command in the workspace of the package.
    pub(super) fn cargo(&self, session: &Session, arguments: &[&str]) -> Command {
        if self.at_home {
            session.scratch.cargo_at_home(arguments)
        } else {
            session.scratch.cargo(arguments)
        }
    }
}

/// Each client by itself, ours first.
pub(super) fn crates(peers: &[Peer]) -> Vec<Package> {
    let ours = Package {
        title: "ours".to_owned(),
        name: OURS.to_owned(),
        anew: vec![OURS.to_owned()],
        at_home: true,
    };
    let others = peers.iter().map(|peer| Package {
        title: peer.name().to_owned(),
        name: peer.package(),
        anew: vec![peer.package()],
        at_home: false,
    });
    std::iter::once(ours).chain(others).collect()
}

/// Each client's program of ten different calls, written here, ours first.
pub(super) fn programs(session: &Session, peers: &[Peer]) -> Result<Vec<Package>> {
    let ours = "bench-ten-calls";
    session.scratch.write_package(
        ours,
        &format!("{}{}", super::our_dependency(&[]), super::TOKIO),
        &[("main.rs".to_owned(), super::data("ten-calls/ours.rs")?)],
    )?;
    let mut packages = vec![Package {
        title: "ours".to_owned(),
        name: ours.to_owned(),
        anew: vec![OURS.to_owned(), ours.to_owned()],
        at_home: false,
    }];
    for peer in peers {
        let name = peer.write_program(session)?;
        packages.push(Package {
            title: peer.name().to_owned(),
            anew: vec![peer.package(), name.clone()],
            name,
            at_home: false,
        });
    }
    Ok(packages)
}

/// Compiles each client by itself.
pub(super) fn measure_crates(session: &Session, peers: &[Peer], report: &mut Report) -> Result<()> {
    let packages = crates(peers);
    let check = Measurement {
        section: "cargo check of the client alone, dependencies built",
        arguments: &["check"],
        bar: 0.5,
    };
    let release = Measurement {
        section: "cargo build --release of the client alone, dependencies built",
        arguments: &["build", "--release"],
        bar: 0.5,
    };
    check.take(session, &packages, report)?;
    release.take(session, &packages, report)
}

/// Compiles each client together with a program that makes ten different calls.
pub(super) fn measure_programs(
    session: &Session,
    peers: &[Peer],
    report: &mut Report,
) -> Result<()> {
    let packages = programs(session, peers)?;
    let measurement = Measurement {
        section: "cargo build --release of a program with ten calls, its client included",
        arguments: &["build", "--release"],
        bar: 0.6,
    };
    measurement.take(session, &packages, report)
}

/// One kind of build, taken of every package.
struct Measurement {
    section: &'static str,
    arguments: &'static [&'static str],
    /// How much of the best peer's time ours may take.
    bar: f64,
}

impl Measurement {
    /// Measures the packages in turns and reports them; the first package is ours.
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

    /// Adds the figures: ours beside the best of the others, then each other one.
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
        for (index, (what, clock)) in clocks.into_iter().enumerate() {
            let mut figure = Figure::new(
                self.section,
                format!("ours, {what}"),
                clock(ours).as_secs_f64(),
                Unit::Seconds,
            );
            if let Some((name, best)) = others.iter().min_by_key(|(_, cost)| clock(cost)) {
                figure = figure.against(name, clock(best).as_secs_f64());
            }
            // What is asked is about the wait, hence about the clock on the wall.
            if index == 0 {
                figure = figure.bar(Bar::TimesOther(self.bar));
            }
            report.add(figure);
            for (name, cost) in &others {
                let seconds = clock(cost).as_secs_f64();
                report.add(Figure::new(
                    self.section,
                    format!("{name}, {what}"),
                    seconds,
                    Unit::Seconds,
                ));
            }
        }
    }

    /// The build of one package.
    fn command(&self, session: &Session, package: &Package) -> Command {
        let mut arguments = self.arguments.to_vec();
        arguments.extend(["--quiet", "--package", &package.name]);
        package.cargo(session, &arguments)
    }

    /// Removes what such a build of a package left, so that it is built anew.
    fn clean(&self, session: &Session, package: &Package) -> Result<()> {
        let mut arguments = vec!["clean", "--quiet"];
        arguments.extend(
            self.arguments
                .iter()
                .filter(|argument| argument.starts_with("--")),
        );
        for name in &package.anew {
            arguments.extend(["--package", name]);
        }
        session
            .runner
            .run(&mut package.cargo(session, &arguments))
            .map(drop)
    }
}
