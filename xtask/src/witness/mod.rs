//! `cargo xtask witness`: programs by others tell whether hubspot-mock behaves like HubSpot.
//!
//! In: the hubspot-mock program, and `hubspot-mock/witness/`. Out: what each witness says. Refuses: a witness that finds
//! a fault. One that cannot be installed here is skipped, with the reason, unless it was asked for by name.

mod schemathesis;
pub(crate) mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{provision, workspace};

/// Options of `cargo xtask witness`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// These only
    #[arg(value_enum)]
    only: Vec<Witness>,
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
    pub(crate) fn alone(self) -> &'static str {
        match self {
            Self::Node => "cargo xtask witness node",
            Self::Browser => "cargo xtask witness browser",
            Self::Schemathesis => "cargo xtask witness schemathesis",
        }
    }

    /// Installs what it needs; an error is the reason why it cannot be had here.
    pub(crate) fn provide(self) -> Result<Ready> {
        let folder = laid_out()?;
        let (program, browser) = match self {
            Self::Node => (provision::npm(&folder)?, None),
            Self::Browser => {
                let browser = provision::program(&["chromium", "chromium-browser"], &["chromium"])?;
                (provision::npm(&folder)?, Some(browser))
            }
            Self::Schemathesis => (provision::python(&folder)?.join("schemathesis"), None),
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
    /// Lets it speak against `mock`, the hubspot-mock program, beside which `cargo-hubspot` was built.
    pub(crate) fn run(&self, mock: &Path) -> Result<()> {
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
    let mock = workspace::mock()?;
    if !arguments.only.is_empty() {
        return arguments.only.iter().try_for_each(|witness| {
            println!("\n== {}", witness.name());
            witness.provide()?.run(&mock)
        });
    }
    let mut skipped = Vec::new();
    for witness in Witness::ALL {
        println!("\n== {}", witness.name());
        match witness.provide() {
            Ok(ready) => ready.run(&mock)?,
            Err(reason) => skipped.push(format!("{}: {reason:#}", witness.name())),
        }
    }
    if skipped.len() == Witness::ALL.len() {
        bail!("no witness can be had here:\n{}", skipped.join("\n"));
    }
    for reason in skipped {
        println!("Skipped {reason}.");
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
