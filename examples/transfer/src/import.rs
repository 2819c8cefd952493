//! The rows of a CSV file to contacts, by their e-mail address, with a report of every row.
//!
//! A journal beside the file lets an import that was killed go on. The report is written anew, since each row has its
//! outcome in each run.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use anyhow::{Chain, Context as _, Error, Result, bail};
use hubspot_generated::bulk::{self, End, Progress, Status};
use hubspot_generated::models::BatchUpsertInput;
use hubspot_generated::{Client, Properties};
use indicatif::ProgressBar;

use crate::TransferScopes;
use crate::meter::Meter;

/// The column that identifies a contact.
const EMAIL: &str = "email";

/// The rows of a CSV file. Its header names the properties; an empty value leaves a property as it is.
fn rows<R: Read + Send + 'static>(
    csv: R,
) -> Result<impl Iterator<Item = csv::Result<BatchUpsertInput>> + Send + 'static> {
    let mut reader = csv::Reader::from_reader(csv);
    let names = reader.headers()?.clone();
    let email = names.iter().position(|name| name == EMAIL);
    let email = email.context("the file has no column `email`")?;
    Ok(reader.into_records().map(move |record| {
        let record = record?;
        let values = names.iter().zip(&record);
        let values = values.filter(|(name, value)| *name != EMAIL && !value.is_empty());
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let values: Properties = values.collect();
        Ok(BatchUpsertInput::new(&record[email], EMAIL, values))
    }))
}

/// The lines of a file.
///
/// # Errors
///
/// If the file cannot be read to its end.
pub fn count_lines(path: &Path) -> Result<u64> {
    let file = File::open(path).map(BufReader::new);
    let lines = file.and_then(|file| {
        let mut lines = file.split(b'\n');
        lines.try_fold(0, |count, line| line.map(|_| count + 1))
    });
    lines.with_context(|| format!("cannot read {}", path.display()))
}

/// The error with its causes.
fn owned(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut causes = Chain::new(error).rev().map(ToString::to_string);
    let deepest = Error::msg(causes.next().unwrap_or_default());
    causes.fold(deepest, Error::context)
}

/// What an import shows.
pub struct Options<'a> {
    /// The progress bar.
    pub bar: &'a ProgressBar,
    /// What counts the requests.
    pub meter: &'a Meter,
    /// The account's requests in ten seconds, which are shown beside the rate.
    pub limit: u32,
}

/// Upserts the rows of `csv` and writes the outcome of each to `report`: the row from 1, the address, what became of it, and
/// the contact's id or the error. `journal` is a file for this import.
///
/// # Errors
///
/// If a file cannot be read or written, the CSV file is malformed, or HubSpot refuses all requests. The rows before have
/// their outcomes in the report.
pub async fn import(
    hubspot: &Client<TransferScopes>,
    csv: impl Read + Send + 'static,
    report: &Path,
    journal: &Path,
    options: &Options<'_>,
) -> Result<Progress> {
    let rows = rows(csv)?;
    let upsert = bulk::upsert(|batch| hubspot.contacts().batch_upsert(batch));
    // Fails if another import is in progress, whose report stays as it is.
    let upsert = upsert.journal(journal)?;
    let mut report = csv::Writer::from_path(report)?;
    report.write_record(["row", "email", "outcome", "detail"])?;
    let mut run = upsert.try_inputs(rows);
    while let Some(outcome) = run.next().await {
        let (what, detail) = match &outcome.status {
            Status::Done(contact) => ("done", contact.id.clone()),
            Status::DoneBefore(id) => ("done before", id.clone().unwrap_or_default()),
            Status::Failed(error) => ("failed", error.to_string()),
            Status::Unknown(error) => ("unknown", error.to_string()),
            _ => ("not sent", String::new()),
        };
        let row = (outcome.index + 1).to_string();
        report.write_record([&*row, &outcome.input.id, what, &detail])?;
        options.bar.inc(1);
        if outcome.index % 100 == 0 {
            options.meter.show(options.bar, options.limit);
        }
    }
    report.flush()?;
    let progress = run.progress();
    match run.end() {
        Some(End::Complete) => Ok(progress),
        Some(End::Source(error)) => Err(owned(&**error).context("cannot read the CSV file")),
        Some(End::Refused(error)) => Err(owned(error).context("HubSpot refuses all requests")),
        Some(End::Journal(error)) => Err(owned(error)),
        end => bail!("the import ended early: {end:?}"),
    }
}
