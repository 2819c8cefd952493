//! Comes in: HubSpot's four documents. Goes out: for each other generator one package in the scratch workspace with its
//! code for them, a module per document (none of them shares a type between documents), and on demand a program that
//! makes ten calls through it. Refuses: a generator that cannot be installed or that fails; the reason is reported.
//!
//! Each is driven with its defaults. What had to be done beyond them so that its output compiles stands here, and
//! nowhere else.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{
    APIS, Session,
    calls::{CALLS, Call},
    scratch,
};

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
    /// Every one that we compare with.
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

    /// The package with its code.
    pub(super) fn package(self) -> String {
        let name = match self {
            Self::Progenitor => "progenitor",
            Self::OpenapiToRust => "openapi-to-rust",
            Self::OpenapiGenerator => "openapi-generator",
        };
        format!("bench-{name}")
    }

    /// Generates its package from the four documents.
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
        session.scratch.write_package(
            &package,
            self.dependencies(),
            &[("lib.rs".to_owned(), modules)],
        )
    }

    /// What its code for these documents depends on, as it says itself; TLS is rustls everywhere.
    fn dependencies(self) -> &'static str {
        match self {
            Self::Progenitor => {
                r#"bytes = "1.9"
chrono = { version = "0.4", default-features = false, features = ["serde"] }
futures-core = "0.3"
progenitor-client = "0.15.1"
reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
serde = { version = "1.0", features = ["derive"] }
serde_json = "1.0"
serde_urlencoded = "0.7"
uuid = { version = "1.0", features = ["serde", "v4"] }
"#
            }
            Self::OpenapiToRust => {
                r#"chrono = { version = "0.4", features = ["serde"] }
futures-util = "0.3"
reqwest = { version = "0.13", default-features = false, features = ["query", "rustls", "stream"] }
reqwest-middleware = { version = "0.5", features = ["query"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
thiserror = "2"
uuid = { version = "1", features = ["serde"] }
"#
            }
            Self::OpenapiGenerator => {
                r#"chrono = { version = "0.4", features = ["serde"] }
reqwest = { version = "0.13", default-features = false, features = ["form", "json", "multipart", "query", "rustls"] }
serde = { version = "1.0", features = ["derive"] }
serde_json = "1.0"
serde_repr = "0.1"
url = "2.5"
uuid = { version = "1.8", features = ["serde", "v4"] }
"#
            }
        }
    }

    /// Writes a package with a program that makes ten calls through its code, and tells the package's name.
    pub(super) fn write_program(self, session: &Session) -> Result<String> {
        let template = match self {
            Self::Progenitor => super::data("ten-calls/progenitor.rs")?,
            Self::OpenapiToRust => super::data("ten-calls/openapi-to-rust.rs")?,
            Self::OpenapiGenerator => super::data("ten-calls/openapi-generator.rs")?,
        };
        let mut program = template;
        for call in CALLS {
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
            .write_package(&name, &dependencies, &[("main.rs".to_owned(), program)])?;
        Ok(name)
    }

    /// The function that makes a call, by what its code sends: their names are too long to be written down.
    fn function(self, session: &Session, call: &Call) -> Result<String> {
        let module = session
            .scratch
            .package(&self.package())
            .join("src")
            .join(call.module);
        let mut files = Vec::new();
        let single = module.with_extension("rs");
        if single.is_file() {
            files.push(single);
        } else {
            scratch::rust_files(&module, &mut files)?;
        }
        let needle = format!("{}\"", call.path);
        let start = format!("{}_", call.method);
        for file in files {
            let text = fs::read_to_string(&file)?;
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

/// progenitor: one file per document.
fn progenitor(session: &Session, document: &Path, module: &Path) -> Result<()> {
    let tool = session
        .tools
        .cargo_install(&session.runner, "cargo-progenitor", "0.15.1")?;
    let folder = module.with_extension("crate");
    let mended = folder.join("document.json");
    scratch::write(&mended, &for_progenitor(document)?)?;
    let mut command = Command::new(tool);
    command.args(["progenitor", "--name", "peer", "--version", "0.0.0"]);
    command
        .arg("--input")
        .arg(&mended)
        .arg("--output")
        .arg(&folder);
    session.runner.run(&mut command)?;
    fs::rename(folder.join("src/lib.rs"), module.with_extension("rs"))?;
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// A document as progenitor takes it: it stops at a `default` answer beside a success, and at the content type `*/*`,
/// so the former is said of 4XX and 5XX and the latter is JSON.
fn for_progenitor(document: &Path) -> Result<String> {
    let text = fs::read_to_string(document)
        .with_context(|| format!("cannot read {}", document.display()))?;
    let mut value: Value = serde_json::from_str(&text)?;
    if let Some(responses) = value
        .pointer_mut("/components/responses")
        .and_then(Value::as_object_mut)
    {
        for response in responses.values_mut() {
            if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut)
                && let Some(any) = content.remove("*/*")
            {
                content.insert("application/json".to_owned(), any);
            }
        }
    }
    let paths = value.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
    {
        for operation in item.values_mut() {
            if let Some(responses) = operation
                .get_mut("responses")
                .and_then(Value::as_object_mut)
                && let Some(default) = responses.remove("default")
            {
                responses.insert("4XX".to_owned(), default.clone());
                responses.insert("5XX".to_owned(), default);
            }
        }
    }
    Ok(serde_json::to_string(&value)?)
}

/// openapi-to-rust: a folder per document.
fn openapi_to_rust(session: &Session, document: &Path, module: &Path) -> Result<()> {
    let tool = session
        .tools
        .cargo_install(&session.runner, "openapi-to-rust", "0.23.0")?;
    let mut command = Command::new(tool);
    command
        .arg("generate")
        .arg(document)
        .arg("--output-dir")
        .arg(module);
    session.runner.run(&mut command).map(drop)
}

/// openapi-generator: a crate per document, made a module by saying so in its paths. `Option` among the schemas would
/// shadow the one of the language, and the version of the document is none that cargo takes.
fn openapi_generator(session: &Session, document: &Path, module: &Path, api: &str) -> Result<()> {
    let archive = session.tools.openapi_generator(&session.runner, "7.26.0")?;
    let folder = module.with_extension("crate");
    let mut command = Command::new("java");
    command.arg("-jar").arg(archive).args([
        "generate",
        "--generator-name",
        "rust",
        "--library",
        "reqwest",
    ]);
    command.args([
        "--package-name",
        "peer",
        "--model-name-mappings",
        "Option=PropertyOption",
    ]);
    command.arg("--additional-properties=packageVersion=0.0.0,reqwestDefaultFeatures=rustls");
    command
        .arg("--input-spec")
        .arg(document)
        .arg("--output")
        .arg(&folder);
    session.runner.run(&mut command)?;
    fs::rename(folder.join("src"), module)?;
    fs::remove_dir_all(&folder)?;
    let mut files: Vec<PathBuf> = Vec::new();
    scratch::rust_files(module, &mut files)?;
    for file in files {
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text.replace("crate::", &format!("crate::{api}::")))?;
    }
    let root = module.join("lib.rs");
    let text = fs::read_to_string(&root)?;
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("extern crate") && !line.starts_with("#!"))
        .collect();
    fs::remove_file(&root)?;
    scratch::write(&module.join("mod.rs"), &kept.join("\n"))
}

/// A text in which every `{name}` is `{}`.
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
