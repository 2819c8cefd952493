//! `HUBSPOT_TOKEN=… cargo run -p transfer --bin export contacts.csv`: Ctrl-C stops it, and the next run goes on from there.
//! A second Ctrl-C ends it at once.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use tokio::signal::ctrl_c;
use tokio::sync::Notify;
use transfer::export::{Options, export};
use transfer::meter::{Meter, bar};
use transfer::{TIER, connect};

#[tokio::main]
async fn main() -> Result<()> {
    let csv = std::env::args().nth(1).context("usage: export FILE.csv")?;
    let meter = Meter::default();
    let hubspot = connect(&meter)?;

    let interrupt = Arc::new(Notify::new());
    let interrupted = Arc::clone(&interrupt);
    tokio::spawn(async move {
        if ctrl_c().await.is_ok() {
            interrupted.notify_one();
        }
        if ctrl_c().await.is_ok() {
            // What a shell reports for a program that Ctrl-C ended.
            std::process::exit(130);
        }
    });
    let bar = bar(0);
    let options = Options {
        bar: &bar,
        meter: &meter,
        limit: TIER.ten_secondly(),
        stops: &|_| false,
        interrupt: &interrupt,
    };
    let (records, is_complete) = export(&hubspot, Path::new(&csv), &options).await?;
    bar.finish();
    let more = if is_complete {
        ""
    } else {
        "; run again for the rest"
    };
    println!("{records} contacts{more}");
    Ok(())
}
