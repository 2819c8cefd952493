//! `cargo hubspot fix`: adds the scopes that a crate does not compile without, or that HubSpot's 403 names.
//!
//! [`errors`] reads rustc's errors and [`body`] a 403, [`sets`] finds scope sets in the source, and [`plan`] chooses the scopes
//! with the least power and edits `scope_set!` and app files.

mod body;
mod errors;
mod plan;
mod quick_fix;
mod sets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use clap::{Args, ColorChoice, ValueEnum};

use self::errors::{Errors, Missing};
use self::plan::{Found, Need};
use self::sets::SourceSet;
use crate::audit::{self, Selection, cargo};
use crate::finding::{count, plural, quoted};
use crate::fix::{self, Allowed};
use crate::folder::{Links, files, real};
use crate::output::print;
use crate::render::set_color;
use crate::render::style::{BOLD, styled};

/// Options of `cargo hubspot fix`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Read rustc's errors from this file instead of compiling: the output of `cargo check --message-format=json`
    #[arg(long, value_name = "FILE", conflicts_with = "from_403")]
    from: Option<PathBuf>,
    /// Add the scopes that the body of HubSpot's 403 in this file asks for
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    from_403: Option<PathBuf>,
    /// The scope set that lacks the scopes of the 403, if there are several: `Name`, or `Name@src/lib.rs`
    #[arg(long, value_name = "SET", requires = "from_403")]
    set: Option<String>,
    /// Show the difference only
    #[arg(long)]
    dry_run: bool,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    #[command(flatten)]
    allowed: Allowed,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For editors: rustc's messages, each with the edit that adds the scope; changes no file
    RustcJson,
}

/// Adds what is missing. The status is 1 if something is left to be done by hand.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    set_color(arguments.color);
    let root = audit::workspace(&arguments.selection)?;
    let (needs, mut notes) = if let Some(file) = &arguments.from_403 {
        (of_body(arguments, &root, file)?, Vec::new())
    } else {
        let text = messages(arguments, &root)?;
        let errors = Errors::parse(&text).with_context(|| {
            let file = arguments.from.as_ref();
            file.map_or_else(
                || "cannot read the output of cargo".to_owned(),
                |file| format!("`{}`", file.display()),
            )
        })?;
        let found: Vec<_> = errors
            .missing
            .iter()
            .map(|missing| find(missing, &root))
            .collect();
        if arguments.format == Format::RustcJson {
            print(&quick_fix::lines(&text, &root, &errors, &found))?;
            return Ok(ExitCode::SUCCESS);
        }
        of_errors(&errors, found)
    };
    let plan = plan::plan(&root, &needs)?;
    notes.extend(plan.notes);
    for text in notes.iter().chain(&plan.consents) {
        anstream::eprintln!("{}: {text}", styled(BOLD, "note"));
    }
    fix::apply(&plan.changes, arguments.dry_run, &arguments.allowed)?;
    Ok(ExitCode::from(u8::from(!notes.is_empty())))
}

/// What rustc and cargo say, as JSON.
fn messages(arguments: &Arguments, root: &Path) -> Result<String> {
    if let Some(file) = &arguments.from {
        let shown = file.display();
        return fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"));
    }
    let mut command = Command::new(cargo());
    command.args(["check", "--keep-going", "--message-format=json"]);
    command.args(arguments.selection.for_check());
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    // `--manifest-path` and the folder that cargo runs in are the user's.
    let output = command.output().context("cannot run cargo")?;
    let text = String::from_utf8(output.stdout).context("cargo did not write UTF-8")?;
    let is_read = output.status.success() || text.contains("\"level\":\"error\"");
    ensure!(
        is_read,
        "cargo cannot compile the workspace in {}: see above",
        root.display()
    );
    Ok(text)
}

/// The scope set that an error is about, if it is in the workspace.
fn find(missing: &Missing, root: &Path) -> Option<Found> {
    let (file, byte) = missing.declared.as_ref()?;
    let file = root.join(file);
    // A dependency is not the user's to change, and cargo shares its copy.
    if !real(&file).starts_with(real(root)) {
        return None;
    }
    let sets = SourceSet::all(&fs::read_to_string(&file).ok()?);
    let mut sets = sets.into_iter().filter(|set| set.name == missing.set);
    let set = sets.find(|set| set.range.contains(byte))?;
    Some(Found { file, set })
}

type Needs = Vec<(Found, Vec<Need>)>;

/// The needs of each scope set, and what has to be done by hand.
fn of_errors(errors: &Errors, found: Vec<Option<Found>>) -> (Needs, Vec<String>) {
    let (mut needs, mut notes): (Needs, _) = (Vec::new(), Vec::new());
    for (missing, found) in errors.missing.iter().zip(found) {
        let need = (missing.needs.clone(), missing.operation.clone());
        match found {
            Some(found) => {
                let mut known = needs.iter_mut();
                let known = known.find(|(one, _)| one.file == found.file && one.set.range == found.set.range);
                match known {
                    Some((_, of_set)) => of_set.push(need),
                    None => needs.push((found, vec![need])),
                }
            }
            None if missing.declared.is_some() => notes.push(format!(
                "{}: `{}` cannot be changed here: add {} to it",
                missing.call, missing.set, missing.needs
            )),
            None => notes.push(format!(
                "{}: `{}` is no `scope_set!` in the source: state the scopes on the function with `#[hubspot_scopes({})]`",
                missing.call, missing.set, missing.needs
            )),
        }
    }
    if errors.others > 0 {
        let others = count(errors.others, "other error");
        let are = plural(errors.others, "is", "are");
        notes.push(format!(
            "{others} {are} not about scopes: run `cargo check`"
        ));
    }
    notes.sort();
    notes.dedup();
    (needs, notes)
}

/// The needs of the only scope set of the workspace, or of the named one.
fn of_body(arguments: &Arguments, root: &Path, file: &Path) -> Result<Needs> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    let need =
        body::requirement(&text).map_err(|fault| anyhow!("`{shown}` cannot be used: {fault:#}"))?;
    let mut sets = Vec::new();
    for file in files(root, Links::Skip, |_| true) {
        if file.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&file).unwrap_or_default();
            let found = SourceSet::all(&text).into_iter();
            sets.extend(found.map(|set| Found {
                file: file.clone(),
                set,
            }));
        }
    }
    let full = |found: &Found| format!("{}@{}", found.set.name, plan::shown(root, &found.file));
    let names: Vec<_> = sets.iter().map(full).collect();
    if let Some(name) = &arguments.set {
        sets.retain(|found| found.set.name == *name || full(found) == *name);
    }
    match (sets.len(), &arguments.set) {
        (1, _) => {}
        (_, None) if names.is_empty() => {
            bail!("the workspace has no `scope_set!`: it lacks no scopes")
        }
        (0, Some(name)) => bail!(
            "there is no scope set `{name}`; there are {}",
            quoted(&names)
        ),
        _ => bail!(
            "there are several scope sets: name one with `--set`, of {}",
            quoted(&names)
        ),
    }
    Ok(sets
        .into_iter()
        .map(|found| (found, vec![(need.clone(), String::new())]))
        .collect())
}

#[cfg(test)]
mod tests {
    use hubspot_scopes::Requirement;

    use super::*;

    #[test]
    fn scope_sets_of_dependencies_are_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["own", "registry"] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join("lib.rs"), "scope_set! { struct A {} }").unwrap();
        }
        for (file, is_own) in [
            ("lib.rs".into(), true),
            (at("own/lib.rs"), true),
            ("../registry/lib.rs".into(), false),
            (at("registry/lib.rs"), false),
        ] {
            let missing = Missing {
                set: "A".to_owned(),
                declared: Some((file, 20)),
                call: "lib.rs:1".to_owned(),
                operation: String::new(),
                needs: Requirement::all_of(["a"]),
                line: 0,
            };
            let found = find(&missing, &at("own"));
            assert_eq!(found.is_some(), is_own, "{:?}", missing.declared);
            let errors = Errors {
                missing: vec![missing],
                others: 0,
            };
            let (_, notes) = of_errors(&errors, vec![found]);
            let note = "lib.rs:1: `A` cannot be changed here: add \"a\" to it";
            assert_eq!(notes, if is_own { vec![] } else { vec![note] });
        }
    }
}
