//! Measures records as types: decoding beside serde, what the derive costs `cargo check`, and `cargo hubspot types` for a
//! large account.

use std::{fmt::Write as _, path::Path, process::Command, time::Duration};

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    Output, data,
    figures::Figures,
    folder,
    measure::{Contender, Cost, Runner},
    our_dependency,
    report::{Bar, Figure, Report, Unit},
    scratch::Scratch,
};
use crate::{files, workspace};

/// Options of `cargo xtask bench records`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The number of rounds
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    #[command(flatten)]
    pub(super) output: Output,
}

const DECODING: &str = "decoding 100 records of 20 properties";
const DERIVING: &str = "cargo check of a struct of 200 properties, processor time";
const TYPES: &str = "cargo hubspot types, 100 objects of 300 properties";
const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";

/// Runs all three measurements.
pub(super) fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let runner = Runner::new()?;
    let scratch = Scratch::new(folder().join("records"))?;
    decoding(&runner, &scratch, report)?;
    deriving(&runner, &scratch, usize::from(arguments.rounds), report)?;
    types(&runner, &scratch, report)
}

fn dependencies() -> String {
    our_dependency(&["contacts", "records"]) + SERDE
}

/// Builds the program in release mode and reads its figures.
fn decoding(runner: &Runner, scratch: &Scratch, report: &mut Report) -> Result<()> {
    let program = data("records/decode.rs")?;
    scratch.write_package("decode", &dependencies(), "main.rs", &program)?;
    runner.run(&mut scratch.cargo(&["build", "--quiet", "--release", "--package", "decode"]))?;
    runner.run(&mut Command::new(scratch.target().join("release/decode")))?;
    let figures = Figures::read(&runner.printed()?)?;
    let median = |name| {
        let mut values: Vec<_> = figures.all(name).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let figure = Figure::new(DECODING, "records", median("record"), Unit::Nanoseconds);
    let figure = figure.against("serde, from flat JSON", median("serde"));
    report.add(figure.bar(Bar::TimesOther(1.0)));
    Ok(())
}

/// A struct of 200 properties with this derive.
fn with_derive(derive: &str) -> String {
    const TYPES: [&str; 5] = [
        "String",
        "Option<i64>",
        "Option<f64>",
        "Option<bool>",
        "Option<String>",
    ];
    let mut text = String::from("pub use {hubspot_generated::Client, serde::de::Error};\n");
    text += derive;
    text += "\npub struct Lead {\n";
    for (index, ty) in TYPES.iter().cycle().take(200).enumerate() {
        // Writing to a String does not fail.
        let _ = writeln!(text, "    pub property_{index}: {ty},");
    }
    text + "}\n"
}

/// Compares packages that differ in the derive only. All load the same crates.
fn deriving(runner: &Runner, scratch: &Scratch, rounds: usize, report: &mut Report) -> Result<()> {
    let record = "#[derive(hubspot_generated::Record)]\n#[hubspot(object = \"contacts\")]";
    let packages = [
        ("alone", ""),
        (
            "serde-derive",
            "#[derive(serde::Serialize, serde::Deserialize)]",
        ),
        ("record-derive", record),
        ("debug-derive", "#[derive(Clone, Debug)]"),
        ("both", &format!("#[derive(Clone, Debug)]\n{record}")),
    ];
    for (name, derive) in packages {
        scratch.write_package(name, &dependencies(), "lib.rs", &with_derive(derive))?;
    }
    let contenders = packages.map(|(name, _)| check(scratch, name));
    for contender in &contenders {
        runner.run(&mut (contender.command)())?;
    }
    let costs = runner.compare(rounds, &contenders)?;
    let [alone, serde, record, debug, both] = costs[..] else {
        return Ok(());
    };
    let serde = added(&serde, &alone);
    for (what, value) in [
        ("added by the derive of records", added(&record, &alone)),
        ("the same beside Clone and Debug", added(&both, &debug)),
    ] {
        let figure = Figure::new(DERIVING, what, value, Unit::Milliseconds);
        let figure = figure.against("added by serde's derives", serde);
        report.add(figure.bar(Bar::AtMost(40.0)));
    }
    Ok(())
}

/// A check of a package whose source has changed.
fn check<'a>(scratch: &'a Scratch, name: &'a str) -> Contender<'a> {
    let source = scratch.package(name).join("src/lib.rs");
    Contender {
        name: name.to_owned(),
        prepare: Box::new(move || touch(&source)),
        command: Box::new(move || scratch.cargo(&["check", "--quiet", "--package", name])),
    }
}

fn touch(file: &Path) -> Result<()> {
    files::write(file, &files::read(file)?)
}

/// Milliseconds of processor time beyond those of another.
fn added(cost: &Cost, other: &Cost) -> f64 {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    milliseconds(cost.processor) - milliseconds(other.processor)
}

/// Writes the types of an account from a file of definitions, and checks them.
fn types(runner: &Runner, scratch: &Scratch, report: &mut Report) -> Result<()> {
    let name = "account-types";
    scratch.write_package(name, &dependencies(), "lib.rs", "pub mod hubspot_types;\n")?;
    let (folder, definitions) = (
        scratch.package(name),
        scratch.folder().join("definitions.json"),
    );
    files::write(&definitions, &account().to_string())?;
    runner.run(&mut workspace::cargo([
        "build",
        "--quiet",
        "--release",
        "--bin",
        "cargo-hubspot",
    ]))?;
    let mut command = Command::new(workspace::target().join("release/cargo-hubspot"));
    command
        .args(["hubspot", "types", "--only", "all", "--from"])
        .arg(&definitions);
    let written = runner.run(command.current_dir(&folder))?;
    report.add(Figure::seconds(TYPES, "written, from a file", written.wall).bar(Bar::AtMost(1.0)));
    // The first check compiles what the package depends on, too.
    let contender = check(scratch, name);
    runner.run(&mut (contender.command)())?;
    let checked = runner.compare(3, &[contender])?;
    for cost in checked {
        let figure = Figure::seconds(TYPES, "cargo check of the module", cost.wall);
        report.add(figure.bar(Bar::AtMost(8.0)));
    }
    Ok(())
}

/// The definitions of an account: each tenth property has options.
fn account() -> Value {
    const KINDS: [[&str; 2]; 5] = [
        ["string", "text"],
        ["number", "number"],
        ["bool", "booleancheckbox"],
        ["datetime", "date"],
        ["string", "textarea"],
    ];
    let schemas = (1..=100).map(|object| {
        let properties = (0..300).map(|index| {
            let label = format!("Property {index}");
            let name = format!("property_{index}");
            if index % 10 == 0 {
                let options = (0..5).map(|at| json!({"label": format!("Option {at}"), "value": format!("option_{at}")}));
                let options: Vec<_> = options.collect();
                return json!({"name": name, "label": label, "type": "enumeration", "fieldType": "select", "options": options});
            }
            let [ty, field_type] = KINDS[index % KINDS.len()];
            json!({"name": name, "label": label, "type": ty, "fieldType": field_type})
        });
        let properties: Vec<_> = properties.collect();
        json!({
            "id": format!("2-{object}"), "objectTypeId": format!("2-{object}"), "name": format!("object_{object}"),
            "fullyQualifiedName": format!("p1_object_{object}"),
            "labels": {"singular": format!("Object {object}"), "plural": format!("Objects {object}")},
            "archived": false, "properties": properties, "associations": [],
        })
    });
    json!({"schemas": {"results": schemas.collect::<Vec<_>>()}, "properties": {}})
}
