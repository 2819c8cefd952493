//! `cargo hubspot types`: Rust types for the records of an account, and what has changed in it since.
//!
//! The definitions come from HubSpot or from a file. The types and the lock file are written together or not at all.

mod account;
mod catalogue;
mod check;
mod definitions;
mod lock;
mod report;
mod responses;
mod source;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use hubspot_codegen::records::{
    Dates, Numbers, Objects, Style, ValueKind, can_be_named, fields, is_readable,
};

use self::catalogue::{Catalogue, NoObjectType};
use self::check::Account;
use self::lock::{Lock, Selection};
use self::source::Source;

/// Options of `cargo hubspot types`. What is not given is as the lock file has it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Read the definitions from this file; see docs/types.md
    #[arg(long, value_name = "FILE", conflicts_with = "token_env")]
    from: Option<PathBuf>,
    /// Read the definitions from the account of the token in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    token_env: Option<String>,
    /// Ask this HubSpot [default: <https://api.hubapi.com>]
    #[arg(long, value_name = "URL", requires = "token_env")]
    base_url: Option<String>,
    /// The object types, by name or id; `all` for those of the file, or for the custom ones and the usual ones of HubSpot
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    only: Vec<String>,
    /// The properties that become fields
    #[arg(long, value_name = "WHICH")]
    properties: Option<Selection>,
    /// The crate whose types stand for dates and times
    #[arg(long, value_name = "CRATE")]
    dates: Option<DateTypes>,
    /// The type of numbers
    #[arg(long, value_name = "TYPE")]
    numbers: Option<NumberTypes>,
    /// Properties whose numbers are whole, such as `pages` or `book.pages`
    #[arg(long, value_name = "PROPERTIES", value_delimiter = ',')]
    integers: Option<Vec<String>>,
    /// The folder for the types, which holds generated files only [default: `src/hubspot_types` of the package]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the lock file only, for types that are written by hand
    #[arg(long, conflicts_with = "out")]
    lock_only: bool,
    /// Write nothing; tell what has changed since the lock file was written, and fail if it breaks the package's code
    #[arg(long, conflicts_with_all = ["only", "properties", "dates", "numbers", "integers", "lock_only"])]
    check: bool,
    /// The Cargo.toml of the package [default: the nearest, from this folder up]
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DateTypes {
    /// `DateTime`: text that filters can compare
    Text,
    Jiff,
    Chrono,
    Time,
}

#[derive(Clone, Copy, ValueEnum)]
enum NumberTypes {
    F64,
    /// `rust_decimal::Decimal`
    Decimal,
}

/// Writes the types, or compares the account with the lock file.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let package = package(arguments)?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => package.join("src/hubspot_types"),
    };
    let lock_file = package.join(lock::FILE);
    let lock = Lock::read(&lock_file)?;
    if arguments.check {
        let Some(lock) = lock else {
            bail!(
                "there is no `{}`: write it with `cargo hubspot types`",
                lock_file.display()
            );
        };
        let names: Vec<_> = lock.objects.keys().cloned().collect();
        let account = read(arguments, &names, Some(&lock))?;
        let source = source::read(&package)?;
        let findings = check::check(&lock, &account, &source);
        return report::report(&findings);
    }
    let names = match (&arguments.only[..], &lock) {
        ([], Some(lock)) => lock.objects.keys().cloned().collect(),
        (only, _) if only.iter().any(|name| name == "all") => Vec::new(),
        (only, _) => only.to_vec(),
    };
    let account = read(arguments, &names, lock.as_ref());
    let account = account.map_err(|error| match &lock {
        Some(lock) if arguments.only.is_empty() => tell_of_lock(error, lock),
        _ => error,
    })?;
    check_integers(arguments, &account.objects)?;
    let settings = lock.map(|lock| (lock.properties, lock.style));
    let (properties, style) = settings.unwrap_or_default();
    let properties = arguments.properties.unwrap_or(properties);
    let mut objects = account.objects;
    if properties == Selection::Used {
        keep_used(&mut objects, &source::read(&package)?);
    }
    warn_of_missing_fields(&objects);
    let lock = Lock::new(properties, arguments.style(style), objects);
    let out = (!arguments.lock_only).then_some(&*out);
    write::write(&lock, &lock_file, out)?;
    Ok(ExitCode::SUCCESS)
}

/// Adds to an error what to do about an object type of the lock file that is gone.
fn tell_of_lock(error: anyhow::Error, lock: &Lock) -> anyhow::Error {
    let gone = error.downcast_ref::<NoObjectType>();
    let Some(name) = gone.map(|gone| gone.name.clone()) else {
        return error;
    };
    if !lock.objects.contains_key(&name) {
        return error;
    }
    anyhow!(
        "{error:#}. The lock file has `{name}`: to accept that it is gone, list the types to keep with `--only`"
    )
}

/// Reads the object types with these names, and prints warnings.
fn read(arguments: &Arguments, names: &[String], lock: Option<&Lock>) -> Result<Account> {
    let may_be_gone = arguments.check;
    if let Some(file) = &arguments.from {
        let mut responses = definitions::read(file, may_be_gone)?;
        let catalogue = Catalogue::new(&responses.schemas.results);
        if let Some(lock) = lock.filter(|_| may_be_gone) {
            definitions::leave_out_gone(&mut responses, &catalogue, &lock.objects);
        }
        let wrong = || format!("cannot use the definitions in `{}`", file.display());
        let mut types = definitions::named(&responses, &catalogue).with_context(wrong)?;
        if !names.is_empty() {
            let wanted = catalogue.all(names, may_be_gone).with_context(wrong)?;
            types.retain(|ty| wanted.contains_key(&ty.key));
            let missing = wanted
                .keys()
                .find(|key| !types.iter().any(|ty| ty.key == **key));
            if let Some(key) = missing.filter(|_| !may_be_gone) {
                bail!(NoObjectType {
                    name: key.clone(),
                    message: format!("`{}` does not define `{key}`", file.display()),
                });
            }
        }
        let objects = definitions::objects(&responses, &catalogue, &types).with_context(wrong)?;
        return Ok(Account {
            objects,
            catalogue,
            forbidden: BTreeMap::new(),
            unread_pairs: BTreeSet::new(),
        });
    }
    let Some(variable) = &arguments.token_env else {
        bail!(
            "nothing to read: give a token with `--token-env VARIABLE`, or a file with `--from FILE`"
        );
    };
    let read = account::read(variable, arguments.base_url.as_deref(), names, may_be_gone)?;
    for warning in &read.warnings {
        eprintln!("warning: {warning}");
    }
    for (key, object) in lock.iter().flat_map(|lock| &lock.objects) {
        let mut properties = object.properties.values();
        if read.without_sensitive.contains(key)
            && properties.any(|property| property.sensitivity.is_some())
        {
            bail!(
                "the token may not read the sensitive properties of `{key}`, and the lock file has some"
            );
        }
    }
    let catalogue = Catalogue::new(&read.responses.schemas.results);
    let objects = definitions::objects(&read.responses, &catalogue, &read.types)?;
    Ok(Account {
        objects,
        catalogue,
        forbidden: read.forbidden,
        unread_pairs: read.unread_pairs,
    })
}

/// Fails if `--integers` names anything but numbers.
fn check_integers(arguments: &Arguments, objects: &Objects) -> Result<()> {
    for name in arguments.integers.iter().flatten() {
        let is_meant = |(object, property): (&String, &String)| {
            property == name || format!("{object}.{property}") == *name
        };
        let is_number = objects.iter().any(|(object, definition)| {
            let mut properties = definition.properties.iter();
            properties.any(|(property, definition)| {
                definition.kind() == ValueKind::Number && is_meant((object, property))
            })
        });
        if !is_number {
            bail!("`--integers {name}`: no object type has a number of this name");
        }
    }
    Ok(())
}

/// Warns of properties that get no field because HubSpot has no scope for them, or because of their names.
fn warn_of_missing_fields(objects: &Objects) {
    for (key, object) in objects {
        let names = object.properties.keys();
        let names = names.filter(|name| !can_be_named(name));
        let names: Vec<_> = names
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        if !names.is_empty() {
            let names = names.join(", ");
            eprintln!(
                "warning: properties of `{key}` have no fields: {names}. A field needs a name of ASCII letters, digits, `_`, `-` \
                 and `.`"
            );
        }
        let properties = object.properties.iter();
        for (name, _) in properties.filter(|(_, property)| !is_readable(object, property)) {
            eprintln!(
                "warning: `{key}.{name}` has no field: HubSpot has no scope for sensitive properties of `{key}`"
            );
        }
    }
}

/// Removes the properties that the code does not name.
fn keep_used(objects: &mut Objects, source: &Source) {
    for object in objects.values_mut() {
        let names = fields(object);
        let is_used = |property: &str| {
            let field = names.get(property).map_or(property, String::as_str);
            let spellings = [property, field, &field.to_uppercase()].map(str::to_owned);
            spellings.iter().any(|name| source.names.contains(name))
        };
        let used: Vec<_> = object
            .properties
            .keys()
            .filter(|name| is_used(name))
            .collect();
        let used: Vec<_> = used.into_iter().cloned().collect();
        object.properties.retain(|name, _| used.contains(name));
    }
}

impl Arguments {
    fn style(&self, style: Style) -> Style {
        let dates = self.dates.map(|dates| match dates {
            DateTypes::Text => Dates::Text,
            DateTypes::Jiff => Dates::Jiff,
            DateTypes::Chrono => Dates::Chrono,
            DateTypes::Time => Dates::Time,
        });
        let numbers = self.numbers.map(|numbers| match numbers {
            NumberTypes::F64 => Numbers::F64,
            NumberTypes::Decimal => Numbers::Decimal,
        });
        Style {
            dates: dates.unwrap_or(style.dates),
            numbers: numbers.unwrap_or(style.numbers),
            integers: self.integers.clone().unwrap_or(style.integers),
        }
    }
}

/// The folder of the package.
fn package(arguments: &Arguments) -> Result<PathBuf> {
    if let Some(manifest) = &arguments.manifest_path {
        if !manifest.is_file() {
            bail!("there is no `{}`", manifest.display());
        }
        return Ok(manifest.parent().unwrap_or(Path::new("")).to_owned());
    }
    let here = env::current_dir().context("cannot find this folder")?;
    let mut above = here.ancestors();
    let found = above.find(|folder| folder.join("Cargo.toml").is_file());
    match found {
        Some(folder) if folder == here => Ok(PathBuf::new()),
        Some(folder) => Ok(folder.to_owned()),
        None => bail!(
            "there is no Cargo.toml in this folder or above it: name it with `--manifest-path`"
        ),
    }
}
