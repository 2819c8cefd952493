//! Carries out imports whose time has come: reads the files, and writes the records row by row.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::behavior::imports::row::{Fault, Row};
use crate::store::jobs::{Import, ImportFile, Outcome, end};
use crate::store::{List, Processing, Store};
use crate::values::TypeId;

/// The object type of contacts.
const CONTACTS: &str = "0-1";

/// Carries out the imports that are due.
pub(crate) fn run_due(store: &mut Store, now: i64) {
    for id in store.jobs.due_imports(now) {
        if let Some(mut import) = store.jobs.imports.remove(&id) {
            run(store, &mut import);
            store.jobs.imports.insert(id, import);
        }
    }
}

fn run(store: &mut Store, import: &mut Import) {
    let now = end(import.created_at);
    let mut progress = Progress {
        now,
        ..Progress::default()
    };
    let mut failed = false;
    for (file, number) in import.files.iter().zip(1..) {
        if let Err(fault) = progress.read(store, file, number) {
            failed = true;
            progress.fail(file, number, 0, &[], &fault);
        }
    }
    let contacts = store.resolve_type(CONTACTS);
    if let Some(ty) = contacts.filter(|_| import.with_list && !failed) {
        let members = progress.written.remove(&ty).unwrap_or_default();
        import.list = Some(store.lists.add(list(import, ty, members, now)));
    }
    progress.count("ERRORS", progress.errors.len());
    import.errors = progress.errors;
    import.counters = progress.counters;
    import.outcome = Some(if failed {
        Outcome::Failed
    } else {
        Outcome::Done
    });
}

fn list(import: &Import, object_type: TypeId, members: Vec<u64>, now: i64) -> List {
    List {
        name: import.name.clone(),
        object_type,
        processing: Processing::Manual,
        filter: Value::Null,
        members: members.into_iter().map(|id| (id, now)).collect(),
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
        conversion: None,
        converted_at: None,
    }
}

/// What an import has done so far.
#[derive(Default)]
struct Progress {
    now: i64,
    counters: BTreeMap<&'static str, u32>,
    errors: Vec<Value>,
    /// The records that were written.
    written: BTreeMap<TypeId, Vec<u64>>,
}

impl Progress {
    fn count(&mut self, what: &'static str, more: usize) {
        let counter = self.counters.entry(what).or_default();
        *counter = counter.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    }

    /// Imports a file. Fails if none of it can be imported.
    fn read(&mut self, store: &mut Store, file: &ImportFile, number: u32) -> Result<(), Fault> {
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
            let header = header
                .iter()
                .map(|name| String::from_utf8_lossy(name).trim().to_owned());
            let header = header.collect::<Vec<_>>();
            width = header.len();
            places = places_of(file, &header)?;
        }
        for record in records {
            let record =
                record.map_err(|cause| Fault::new("COULD_NOT_PARSE_ROW", cause.to_string()))?;
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            let cells = record
                .iter()
                .map(|cell| std::str::from_utf8(cell).map(str::to_owned));
            self.count("TOTAL_ROWS", 1);
            let Ok(cells) = cells.collect::<Result<Vec<_>, _>>() else {
                let fault = Fault::new("COULD_NOT_PARSE_ROW", "The row is not UTF-8.");
                self.fail(file, number, line, &[], &fault);
                continue;
            };
            if cells.len() != width {
                let message = format!(
                    "The row has {} columns, and the file has {width}.",
                    cells.len()
                );
                let fault = Fault::new("INCORRECT_NUMBER_OF_COLUMNS", message);
                self.fail(file, number, line, &cells, &fault);
                continue;
            }
            let row = Row::new(file, &places, &cells);
            self.write(store, file, number, line, &row);
        }
        Ok(())
    }

    /// Writes the records of a row, and associates them.
    fn write(
        &mut self,
        store: &mut Store,
        file: &ImportFile,
        number: u32,
        line: u64,
        row: &Row<'_>,
    ) {
        let mut ids = Vec::new();
        for target in row.targets() {
            let (outcome, faults) = target.write(store, self.now);
            for fault in faults {
                self.fail(file, number, line, row.cells, &fault);
            }
            if let Some((id, is_new, values)) = outcome {
                let what = if is_new {
                    "CREATED_OBJECTS"
                } else {
                    "UPDATED_OBJECTS"
                };
                self.count(what, 1);
                self.count("PROPERTY_VALUES_EMITTED", values);
                let written = self.written.entry(target.object_type).or_default();
                if !written.contains(&id) {
                    written.push(id);
                    self.count("UNIQUE_OBJECTS_WRITTEN", 1);
                }
                ids.push((target.object_type, id));
            }
        }
        associate(store, &ids);
    }

    /// Adds an error. Line 0 is for errors of the whole file.
    fn fail(&mut self, file: &ImportFile, number: u32, line: u64, cells: &[String], fault: &Fault) {
        self.errors.push(json!({
            "id": (self.errors.len() + 1).to_string(),
            "createdAt": self.now,
            "errorType": fault.code,
            "errorMessage": format!("{}, line {line}: {}", file.name, fault.message),
            "invalidValue": fault.value,
            "knownColumnNumber": fault.column,
            "sourceData": {
                "fileId": number,
                "lineNumber": line,
                "rowData": cells,
                "additionalRowData": [],
                "containsEncryptedProperties": false,
            },
        }));
    }
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

/// Associates the records of a row, each with each.
fn associate(store: &mut Store, ids: &[(TypeId, u64)]) {
    for (index, from) in ids.iter().enumerate() {
        for to in &ids[index + 1..] {
            if let Some(ty) = store.associations.unlabeled(from.0, to.0) {
                store.associations.link(*from, *to, &[ty]);
            }
        }
    }
}
