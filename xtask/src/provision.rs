//! Puts on this machine what programs by others need: packages of Debian, npm and `PyPI`.
//!
//! In: what is wanted. Out: where it is; what was missing was installed, those of npm and `PyPI` below `target/` and in the
//! versions that a lock file pins. Refuses what cannot be installed here, with the reason and the command to run by
//! hand: that is a reason to skip, never a reason to pretend.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The first of `names` that is a program here; with none, Debian's `packages` are installed first.
pub(crate) fn program(names: &[&str], packages: &[&str]) -> Result<PathBuf> {
    if let Some(found) = on_path(names) {
        return Ok(found);
    }
    debian(packages)?;
    on_path(names).with_context(|| format!("`{}` did not bring {names:?}", packages.join(" ")))
}

/// The first of `names` that stands in the search path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Installs packages of Debian.
pub(crate) fn debian(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if on_path(&["apt-get"]).is_none() {
        bail!(
            "{} is missing, and there is no apt-get here",
            packages.join(" ")
        );
    }
    let user = Command::new("id").arg("-u").output();
    if !user.is_ok_and(|output| output.stdout.trim_ascii() == b"0") {
        bail!(
            "{} is missing, and only root can run `{by_hand}`",
            packages.join(" ")
        );
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
    // A fresh machine has no lists of packages, an older one lists versions that are gone.
    install()
        .or_else(|_| quietly(Command::new("apt-get").arg("update")).and_then(|()| install()))
        .with_context(|| format!("`{by_hand}` did not work"))
}

/// Node, and the packages that `folder` pins in its `package-lock.json`, installed in `folder`.
pub(crate) fn npm(folder: &Path) -> Result<PathBuf> {
    let node = program(&["node"], &["nodejs"])?;
    let npm = program(&["npm"], &["npm"])?;
    once(folder, "package-lock.json", || {
        let mut command = Command::new(npm);
        command
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(folder);
        quietly(&mut command)
    })?;
    Ok(node)
}

/// The folder with the programs of a Python environment in `folder`, with the packages that its `requirements.txt` pins.
pub(crate) fn python(folder: &Path) -> Result<PathBuf> {
    let python = program(&["python3"], &["python3"])?;
    let environment = folder.join("venv");
    let create = || {
        let mut command = Command::new(&python);
        quietly(command.args(["-m", "venv", "--clear"]).arg(&environment))
    };
    once(folder, "requirements.txt", || {
        // Debian splits venv and pip from Python.
        create().or_else(|_| debian(&["python3-venv", "python3-pip"]).and_then(|()| create()))?;
        let mut command = Command::new(environment.join("bin/python"));
        command
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(folder.join("requirements.txt"));
        quietly(&mut command)
    })?;
    Ok(environment.join("bin"))
}

/// Runs `install` unless it has succeeded in `folder` before with the same `lock` file.
fn once(folder: &Path, lock: &str, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = fs::read(folder.join(lock))
        .with_context(|| format!("cannot read {}", folder.join(lock).display()))?;
    let done = folder.join(format!("{lock}.installed"));
    if fs::read(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("   installing {}", workspace::shown(&folder.join(lock)));
    install()?;
    fs::write(&done, wanted).with_context(|| format!("cannot write {}", done.display()))
}

/// Runs a command to its end; its output is shown only when it fails.
fn quietly(command: &mut Command) -> Result<()> {
    let line = workspace::command_line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` failed ({}): {}",
            output.status,
            last_lines(&String::from_utf8_lossy(&output.stderr))
        );
    }
    Ok(())
}

/// The end of what a program printed, in one line: the reason, as a rule.
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
    use std::cell::Cell;

    use super::{last_lines, on_path, once, program};

    #[test]
    fn a_program_that_is_there_is_found_and_nothing_installed() {
        assert!(program(&["no-such-program", "cargo"], &["no-such-package"]).is_ok());
        assert_eq!(on_path(&["no-such-program"]), None);
    }

    #[test]
    fn an_installation_is_repeated_only_when_it_failed_or_its_lock_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("lock"), "1").expect("writable");
        let runs = Cell::new(0);
        let install = || {
            runs.set(runs.get() + 1);
            Ok(())
        };
        assert!(once(folder.path(), "lock", || anyhow::bail!("no network")).is_err());
        once(folder.path(), "lock", install).expect("installs");
        once(folder.path(), "lock", install).expect("is there already");
        assert_eq!(runs.get(), 1);
        std::fs::write(folder.path().join("lock"), "2").expect("writable");
        once(folder.path(), "lock", install).expect("installs");
        assert_eq!(runs.get(), 2);
    }

    #[test]
    fn a_reason_is_the_end_of_what_was_printed() {
        assert_eq!(last_lines("a\nb\n\n c \nd\n"), "b; c; d");
    }
}
