//! Generates packages with the code of other generators for HubSpot's documents, and programs that call them.
//!
//! Each document becomes a module, because none of them shares types between documents. Generators run with their
//! defaults, except for what is necessary for their output to compile.

use std::{fs, path::Path, process::Command};

use anyhow::{Result, bail};
use serde_json::Value;

use super::{
    APIS, Session,
    calls::{Call, calls},
};
use crate::files;

/// Another generator of Rust clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// <https://crates.io/crates/cargo-progenitor>
    Progenitor,
    /// <https://crates.io/crates/openapi-to-rust>
    OpenapiToRust,
    /// <https://openapi-generator.tech>, its `rust` generator on reqwest
    OpenapiGenerator,
}

impl Peer {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [
        Self::Progenitor,
        Self::OpenapiToRust,
        Self::OpenapiGenerator,
    ];

    /// Its name and version.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Progenitor => "progenitor 0.15.1",
            Self::OpenapiToRust => "openapi-to-rust 0.23.0",
            Self::OpenapiGenerator => "openapi-generator 7.26.0",
        }
    }

    /// The name of the package with its code.
    pub(super) fn package(self) -> String {
        format!("bench-{}", self.id())
    }

    /// Its name without the version.
    fn id(self) -> &'static str {
        self.name().split(' ').next().unwrap_or_default()
    }

    /// Generates the package from the four documents.
    pub(super) fn generate(self, session: &Session) -> Result<()> {
        let package = self.package();
        let mut modules = String::new();
        for api in APIS {
            let module = session.scratch.package(&package).join("src").join(api);
            let document = session.document(api)?;
            match self {
                Self::Progenitor => progenitor(session, &document, &module)?,
                Self::OpenapiToRust => openapi_to_rust(session, &document, &module)?,
                Self::OpenapiGenerator => openapi_generator(session, &document, &module, api)?,
            }
            modules.extend(["pub mod ", api, ";\n"]);
        }
        // The dependencies that the generator names for these documents, with rustls.
        let dependencies = super::data(&format!("ten-calls/{}.toml", self.id()))?;
        session
            .scratch
            .write_package(&package, &dependencies, "lib.rs", &modules)
    }

    /// Writes a package with a program that makes the ten calls, and returns its name.
    pub(super) fn write_program(self, session: &Session) -> Result<String> {
        let mut program = super::data(&format!("ten-calls/{}.rs", self.id()))?;
        for call in calls() {
            program = program.replace(call.placeholder, &self.function(session, &call)?);
        }
        let name = format!("{}-ten-calls", self.package());
        let dependencies = format!(
            "peer = {{ package = \"{}\", path = \"../{}\" }}\n\
             reqwest = {{ version = \"0.13\", default-features = false }}\n{}",
            self.package(),
            self.package(),
            super::TOKIO
        );
        session
            .scratch
            .write_package(&name, &dependencies, "main.rs", &program)?;
        Ok(name)
    }

    /// Finds the function for a call by the method and path that its code contains.
    fn function(self, session: &Session, call: &Call) -> Result<String> {
        let module = session
            .scratch
            .package(&self.package())
            .join("src")
            .join(call.module);
        let single = module.with_extension("rs");
        let files = if single.is_file() {
            vec![single]
        } else {
            files::with_extension(&module, "rs")?
        };
        let needle = format!("{}\"", call.path);
        let start = format!("{}_", call.method);
        for file in files {
            let text = files::read(&file)?;
            for function in text.split("pub async fn").skip(1) {
                let function = function.trim_start();
                let name: String = function
                    .chars()
                    .take_while(|&c| c.is_alphanumeric() || c == '_')
                    .collect();
                if name.starts_with(&start) && without_names(function).contains(&needle) {
                    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
                    return Ok(match self {
                        Self::OpenapiGenerator => format!("apis::{stem}::{name}"),
                        Self::Progenitor | Self::OpenapiToRust => name,
                    });
                }
            }
        }
        bail!(
            "{} has no function for {} {}",
            self.name(),
            call.method,
            call.path
        )
    }
}

/// Runs progenitor, which writes one file per document.
fn progenitor(session: &Session, document: &Path, module: &Path) -> Result<()> {
    let tool = session.install("cargo-progenitor", "0.15.1")?;
    let folder = module.with_extension("crate");
    let adapted = folder.join("document.json");
    files::write(&adapted, &for_progenitor(document)?)?;
    let mut command = Command::new(tool);
    command
        .args("progenitor --name peer --version 0.0.0 --input".split(' '))
        .args([&adapted, Path::new("--output"), &folder]);
    session.runner.run(&mut command)?;
    fs::rename(folder.join("src/lib.rs"), module.with_extension("rs"))?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Adapts a document to progenitor, which fails at a `default` response next to a success and at the content type `*/*`:
/// the former becomes 4XX and 5XX, the latter JSON.
fn for_progenitor(document: &Path) -> Result<String> {
    fn adapt(value: &mut Value) {
        let Value::Object(object) = value else { return };
        if let Some(any) = object.remove("*/*") {
            object.insert("application/json".to_owned(), any);
        }
        if let Some(Value::Object(responses)) = object.get_mut("responses")
            && let Some(default) = responses.remove("default")
        {
            responses.insert("4XX".to_owned(), default.clone());
            responses.insert("5XX".to_owned(), default);
        }
        object.values_mut().for_each(adapt);
    }
    let mut value = files::json(document)?;
    adapt(&mut value);
    Ok(serde_json::to_string(&value)?)
}

/// Runs openapi-to-rust, which writes a folder per document.
fn openapi_to_rust(session: &Session, document: &Path, module: &Path) -> Result<()> {
    let tool = session.install("openapi-to-rust", "0.23.0")?;
    let mut command = Command::new(tool);
    command.args([
        Path::new("generate"),
        document,
        Path::new("--output-dir"),
        module,
    ]);
    session.runner.run(&mut command).map(drop)
}

/// Runs openapi-generator, which writes a crate per document. Its paths are changed to those of a module. The schema
/// `Option` is renamed, because it would shadow Rust's, and so is the version, which cargo does not accept.
fn openapi_generator(session: &Session, document: &Path, module: &Path, api: &str) -> Result<()> {
    let archive = session.tools.openapi_generator(&session.runner, "7.26.0")?;
    let folder = module.with_extension("crate");
    let mut command = Command::new("java");
    let options = "generate --generator-name rust --library reqwest --package-name peer \
                   --model-name-mappings Option=PropertyOption \
                   --additional-properties=packageVersion=0.0.0,reqwestDefaultFeatures=rustls";
    command
        .args([Path::new("-jar"), &archive])
        .args(options.split(' '))
        .args([Path::new("--input-spec"), document])
        .args([Path::new("--output"), &folder]);
    session.runner.run(&mut command)?;
    fs::rename(folder.join("src"), module)?;
    fs::remove_dir_all(&folder)?;
    for file in files::with_extension(module, "rs")? {
        let text = files::read(&file)?;
        files::write(&file, &text.replace("crate::", &format!("crate::{api}::")))?;
    }
    let root = module.join("lib.rs");
    let text = files::read(&root)?;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("extern crate") && !line.starts_with("#!"))
        .collect();
    fs::remove_file(&root)?;
    files::write(&module.join("mod.rs"), &kept.join("\n"))
}

/// Replaces every `{name}` by `{}`.
fn without_names(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push('{');
        let name = after
            .chars()
            .take_while(|&c| c.is_alphanumeric() || c == '_')
            .count();
        rest = match after.get(name..) {
            Some(tail) if tail.starts_with('}') => tail,
            _ => after,
        };
    }
    plain.push_str(rest);
    plain
}
