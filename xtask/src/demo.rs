//! `cargo xtask demo`: the main job end to end, on a fresh machine, without a HubSpot account.
//!
//! In: `specs/` and the demo program of the client crate. Out: the code regenerated into a scratch place, an OAuth app that
//! is installed on hubspot-mock, the program's run there, and the compile error that the same program gives without one of its scopes. Refuses: a
//! program that fails, and a missing scope that compiles or whose error does not name it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{files, regen, workspace};

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Take out each scope in turn instead of one, and show only whether its error names it
    #[arg(long)]
    every_scope: bool,
}

impl Arguments {
    /// What `cargo xtask test` asks for.
    pub(crate) fn every_scope() -> Self {
        Self { every_scope: true }
    }
}

/// The scope whose absence is shown whole.
const SHOWN: &str = "crm.objects.companies.read";

/// Regenerates, runs, and takes a scope out.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    println!("1. Regenerate the client from specs/, into a scratch place");
    regenerate()?;

    println!(
        "\n2. Install an OAuth app on hubspot-mock, a HubSpot on this machine, and run a scope-checked program"
    );
    workspace::run(&mut Command::new(workspace::demo()?))?;

    let program = workspace::root().join("hubspot-generated/examples/demo/program.rs");
    let program = fs::read_to_string(&program)
        .with_context(|| format!("cannot read {}", program.display()))?;
    let declared = declared_scopes(&program);
    if arguments.every_scope {
        println!("\n3. Take each scope out of its `scope_set!` in turn");
        return take_out(&program, &declared, |scope, _| {
            println!("   {scope}: the error names it");
        });
    }
    println!("\n3. Take `{SHOWN}` out of its `scope_set!`, and compile again\n");
    ensure!(
        declared.contains(&SHOWN),
        "the demo program does not declare `{SHOWN}`"
    );
    take_out(&program, &[SHOWN], |_, errors| println!("{errors}"))?;
    println!("The call that the app was not installed for does not compile. That is the demo.");
    Ok(())
}

/// Generates into the scratch place and compares with what is committed.
fn regenerate() -> Result<()> {
    let wanted = regen::generate()?;
    let scratch = workspace::target().join("demo/generated");
    let differences = files::compare(&scratch, &wanted)?;
    files::write(&scratch, &wanted, &differences)?;
    let lines: usize = wanted.values().map(|text| text.lines().count()).sum();
    println!(
        "   {} files, {lines} lines, in {}",
        wanted.len(),
        workspace::shown(&scratch)
    );
    let committed = files::compare(&workspace::generated(), &wanted)?;
    ensure!(
        committed.is_empty(),
        "the committed code is stale: run `cargo xtask regen`"
    );
    println!(
        "   the same, to the letter, as {}",
        workspace::shown(&workspace::generated())
    );
    Ok(())
}

/// The scopes that the `scope_set!` of `program` declares, one a line.
fn declared_scopes(program: &str) -> Vec<&str> {
    program
        .lines()
        .skip_while(|line| !line.contains("scope_set!"))
        .take_while(|line| *line != "}")
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .collect()
}

/// Compiles `program` without each of `scopes`, and tells the errors of each.
fn take_out(program: &str, scopes: &[&str], mut tell: impl FnMut(&str, &str)) -> Result<()> {
    let package = scratch_package(program, scopes)?;
    let errors = compile_errors(&package)?;
    for scope in scopes {
        let found = errors.get(&binary(scope)).map_or("", String::as_str);
        ensure!(
            found.contains(scope),
            "without `{scope}` the program should not compile, with an error that names it; it gave:\n{found}"
        );
        tell(scope, found);
    }
    Ok(())
}

/// The name of the program without `scope`.
fn binary(scope: &str) -> String {
    format!("without-{}", scope.replace('.', "-"))
}

/// Writes a package with one program for each of `scopes`, which lacks it.
fn scratch_package(program: &str, scopes: &[&str]) -> Result<PathBuf> {
    let folder = workspace::target().join("demo/missing-scope");
    let client = workspace::root().join("hubspot-generated");
    let mut manifest = format!(
        "[workspace]\n\n[package]\nname = \"missing-scope\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nhubspot-generated = {{ path = \"{}\" }}\n",
        client.display().to_string().escape_default()
    );
    for scope in scopes {
        let name = binary(scope);
        write!(
            manifest,
            "\n[[bin]]\nname = {name:?}\npath = \"{name}/program.rs\"\n"
        )?;
        let kept: Vec<_> = program
            .lines()
            .filter(|line| line.trim() != format!("\"{scope}\","))
            .collect();
        ensure!(
            kept.len() + 1 == program.lines().count(),
            "`{scope}` does not stand in one line"
        );
        let text = format!("{}\n\nfn main() {{}}\n", kept.join("\n"));
        write(&folder.join(&name).join("program.rs"), &text)?;
    }
    write(&folder.join("Cargo.toml"), &manifest)?;
    fs::copy(
        workspace::root().join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .context("cannot copy Cargo.lock")?;
    Ok(folder)
}

fn write(place: &Path, text: &str) -> Result<()> {
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(place, text))
        .with_context(|| format!("cannot write {}", place.display()))
}

/// What rustc says against each program of the package in `folder`.
fn compile_errors(folder: &Path) -> Result<BTreeMap<String, String>> {
    let rendered = if std::io::stdout().is_terminal() {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    };
    let mut command = workspace::cargo([
        "check",
        "--quiet",
        "--keep-going",
        "--message-format",
        rendered,
    ]);
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", workspace::target())
        .stderr(Stdio::piped());
    let line = workspace::command_line(&command);
    let output = command
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    let mut errors: BTreeMap<String, String> = BTreeMap::new();
    for message in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else {
            continue;
        };
        if message["message"]["level"] == "error" && message["message"]["code"].is_object() {
            let program = message["target"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let text = message["message"]["rendered"].as_str().unwrap_or_default();
            errors.entry(program).or_default().push_str(text);
        }
    }
    if errors.is_empty() {
        bail!(
            "`{line}` found no error:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(errors)
}

#[cfg(test)]
mod tests {
    use super::declared_scopes;

    #[test]
    fn scopes_are_the_lines_of_the_scope_set() {
        let program = "use a;\nscope_set! {\n  required: [\n    \"a.read\",\n    \"b.write\",\n  ],\n}\n\"other\",\n";
        assert_eq!(declared_scopes(program), ["a.read", "b.write"]);
    }
}
