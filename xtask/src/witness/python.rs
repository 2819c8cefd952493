//! Runs packages of Python against the mock: programs that extract a whole account, HubSpot's own clients, and a CLI.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use super::Witness;
use crate::workspace;

/// The packages of a witness by their names on `PyPI`, each with the script that runs it. Some of them have modules of the
/// same name, so each has an environment of its own.
pub(super) fn packages(witness: Witness) -> &'static [(&'static str, &'static str)] {
    match witness {
        Witness::Python => &[
            ("hubspot-api-client", "python_client.py"),
            ("hubspot-sdk", "hubspot_sdk_client.py"),
            ("hubspotctl", "hubspotctl_cli.py"),
        ],
        _ => &[
            ("tap-hubspot", "taps.py"),
            ("meltano-tap-hubspot", "taps.py"),
        ],
    }
}

/// Runs the script of each package in `folder`. Fails with what it prints.
pub(super) fn run(witness: Witness, folder: &Path, mock: &Path) -> Result<()> {
    for (package, script) in packages(witness) {
        let python = folder.join(format!("{package}.venv/bin/python"));
        let mut command = Command::new(python);
        command
            .arg(folder.join(script))
            .args([mock.as_os_str(), (*package).as_ref()])
            .env("HUBSPOT_SCOPES", workspace::specs().join("scopes.toml"));
        let output = workspace::output(&mut command)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("{printed}{}", String::from_utf8_lossy(&output.stderr));
        }
        println!("   {package}: {}", printed.trim());
    }
    Ok(())
}
