//! Reads a journal, one line at a time.

use std::collections::HashMap;
use std::io::BufRead;

use super::error::Problem;
use crate::hash::hash;

/// The beginning of every journal's first line, behind its checksum.
const NAME: &str = "hubspot-bulk-journal ";
/// The same with the number of the format.
pub(super) const FORMAT: &str = "hubspot-bulk-journal 2";

/// The positions of a page.
const PAGE: usize = 1024;

/// What the journal of an earlier run says of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It was sent, at this time in seconds since 1970 by HubSpot's clock; 0 if that was not known.
    Sent(u64),
    /// It took effect; the record's id is 0 if it is not known.
    Done(u64),
}

type Known = Option<(u64, Before)>;

/// What an earlier run did with its inputs, by their position.
///
/// Kept in pages, so that a journal takes no more memory than it has entries for, wherever they are.
#[derive(Default)]
pub(super) struct Inputs(HashMap<u64, Vec<Known>>);

impl Inputs {
    /// The hash of the input at a position, and what was done with it.
    pub(super) fn get(&self, index: u64) -> Known {
        let (page, place) = place(index);
        *self.0.get(&page)?.get(place)?
    }

    fn set(&mut self, index: u64, known: Known) {
        let (page, place) = place(index);
        let page = self.0.entry(page).or_insert_with(|| vec![None; PAGE]);
        page[place] = known;
    }
}

fn place(index: u64) -> (u64, usize) {
    let page = PAGE as u64;
    (
        index / page,
        usize::try_from(index % page).unwrap_or_default(),
    )
}

/// Reads a journal: the length of its valid part, and what it says of inputs.
pub(super) fn read(mut journal: impl BufRead, operation: &str) -> Result<(u64, Inputs), Problem> {
    let (mut valid, mut inputs) = (0, Inputs::default());
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = journal.read_until(b'\n', &mut line).map_err(Problem::Io)?;
        if length == 0 {
            break;
        }
        let Some(record) = checked(&line) else {
            let is_last = journal.fill_buf().map_err(Problem::Io)?.is_empty();
            // The process died while it wrote this line.
            if is_last && (number > 1 || is_torn_header(&line, operation)) {
                break;
            }
            return Err(match number {
                1 => Problem::Format,
                _ => Problem::Damaged(number),
            });
        };
        if number == 1 {
            check_header(record, operation)?;
        } else {
            apply(&mut inputs, record).ok_or(Problem::Damaged(number))?;
        }
        valid += length as u64;
    }
    Ok((valid, inputs))
}

/// The record of a line whose checksum is right.
fn checked(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (checksum, record) = line.split_once(' ')?;
    let checksum = (checksum.len() == 16).then(|| u64::from_str_radix(checksum, 16).ok())?;
    (checksum == Some(hash(record.as_bytes()))).then_some(record)
}

/// Whether a line is the beginning of the first line of a journal.
fn is_torn_header(line: &[u8], operation: &str) -> bool {
    let record = format!("{FORMAT} {operation}");
    let header = format!("{:016x} {record}\n", hash(record.as_bytes()));
    header.as_bytes().starts_with(line)
}

fn check_header(record: &str, operation: &str) -> Result<(), Problem> {
    let other = record
        .strip_prefix(FORMAT)
        .and_then(|rest| rest.strip_prefix(' '));
    match other {
        None if record.starts_with(NAME) => Err(Problem::Version),
        None => Err(Problem::Format),
        Some(other) if other != operation => Err(Problem::Operation(other.to_owned())),
        Some(_) => Ok(()),
    }
}

fn apply(inputs: &mut Inputs, record: &str) -> Option<()> {
    let mut parts = record.split(' ');
    let verb = parts.next()?;
    for entry in parts {
        let mut numbers = entry.split(':');
        let index = numbers.next()?.parse().ok()?;
        let hash = u64::from_str_radix(numbers.next()?, 16).ok()?;
        let value = numbers.next()?.parse().ok()?;
        let before = match verb {
            "sent" => Some(Before::Sent(value)),
            "done" => Some(Before::Done(value)),
            "void" => None,
            _ => return None,
        };
        inputs.set(index, before.map(|before| (hash, before)));
    }
    Some(())
}
