//! `hubspot-mock`: runs a local HubSpot until it is stopped.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Parser, ValueEnum};
use hubspot_mock::{MockHubSpot, Seed, Tier};

/// A HubSpot on your own machine, as strict as the real one.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 for a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// A JSON file with apps, accounts, tokens and records to start with.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// The limits of accounts whose limits the seed does not name.
    #[arg(long, value_enum, default_value_t = TierName::Professional)]
    tier: TierName,
}

#[derive(Clone, Copy, ValueEnum)]
enum TierName {
    FreeOrStarter,
    Professional,
    Enterprise,
    Unlimited,
}

impl TierName {
    const fn tier(self) -> Tier {
        match self {
            Self::FreeOrStarter => Tier::FREE_OR_STARTER,
            Self::Professional => Tier::PROFESSIONAL,
            Self::Enterprise => Tier::ENTERPRISE,
            Self::Unlimited => Tier::UNLIMITED,
        }
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut builder = MockHubSpot::builder()
        .port(arguments.port)
        .tier(arguments.tier.tier());
    if let Some(path) = &arguments.seed {
        let text = fs::read_to_string(path);
        let text = text.with_context(|| format!("cannot read {}", path.display()))?;
        let seed = text.parse::<Seed>();
        builder =
            builder.seed(seed.with_context(|| format!("{} is not a valid seed", path.display()))?);
    }
    let hubspot = builder.start().await?;
    println!("Listening on {}", hubspot.url());
    if arguments.seed.is_none() {
        let token = hubspot.account("default").grant(MockHubSpot::every_scope());
        println!("A token of the account `default` with every scope: {token}");
    }
    std::future::pending().await
}
