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

/// The variables that say which repository, index or objects git uses. Others are of the user, such as credentials.
const OF_REPOSITORY: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
];

/// Removes the variables that name a repository from the environment of a command.
pub(crate) fn isolate(command: &mut Command) {
    for name in OF_REPOSITORY {
        command.env_remove(name);
    }
}
