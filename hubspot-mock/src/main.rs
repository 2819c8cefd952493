//! `hubspot-mock`: runs a local HubSpot until it is stopped.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, ValueEnum};
use hubspot_mock::{MockHubSpot, MockHubSpotBuilder, Recording, Seed, Tier};

/// The seed that `--write-seed` writes.
const EXAMPLE: &str = include_str!("../examples/demo.json");

const USUAL: &str = "\
The three usual ways:

  Try something: an empty account, and a token with every scope
    hubspot-mock

  Tests and demos: the same apps, accounts, tokens and records at every start
    hubspot-mock --write-seed seed.json
    hubspot-mock --seed seed.json

  Recordings: what was answered once is answered again
    hubspot-mock --seed seed.json --record run.har
    hubspot-mock --replay run.har

Send to http://127.0.0.1:8080 what you would send to https://api.hubapi.com. The page at / shows
records, tokens, limits and every request. Ctrl-C ends the server, and its records.";

/// A HubSpot on your own machine, as strict as the real one.
#[derive(Parser)]
#[command(version, after_help = USUAL)]
struct Arguments {
    /// The port to listen on; 0 for a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,

    /// Listen on all addresses of the machine, as in a container, instead of 127.0.0.1.
    #[arg(long)]
    public: bool,

    /// A JSON file with apps, accounts, tokens and records to start with.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,

    /// Write an example of such a file, and exit.
    #[arg(long, value_name = "FILE")]
    write_seed: Option<PathBuf>,

    /// The limits of accounts whose limits the seed does not name.
    #[arg(long, value_enum, default_value_t = TierName::Professional)]
    tier: TierName,

    /// Record requests and responses in an HTTP archive (HAR). Replaces the file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Respond as in an HTTP archive to the requests in it.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,

    /// Print an HTTP archive with personal data replaced, and exit.
    #[arg(long, value_name = "FILE")]
    pseudonymize: Option<PathBuf>,
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
    if let Some(path) = &arguments.write_seed {
        return write_seed(path);
    }
    if let Some(path) = &arguments.pseudonymize {
        return print(&Recording::load(path)?.pseudonymized().to_string());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(run(&arguments))
}

/// Prints a text. A reader may stop reading.
fn print(text: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    let printed = output.write_all(text.as_bytes());
    match printed.and_then(|()| output.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes the example, unless there is a file already.
fn write_seed(path: &Path) -> anyhow::Result<()> {
    let file = fs::File::create_new(path);
    let mut file = file.with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(EXAMPLE.as_bytes())?;
    let path = path.display();
    print(&format!(
        "Wrote {path}. Start with it: hubspot-mock --seed {path}\n"
    ))
}

/// Fails if the recording would replace a file that this run reads.
fn check_record(arguments: &Arguments) -> anyhow::Result<()> {
    let Some(record) = &arguments.record else {
        return Ok(());
    };
    // A file that does not exist yet is none that is read.
    let Ok(place) = record.canonicalize() else {
        return Ok(());
    };
    let mut read = [&arguments.seed, &arguments.replay].into_iter().flatten();
    if read.any(|path| path.canonicalize().is_ok_and(|path| path == place)) {
        let record = record.display();
        anyhow::bail!("--record would replace {record}, which this run reads: name another file");
    }
    Ok(())
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    check_record(arguments)?;
    let builder = configure(arguments)?;
    let hubspot = builder.start().await.context("cannot start")?;
    if let Some(path) = &arguments.record {
        let recording = hubspot.record(path);
        recording.with_context(|| format!("cannot create {}", path.display()))?;
    }
    print(&format!("Listening on {}\n", hubspot.url()))?;
    if arguments.seed.is_none() {
        let token = hubspot.account("default").grant(MockHubSpot::every_scope());
        print(&format!(
            "A token of the account `default` with every scope: {token}\n"
        ))?;
    }
    let error = hubspot.recording_failed().await;
    let error = format!("The recording has ended because its file cannot be written: {error}\n");
    // Without a standard error there is nobody to tell.
    let _ = std::io::stderr().write_all(error.as_bytes());
    std::future::pending().await
}

fn configure(arguments: &Arguments) -> anyhow::Result<MockHubSpotBuilder> {
    let mut builder = MockHubSpot::builder()
        .port(arguments.port)
        .tier(arguments.tier.tier());
    if arguments.public {
        builder = builder.public();
    }
    if let Some(path) = &arguments.seed {
        builder = builder.seed(Seed::load(path).context("cannot use the seed")?);
    }
    if let Some(path) = &arguments.replay {
        builder = builder.replay(Recording::load(path)?);
    }
    Ok(builder)
}
