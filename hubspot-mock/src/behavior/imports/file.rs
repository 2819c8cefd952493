//! Reads the CSV file of an import.

use crate::behavior::imports::row::Fault;
use crate::store::jobs::ImportFile;

/// The cells of a row, or what is wrong with it and the cells that can be read.
type Cells = Result<Vec<String>, (Fault, Vec<String>)>;

/// A file that was read.
pub(super) struct Parsed {
    /// The place of each mapped column in the file.
    pub(super) places: Vec<usize>,
    /// The rows with their lines.
    pub(super) rows: Vec<(u64, Cells)>,
}

/// Reads a file. Fails with the line, from 1 on, if no row of it can be imported.
pub(super) fn parse(file: &ImportFile) -> Result<Parsed, (u64, Fault)> {
    let unreadable = |line, message: String| (line, Fault::new("COULD_NOT_PARSE_ROW", message));
    if let Some(line) = unclosed_quote(&file.content) {
        let message = "A quotation mark opens a cell here, and none closes it. Close the cell, or double the mark.";
        return Err(unreadable(line, message.to_owned()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(&file.content[..]);
    let mut records = reader.byte_records();
    let mut lines = Lines::new(&file.content);
    let mut width = file.columns.len();
    let mut places = (0..width).collect::<Vec<_>>();
    if file.has_header {
        let header = records.next().and_then(Result::ok).unwrap_or_default();
        let line = lines.at(header.position().map_or(0, csv::Position::byte));
        let header = header.iter().map(|name| {
            String::from_utf8_lossy(name)
                .trim()
                .trim_start_matches('\u{feff}')
                .to_owned()
        });
        let header = header.collect::<Vec<_>>();
        width = header.len();
        places = places_of(file, &header).map_err(|fault| (line, fault))?;
    }
    let rows = records.map(|record| {
        let record = record.map_err(|cause| {
            let line = cause.position().map_or(1, csv::Position::line);
            unreadable(line, cause.to_string())
        })?;
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        Ok((line, cells(&record, width)))
    });
    Ok(Parsed {
        rows: rows.collect::<Result<_, _>>()?,
        places,
    })
}

/// The cells of a row, or what is wrong with them.
fn cells(record: &csv::ByteRecord, width: usize) -> Cells {
    let cells = record
        .iter()
        .map(|cell| std::str::from_utf8(cell).map(str::to_owned));
    let Ok(cells) = cells.collect::<Result<Vec<_>, _>>() else {
        let fault = Fault::new("COULD_NOT_PARSE_ROW", "The row is not UTF-8.");
        return Err((fault, Vec::new()));
    };
    if cells.len() == width {
        return Ok(cells);
    }
    let message = format!(
        "The row has {} columns, and the file has {width}.",
        cells.len()
    );
    Err((Fault::new("INCORRECT_NUMBER_OF_COLUMNS", message), cells))
}

/// The line of a quotation mark that begins a cell and has no end. The reader would take the rest of the file as the cell.
fn unclosed_quote(content: &[u8]) -> Option<u64> {
    let (mut line, mut opened, mut is_start) = (1, None, true);
    // The reader skips a byte order mark, too.
    for byte in content
        .strip_prefix("\u{feff}".as_bytes())
        .unwrap_or(content)
    {
        match (byte, opened) {
            // Two quotation marks within a cell close it and open it again.
            (b'"', Some(_)) => (opened, is_start) = (None, true),
            (b'"', None) if is_start => opened = Some(line),
            _ => is_start = opened.is_none() && matches!(byte, b',' | b'\n' | b'\r'),
        }
        line += u64::from(*byte == b'\n');
    }
    opened
}

/// Counts the lines of a file.
struct Lines<'a> {
    content: &'a [u8],
    passed: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    const fn new(content: &'a [u8]) -> Self {
        Self {
            content,
            passed: 0,
            line: 1,
        }
    }

    /// The line of a byte. A line feed there ends the line before.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        let is_feed = self.content.get(byte) == Some(&b'\n');
        let end = byte
            .saturating_add(usize::from(is_feed))
            .min(self.content.len());
        let new = self.content.get(self.passed..end).unwrap_or_default();
        self.line += new
            .iter()
            .map(|byte| u64::from(*byte == b'\n'))
            .sum::<u64>();
        self.passed = end.max(self.passed);
        self.line
    }
}

/// The place of each mapped column in the file.
fn places_of(file: &ImportFile, header: &[String]) -> Result<Vec<usize>, Fault> {
    let places = file.columns.iter().map(|column| {
        let place = header.iter().position(|name| *name == column.name);
        place.ok_or_else(|| {
            let known = header.join(", ");
            let message = format!(
                "There is no column {:?}. The file has these: {known}. Correct columnName in importRequest, or the header.",
                column.name
            );
            Fault::new("INVALID_COLUMN_CONFIGURATION", message)
        })
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unclosed_quotes_have_a_line() {
        for (content, line) in [
            ("a,\"b\nc\"\nd", None),
            ("a,\"b\"\"c\"\n", None),
            ("5\" pipe,b\nc", None),
            ("\"\"", None),
            ("\u{feff}\"a,\",b\nc", None),
            ("a\nb,\"c\nd,e\n", Some(2)),
            ("a\n\"b\"\"\nc", Some(2)),
        ] {
            assert_eq!(unclosed_quote(content.as_bytes()), line, "{content:?}");
        }
    }
}
