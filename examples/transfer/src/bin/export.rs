//! `HUBSPOT_TOKEN=… cargo run -p transfer --bin export contacts.csv`: Ctrl-C stops it, and the next run goes on from there.
//! A second Ctrl-C ends it at once.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use hubspot_generated::{Client, Pacing, Tier};
use tokio::signal::ctrl_c;
use tokio::sync::Notify;
use tracing_subscriber::layer::SubscriberExt as _;
use transfer::TransferScopes;
use transfer::export::{Options, export};
use transfer::meter::{Meter, bar};

#[tokio::main]
async fn main() -> Result<()> {
    let csv = std::env::args().nth(1).context("usage: export FILE.csv")?;
    let token = std::env::var("HUBSPOT_TOKEN").context("HUBSPOT_TOKEN is not set")?;
    let meter = Meter::default();
    let subscriber = tracing_subscriber::registry().with(meter.clone());
    tracing::subscriber::set_global_default(subscriber)?;
    let tier = Tier::Professional;
    let hubspot = Client::<TransferScopes>::builder()
        .access_token(token)
        .pacing(Pacing::new().tier(tier))
        .build()?;

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
        limit: tier.ten_secondly(),
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
