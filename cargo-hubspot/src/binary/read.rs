//! The descriptions of operations in a file.
//!
//! Comes in: a file in a form of Linux, macOS or Windows (ELF, Mach-O, PE), of any processor. Goes out: each description in
//! its data. Refused: a file in another form, or a damaged one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use hubspot_scopes::Requirement;
use memchr::memmem;
use object::read::macho::{FatArch as _, MachOFatFile32, MachOFatFile64};
use object::{FileKind, Object as _, ObjectSection as _, SectionKind};
use serde::{Serialize, Serializer};

/// What a description begins with, before the version of its form and a tab.
const MARKER: &[u8] = b"hubspot-operation:";

/// The version of the form that is known here.
const FORM: u32 = 1;

/// What is in a file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) parts: Vec<String>,
    pub(super) descriptions: Vec<Description>,
    /// The version of a form that is not known here, if there is one.
    pub(super) later: Option<u32>,
}

/// A description of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Description {
    pub(super) operation: String,
    pub(super) method: String,
    /// Empty for requests that are spelled out.
    pub(super) path: String,
    #[serde(serialize_with = "as_text")]
    pub(super) requirement: Requirement,
}

fn as_text<S: Serializer>(
    requirement: &Requirement,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(requirement)
}

/// Reads a file.
pub(super) fn descriptions(path: &Path) -> Result<Found> {
    let data = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut found = Found::default();
    in_file(&data, &mut found).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(found)
}

pub(super) fn in_file(data: &[u8], found: &mut Found) -> Result<()> {
    let kind = FileKind::parse(data)
        .map_err(|_| anyhow!("it is no program: expected ELF, Mach-O or PE"))?;
    match kind {
        FileKind::MachOFat32 => {
            for part in MachOFatFile32::parse(data)?.arches() {
                in_part(part.data(data)?, found)?;
            }
            Ok(())
        }
        FileKind::MachOFat64 => {
            for part in MachOFatFile64::parse(data)?.arches() {
                in_part(part.data(data)?, found)?;
            }
            Ok(())
        }
        FileKind::Archive => bail!(
            "it is a static library, from which nothing has been dropped yet: audit the program that it is linked into"
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

/// The descriptions among bytes. What only begins like one is none: this very program has such bytes.
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

/// The version of the form, and what is behind it up to the end of the line.
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
        let found = found(data);
        let shown: Vec<_> = found
            .descriptions
            .iter()
            .map(|one| {
                (
                    one.operation.as_str(),
                    one.method.as_str(),
                    one.requirement.to_string(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("a.list", "GET", r#"any("x", "y")"#.to_owned()),
                ("raw request", "PUT", String::new())
            ]
        );
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
