//! All contacts to a CSV file, and the rows of a CSV file to contacts.
//!
//! Both go on where they were when they are stopped or killed. `cargo run -p transfer --bin export` and `--bin import` run
//! them against HubSpot, or against the local HubSpot at `HUBSPOT_BASE_URL`.

pub mod export;
pub mod import;
pub mod meter;

use anyhow::{Context as _, Result};
use hubspot_generated::{Client, Pacing, Tier, scope_set};
use tracing_subscriber::layer::SubscriberExt as _;

use self::meter::Meter;

scope_set! {
    /// What the export and the import need.
    pub struct TransferScopes {
        required: ["crm.objects.contacts.read", "crm.objects.contacts.write"],
    }
}

/// What the account's limits are taken to be until HubSpot's responses tell.
pub const TIER: Tier = Tier::Professional;

/// Creates a client with the token in `HUBSPOT_TOKEN`, whose requests `meter` counts.
pub fn connect(meter: &Meter) -> Result<Client<TransferScopes>> {
    let token = std::env::var("HUBSPOT_TOKEN").context("HUBSPOT_TOKEN is not set")?;
    let subscriber = tracing_subscriber::registry().with(meter.clone());
    tracing::subscriber::set_global_default(subscriber)?;
    let mut builder = Client::<TransferScopes>::builder();
    if let Ok(url) = std::env::var("HUBSPOT_BASE_URL") {
        builder = builder.base_url(url);
    }
    let pacing = Pacing::new().tier(TIER);
    Ok(builder.access_token(token).pacing(pacing).build()?)
}
