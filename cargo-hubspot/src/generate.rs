//! `cargo hubspot generate`: writes the APIs of documents as a module of the user's crate.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use hubspot_codegen::Generator;

use crate::output::print;

/// Options of `cargo hubspot generate`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The OpenAPI documents, in YAML or JSON; each API is named after its file
    #[arg(long = "document", value_name = "FILE", required = true, num_args = 1..)]
    documents: Vec<PathBuf>,
    /// The folder for the module, which holds generated files only
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The module's path in its crate, such as `api::hubspot`; otherwise what follows `src` in the folder
    #[arg(long, value_name = "PATH")]
    module: Option<String>,
    /// A scope that hubspot-generated does not know
    #[arg(long = "new-scope", value_name = "SCOPE")]
    new_scopes: Vec<String>,
    /// The client's method for a version, such as `2027-03-beta=beta`
    #[arg(long = "handle", value_name = "VERSION=NAME")]
    handles: Vec<String>,
    /// An OpenAPI Overlay 1.0 document that corrects the documents
    #[arg(long = "overlay", value_name = "FILE")]
    overlays: Vec<PathBuf>,
    /// A file with names that the rules do not find: `apis.toml` in messages
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// The name of the dependency hubspot-generated, if Cargo.toml renames it
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Implement serde's traits for the models; needs the feature `serde` of hubspot-generated
    #[arg(long)]
    serde: bool,
    /// Write nothing; fail if a file would change
    #[arg(long)]
    check: bool,
}

/// Generates the module, and prints which files changed.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let generator = generator(arguments)?;
    let folder = &arguments.out;
    let shown = folder.display();
    let context = || format!("nothing was written to {shown}");
    let differences = if arguments.check {
        generator.check(folder)
    } else {
        generator.write(folder)
    };
    let differences = differences.with_context(context)?;
    let mut text = String::new();
    for difference in &differences {
        _ = writeln!(text, "{difference}");
    }
    _ = match (differences.len(), arguments.check) {
        (0, _) => writeln!(text, "{shown} is up to date."),
        (count, false) => writeln!(text, "{count} files in {shown} were updated."),
        (count, true) => writeln!(text, "{count} files in {shown} are out of date."),
    };
    print(&text)?;
    let is_stale = arguments.check && !differences.is_empty();
    Ok(ExitCode::from(u8::from(is_stale)))
}

fn generator(arguments: &Arguments) -> Result<Generator> {
    let module = match &arguments.module {
        Some(module) => module.strip_prefix("crate::").unwrap_or(module).to_owned(),
        None => module_of(&arguments.out)?,
    };
    let mut generator = Generator::new(module);
    for document in &arguments.documents {
        generator = generator.document(document);
    }
    for overlay in &arguments.overlays {
        generator = generator.overlay(overlay);
    }
    for scope in &arguments.new_scopes {
        generator = generator.new_scope(scope);
    }
    for handle in &arguments.handles {
        let Some((version, name)) = handle.split_once('=') else {
            bail!(
                "`--handle {handle}` is not of the form VERSION=NAME, such as `2027-03-beta=beta`"
            );
        };
        generator = generator.handle(version, name);
    }
    if let Some(names) = &arguments.names {
        generator = generator.names(names);
    }
    if let Some(client) = &arguments.client {
        generator = generator.client(client);
    }
    Ok(if arguments.serde {
        generator.serde()
    } else {
        generator
    })
}

/// The path of the module in a folder: `api::hubspot` for `crates/app/src/api/hubspot`.
fn module_of(folder: &Path) -> Result<String> {
    let names = folder.components().filter_map(|component| match component {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    let names = names.collect::<Vec<_>>();
    let after = names.iter().rposition(|name| *name == "src");
    match after.map(|src| &names[src + 1..]) {
        Some(path) if !path.is_empty() => Ok(path.join("::")),
        _ => bail!(
            "{} is no folder below a `src`: give the module's path with `--module`",
            folder.display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_after_its_folder() {
        let module = |folder: &str| module_of(Path::new(folder)).ok();
        assert_eq!(module("src/hubspot").as_deref(), Some("hubspot"));
        assert_eq!(
            module("./crates/src/app/src/api/hubspot/").as_deref(),
            Some("api::hubspot")
        );
        assert_eq!(module("src"), None);
        assert_eq!(module("hubspot"), None);
    }
}
