//! The audit of finished programs: of one that is really built, optimised and not, and of files in the forms of other systems.

#[path = "../shapes/workspace.rs"]
#[expect(dead_code, reason = "the shapes use all of it")]
mod workspace;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use object::write::{Object, StandardSegment, Symbol, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, SectionKind, SymbolFlags, SymbolKind, SymbolScope,
};
use serde_json::Value;
use workspace::{Workspace, texts};

const MANIFEST: &str = r#"[workspace]
members = ["dependency"]

[package]
name = "shipped"
version = "0.1.0"
edition = "2024"

[dependencies]
hubspot-generated = { path = "../../../../hubspot-generated", features = ["v3"] }
dependency = { path = "dependency" }
tokio = { version = "1", features = ["rt"] }
"#;

const DEPENDENCY: &str = r#"[package]
name = "dependency"
version = "0.1.0"
edition = "2024"

[dependencies]
hubspot-generated = { path = "../../../../hubspot-generated" }
"#;

/// What is called is two operations of the program, one of them of an older version, and one of the dependency. Not called
/// are a public function, a branch that cannot be reached, and a function of the dependency.
const MAIN: &str = r#"use hubspot_generated::{Client, Method};

hubspot_generated::scope_set! {
    pub struct Scopes {
        required: ["crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.companies.write"],
    }
}

const DELETES: bool = false;

async fn run(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    println!("{}", hubspot.contacts().list().send().await?.results.len());
    println!("{}", hubspot.v3().companies().list().send().await?.results.len());
    if DELETES {
        hubspot.companies().archive("1").await?;
    }
    dependency::called(&hubspot.narrow()).await?;
    println!("{}", hubspot.request(Method::Get, "/crm/v3/owners").send().await?);
    Ok(())
}

pub async fn never(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.contacts().get("1").await.map(drop)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let hubspot = Client::<Scopes>::builder().access_token(std::env::var("TOKEN")?).build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(run(&hubspot))?)
}
"#;

const LIB: &str = r#"use hubspot_generated::Client;

hubspot_generated::scope_set! {
    pub struct Scopes { required: ["crm.objects.companies.read"] }
}

pub async fn called(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.companies().get("1").await.map(drop)
}

pub async fn not_called(hubspot: &Client<Scopes>) -> Result<(), hubspot_generated::Error> {
    hubspot.companies().list().send().await.map(drop)
}
"#;

/// Where all tests of the package have what the compiler makes of the client.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("audit-target")
}

fn audit(file: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-hubspot"))
        .args(["hubspot", "audit", "--binary"])
        .arg(file)
        .args(arguments)
        .output()
        .unwrap()
}

fn report(file: &Path) -> Value {
    let output = audit(file, &["--format", "json"]);
    let (stdout, stderr) = texts(&output);
    assert!(output.status.success(), "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

fn operations(report: &Value) -> Vec<&str> {
    let operations = report["operations"].as_array().unwrap();
    operations
        .iter()
        .map(|one| one["operation"].as_str().unwrap())
        .collect()
}

/// The client and the programs that call it as a release build has them. The rest is linked in as it is, for it takes
/// minutes to compile.
const OPTIMISED: [&str; 3] = [
    "profile.dev.package.hubspot-generated.opt-level=3",
    "profile.dev.package.dependency.opt-level=3",
    "profile.dev.package.shipped.opt-level=3",
];

/// Builds the program with these settings of cargo and flags of rustc.
fn build(workspace: &Workspace, settings: &[&str], flags: &[&str]) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["rustc", "--offline", "--quiet", "--bin", "shipped"])
        .current_dir(workspace.folder())
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    for setting in settings {
        cargo.args(["--config", setting]);
    }
    let output = cargo.arg("--").args(flags).output().unwrap();
    assert!(output.status.success(), "{}", texts(&output).1);
    let program = format!("shipped{}", std::env::consts::EXE_SUFFIX);
    let built = target().join("debug").join(&program);
    let kept = workspace.folder().join(program);
    fs::copy(built, &kept).unwrap();
    kept
}

#[test]
fn what_shipped_is_what_is_called() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let workspace = Workspace::new(
        "shipped",
        &[
            ("Cargo.toml", MANIFEST),
            ("src/main.rs", MAIN),
            ("dependency/Cargo.toml", DEPENDENCY),
            ("dependency/src/lib.rs", LIB),
            ("Cargo.lock", &fs::read_to_string(lock).unwrap()),
        ],
    );
    let optimised = build(&workspace, &OPTIMISED, &[]);
    let found = report(&optimised);
    let shipped = ["companies.get", "contacts.list", "v3.companies.list"];
    assert_eq!(operations(&found), shipped);
    let methods = found["raw_requests"].as_array().unwrap();
    assert!(methods.contains(&Value::from("GET")));
    assert_eq!(
        found["least_set"],
        serde_json::json!(["crm.objects.companies.read", "crm.objects.contacts.read"])
    );

    let stripped = build(&workspace, &OPTIMISED, &["-Cstrip=symbols"]);
    assert_eq!(report(&stripped)["operations"], found["operations"]);

    let debug = report(&build(&workspace, &[], &[]));
    assert_eq!(operations(&debug), shipped);
}

#[test]
fn a_program_that_lists_all_operations_has_them_all() {
    let found = report(Path::new(env!("CARGO_BIN_EXE_cargo-hubspot")));
    // The look-up of a private app's token is the client's own call: no method of the table makes it.
    let mut linked: Vec<_> = hubspot_generated::operations::all()
        .map(|operation| operation.id)
        .chain(["private_apps.token_info"])
        .collect();
    linked.sort_unstable();
    let mut found = operations(&found);
    found.sort_unstable();
    assert_eq!(found, linked);
}

const LINE: &[u8] =
    b"\x01hubspot-operation:1\tcontacts.list\tGET\t/crm/objects/2026-09/contacts\t\"crm.objects.contacts.read\"\nrest";

/// An object file of another system with `data` among its constants.
fn object(format: BinaryFormat, architecture: Architecture, data: &[u8]) -> Vec<u8> {
    let mut object = Object::new(format, architecture, Endianness::Little);
    let segment = object.segment_name(StandardSegment::Data).to_vec();
    let (name, kind) = match format {
        BinaryFormat::MachO => (&b"__const"[..], SectionKind::ReadOnlyData),
        BinaryFormat::Coff => (&b".rdata"[..], SectionKind::ReadOnlyData),
        _ => (&b".rodata"[..], SectionKind::ReadOnlyData),
    };
    let section = object.add_section(segment, name.to_vec(), kind);
    object.append_section_data(section, data, 1);
    object.add_symbol(Symbol {
        name: b"constants".to_vec(),
        value: 0,
        size: data.len() as u64,
        kind: SymbolKind::Data,
        scope: SymbolScope::Compilation,
        weak: false,
        section: SymbolSection::Section(section),
        flags: SymbolFlags::None,
    });
    object.write().unwrap()
}

/// A program for Windows with `data` among its constants.
fn windows(data: &[u8]) -> Vec<u8> {
    use object::pe;
    use object::write::pe::{NtHeaders, Writer};

    let mut bytes = Vec::new();
    let mut writer = Writer::new(true, 0x1000, 0x200, &mut bytes);
    writer.reserve_dos_header_and_stub();
    writer.reserve_nt_headers(0);
    writer.reserve_section_headers(1);
    let length = u32::try_from(data.len()).unwrap();
    let range = writer.reserve_rdata_section(length);
    writer.write_dos_header_and_stub().unwrap();
    writer.write_nt_headers(NtHeaders {
        machine: pe::IMAGE_FILE_MACHINE_AMD64,
        time_date_stamp: 0,
        characteristics: pe::IMAGE_FILE_EXECUTABLE_IMAGE,
        major_linker_version: 0,
        minor_linker_version: 0,
        address_of_entry_point: 0,
        image_base: 0x1_4000_0000,
        major_operating_system_version: 0,
        minor_operating_system_version: 0,
        major_image_version: 0,
        minor_image_version: 0,
        major_subsystem_version: 0,
        minor_subsystem_version: 0,
        subsystem: pe::IMAGE_SUBSYSTEM_WINDOWS_CUI,
        dll_characteristics: pe::DllFlags(0),
        size_of_stack_reserve: 0,
        size_of_stack_commit: 0,
        size_of_heap_reserve: 0,
        size_of_heap_commit: 0,
    });
    writer.write_section_headers();
    writer.write_section(range.file_offset, data);
    bytes
}

/// Two programs for macOS in one file.
fn universal(data: &[u8]) -> Vec<u8> {
    let parts = [
        (
            0x0100_0007_u32,
            object(BinaryFormat::MachO, Architecture::X86_64, data),
        ),
        (
            0x0100_000c,
            object(BinaryFormat::MachO, Architecture::Aarch64, data),
        ),
    ];
    let mut bytes = Vec::new();
    bytes.extend(0xcafe_babe_u32.to_be_bytes());
    bytes.extend(2_u32.to_be_bytes());
    let mut offset = 4096_u32;
    for (processor, part) in &parts {
        let size = u32::try_from(part.len()).unwrap();
        for number in [*processor, 0, offset, size, 12] {
            bytes.extend(number.to_be_bytes());
        }
        offset += size.next_multiple_of(4096);
    }
    for (_, part) in &parts {
        bytes.resize(bytes.len().next_multiple_of(4096), 0);
        bytes.extend(part);
    }
    bytes
}

#[test]
fn programs_of_other_systems_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    for (bytes, parts) in [
        (
            object(BinaryFormat::Elf, Architecture::Aarch64, LINE),
            vec!["Elf Aarch64"],
        ),
        (
            object(BinaryFormat::MachO, Architecture::Aarch64, LINE),
            vec!["MachO Aarch64"],
        ),
        (universal(LINE), vec!["MachO X86_64", "MachO Aarch64"]),
        (windows(LINE), vec!["Pe X86_64"]),
    ] {
        fs::write(&file, bytes).unwrap();
        let found = report(&file);
        assert_eq!(operations(&found), ["contacts.list"], "{parts:?}");
        assert_eq!(found["parts"], serde_json::json!(parts));
    }
}

#[test]
fn what_cannot_be_audited_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    let elf = |data: &[u8]| object(BinaryFormat::Elf, Architecture::X86_64, data);
    let mut damaged = elf(LINE);
    damaged.truncate(100);
    for (bytes, fault) in [
        (elf(b"nothing of ours"), "no operation of HubSpot is in"),
        (
            elf(b"hubspot-operation:2\ta\n"),
            "was built with a later client",
        ),
        (
            b"#!/bin/sh\nexec something else\n".to_vec(),
            "it is no program",
        ),
        (
            b"!<arch>\n0123456789abcdef".to_vec(),
            "it is a static library",
        ),
        (damaged, "cannot read"),
    ] {
        fs::write(&file, bytes).unwrap();
        let output = audit(&file, &[]);
        assert_eq!(output.status.code(), Some(2), "{fault}");
        let (_, stderr) = texts(&output);
        assert!(stderr.contains(fault), "{fault}: {stderr}");
    }
    let output = audit(&folder.path().join("none"), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(texts(&output).1.starts_with("error: cannot read"));
}
