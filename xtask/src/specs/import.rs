//! `cargo xtask specs import`: a first document of our own from one of HubSpot's, as a draft.
//!
//! Writes the document, its file in `specs/apis/` and new scopes of `scopes.toml`. Either all of them are written, or none.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hubspot_codegen::config::{Api, Config, DocumentEntry, Nouns};
use hubspot_codegen::correct;
use hubspot_codegen::error::Errors;
use hubspot_codegen::folder;
use hubspot_codegen::import::{self, Components, Request, due};
use hubspot_codegen::load::{self, Origin};

use crate::{files, inputs, workspace};

/// Options of `cargo xtask specs import`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The API, as it is called in the client: owners, or `cms_posts` for `posts` in the area `cms`
    api: String,
    /// The version: 2026-09
    version: String,
    /// The folder with HubSpot's own documents [default: `HUBSPOT_PUBLISHED`, else `target/published`]
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// HubSpot's document, below that folder [default: the one that is called like the API]
    #[arg(long, value_name = "FILE")]
    document: Option<String>,
    /// The area that the API is in: `cms`. Those of `crm`, and those without an area, are at the top of the client
    #[arg(long)]
    area: Option<String>,
    /// What one of its things is called: Owner [default: from the API]
    #[arg(long)]
    one: Option<String>,
    /// Replace a document that has been worked on
    #[arg(long)]
    overwrite: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    import_to(&workspace::specs(), arguments)
}

/// Imports to a folder that is laid out like `specs/`.
fn import_to(specs: &Path, arguments: &Arguments) -> Result<()> {
    let wanted = imported(specs, arguments)?;
    let settings = format!("apis/{}.toml", arguments.api);
    let document = format!("{}/{}.yaml", arguments.version, arguments.api);
    let known = |path: &String| specs.join(path).exists();
    if !arguments.overwrite && [&settings, &document].into_iter().any(known) {
        let same = wanted.files.iter().all(|(path, text)| {
            std::fs::read_to_string(specs.join(path)).is_ok_and(|there| there == *text)
        });
        ensure!(
            same,
            "specs/{document} has been worked on since it was imported: pass --overwrite to lose that work"
        );
    }
    let differences = wanted.files.keys().filter_map(|path| {
        let place = specs.join(path);
        let text = std::fs::read_to_string(place).ok();
        let path = path.clone();
        (text.as_ref() != wanted.files.get(&path)).then_some(folder::Difference::Stale(path))
    });
    folder::update(specs, &wanted.files, &differences.collect::<Vec<_>>())?;
    for path in wanted.files.keys() {
        println!("specs/{path}");
    }
    for scope in &wanted.scopes {
        println!("new scope: {scope}");
    }
    for decision in &wanted.decisions {
        println!("to decide: {decision}");
    }
    let due = wanted
        .files
        .get(&document)
        .map_or(0, |text| due(text).len());
    println!(
        "{due} texts are to be written: `cargo xtask specs due {}` lists them",
        arguments.api
    );
    Ok(())
}

/// What an import writes, and what it leaves to a person.
struct Wanted {
    files: BTreeMap<String, String>,
    scopes: Vec<String>,
    decisions: Vec<String>,
}

fn imported(specs: &Path, arguments: &Arguments) -> Result<Wanted> {
    let config = inputs::config_of(specs, false)?;
    let name = &arguments.api;
    let settings = format!("apis/{name}.toml");
    check::names(&config, arguments, specs.join(&settings).exists())?;
    let folder = workspace::published(arguments.published.as_deref());
    let published = match &arguments.document {
        Some(path) => path.clone(),
        None => find(&folder, name, &arguments.version)?,
    };
    let entry = DocumentEntry {
        api: name.clone(),
        version: arguments.version.clone(),
        file: format!("{}/{name}.yaml", arguments.version),
        published: Some(published.clone()),
        draft: true,
        ..DocumentEntry::default()
    };
    let document = corrected(specs, &config, &entry, &folder)?;
    check::document(specs, &config, &entry, &document)?;
    let api = api(arguments);
    let imported = import::import(&Request {
        api: &api,
        version: &entry.version,
        path: &published,
        document: &document,
        components: &components(specs)?,
    })?;
    let scopes = imported.scopes.iter();
    let scopes = scopes.filter(|(scope, _)| !config.scopes.contains_key(*scope));
    let scopes = scopes.collect::<BTreeMap<_, _>>();
    // An API of which apis.toml has other documents.
    let is_listed = match std::fs::read_to_string(specs.join(&settings)) {
        Ok(text) => !text.contains("[api]"),
        Err(_) => config.apis.api(name).is_some(),
    };
    let mut files = BTreeMap::from([
        (settings, settings_of(&api, &entry, is_listed)),
        (entry.file, imported.text),
    ]);
    if !scopes.is_empty() {
        let text = files::read(&specs.join("scopes.toml"))?;
        files.insert("scopes.toml".to_owned(), with_scopes(&text, &scopes));
    }
    Ok(Wanted {
        files,
        scopes: scopes.into_keys().cloned().collect(),
        decisions: imported.decisions,
    })
}

/// HubSpot's document as the generator reads it, with the overlays applied, whether or not they match anything.
fn corrected(
    specs: &Path,
    config: &Config,
    entry: &DocumentEntry,
    published: &Path,
) -> Result<serde_json::Value> {
    let mut config = config.clone();
    config.apis.documents = vec![entry.clone()];
    let read = |path: &str| std::fs::read(published.join(path));
    let sources = load::load(&config, Origin::Published, &read);
    let mut sources = sources.with_context(|| {
        let folder = workspace::shown(published);
        format!("cannot import from {folder}: pass an OpenAPI 3.0 or 3.1 document of HubSpot as --document")
    })?;
    let overlays = inputs::overlays(&specs.join("overlays"))?;
    let mut errors = Vec::new();
    correct::apply(&mut sources, &config, &overlays, &mut errors);
    Errors::check(errors)?;
    let document = sources.documents.pop().map(|source| source.value);
    Ok(document.unwrap_or_default())
}

/// The only document of the version that is called like the API, apart from the area before the name.
fn find(folder: &Path, api: &str, version: &str) -> Result<String> {
    let all = files::with_extension(folder, "json")?;
    let all = all
        .iter()
        .filter_map(|path| path.strip_prefix(folder).ok()?.to_str());
    let name = api.replace('_', "-");
    let is_it = |path: &&str| {
        let (place, file) = path.rsplit_once('/').unwrap_or_default();
        let stem = file.trim_end_matches(".json").replace('_', "-");
        place.trim_start_matches('v').contains(version)
            && (stem == name || stem.ends_with(&format!("-{name}")))
    };
    let found = all.filter(is_it).collect::<Vec<_>>();
    match found.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => bail!("no document of {version} is called like {api}: pass --document FILE"),
        several => bail!(
            "several documents may be meant: pass one of {} as --document",
            several.join(", ")
        ),
    }
}

fn api(arguments: &Arguments) -> Api {
    let Arguments { api, area, one, .. } = arguments;
    let prefix = area.as_ref().map(|area| format!("{area}_"));
    let own = prefix
        .and_then(|prefix| api.strip_prefix(&prefix))
        .unwrap_or(api);
    let pascal = |words: &str| {
        let words = words.split('_').map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            first.to_uppercase() + rest
        });
        words.collect::<String>()
    };
    let singular = own.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.unwrap_or_else(|| own.strip_suffix('s').unwrap_or(own).to_owned());
    Api {
        name: api.clone(),
        feature: api.replace('_', "-"),
        area: area.clone(),
        nouns: Nouns {
            one: one.clone().unwrap_or_else(|| pascal(&singular)),
            many: pascal(own),
        },
        ..Api::default()
    }
}

/// The text of the API's own file.
fn settings_of(api: &Api, entry: &DocumentEntry, is_listed: bool) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::new();
    let area = api
        .area
        .as_ref()
        .map(|area| format!("area = {}\n", quoted(area)));
    let Nouns { one, many } = &api.nouns;
    if !is_listed {
        let _ = writeln!(
            text,
            "[api]\nname = {}\nfeature = {}\n{}nouns = {{ one = {}, many = {} }}\n",
            quoted(&api.name),
            quoted(&api.feature),
            area.unwrap_or_default(),
            quoted(one),
            quoted(many),
        );
    }
    let _ = writeln!(text, "[document]");
    if is_listed {
        let _ = writeln!(text, "api = {}", quoted(&api.name));
    }
    let published = entry.published.as_deref().unwrap_or_default();
    let _ = writeln!(
        text,
        "version = {}\nfile = {}\npublished = {}\ndraft = true",
        quoted(&entry.version),
        quoted(&entry.file),
        quoted(published),
    );
    text
}

/// Every file of `specs/components/`.
fn components(specs: &Path) -> Result<Components> {
    let paths = files::with_extension(&specs.join("components"), "yaml")?;
    let file = |path: &PathBuf| {
        let name = path
            .strip_prefix(specs)
            .unwrap_or(path)
            .display()
            .to_string();
        let value = load::parse(&name, files::read(path)?.as_bytes())?;
        Ok((name, value))
    };
    paths.iter().map(file).collect()
}

/// `scopes.toml` with further scopes, in alphabetical order.
fn with_scopes(text: &str, scopes: &BTreeMap<&String, &BTreeSet<String>>) -> String {
    const TABLE: &str = "[[scope]]\n";
    let (head, tables) = text.split_once(TABLE).unwrap_or((text, ""));
    let mut tables = tables
        .split(TABLE)
        .map(|table| table.trim_end().to_owned())
        .collect::<Vec<_>>();
    for (name, schemes) in scopes {
        let name = serde_json::Value::from(name.as_str());
        tables.push(format!(
            "name = {name}\nschemes = {}",
            serde_json::json!(schemes).to_string().replace(',', ", ")
        ));
    }
    tables.retain(|table| !table.is_empty());
    tables.sort_by_key(|table| table.lines().next().map(str::to_owned));
    let tables = tables.iter().map(|table| format!("{TABLE}{table}\n"));
    head.to_owned() + &tables.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
