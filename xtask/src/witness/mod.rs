//! `cargo xtask witness`: programs by others tell whether hubspot-mock behaves like HubSpot.
//!
//! Their files are in `hubspot-mock/witness/`. Fails when a witness finds a fault, or when one that was named is not
//! installed; of all others those that are not installed are skipped.

mod schemathesis;
pub(crate) mod server;

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{
    progress::{Missing, Progress},
    provision::{self, Provision},
    workspace,
};

/// Options of `cargo xtask witness`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// These only
    #[arg(value_enum)]
    only: Vec<Witness>,
    /// Install what is missing: Debian packages (as root), and packages of npm and pip below target/
    #[arg(long)]
    provision: bool,
}

/// A program by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Witness {
    /// HubSpot's own client for Node
    Node,
    /// A browser on the consent page, the dashboard and the pages of a login
    Browser,
    /// A generator of requests, good and bad, from our OpenAPI documents
    Schemathesis,
}

impl Witness {
    /// Each of them.
    pub(crate) const ALL: [Self; 3] = [Self::Node, Self::Browser, Self::Schemathesis];

    /// What the list of steps calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Node => "HubSpot's own client for Node, on the mock",
            Self::Browser => "consent page, dashboard and login, in Chromium",
            Self::Schemathesis => "requests made up by schemathesis, on the mock",
        }
    }

    /// The command that runs it alone.
    pub(crate) fn alone(self) -> String {
        let name = self.to_possible_value();
        let name = name.as_ref().map_or("", |value| value.get_name());
        format!("cargo xtask witness {name}")
    }

    /// Finds, or installs, what it needs.
    pub(crate) fn provide(self, provision: Provision) -> Result<Ready, Missing> {
        let enable = format!("{} --provision", self.alone());
        let folder = laid_out().map_err(|error| Missing {
            reason: format!("{error:#}"),
            enable: self.alone(),
        })?;
        let npm = || provision::npm(provision, &folder, &enable);
        let (program, browser) = match self {
            Self::Node => (npm()?, None),
            Self::Browser => {
                let names = ["chromium", "chromium-browser", "google-chrome"];
                let browser = provision::program(provision, &names, &["chromium"])?;
                (npm()?, Some(browser))
            }
            Self::Schemathesis => {
                let programs = provision::python(provision, &folder, &enable)?;
                (programs.join("schemathesis"), None)
            }
        };
        Ok(Ready {
            witness: self,
            folder,
            program,
            browser,
        })
    }
}

/// A witness that is installed.
pub(crate) struct Ready {
    witness: Witness,
    /// Where its files were laid out.
    folder: PathBuf,
    /// Node, or schemathesis.
    program: PathBuf,
    browser: Option<PathBuf>,
}

impl Ready {
    /// Builds hubspot-mock, and runs the witness against it.
    pub(crate) fn run(&self) -> Result<()> {
        let mock = &workspace::mock()?;
        let scripts: &[&str] = match self.witness {
            Witness::Node => &["client.test.mjs"],
            Witness::Browser => &["browser.test.mjs", "login.test.mjs"],
            Witness::Schemathesis => return schemathesis::run(&self.program, &self.folder, mock),
        };
        let mut command = Command::new(&self.program);
        command
            .args(["--test", "--test-reporter=spec"])
            .args(scripts)
            .current_dir(&self.folder)
            .env("HUBSPOT_MOCK", mock)
            .env("CARGO_HUBSPOT", mock.with_file_name("cargo-hubspot"));
        if let Some(browser) = &self.browser {
            command.env("CHROMIUM", browser);
        }
        workspace::run(&mut command)
    }
}

/// Runs the witnesses that were asked for, or all.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let provision = Provision::from(arguments.provision);
    let mut progress = Progress::begin();
    let chosen = if arguments.only.is_empty() {
        &Witness::ALL[..]
    } else {
        &arguments.only
    };
    for witness in chosen {
        match witness.provide(provision) {
            Ok(ready) => progress.step(witness.name(), &witness.alone(), || ready.run())?,
            Err(missing) if arguments.only.is_empty() => progress.skip(witness.name(), missing),
            Err(missing) => return Err(missing).context(witness.name()),
        }
    }
    println!("\n{}", progress.summary());
    if progress.skipped() == chosen.len() {
        bail!("no witness is installed");
    }
    Ok(())
}

/// Copies the witnesses' files below `target/`, where packages may be installed beside them.
fn laid_out() -> Result<PathBuf> {
    let (from, to) = (
        workspace::root().join("hubspot-mock/witness"),
        workspace::target().join("witness"),
    );
    let copy = || {
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        std::io::Result::Ok(())
    };
    copy().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(to)
}
