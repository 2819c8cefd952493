//! Finds the descriptions of operations in a program: ELF, Mach-O or PE, for any processor.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use hubspot_scopes::Requirement;
use memchr::memmem;
use object::read::macho::{FatArch as _, MachOFatFile32, MachOFatFile64};
use object::{FileKind, Object as _, ObjectSection as _, SectionKind};
use serde::Serialize;

use crate::model::text;

/// The start of a description. The version of its format and a tab follow.
const MARKER: &[u8] = b"hubspot-operation:";

/// The version of the format that this program knows.
const FORM: u32 = 1;

/// What is in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) parts: Vec<String>,
    pub(super) descriptions: Vec<Description>,
    /// A version of the format that this program does not know.
    pub(super) later: Option<u32>,
}

/// A description of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Description {
    pub(super) operation: String,
    pub(super) method: String,
    /// Empty for raw requests.
    pub(super) path: String,
    #[serde(serialize_with = "text::serialize")]
    pub(super) requirement: Requirement,
}

/// Reads a file.
pub(super) fn descriptions(path: &Path) -> Result<Found> {
    let fault = || format!("cannot read `{}`", path.display());
    let mut found = Found::default();
    in_file(&fs::read(path).with_context(fault)?, &mut found).with_context(fault)?;
    Ok(found)
}

pub(super) fn in_file(data: &[u8], found: &mut Found) -> Result<()> {
    let kind = FileKind::parse(data)
        .map_err(|_| anyhow!("it is not a program: expected ELF, Mach-O or PE"))?;
    let mut parts = |parts: Vec<object::Result<&[u8]>>| {
        parts.into_iter().try_for_each(|part| in_part(part?, found))
    };
    match kind {
        FileKind::MachOFat32 => {
            let file = MachOFatFile32::parse(data)?;
            parts(file.arches().iter().map(|part| part.data(data)).collect())
        }
        FileKind::MachOFat64 => {
            let file = MachOFatFile64::parse(data)?;
            parts(file.arches().iter().map(|part| part.data(data)).collect())
        }
        FileKind::Archive => bail!(
            "it is a static library, which still has everything: audit the program that it is linked into"
        ),
        _ => in_part(data, found),
    }
}

fn in_part(data: &[u8], found: &mut Found) -> Result<()> {
    let file = object::File::parse(data)?;
    found
        .parts
        .push(format!("{:?} {:?}", file.format(), file.architecture()));
    for section in file.sections() {
        let holds_data = matches!(
            section.kind(),
            SectionKind::ReadOnlyData
                | SectionKind::ReadOnlyDataWithRel
                | SectionKind::ReadOnlyString
                | SectionKind::Data
                // Some linkers put constants between the code.
                | SectionKind::Text
        );
        if holds_data {
            in_data(&section.uncompressed_data()?, found);
        }
    }
    Ok(())
}

/// Finds the descriptions among bytes. Other bytes may start like one: this very program has such bytes.
fn in_data(data: &[u8], found: &mut Found) {
    for start in memmem::find_iter(data, MARKER) {
        let rest = data.get(start + MARKER.len()..).unwrap_or_default();
        let Some((form, line)) = line(rest) else {
            continue;
        };
        if form != FORM {
            found.later = Some(form);
        } else if let Some(description) = description(line) {
            found.descriptions.push(description);
        }
    }
}

/// The version of the format, and the rest of the line.
fn line(rest: &[u8]) -> Option<(u32, &str)> {
    let end = memchr::memchr(b'\n', rest)?;
    let line = str::from_utf8(rest.get(..end)?).ok()?;
    let (form, line) = line.split_once('\t')?;
    Some((form.parse().ok()?, line))
}

fn description(line: &str) -> Option<Description> {
    let mut parts = line.splitn(4, '\t').map(str::to_owned);
    let description = Description {
        operation: parts.next()?,
        method: parts.next()?,
        path: parts.next()?,
        requirement: parts.next()?.parse().ok()?,
    };
    Some(description)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(data: &[u8]) -> Found {
        let mut found = Found::default();
        in_data(data, &mut found);
        found
    }

    #[test]
    fn descriptions_stand_among_other_bytes() {
        let data = b"\xff\0hubspot-operation:1\ta.list\tGET\t/a\tany(\"x\", \"y\")\nhubspot-operation:1\traw request\tPUT\t\t\n\xfe";
        let found = found(data).descriptions.into_iter();
        let shown = found.map(|one| (one.operation, one.method, one.requirement.to_string()));
        let expected = [
            ("a.list", "GET", r#"any("x", "y")"#),
            ("raw request", "PUT", ""),
        ];
        let expected = expected
            .map(|(operation, method, needs)| (operation.into(), method.into(), needs.into()));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_only_begins_like_one_is_none() {
        for data in [
            &b"hubspot-operation:"[..],
            b"hubspot-operation:1\ta.list",
            b"hubspot-operation:1\ta.list\tGET\n",
            b"hubspot-operation:1\ta.list\tGET\t/a\tany(\n",
            b"hubspot-operation:x\ta.list\tGET\t/a\t\n",
            b"hubspot-operation:1\t\xff\tGET\t/a\t\n",
        ] {
            let found = found(data);
            assert!(found.descriptions.is_empty() && found.later.is_none());
        }
    }

    #[test]
    fn a_later_form_is_told_from_none() {
        assert_eq!(found(b"hubspot-operation:2\tanything\n").later, Some(2));
    }
}
