//! Runs programs by others that extract a whole account, and checks how many records arrive.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::workspace;

/// The programs, by their names on `PyPI`. Both have a module `tap_hubspot`, so each has an environment of its own.
pub(super) const TAPS: [&str; 2] = ["tap-hubspot", "meltano-tap-hubspot"];

/// Runs `taps.py` in `folder` for each program.
pub(super) fn run(folder: &Path, mock: &Path) -> Result<()> {
    for tap in TAPS {
        let python = folder.join(format!("{tap}.venv/bin/python"));
        let mut command = Command::new(python);
        command
            .arg(folder.join("taps.py"))
            .args([mock.as_os_str(), tap.as_ref()])
            .env("HUBSPOT_SCOPES", workspace::specs().join("scopes.toml"));
        let output = workspace::output(&mut command)?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            bail!("{printed}{}", String::from_utf8_lossy(&output.stderr));
        }
        println!("   {tap}: {}", printed.trim());
    }
    Ok(())
}
