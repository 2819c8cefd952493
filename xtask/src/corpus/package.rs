//! Compiles generated clients: a package each, with a copy of the runtime of `hubspot-generated`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use hubspot_codegen::Output;
use hubspot_codegen::corpus::Client;
use quote::{ToTokens as _, format_ident, quote};
use serde::Deserialize;
use toml::{Table, Value};

use crate::{files, workspace};

/// A workspace below `target/` with a package for each client.
pub(super) struct Workspace {
    folder: PathBuf,
    /// The `[dependencies]` and `[lints]` of the runtime.
    dependencies: Table,
    lints: Value,
    /// The features that the runtime's code mentions.
    features: Vec<String>,
}

impl Workspace {
    pub(super) fn create() -> Result<Self> {
        let folder = workspace::target().join("corpus");
        files::remove(&folder.join("members"))?;
        let root = table(&workspace::root().join("Cargo.toml"))?;
        let runtime = table(&workspace::root().join("hubspot-generated/Cargo.toml"))?;
        let shared = &root["workspace"]["dependencies"];
        let own = runtime["dependencies"].as_table().into_iter().flatten();
        let own = own.filter(|(_, value)| value.get("optional").is_none());
        let features = runtime["features"].as_table().into_iter();
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"members/*\"]\n";
        files::write(&folder.join("Cargo.toml"), manifest)?;
        let lock = files::read(&workspace::root().join("Cargo.lock"))?;
        files::write(&folder.join("Cargo.lock"), &lock)?;
        Ok(Self {
            folder,
            dependencies: own
                .map(|(name, value)| (name.clone(), dependency(&shared[name], value)))
                .collect(),
            lints: root["workspace"]["lints"]["rust"].clone(),
            features: features.flat_map(Table::keys).cloned().collect(),
        })
    }

    /// Compiles a client and prints what the compiler says. Returns the number of warnings and errors.
    pub(super) fn check(&self, client: &Client, output: &Output) -> Result<usize> {
        let name = format!("corpus-{}", client.version);
        self.write(&name, client, output)?;
        let begin = Instant::now();
        let mut command = workspace::cargo([
            "check",
            "--quiet",
            "--message-format=json",
            "--package",
            &name,
        ]);
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS")
            .stderr(std::process::Stdio::inherit());
        let printed = command.output().context("cannot run cargo check")?;
        let texts = messages(&String::from_utf8_lossy(&printed.stdout), &name);
        for text in texts.iter().take(MOST_MESSAGES) {
            println!("{text}");
        }
        let seconds = begin.elapsed().as_secs_f64();
        let count = texts.len().max(usize::from(!printed.status.success()));
        println!("  compiled with {count} warnings and errors, {seconds:.1} s");
        Ok(count)
    }

    fn write(&self, name: &str, client: &Client, output: &Output) -> Result<()> {
        let folder = self.folder.join("members").join(name);
        files::write(&folder.join("Cargo.toml"), &self.manifest(name, client))?;
        let runtime = workspace::root().join("hubspot-generated/src");
        for path in files::below(&runtime)? {
            let inner = path.strip_prefix(&runtime).unwrap_or(&path);
            if !inner.starts_with("generated") && inner != Path::new("lib.rs") {
                files::write(&folder.join("src").join(inner), &files::read(&path)?)?;
            }
        }
        let lib = files::read(&runtime.join("lib.rs"))?;
        let module = client
            .config()
            .apis
            .versions
            .first()
            .map(|version| version.module.clone());
        files::write(
            &folder.join("src/lib.rs"),
            &library(&lib, &module.unwrap_or_default())?,
        )?;
        for (path, text) in output {
            files::write(&folder.join("src/generated").join(path), text)?;
        }
        Ok(())
    }

    /// The package's manifest. Its features are those of the APIs, which are on, and the runtime's, which are off.
    fn manifest(&self, name: &str, client: &Client) -> String {
        let apis = client.config().apis.apis;
        let apis = apis.into_iter().map(|api| api.feature).collect::<Vec<_>>();
        let mut features = Table::new();
        for feature in self.features.iter().chain(&apis) {
            features.insert(feature.clone(), Value::Array(Vec::new()));
        }
        features.insert("default".to_owned(), apis.into());
        let mut package = Table::new();
        for (key, value) in [("name", name), ("version", "0.0.0"), ("edition", "2024")] {
            package.insert(key.to_owned(), value.into());
        }
        let lints = Table::from_iter([("rust".to_owned(), self.lints.clone())]);
        let manifest = Table::from_iter([
            ("package".to_owned(), Value::Table(package)),
            ("features".to_owned(), Value::Table(features)),
            (
                "dependencies".to_owned(),
                Value::Table(self.dependencies.clone()),
            ),
            ("lints".to_owned(), Value::Table(lints)),
        ]);
        manifest.to_string()
    }
}

/// More messages of the compiler are not printed.
const MOST_MESSAGES: usize = 20;

fn table(path: &Path) -> Result<Table> {
    let text = files::read(path)?;
    text.parse()
        .with_context(|| format!("{} is not TOML", workspace::shown(path)))
}

/// A dependency of the runtime, with what it takes from the workspace filled in.
fn dependency(shared: &Value, own: &Value) -> Value {
    let mut all = match shared {
        Value::Table(table) => table.clone(),
        version => Table::from_iter([("version".to_owned(), version.clone())]),
    };
    if let Some(path) = all.get("path").and_then(Value::as_str) {
        let path = workspace::root().join(path).display().to_string();
        all.insert("path".to_owned(), path.into());
    }
    let mut features = Vec::new();
    for table in [&all, own.as_table().unwrap_or(&Table::new())] {
        let listed = table.get("features").and_then(Value::as_array);
        features.extend(listed.into_iter().flatten().cloned());
    }
    all.insert("features".to_owned(), Value::Array(features));
    Value::Table(all)
}

/// The runtime's `lib.rs` for the client of one version: without what needs a feature, and with the names of that version.
/// Parts of the runtime that no operation uses are no warnings.
fn library(text: &str, module: &str) -> Result<String> {
    let file = syn::parse_file(text).context("hubspot-generated/src/lib.rs cannot be parsed")?;
    let mut library = quote!(#![doc = "A client of documents."]);
    for item in file.items {
        let needs_feature =
            |attrs: &[syn::Attribute]| attrs.iter().any(|attr| attr.path().is_ident("cfg"));
        match item {
            syn::Item::Mod(item) if item.ident == "generated" => item.to_tokens(&mut library),
            syn::Item::Mod(item) if !needs_feature(&item.attrs) && !has_path(&item) => library.extend(quote! {
                #[allow(dead_code, unused_imports, unused_macros, reason = "some of it serves other documents")]
                #item
            }),
            syn::Item::Use(item) if !needs_feature(&item.attrs) && !is_of_generated(&item) => {
                item.to_tokens(&mut library);
            }
            _ => {}
        }
    }
    let module = format_ident!("{module}");
    library.extend(quote! {
        pub use generated::#module::models;
        pub use generated::{operations, requests, #module};
    });
    Ok(library.to_string())
}

/// A module whose file is elsewhere: one that is generated from more than the documents.
fn has_path(item: &syn::ItemMod) -> bool {
    item.attrs.iter().any(|attr| attr.path().is_ident("path"))
}

fn is_of_generated(item: &syn::ItemUse) -> bool {
    matches!(&item.tree, syn::UseTree::Path(path) if path.ident == "generated")
}

/// The warnings and errors about a package, as the compiler words them.
fn messages(printed: &str, package: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Line {
        target: Option<Target>,
        message: Option<Message>,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    #[derive(Deserialize)]
    struct Message {
        level: String,
        rendered: Option<String>,
        spans: Vec<serde_json::Value>,
    }
    let target = package.replace('-', "_");
    let lines = printed
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok());
    let of_package =
        lines.filter(|line| line.target.as_ref().is_some_and(|name| name.name == target));
    let messages = of_package.filter_map(|line| line.message);
    // `N warnings emitted` has no place.
    let counted = messages.filter(|message| {
        matches!(message.level.as_str(), "warning" | "error") && !message.spans.is_empty()
    });
    counted.filter_map(|message| message.rendered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_has_the_runtime_and_one_version() {
        let text = "//! Docs.\nmod client;\n#[cfg(feature = \"oauth\")]\npub mod oauth;\nmod generated;\n\
                    pub use client::Client;\n#[cfg(feature = \"v3\")]\npub use generated::v3;\n\
                    pub use generated::v2026_09::models;\n";
        let library = library(text, "v3").unwrap();
        let library = prettyplease(&library);
        assert!(library.contains("mod client;"), "{library}");
        assert!(library.contains("pub use client::Client;"), "{library}");
        assert!(
            library.contains("pub use generated::v3::models;"),
            "{library}"
        );
        assert!(!library.contains("oauth"), "{library}");
        assert!(!library.contains("2026"), "{library}");
        // Only what the documents decide may be a warning.
        assert_eq!(library.matches("dead_code").count(), 1, "{library}");
    }

    /// Tokens as text with the usual spaces.
    fn prettyplease(text: &str) -> String {
        text.replace(" :: ", "::").replace(" ;", ";")
    }

    #[test]
    fn the_runtime_as_it_is_can_be_packaged() {
        let workspace = Workspace::create().unwrap();
        let client = Client {
            version: "v3".to_owned(),
            documents: [("things".to_owned(), "things.json".to_owned())].into(),
        };
        let manifest = workspace
            .manifest("corpus-v3", &client)
            .parse::<Table>()
            .unwrap();
        assert_eq!(
            manifest["features"]["default"],
            Value::from(vec!["api-things"])
        );
        let dependencies = manifest["dependencies"].as_table().unwrap();
        assert!(
            dependencies["hubspot-macros"]["path"]
                .as_str()
                .unwrap()
                .starts_with('/')
        );
        let reqwest = dependencies["reqwest"]["features"].as_array().unwrap();
        assert!(reqwest.contains(&"rustls".into()), "{reqwest:?}");
        assert!(!dependencies.contains_key("oauth2"), "{dependencies:?}");
        let lib = files::read(&workspace::root().join("hubspot-generated/src/lib.rs")).unwrap();
        let library = library(&lib, "v3").unwrap();
        assert!(library.contains("mod transport"));
        let source = workspace::root().join("hubspot-generated/src");
        for item in syn::parse_file(&library).unwrap().items {
            let syn::Item::Mod(item) = item else { continue };
            let (name, is_elsewhere) = (item.ident.to_string(), has_path(&item));
            let file = source.join(format!("{name}.rs"));
            let is_there = name == "generated" || file.is_file() || source.join(&name).is_dir();
            assert!(
                is_there && !is_elsewhere,
                "the package has no module `{name}`"
            );
        }
    }

    #[test]
    fn messages_of_the_package_are_counted() {
        let line = |target: &str, level: &str, spans: &str| {
            format!(
                r#"{{"reason":"compiler-message","target":{{"name":"{target}"}},"message":{{"level":"{level}","rendered":"{level} in {target}","spans":[{spans}]}}}}"#
            )
        };
        let printed = [
            line("corpus_v3", "warning", "{}"),
            line("corpus_v3", "warning", ""),
            line("corpus_v3", "error", "{}"),
            line("corpus_v3", "note", "{}"),
            line("other", "warning", "{}"),
            r#"{"reason":"build-finished","success":false}"#.to_owned(),
        ];
        let found = messages(&printed.join("\n"), "corpus-v3");
        assert_eq!(found, ["warning in corpus_v3", "error in corpus_v3"]);
    }
}
