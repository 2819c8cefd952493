//! Configures and starts a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::definitions::tier::Tier;
use crate::mock::MockHubSpot;
use crate::seed::{Seed, SeedError};
use crate::server::serve;
use crate::store::journal;
use crate::store::journal::Journal;
use crate::store::tokens::Tokens;
use crate::store::world::World;
use crate::values::clock::Clock;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be opened.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// Why it cannot.
        source: io::Error,
    },
    /// The seed has something that HubSpot would refuse.
    #[error("the seed cannot be used")]
    Seed(#[from] SeedError),
}

/// Sets up a [`MockHubSpot`].
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::{Duration, SystemTime};
/// use hubspot_mock::{MockHubSpot, Tier};
///
/// // A clock that stands still until the test moves it.
/// let hubspot = MockHubSpot::builder()
///     .tier(Tier::ENTERPRISE.with_capacity_pack())
///     .frozen_at(SystemTime::UNIX_EPOCH)
///     .start()
///     .await?;
/// hubspot.advance(Duration::from_secs(1800));
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct MockHubSpotBuilder {
    port: u16,
    tier: Tier,
    frozen_at: Option<SystemTime>,
    journal_capacity: usize,
    token_seed: Option<u64>,
    seed: Seed,
}

impl Default for MockHubSpotBuilder {
    fn default() -> Self {
        Self {
            port: 0,
            tier: Tier::default(),
            frozen_at: None,
            journal_capacity: journal::CAPACITY,
            token_seed: None,
            seed: Seed::default(),
        }
    }
}

impl MockHubSpotBuilder {
    /// The port; a free one unless set.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// What the limits of the accounts allow; [`Tier::PROFESSIONAL`] unless set here or on the account.
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// A clock that stands still at `time` until it is advanced; the machine's clock unless set.
    pub fn frozen_at(mut self, time: impl Into<SystemTime>) -> Self {
        self.frozen_at = Some(time.into());
        self
    }

    /// How many requests the journal keeps, the last ones; 100,000 unless set. One without a body takes some 300 bytes, and
    /// up to 64 KiB of a body are kept.
    pub fn journal_capacity(mut self, requests: usize) -> Self {
        self.journal_capacity = requests;
        self
    }

    /// Makes the same tokens in every run: for recordings and screenshots, never where a token is a secret.
    pub fn token_seed(mut self, seed: u64) -> Self {
        self.token_seed = Some(seed);
        self
    }

    /// What to start with; nothing unless set.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// The port cannot be opened, or the seed has something that HubSpot would refuse.
    pub async fn start(self) -> Result<MockHubSpot, StartError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let world = Arc::new(self.into_world()?);
        let (end, ended) = watch::channel(());
        tokio::spawn(serve(listener, Arc::clone(&world), ended));
        Ok(MockHubSpot {
            world,
            address,
            _end: end,
        })
    }

    fn into_world(self) -> Result<World, SeedError> {
        // A time that no timestamp can hold is not one that a test means.
        let time = self
            .frozen_at
            .and_then(|time| Timestamp::try_from(time).ok());
        let world = World {
            clock: time.map_or_else(Clock::default, Clock::frozen_at),
            tokens: self.token_seed.map_or_else(Tokens::default, Tokens::seeded),
            journal: Journal::with_capacity(self.journal_capacity),
            tier: self.tier,
            ..World::default()
        };
        self.seed.apply(&world)?;
        Ok(world)
    }
}
