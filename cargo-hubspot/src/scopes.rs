//! `cargo hubspot scopes`: shows what a scope is for and what an operation needs, and builds install links.
//!
//! An unknown name is an error that lists the nearest known names.

mod link;
mod lookup;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, ColorChoice, ValueEnum};
use hubspot_generated::Operation;
use hubspot_scopes::{Alternative, Description, Requirement};
use serde::Serialize;

use self::lookup::unknown_name;
#[cfg(feature = "mcp")]
pub(crate) use self::lookup::unknown_operation;
pub(crate) use self::lookup::{nearest, operations_called};
use crate::finding::count;
use crate::operations;
use crate::output::{print, print_json};
use crate::power::by_power;
use crate::render::set_color;
use crate::render::style::{BOLD, DIM, GOOD, styled, table};

/// Options of `cargo hubspot scopes`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// A scope (`crm.objects.contacts.read`), an operation (`contacts.list`) or a path (`/crm/objects/2026-09/contacts`), which
    /// may follow its method; without one, every scope is listed
    name: Option<String>,
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Print every operation with what it needs as JSON, for `cargo hubspot review --catalogue`
    #[arg(long, conflicts_with = "name")]
    catalogue: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    #[command(flatten)]
    link: link::LinkOptions,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Each scope that HubSpot has and an operation of the client needs or an app can ask for.
pub(crate) const CATALOGUE: &str = hubspot_generated::__scope_catalogue! { { text_of } };

macro_rules! text_of {
    ([$client:tt $text:literal]) => {
        $text
    };
}
use text_of;

/// The names of the catalogue's scopes.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    CATALOGUE
        .lines()
        .filter_map(|line| line.strip_prefix("scope "))
}

/// The version of the catalogue's JSON.
pub(crate) const CATALOGUE_FORMAT: u32 = 1;

/// Every operation of the client with what it needs, for `cargo hubspot review --catalogue`.
#[derive(Debug, Serialize)]
pub(crate) struct Catalogue {
    format: u32,
    version: &'static str,
    operations: Vec<Use>,
}

/// The catalogue of this version.
pub(crate) fn catalogue() -> Catalogue {
    let operations = operations::all();
    let operations = operations.map(|one| Use::new(one, &one.requirement().unwrap_or_default()));
    Catalogue {
        format: CATALOGUE_FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        operations: operations.collect(),
    }
}

/// The answer to a lookup.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum Lookup {
    /// A scope, and the operations that it is used for.
    Scope {
        scope: &'static str,
        operations: Vec<Use>,
    },
    /// Operations of one name, in each version that has it.
    Operations { operations: Vec<Use> },
    /// Every scope, with the number of operations that it is used for.
    Scopes { scopes: Vec<Count> },
}

/// An operation, and what it needs.
#[derive(Debug, Serialize)]
struct Use {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    /// The features of the client that it needs besides the default ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    features: Vec<String>,
    requirement: String,
    /// The alternatives to the scope that was looked up, those with the least power first.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<Vec<BTreeSet<String>>>,
}

#[derive(Debug, Serialize)]
struct Count {
    scope: &'static str,
    operations: usize,
}

/// Prints the answer to a lookup, or the install link.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    set_color(arguments.color);
    if arguments.link.is_asked() {
        print(&format!("{}\n", link::url(&arguments.link)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.catalogue {
        print_json(&catalogue())?;
        return Ok(ExitCode::SUCCESS);
    }
    let answer = match &arguments.name {
        None => all(),
        Some(name) => look_up(name)?,
    };
    match arguments.format {
        Format::Json => print_json(&answer)?,
        Format::Text => print(&text(&answer))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn all() -> Lookup {
    let requirements = operations::all().filter_map(Operation::requirement);
    let requirements: Vec<_> = requirements.collect();
    let scopes = known().map(|scope| {
        let using = requirements.iter();
        let using = using.filter(|requirement| requirement.scopes().contains(scope));
        let operations = using.count();
        Count { scope, operations }
    });
    let scopes = scopes.collect();
    Lookup::Scopes { scopes }
}

fn look_up(name: &str) -> Result<Lookup> {
    if let Some(scope) = known().find(|known| *known == name) {
        return Ok(of_scope(scope));
    }
    let operations = operations_called(name);
    if operations.is_empty() {
        bail!("{}", unknown_name(name));
    }
    Ok(of_operations(&operations))
}

fn of_scope(scope: &'static str) -> Lookup {
    let operations = operations::all().filter_map(|operation| use_of(scope, operation));
    let operations = operations.collect();
    Lookup::Scope { scope, operations }
}

fn of_operations(operations: &[&'static Operation]) -> Lookup {
    let operations = operations.iter();
    let operations = operations.map(|one| Use::new(one, &one.requirement().unwrap_or_default()));
    Lookup::Operations {
        operations: operations.collect(),
    }
}

/// What `cargo hubspot scopes` prints for operations.
#[cfg(feature = "mcp")]
pub(crate) fn text_of_operations(operations: &[&'static Operation]) -> String {
    text(&of_operations(operations))
}

/// What `cargo hubspot scopes` prints for a scope.
#[cfg(feature = "mcp")]
pub(crate) fn text_of_scope(scope: &'static str) -> String {
    text(&of_scope(scope))
}

impl Use {
    fn new(operation: &'static Operation, requirement: &Requirement) -> Self {
        Self {
            operation: operation.id,
            method: operation.method.as_str(),
            path: operation.path,
            features: operations::features(operation),
            requirement: requirement.to_string(),
            alternatives: None,
        }
    }
}

/// The operation, if `scope` is used for it, with the alternatives.
fn use_of(scope: &str, operation: &'static Operation) -> Option<Use> {
    let (requirement, instead) = instead_of(scope, operation)?;
    Some(Use {
        alternatives: Some(instead),
        ..Use::new(operation, &requirement)
    })
}

/// What an operation needs, and the alternatives without `scope`, those with the least power first; `None` if the scope is not
/// used for it.
pub(crate) fn instead_of(
    scope: &str,
    operation: &Operation,
) -> Option<(Requirement, Vec<BTreeSet<String>>)> {
    let requirement = operation.requirement()?;
    if !requirement.scopes().contains(scope) {
        return None;
    }
    let sorted = by_power(&requirement.ignoring_logins(), operation.id);
    let without = sorted.iter().map(|way| way.scopes().clone());
    let without = without.filter(|way| !way.contains(scope)).collect();
    Some((requirement, without))
}

fn text(answer: &Lookup) -> String {
    let mut text = String::new();
    match answer {
        Lookup::Scopes { scopes } => {
            let rows = scopes.iter().map(|one| {
                let operations = match one.operations {
                    0 => String::new(),
                    number => count(number, "operation"),
                };
                let scope = (anstyle::Style::new(), one.scope.to_owned());
                [scope, (DIM, operations)]
            });
            text.push_str(&table(0, rows));
        }
        Lookup::Scope { scope, operations } => {
            _ = writeln!(text, "{}\n", styled(BOLD, scope));
            if operations.is_empty() {
                text.push_str("  no operation of the client needs it\n");
            }
            let rows = operations.iter().map(|one| {
                let others = one.alternatives.as_deref().unwrap_or_default();
                [
                    (GOOD, one.operation.to_owned()),
                    (DIM, one.method.to_owned()),
                    (DIM, one.path.to_owned()),
                    (anstyle::Style::new(), instead(others)),
                ]
            });
            text.push_str(&table(2, rows));
        }
        Lookup::Operations { operations } => {
            for one in operations {
                _ = writeln!(
                    text,
                    "{}  {}",
                    styled(BOLD, one.operation),
                    styled(DIM, &format!("{} {}", one.method, one.path))
                );
                if !one.features.is_empty() {
                    let features = one.features.join(", ");
                    _ = writeln!(text, "  {} {features}", styled(DIM, "with the feature"));
                }
                let requirement: Requirement = one.requirement.parse().unwrap_or_default();
                if requirement.depends_on_type() {
                    text.push_str("  the scope of the call's object type:\n");
                }
                text.push_str(&needs(&by_power(&requirement, one.operation)));
            }
        }
    }
    text
}

/// How many alternatives are shown in a line.
const SHOWN: usize = 2;

/// The alternatives to the scope, in a few words.
fn instead(others: &[BTreeSet<String>]) -> String {
    if others.is_empty() {
        return "needs it".to_owned();
    }
    let others = others.iter().cloned().map(Alternative::all_of);
    format!("or {:#}", Description::in_order(others, SHOWN))
}

/// Each alternative on a line of its own.
fn needs(alternatives: &[Alternative]) -> String {
    let mut text = String::new();
    if alternatives.is_empty() {
        text.push_str("  needs no scope\n");
    }
    for (index, way) in alternatives.iter().enumerate() {
        let scopes = format!("{:#}", Description::in_order([way.clone()], 1));
        let login = way.logins().only();
        let login = login.map_or_else(String::new, |login| {
            styled(DIM, &format!("  ({login} only)"))
        });
        let lead = if index == 0 { "needs" } else { "or   " };
        _ = writeln!(
            text,
            "  {} {}{login}",
            styled(DIM, lead),
            styled(GOOD, &scopes)
        );
    }
    text
}
