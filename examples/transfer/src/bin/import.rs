//! `HUBSPOT_TOKEN=… cargo run -p transfer --bin import contacts.csv`: writes `contacts.report.csv`, and
//! `contacts.journal`, from which an import that was killed goes on.

use std::fs::File;
use std::path::Path;

use anyhow::{Context as _, Result};
use hubspot_generated::{Client, Pacing, Tier};
use tracing_subscriber::layer::SubscriberExt as _;
use transfer::TransferScopes;
use transfer::import::{Options, count_lines, import};
use transfer::meter::{Meter, bar};

#[tokio::main]
async fn main() -> Result<()> {
    let csv = std::env::args().nth(1).context("usage: import FILE.csv")?;
    let csv = Path::new(&csv);
    let token = std::env::var("HUBSPOT_TOKEN").context("HUBSPOT_TOKEN is not set")?;
    let meter = Meter::default();
    let subscriber = tracing_subscriber::registry().with(meter.clone());
    tracing::subscriber::set_global_default(subscriber)?;
    let tier = Tier::Professional;
    let hubspot = Client::<TransferScopes>::builder()
        .access_token(token)
        .pacing(Pacing::new().tier(tier))
        .build()?;

    // An estimate for the bar: a value may hold a line break.
    let bar = bar(count_lines(csv)?.saturating_sub(1));
    let options = Options {
        bar: &bar,
        meter: &meter,
        limit: tier.ten_secondly(),
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
