//! A row of an import: the records that it describes, and what is wrong with them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::behavior::objects::write::{self, Values, Writer};
use crate::definitions::PropertyType;
use crate::store::Store;
use crate::store::jobs::{ImportColumn, ImportFile, Operation};
use crate::values::{Detail, Refusal, TypeId};

/// An error of an import.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The number of the column in the file, if one is at fault.
    pub(super) column: Option<usize>,
    pub(super) value: Option<String>,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            column: None,
            value: None,
        }
    }

    fn of(refusal: &Refusal) -> Self {
        let code = match refusal.status {
            409 => "DUPLICATE_UNIQUE_PROPERTY_VALUE",
            _ => code_of(refusal.body.errors.first()),
        };
        Self::new(code, refusal.body.message.clone())
    }
}

/// The name that imports have for an error of a property.
fn code_of(detail: Option<&Detail>) -> &'static str {
    match detail.and_then(|detail| detail.code) {
        Some("INVALID_EMAIL") => "INVALID_EMAIL",
        Some("INVALID_OPTION") => "INVALID_ENUMERATION_OPTION",
        Some("INVALID_INTEGER" | "INVALID_LONG") => "COULD_NOT_PARSE_NUMBER",
        Some("INVALID_DATE") => "COULD_NOT_PARSE_DATE",
        Some("MISSING_REQUIRED_PROPERTY") => "MISSING_REQUIRED_PROPERTY",
        Some("BLOCKLISTED_EMAIL") => "GDPR_BLACKLISTED_EMAIL",
        Some("READ_ONLY_VALUE") => "FAILED_VALIDATION",
        Some(_) => "INVALID_CUSTOM_PROPERTY_VALIDATION",
        None => "UNKNOWN_BAD_REQUEST",
    }
}

/// A row of a file.
pub(super) struct Row<'a> {
    file: &'a ImportFile,
    places: &'a [usize],
    pub(super) cells: &'a [String],
}

/// A record that a row describes.
pub(super) struct Target<'a> {
    pub(super) object_type: TypeId,
    columns: Vec<Cell<'a>>,
    date_order: &'static str,
}

/// A value of a row.
struct Cell<'a> {
    column: &'a ImportColumn,
    text: &'a str,
    /// The number of its column in the file, from 1 on.
    number: usize,
}

/// A record that was written, whether it is new, and how many values it was given.
type Written = (u64, bool, usize);

impl<'a> Row<'a> {
    pub(super) const fn new(
        file: &'a ImportFile,
        places: &'a [usize],
        cells: &'a [String],
    ) -> Self {
        Self {
            file,
            places,
            cells,
        }
    }

    /// The records, one for each object type that has a value.
    pub(super) fn targets(&self) -> Vec<Target<'a>> {
        let mut targets = BTreeMap::new();
        for (column, place) in self.file.columns.iter().zip(self.places) {
            let cell = self.cells.get(*place).map_or("", |cell| cell.trim());
            if !cell.is_empty() {
                let target = targets.entry(column.object_type).or_insert_with(|| Target {
                    object_type: column.object_type,
                    columns: Vec::new(),
                    date_order: self.file.date_order,
                });
                target.columns.push(Cell {
                    column,
                    text: cell,
                    number: place + 1,
                });
            }
        }
        targets.into_values().collect()
    }
}

impl Target<'_> {
    /// Writes the record. A value that is not valid is left out, unless the record is found by it.
    pub(super) fn write(&self, store: &mut Store, writer: Writer) -> (Option<Written>, Vec<Fault>) {
        let mut faults = Vec::new();
        let texts = self.texts(store);
        let mut values = texts
            .iter()
            .map(|(name, text)| (*name, Some(text.as_ref())));
        let mut values = values.by_ref().collect::<Values<'_>>();
        loop {
            match self.try_write(store, &values, writer) {
                Ok(written) => return (Some(written), faults),
                Err(Stop::Import(fault)) => {
                    faults.push(fault);
                    return (None, faults);
                }
                Err(Stop::Refused(refusal)) => {
                    let left_out = self.leave_out(&mut values, &refusal, &mut faults);
                    if !left_out {
                        if faults.is_empty() {
                            faults.push(Fault::of(&refusal));
                        }
                        return (None, faults);
                    }
                }
            }
        }
    }

    /// Removes the values that a refusal names, with an error for each. Returns whether the record can be written without.
    fn leave_out(
        &self,
        values: &mut Values<'_>,
        refusal: &Refusal,
        faults: &mut Vec<Fault>,
    ) -> bool {
        let mut left_out = false;
        let mut has_key = true;
        for detail in &refusal.body.errors {
            let name = detail.place.as_deref().unwrap_or_default();
            if values.remove(name).is_none() {
                continue;
            }
            left_out = true;
            let cell = self
                .columns
                .iter()
                .find(|cell| cell.column.property.as_deref() == Some(name));
            has_key &= cell.is_none_or(|cell| !cell.column.is_key);
            faults.push(Fault {
                column: cell.map(|cell| cell.number),
                value: cell.map(|cell| cell.text.to_owned()),
                ..Fault::new(code_of(Some(detail)), detail.message.clone())
            });
        }
        left_out && has_key
    }

    /// The values of the properties, with dates as HubSpot stores them.
    fn texts(&self, store: &Store) -> Vec<(&str, Cow<'_, str>)> {
        let ty = store.definition(self.object_type);
        let texts = self.columns.iter().filter_map(|cell| {
            let name = cell.column.property.as_deref()?;
            let property = ty
                .and_then(|ty| ty.named(name))
                .map(|(_, property)| property.ty);
            let text = match property {
                Some(PropertyType::Date | PropertyType::DateTime) => {
                    date(cell.text, self.date_order)
                }
                _ => None,
            };
            Some((name, text.map_or(Cow::Borrowed(cell.text), Cow::Owned)))
        });
        texts.collect()
    }

    fn try_write(
        &self,
        store: &mut Store,
        values: &Values<'_>,
        writer: Writer,
    ) -> Result<Written, Stop> {
        let operation = self.columns.first().map(|cell| cell.column.operation);
        match (self.find(store)?, operation) {
            (Some(_), Some(Operation::Create)) => Err(Stop::Import(Fault::new(
                "CREATE_ONLY_IMPORT",
                "The record exists already, and the import creates records only.",
            ))),
            (None, Some(Operation::Update)) => Err(Stop::Import(Fault::new(
                "UPDATE_ONLY_IMPORT",
                "There is no such record, and the import updates records only.",
            ))),
            (Some(id), _) => {
                let written = write::update(store, self.object_type, id, values, writer)?;
                Ok((written.id, false, values.len()))
            }
            (None, _) => {
                let written = write::create(store, self.object_type, values, writer)?;
                Ok((written.id, true, values.len()))
            }
        }
    }

    /// The record that the row names by its id or by an identifying value.
    fn find(&self, store: &Store) -> Result<Option<u64>, Stop> {
        let Some(collection) = store.collection(self.object_type) else {
            return Ok(None);
        };
        for Cell {
            column,
            text,
            number,
        } in self.columns.iter().filter(|cell| cell.column.is_key)
        {
            let Some(name) = &column.property else {
                let record = text.parse().ok().and_then(|id| collection.get(id, false));
                let fault = || Fault {
                    column: Some(*number),
                    value: Some((*text).to_owned()),
                    ..Fault::new(
                        "INVALID_OBJECT_ID",
                        format!("There is no record with the id {text}."),
                    )
                };
                return record
                    .map(|record| Some(record.id))
                    .ok_or_else(|| Stop::Import(fault()));
            };
            let property = collection.ty.find(name);
            if let Some(record) = property.and_then(|id| collection.find(id, text, false)) {
                return Ok(Some(record.id));
            }
        }
        Ok(None)
    }
}

/// Why a record is not written.
enum Stop {
    Import(Fault),
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Converts a date like `31/12/2026` to `2026-12-31`; `None` if it is written otherwise.
fn date(cell: &str, order: &str) -> Option<String> {
    let parts = cell
        .split(['/', '.', '-'])
        .map(|part| part.parse::<u16>().ok());
    let parts = parts.collect::<Option<Vec<_>>>()?;
    if parts.len() != 3 || parts[0] > 31 && order != "YMD" {
        return None;
    }
    let of = |letter| {
        order
            .find(letter)
            .and_then(|place| parts.get(place).copied())
    };
    let (year, month, day) = (of('Y')?, of('M')?, of('D')?);
    let year = if year < 100 { 2000 + year } else { year };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
