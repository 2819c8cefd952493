//! `HUBSPOT_TOKEN=… cargo run -p transfer --bin import contacts.csv`: writes `contacts.report.csv`, and
//! `contacts.journal`, from which an import that was killed goes on.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result};
use transfer::import::{Options, count_lines, import};
use transfer::meter::{Meter, bar};
use transfer::{TIER, connect};

#[tokio::main]
async fn main() -> Result<()> {
    let csv = std::env::args().nth(1).context("usage: import FILE.csv")?;
    let csv = Path::new(&csv);
    let meter = Meter::default();
    let hubspot = connect(&meter)?;

    // An estimate for the bar: a value may hold a line break.
    let bar = bar(count_lines(csv)?.saturating_sub(1));
    let options = Options {
        bar: &bar,
        meter: &meter,
        limit: TIER.ten_secondly(),
    };
    let report = csv.with_extension("report.csv");
    let journal = csv.with_extension("journal");
    let rows = File::open(csv)?;
    let progress = import(&hubspot, rows, &report, &journal, &options).await?;
    bar.finish();
    println!(
        "{} done, {} failed, {} unknown; see {}",
        progress.done,
        progress.failed,
        progress.unknown,
        report.display()
    );
    Ok(())
}
