//! Carries out imports whose time has come: reads all files, and then writes the records row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::behavior::imports::file::{Parsed, parse};
use crate::behavior::imports::row::{Fault, Row};
use crate::behavior::objects::write::Writer;
use crate::store::jobs::{Import, ImportFile, Outcome, end};
use crate::store::{List, Processing, Store};
use crate::values::TypeId;

/// The name of contacts in paths.
const CONTACTS: &str = "contacts";

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
        writer: Writer::import(now, import.rules),
        counters: BTreeMap::new(),
        errors: Vec::new(),
        written: BTreeMap::new(),
    };
    // All files are read before the first record is written, so that a file that cannot be read leaves nothing behind.
    let mut parsed = Vec::new();
    for (file, number) in import.files.iter().zip(1..) {
        match parse(file) {
            Ok(file) => parsed.push(file),
            Err((line, fault)) => progress.fail(file, number, line, &[], &fault),
        }
    }
    let failed = parsed.len() < import.files.len();
    if !failed {
        for ((file, parsed), number) in import.files.iter().zip(&parsed).zip(1..) {
            progress.import(store, file, number, parsed);
        }
    }
    let contacts = store.resolve_type(CONTACTS);
    if let Some(ty) = contacts.filter(|_| import.with_list && !failed) {
        let members = progress.written.remove(&ty).unwrap_or_default();
        let name = store.lists.free_name(&import.name);
        let mut list = List::new(name, ty, Processing::Manual, now);
        list.members = members.iter().map(|id| (*id, now)).collect();
        import.list = Some(store.lists.add(list));
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

/// What an import has done so far.
struct Progress {
    writer: Writer,
    counters: BTreeMap<&'static str, u32>,
    errors: Vec<Value>,
    /// The records that were written.
    written: BTreeMap<TypeId, BTreeSet<u64>>,
}

impl Progress {
    fn count(&mut self, what: &'static str, more: usize) {
        let counter = self.counters.entry(what).or_default();
        *counter = counter.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    }

    /// Imports the rows of a file.
    fn import(&mut self, store: &mut Store, file: &ImportFile, number: u32, parsed: &Parsed) {
        for (line, row) in &parsed.rows {
            self.count("TOTAL_ROWS", 1);
            match row {
                Ok(cells) => {
                    let row = Row::new(file, &parsed.places, cells);
                    self.write(store, file, number, *line, &row);
                }
                Err((fault, cells)) => self.fail(file, number, *line, cells, fault),
            }
        }
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
            let (outcome, faults) = target.write(store, self.writer);
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
                if written.insert(id) {
                    self.count("UNIQUE_OBJECTS_WRITTEN", 1);
                }
                ids.push((target.object_type, id));
            }
        }
        associate(store, &ids);
    }

    /// Adds an error.
    fn fail(&mut self, file: &ImportFile, number: u32, line: u64, cells: &[String], fault: &Fault) {
        self.errors.push(json!({
            "id": (self.errors.len() + 1).to_string(),
            "createdAt": self.writer.now,
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
