//! Finds other programs that steps need, and installs them on request.
//!
//! Debian packages are installed on the machine; npm and `PyPI` packages below `target/`, in the versions of a lock file.
//! Without [`Provision::Install`] nothing is installed. A program that is not found is a [`Missing`], with the command that
//! installs it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{progress::Missing, workspace};

/// Whether missing programs are installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provision {
    /// Install them.
    Install,
    /// Use only what is installed.
    Nothing,
}

impl From<bool> for Provision {
    /// The value of `--provision`.
    fn from(install: bool) -> Self {
        if install {
            Self::Install
        } else {
            Self::Nothing
        }
    }
}

/// The path of the first of `names` that is installed. Debian's `packages` contain it.
pub(crate) fn program(
    provision: Provision,
    names: &[&str],
    packages: &[&str],
) -> Result<PathBuf, Missing> {
    let enable = format!("apt-get install {}", packages.join(" "));
    let missing = |reason: String| Missing::new(reason, &enable);
    if let Some(found) = on_path(names) {
        return Ok(found);
    }
    let absent = format!("`{}` is not on the path", names.join("` or `"));
    if provision == Provision::Nothing {
        return Err(missing(absent));
    }
    debian(packages).map_err(|error| missing(format!("{absent}: {error:#}")))?;
    on_path(names).ok_or_else(|| missing(format!("{absent}, although its package is installed")))
}

/// The first of `names` that is in the search path.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Installs Debian packages.
fn debian(packages: &[&str]) -> Result<()> {
    if on_path(&["apt-get"]).is_none() {
        bail!("there is no apt-get to install it with");
    }
    let user = Command::new("id").arg("-u").output();
    if !user.is_ok_and(|output| output.stdout.trim_ascii() == b"0") {
        bail!("only root can install it");
    }
    println!("   installing {} from Debian", packages.join(" "));
    let install = || {
        let mut command = Command::new("apt-get");
        command
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive");
        quietly(&mut command)
    };
    // A new machine has no package lists, and an old one may list versions that no longer exist.
    install().or_else(|_| quietly(Command::new("apt-get").arg("update")).and_then(|()| install()))
}

/// The path of Node, with the packages that `package-lock.json` in `folder` pins installed in `folder`. `enable` is the
/// command that installs them.
pub(crate) fn npm(provision: Provision, folder: &Path, enable: &str) -> Result<PathBuf, Missing> {
    let node = program(provision, &["node"], &["nodejs"])?;
    let install = || {
        let npm = program(provision, &["npm"], &["npm"])?;
        let mut command = Command::new(npm);
        command
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder);
        quietly(&mut command)
    };
    once(provision, folder, "package-lock.json", enable, install)?;
    Ok(node)
}

/// The folder with the programs of a Python environment in `folder`, with the packages that `requirements.txt` in
/// `folder` pins. `enable` is the command that installs them.
pub(crate) fn python(
    provision: Provision,
    folder: &Path,
    name: &str,
    enable: &str,
) -> Result<PathBuf, Missing> {
    let requirements = format!("{name}.txt");
    let python = program(provision, &["python3"], &["python3"])?;
    let environment = folder.join(format!("{name}.venv"));
    let create = || {
        let mut command = Command::new(&python);
        quietly(command.args(["-m", "venv", "--clear"]).arg(&environment))
    };
    let install = || {
        // On Debian, venv and pip are separate packages.
        create().or_else(|_| debian(&["python3-venv", "python3-pip"]).and_then(|()| create()))?;
        let mut command = Command::new(environment.join("bin/python"));
        command
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(folder.join(&requirements));
        quietly(&mut command)
    };
    once(provision, folder, &requirements, enable, install)?;
    Ok(environment.join("bin"))
}

/// Runs `install`, unless it has succeeded in `folder` before with the same `lock` file.
fn once(
    provision: Provision,
    folder: &Path,
    lock: &str,
    enable: &str,
    install: impl FnOnce() -> Result<()>,
) -> Result<(), Missing> {
    let missing = |reason: String| Missing::new(reason, enable);
    let place = folder.join(lock);
    let shown = workspace::shown(&place);
    let wanted =
        fs::read(&place).map_err(|error| missing(format!("cannot read {shown}: {error}")))?;
    let done = folder.join(format!("{lock}.installed"));
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if provision == Provision::Nothing {
        return Err(missing(format!(
            "the packages of {shown} are not installed"
        )));
    }
    println!("   installing {shown}");
    install()
        .and_then(|()| {
            fs::write(&done, wanted).with_context(|| format!("cannot write {}", done.display()))
        })
        .map_err(|error| missing(format!("{error:#}")))
}

/// Runs a command. Its output is shown only if it fails.
fn quietly(command: &mut Command) -> Result<()> {
    let output = workspace::output(command)?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({}): {}",
            workspace::command_line(command),
            output.status,
            last_lines(&String::from_utf8_lossy(&output.stderr))
        );
    }
    Ok(())
}

/// The last three lines of a program's output, joined; they usually contain the reason.
fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, fs};

    use super::{Provision, last_lines, on_path, once, program};

    #[test]
    fn an_installed_program_is_found() {
        let found = program(
            Provision::Install,
            &["no-such-program", "cargo"],
            &["no-such-package"],
        );
        assert!(found.is_ok());
        assert_eq!(on_path(&["no-such-program"]), None);
    }

    #[test]
    fn without_provision_a_missing_program_is_an_error_with_the_install_command() {
        let missing = program(Provision::Nothing, &["no-such-program"], &["one", "two"]);
        assert_eq!(
            missing.unwrap_err().to_string(),
            "`no-such-program` is not on the path\n    to enable it: apt-get install one two"
        );
    }

    #[test]
    fn packages_are_installed_again_after_a_failure_or_a_new_lock_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("lock"), "1").expect("writable");
        let runs = Cell::new(0);
        let install = || {
            runs.set(runs.get() + 1);
            Ok(())
        };
        let once = |provision, install: &dyn Fn() -> anyhow::Result<()>| {
            once(provision, folder.path(), "lock", "install it", install)
        };
        assert!(once(Provision::Nothing, &install).is_err());
        assert_eq!(runs.get(), 0, "nothing is installed without a request");
        assert!(once(Provision::Install, &|| anyhow::bail!("no network")).is_err());
        once(Provision::Install, &install).expect("installs");
        once(Provision::Install, &install).expect("is there already");
        once(Provision::Nothing, &install).expect("is there already");
        assert_eq!(runs.get(), 1);
        fs::write(folder.path().join("lock"), "2").expect("writable");
        assert!(once(Provision::Nothing, &install).is_err());
        once(Provision::Install, &install).expect("installs");
        assert_eq!(runs.get(), 2);
    }

    #[test]
    fn a_reason_is_the_end_of_the_output() {
        assert_eq!(last_lines("a\nb\n\n c \nd\n"), "b; c; d");
    }
}
