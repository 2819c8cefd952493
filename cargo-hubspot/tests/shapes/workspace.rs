//! Writes or copies workspaces to a temporary folder and audits them there.
//!
//! Copied ones depend on the real client. They use the repository's own target folder, so that the client and its
//! dependencies are compiled once, and start from the repository's Cargo.lock, so that nothing is downloaded.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A workspace to audit.
pub(crate) struct Workspace {
    folder: PathBuf,
    /// The target folder.
    target: PathBuf,
}

/// The repository.
fn repository() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package is in the repository")
}

/// The repository's own target folder.
pub(crate) fn shared_target() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    folder
        .parent()
        .expect("the folder for tests is in the target folder")
        .to_path_buf()
}

impl Workspace {
    /// A workspace with these files.
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("audits")
            .join(name);
        let target = folder.join("target");
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the former workspace can be removed");
        }
        let workspace = Self { folder, target };
        for (path, text) in files {
            workspace.write(path, text);
        }
        workspace
    }

    /// A copy of a folder with a workspace. No two copies may have a package of the same name.
    pub(crate) fn copied(name: &str, from: &Path) -> Self {
        let mut workspace = Self::new(name, &[]);
        workspace.target = shared_target();
        for path in files(from) {
            let text = fs::read_to_string(&path).expect("a file of the workspace is text");
            let place = path.strip_prefix(from).expect("it is below the folder");
            workspace.write(&place.to_string_lossy(), &text);
        }
        let lock = repository().join("Cargo.lock");
        let lock = fs::read_to_string(lock).expect("the repository has a Cargo.lock");
        workspace.write("Cargo.lock", &lock);
        workspace
    }

    /// Writes a file. In a manifest the path from a shape to the client becomes that from anywhere.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let place = self.folder.join(path);
        let parent = place.parent().expect("a file is in a folder");
        fs::create_dir_all(parent).expect("the folder for tests is writable");
        let client = repository().join("hubspot-generated");
        let client = client.display().to_string().escape_default().to_string();
        let is_manifest = place.ends_with("Cargo.toml");
        let text = if is_manifest {
            text.replace("../../../../../hubspot-generated", &client)
                .replace("../../../../hubspot-generated", &client)
        } else {
            text.to_owned()
        };
        fs::write(place, text).expect("the folder for tests is writable");
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The command that audits it.
    pub(crate) fn audit(&self, arguments: &[&str]) -> Command {
        self.hubspot(&[&["audit", "--offline", "--quiet"], arguments].concat())
    }

    /// A command of `cargo hubspot` in its folder.
    pub(crate) fn hubspot(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"));
        command.arg("hubspot").args(arguments);
        self.within(command)
    }

    /// A cargo command in its folder.
    pub(crate) fn cargo(&self, name: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args([name, "--offline", "--quiet"]);
        self.within(command)
    }

    /// Sets the folder and the environment of a command.
    fn within(&self, mut command: Command) -> Command {
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target);
        // The environment of this test's own cargo does not apply.
        for variable in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
        ] {
            command.env_remove(variable);
        }
        command
    }

    /// Audits it and returns the report.
    pub(crate) fn report(&self, arguments: &[&str]) -> serde_json::Value {
        report(&mut self.audit(&[&["--format", "json"], arguments].concat()))
    }
}

/// The report that an audit with `--format json` prints.
pub(crate) fn report(command: &mut Command) -> serde_json::Value {
    let output = command.output().expect("the audit can be run");
    let (stdout, stderr) = texts(&output);
    serde_json::from_str(&stdout)
        .unwrap_or_else(|error| panic!("the audit printed no JSON ({error}):\n{stdout}\n{stderr}"))
}

/// Standard output and standard error.
pub(crate) fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
