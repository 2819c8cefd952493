//! The source files that one compilation read, and its `cfg` values.
//!
//! The wrapper reports them as a compiler message of its own, so that cargo repeats it for a package that is fresh.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// The start of the message.
const START: &str = "hubspot-unit: ";

/// One compilation of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unit {
    /// Each value as `rustc --print cfg` writes it: `unix`, `feature="x"`.
    pub(super) cfg: Vec<String>,
    /// Each file that rustc read, as rustc names it.
    pub(super) files: Vec<String>,
}

impl Unit {
    /// The message, in the form of rustc's diagnostics.
    pub(super) fn message(&self) -> String {
        let unit = serde_json::to_string(self).unwrap_or_default();
        serde_json::json!({
            "$message_type": "diagnostic",
            "message": format!("{START}{unit}"),
            "code": null,
            "level": "note",
            "spans": [],
            "children": [],
            "rendered": "",
        })
        .to_string()
    }

    /// Parses the text of a message; `None` if it is another one.
    pub(super) fn read(message: &str) -> Option<Self> {
        serde_json::from_str(message.strip_prefix(START)?).ok()
    }
}

/// The compilation by a compiler that was started with `arguments`; `all` are the same with response files expanded.
pub(super) fn of(program: &OsStr, arguments: &[OsString], all: &[OsString]) -> Option<Unit> {
    let mut command = Command::new(program);
    command.args(arguments).args(["--print", "cfg"]);
    let output = command.stdin(Stdio::null()).output().ok()?;
    let cfg = output.status.success().then_some(output.stdout)?;
    let cfg = String::from_utf8(cfg).ok()?;
    let dep_info = std::fs::read_to_string(dep_info(all)?).ok()?;
    Some(Unit {
        cfg: cfg.lines().map(str::to_owned).collect(),
        files: files(&dep_info),
    })
}

/// The file in which rustc lists what it read.
fn dep_info(arguments: &[OsString]) -> Option<PathBuf> {
    let arguments: Vec<_> = arguments.iter().map(|one| one.to_string_lossy()).collect();
    let value = |name: &str| -> Option<String> {
        let mut each = arguments.iter().enumerate();
        each.find_map(|(index, one)| match one.strip_prefix(name)? {
            "" => arguments.get(index + 1).map(ToString::to_string),
            attached => attached.strip_prefix('=').map(str::to_owned),
        })
    };
    let emit = value("--emit").unwrap_or_default();
    let mut kinds = emit.split(',');
    if let Some(path) = kinds.find_map(|kind| kind.strip_prefix("dep-info=")) {
        return Some(path.into());
    }
    let suffix = arguments.iter().find_map(|one| {
        let one = one.strip_prefix("-C").unwrap_or(one);
        one.strip_prefix("extra-filename=")
    });
    let name = format!("{}{}.d", value("--crate-name")?, suffix.unwrap_or_default());
    Some(Path::new(&value("--out-dir")?).join(name))
}

/// The files of a dep-info: each has a line of its own, `path:`, with `\ ` for a space.
fn files(dep_info: &str) -> Vec<String> {
    let lines = dep_info.lines();
    let paths = lines.filter_map(|line| line.strip_suffix(':'));
    paths.map(|path| path.replace("\\ ", " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_dep_info_are_read() {
        let text = "/t/a.d: src/lib.rs src/my\\ mod.rs\n\n/t/liba.rmeta: src/lib.rs\n\nsrc/lib.rs:\nsrc/my\\ mod.rs:\n\n\
                    # env-dep:OUT_DIR=/t\n";
        assert_eq!(files(text), ["src/lib.rs", "src/my mod.rs"]);
    }

    #[test]
    fn the_place_of_the_dep_info_follows_from_the_arguments() {
        let place = |arguments: &str| {
            let arguments: Vec<_> = arguments.split(' ').map(OsString::from).collect();
            dep_info(&arguments).map(|path| path.display().to_string())
        };
        let cargo = "--crate-name app src/lib.rs --emit=dep-info,metadata -C metadata=1 -C extra-filename=-12 --out-dir t";
        assert_eq!(place(cargo).as_deref(), Some("t/app-12.d"));
        assert_eq!(
            place("--emit dep-info=x/y.d,link").as_deref(),
            Some("x/y.d")
        );
        assert_eq!(place("src/lib.rs"), None);
    }

    #[test]
    fn a_message_is_read_back() {
        let unit = Unit {
            cfg: vec!["unix".to_owned()],
            files: vec!["src/lib.rs".to_owned()],
        };
        let message: serde_json::Value = serde_json::from_str(&unit.message()).unwrap();
        assert_eq!(Unit::read(message["message"].as_str().unwrap()), Some(unit));
        assert_eq!(Unit::read("unused variable"), None);
    }
}
