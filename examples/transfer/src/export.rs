//! All contacts to a CSV file.
//!
//! Beside the file is another with the cursor of the walk and the length of what was written by then. An export that was
//! stopped or killed cuts the file to that length and goes on from the cursor.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use hubspot_generated::Client;
use hubspot_generated::models::Search;
use indicatif::ProgressBar;
use tokio::select;
use tokio::sync::Notify;

use crate::TransferScopes;
use crate::meter::Meter;

/// The properties that are exported, after the id.
pub const COLUMNS: [&str; 4] = ["email", "firstname", "lastname", "phone"];
/// The cursor is stored after so many records.
const EVERY: u64 = 1000;

/// Where an export is.
#[derive(Default)]
struct Saved {
    length: u64,
    records: u64,
    cursor: Option<String>,
}

impl Saved {
    fn path(csv: &Path) -> PathBuf {
        csv.with_extension("cursor")
    }

    fn load(csv: &Path) -> Result<Self> {
        let text = match fs::read_to_string(Self::path(csv)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error.into()),
        };
        let mut lines = text.lines();
        let mut line = || lines.next().context("the cursor file is damaged");
        Ok(Self {
            length: line()?.parse()?,
            records: line()?.parse()?,
            cursor: Some(line()?.to_owned()),
        })
    }

    /// Replaces the file, which is old or new whenever the process dies.
    fn store(&self, csv: &Path) -> Result<()> {
        let path = Self::path(csv);
        let new = path.with_extension("cursor.new");
        let cursor = self.cursor.as_deref().unwrap_or_default();
        let mut file = File::create(&new)?;
        write!(file, "{}\n{}\n{cursor}\n", self.length, self.records)?;
        file.sync_all()?;
        Ok(fs::rename(new, path)?)
    }

    /// Fails if the file has lost rows that an earlier export wrote.
    fn check(&self, csv: &Path) -> Result<()> {
        let found = fs::metadata(csv).map_or(0, |found| found.len());
        let length = self.length;
        ensure!(
            found >= length,
            "{} has {found} bytes, but an earlier export wrote {length}: restore the file, or delete {} to export all \
             contacts again",
            csv.display(),
            Self::path(csv).display()
        );
        Ok(())
    }

    /// Opens the file behind what an earlier export wrote.
    fn open(&self, csv: &Path) -> Result<csv::Writer<File>> {
        let mut file = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(csv)?;
        file.set_len(self.length)?;
        file.seek(SeekFrom::End(0))?;
        let mut rows = csv::Writer::from_writer(file);
        if self.length == 0 {
            rows.write_record(["id"].iter().chain(&COLUMNS))?;
        }
        Ok(rows)
    }

    /// Writes the rows to the disk, then stores where the export is.
    fn note(&mut self, csv: &Path, rows: &mut csv::Writer<File>, cursor: String) -> Result<()> {
        rows.flush()?;
        rows.get_ref().sync_data()?;
        self.length = rows.get_ref().metadata()?.len();
        self.cursor = Some(cursor);
        self.store(csv)
    }
}

/// What an export shows and asks for.
pub struct Options<'a> {
    /// The progress bar.
    pub bar: &'a ProgressBar,
    /// What counts the requests.
    pub meter: &'a Meter,
    /// The account's requests in ten seconds, which are shown beside the rate.
    pub limit: u32,
    /// Says after each record whether the export is to stop there.
    pub stops: &'a (dyn Fn(u64) -> bool + Sync),
    /// Stops the export when it is notified, also while it waits for HubSpot.
    pub interrupt: &'a Notify,
}

/// The number of contacts; `None` if the export is interrupted.
async fn count(hubspot: &Client<TransferScopes>, interrupt: &Notify) -> Result<Option<u64>> {
    let count = hubspot.contacts().search(Search::new().limit(1));
    select! {
        biased;
        () = interrupt.notified() => Ok(None),
        page = count.send() => {
            let total = page?.total.unwrap_or_default();
            Ok(Some(u64::try_from(total).unwrap_or_default()))
        }
    }
}

/// Writes all contacts to `csv`, or those that an earlier export did not. Returns the records in the file, and whether they
/// are all.
///
/// An existing file is left as it is until the first contact has arrived.
pub async fn export(
    hubspot: &Client<TransferScopes>,
    csv: &Path,
    options: &Options<'_>,
) -> Result<(u64, bool)> {
    let mut saved = Saved::load(csv)?;
    saved.check(csv)?;
    let Some(total) = count(hubspot, options.interrupt).await? else {
        return Ok((saved.records, false));
    };
    options.bar.set_length(total);
    options.bar.set_position(saved.records);

    let list = hubspot.contacts().list().limit(100).properties(COLUMNS);
    // The next page comes while this one is written, and programs that serve users go first.
    let mut contacts = list.background().all().prefetch(true);
    if let Some(cursor) = &saved.cursor {
        contacts = contacts.resume(cursor);
    }
    let mut opened = None;
    loop {
        let contact = select! {
            biased;
            () = options.interrupt.notified() => {
                if let Some(rows) = &mut opened {
                    saved.note(csv, rows, contacts.cursor())?;
                }
                return Ok((saved.records, false));
            }
            contact = contacts.try_next() => contact?,
        };
        let rows = match &mut opened {
            Some(rows) => rows,
            None => opened.insert(saved.open(csv)?),
        };
        let Some(contact) = contact else {
            rows.flush()?;
            rows.get_ref().sync_data()?;
            let _ = fs::remove_file(Saved::path(csv));
            return Ok((saved.records, true));
        };
        let values = COLUMNS.map(|name| contact.properties.get(name).unwrap_or_default());
        rows.write_record([contact.id.as_str()].iter().chain(&values))?;
        saved.records += 1;
        options.bar.inc(1);
        if saved.records % 100 == 0 {
            options.meter.show(options.bar, options.limit);
        }
        let stops = (options.stops)(saved.records);
        if stops || saved.records % EVERY == 0 {
            saved.note(csv, rows, contacts.cursor())?;
        }
        if stops {
            return Ok((saved.records, false));
        }
    }
}
