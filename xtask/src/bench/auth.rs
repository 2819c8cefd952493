//! Measures the client's OAuth tokens with the client's example `auth`: lookups of a valid token, and a refresh for which
//! 1,000 tasks in each of four processes wait. The latter needs Redis.

use anyhow::Result;

use super::{
    Output,
    figures::Figures,
    measure::Runner,
    report::{Bar, Figure, Report, Unit},
};
use crate::{
    provision::{self, Provision},
    workspace,
};

/// Options of `cargo xtask bench auth`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) output: Output,
}

const LOOKUP: &str = "a token that is valid";
const HERD: &str = "1,000 tasks in each of 4 processes, whose token has expired";

/// Builds and runs the example, and reads its output.
pub(super) fn measure(_arguments: &Arguments, report: &mut Report) -> Result<()> {
    if let Err(missing) =
        provision::program(Provision::Nothing, &["redis-server"], &["redis-server"])
    {
        report.note(HERD, format!("not measured: {missing}"));
    }
    let mut build = workspace::cargo(["build", "--release", "--package", "hubspot-generated"]);
    workspace::run(build.args(["--features", "redis", "--example", "auth"]))?;
    let runner = Runner::new()?;
    let program = workspace::target().join("release/examples/auth");
    runner.run(&mut std::process::Command::new(program))?;
    let figures = Figures::read(&runner.printed()?)?;
    lookup(&figures, report)?;
    contention(&figures, report);
    Ok(())
}

/// Compares a lookup with the load that it contains.
fn lookup(figures: &Figures, report: &mut Report) -> Result<()> {
    let load = figures.one("load")?;
    let figure = |what: &str, value| Figure::new(LOOKUP, what, value, Unit::Nanoseconds);
    report.add(figure("a plain load of an ArcSwap", load));
    let clone = figures.one("load and clone")?;
    report.add(figure("a load, and a clone of the Arc", clone));
    for (name, what) in [
        ("fresh", "AccountTokens::fresh"),
        ("access_token", "AccountTokens::access_token().await"),
    ] {
        let value = figures.one(name)?;
        report.add(
            figure(what, value)
                .against("a plain load", load)
                .bar(Bar::AtMost(100.0)),
        );
    }
    Ok(())
}

/// Checks that one request is sent, and that no task waits much longer.
fn contention(figures: &Figures, report: &mut Report) {
    let (Ok(round_trip), Ok(requests)) = (figures.one("round trip"), figures.one("requests"))
    else {
        return;
    };
    report
        .add(Figure::new(HERD, "requests for tokens", requests, Unit::Count).bar(Bar::AtMost(1.0)));
    let slowest = figures.all("served").fold(0.0, f64::max);
    report.add(
        Figure::new(
            HERD,
            "until the last has its token",
            slowest,
            Unit::Milliseconds,
        )
        .against("one round trip", round_trip)
        .bar(Bar::TimesOther(1.1)),
    );
}
