//! Runs git.

use std::path::Path;
use std::process::Command;

/// A git command in a folder, without the variables of another git process, such as that of a hook: they would make it read
/// another repository or another index.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    isolate(&mut command);
    command
}

/// Removes git's variables from the environment of a command.
pub(crate) fn isolate(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
}
