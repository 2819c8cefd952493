//! `cargo xtask demo`: shows the main job end to end, without a HubSpot account.
//!
//! Regenerates the client into a scratch folder, installs an OAuth app on hubspot-mock, runs the demo program there, and
//! compiles the same program without one of its scopes. Fails if it compiles, or if the error does not name the scope.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{files, regen, workspace};

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Remove each scope in turn instead of one, and show only whether the error names it
    #[arg(long)]
    every_scope: bool,
}

impl Arguments {
    /// The options of `cargo xtask test`.
    pub(crate) fn every_scope() -> Self {
        Self { every_scope: true }
    }
}

/// The scope whose error is shown.
const SHOWN: &str = "crm.objects.companies.read";

/// Regenerates and runs the program, and compiles it without a scope.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    println!("1. Regenerate the client from specs/ into a scratch folder");
    regenerate()?;

    println!(
        "\n2. Install an OAuth app on hubspot-mock, a HubSpot on this machine, and run a scope-checked program"
    );
    workspace::run(&mut Command::new(workspace::demo(arguments.every_scope)?))?;

    let program = workspace::root().join("hubspot-generated/examples/demo/program.rs");
    let program = files::read(&program)?;
    let declared = declared_scopes(&program);
    if arguments.every_scope {
        println!("\n3. Remove each scope from its `scope_set!` in turn");
        return compile_without(&program, &declared, |scope, _| {
            println!("   {scope}: the error names it");
        });
    }
    println!("\n3. Remove `{SHOWN}` from its `scope_set!`, and compile again\n");
    ensure!(
        declared.contains(&SHOWN),
        "the demo program does not declare `{SHOWN}`"
    );
    compile_without(&program, &[SHOWN], |_, errors| println!("{errors}"))?;
    println!("A call that needs a scope the app does not declare does not compile.");
    Ok(())
}

/// Generates into the scratch folder, and compares with the committed code.
fn regenerate() -> Result<()> {
    let wanted = regen::generate()?;
    let scratch = workspace::target().join("demo/generated");
    let differences = hubspot_codegen::folder::compare(&scratch, &wanted)?;
    hubspot_codegen::folder::update(&scratch, &wanted, &differences)?;
    let lines: usize = wanted.values().map(|text| text.lines().count()).sum();
    println!(
        "   {} files, {lines} lines, in {}",
        wanted.len(),
        workspace::shown(&scratch)
    );
    let committed = hubspot_codegen::folder::compare(&workspace::generated(), &wanted)?;
    ensure!(
        committed.is_empty(),
        "the committed code is stale: run `cargo xtask regen`"
    );
    println!(
        "   identical to {}",
        workspace::shown(&workspace::generated())
    );
    Ok(())
}

/// The scopes that the `scope_set!` of `program` declares, one per line.
fn declared_scopes(program: &str) -> Vec<&str> {
    program
        .lines()
        .skip_while(|line| !line.contains("scope_set!"))
        .take_while(|line| *line != "}")
        .filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","))
        .collect()
}

/// Compiles `program` without each of `scopes`, and calls `show` with the scope and the errors.
fn compile_without(program: &str, scopes: &[&str], mut show: impl FnMut(&str, &str)) -> Result<()> {
    let package = scratch_package(program, scopes)?;
    let errors = compile_errors(&package)?;
    for scope in scopes {
        let found = errors.get(&binary(scope)).map_or("", String::as_str);
        ensure!(
            found.contains(scope),
            "without `{scope}` the program should not compile, with an error that names it; it gave:\n{found}"
        );
        show(scope, found);
    }
    Ok(())
}

/// The name of the program without `scope`.
fn binary(scope: &str) -> String {
    format!("without-{}", scope.replace('.', "-"))
}

/// Writes a package with a program for each of `scopes`, without that scope.
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
            "`{scope}` does not occur in exactly one line"
        );
        let text = format!("{}\n\nfn main() {{}}\n", kept.join("\n"));
        files::write(&folder.join(&name).join("program.rs"), &text)?;
    }
    files::write(&folder.join("Cargo.toml"), &manifest)?;
    fs::copy(
        workspace::root().join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )
    .context("cannot copy Cargo.lock")?;
    Ok(folder)
}

/// The errors of each program of the package in `folder`.
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
        .env("CARGO_TARGET_DIR", workspace::target());
    let output = workspace::output(&mut command)?;
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
            "`{}` found no error:\n{}",
            workspace::command_line(&command),
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
