//! Configures and starts a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::definitions::{ConflictBody, InvalidValues, Tier};
use crate::mock::MockHubSpot;
use crate::seed::{Seed, SeedError};
use crate::server::serve;
use crate::store::{Journal, Recording, Replay, ServerState, Tokens, journal};
use crate::values::Clock;

/// An error of [`MockHubSpotBuilder::start`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be opened.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
    /// HubSpot would refuse a part of the seed.
    #[error("the seed cannot be used")]
    Seed(#[from] SeedError),
}

/// Configures a [`MockHubSpot`].
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::{Duration, SystemTime};
/// use hubspot_mock::{MockHubSpot, Tier};
///
/// // A frozen clock, which only the test advances.
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
    host: Ipv4Addr,
    port: u16,
    tier: Tier,
    frozen_at: Option<SystemTime>,
    journal_capacity: usize,
    journal_bytes: usize,
    token_seed: Option<u64>,
    invalid_values: Option<InvalidValues>,
    conflict_body: Option<ConflictBody>,
    search_lag: Duration,
    is_explored: bool,
    recording: Recording,
    seed: Seed,
}

impl Default for MockHubSpotBuilder {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST,
            port: 0,
            tier: Tier::default(),
            frozen_at: None,
            journal_capacity: journal::CAPACITY,
            journal_bytes: journal::MOST_BYTES,
            token_seed: None,
            invalid_values: None,
            conflict_body: None,
            search_lag: Duration::ZERO,
            is_explored: false,
            recording: Recording::default(),
            seed: Seed::default(),
        }
    }
}

impl MockHubSpotBuilder {
    /// Sets the port. The default is a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on all addresses of the machine, as in a container. The default is 127.0.0.1. Anybody who reaches the machine
    /// can read and change all records.
    pub fn public(mut self) -> Self {
        self.host = Ipv4Addr::UNSPECIFIED;
        self
    }

    /// Sets the rate limits of all accounts. The default is [`Tier::PROFESSIONAL`].
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tier = tier;
        self
    }

    /// Freezes the clock at `time`, until it is advanced. The default is the system clock.
    pub fn frozen_at(mut self, time: impl Into<SystemTime>) -> Self {
        self.frozen_at = Some(time.into());
        self
    }

    /// Sets how many requests the journal keeps. The default is the last 100,000. See also
    /// [`journal_bytes`](Self::journal_bytes).
    pub fn journal_capacity(mut self, requests: usize) -> Self {
        self.journal_capacity = requests;
        self
    }

    /// Sets how much memory the requests in the journal take at most, in bytes. The default is 64 MiB. Above it, the oldest
    /// requests are dropped. A request without a body takes about 300 bytes; up to 64 KiB of a body are kept.
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.journal_bytes = bytes;
        self
    }

    /// Generates the same tokens in every run, for recordings and screenshots. Do not use it where tokens must be secret.
    pub fn token_seed(mut self, seed: u64) -> Self {
        self.token_seed = Some(seed);
        self
    }

    /// Sets what an invalid value does to a batch update or upsert. The default is [`InvalidValues::Whole`].
    pub fn invalid_values(mut self, effect: InvalidValues) -> Self {
        self.invalid_values = Some(effect);
        self
    }

    /// Sets what a 409 for a contact looks like. The default is [`ConflictBody::Short`].
    pub fn conflict_body(mut self, body: ConflictBody) -> Self {
        self.conflict_body = Some(body);
        self
    }

    /// Sets how long after a change search sees it, by the server's clock. Until then, search does not find a new record, and
    /// finds a changed one with its former values. With HubSpot, that takes seconds; get and list see a change at once. The
    /// default is no delay.
    pub fn search_lag(mut self, lag: Duration) -> Self {
        self.search_lag = lag;
        self
    }

    /// Responds as in a recording to requests whose method, path and query it has, with `x-hubspot-mock: replay`. Responses that
    /// were recorded for the same JSON in the body take precedence, whatever the order of its fields; without any, the body is
    /// ignored. Several responses come in their order, and the last one is repeated. Token, scopes, limits and the request are
    /// checked as before. Other requests are handled as always.
    pub fn replay(mut self, recording: Recording) -> Self {
        self.recording = recording;
        self
    }

    /// Sets what the server starts with. The default is nothing.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Freezes the clock, by which clients then wait.
    pub(super) fn for_exploration(mut self) -> Self {
        self.frozen_at.get_or_insert_with(SystemTime::now);
        self.is_explored = true;
        self
    }

    /// Starts the server.
    ///
    /// # Errors
    ///
    /// Fails if the port cannot be opened, or if HubSpot would refuse a part of the seed.
    pub async fn start(self) -> Result<MockHubSpot, StartError> {
        let address = SocketAddr::from((self.host, self.port));
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let mut address = listener.local_addr().map_err(listen)?;
        if self.host.is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let state = Arc::new(self.into_state(format!("http://{address}"))?);
        let (end, ended) = watch::channel(());
        tokio::spawn(serve(listener, Arc::clone(&state), ended));
        Ok(MockHubSpot {
            state,
            address,
            _end: end,
        })
    }

    fn into_state(self, url: String) -> Result<ServerState, SeedError> {
        // A time outside the range of `Timestamp` is ignored.
        let time = self
            .frozen_at
            .and_then(|time| Timestamp::try_from(time).ok());
        let journal = Journal::with_capacity(self.journal_capacity, self.journal_bytes);
        let state = ServerState {
            url,
            clock: Arc::new(time.map_or_else(Clock::default, Clock::frozen_at)),
            tokens: self.token_seed.map_or_else(Tokens::default, Tokens::seeded),
            journal: if self.is_explored {
                journal.with_history()
            } else {
                journal
            },
            tier: self.tier,
            is_explored: self.is_explored,
            replay: Replay::new(self.recording),
            invalid_values: self
                .invalid_values
                .or(self.seed.invalid_values)
                .unwrap_or_default(),
            conflict_body: self
                .conflict_body
                .or(self.seed.conflict_body)
                .unwrap_or_default(),
            search_lag: self.search_lag.max(self.seed.search_lag()),
            ..ServerState::default()
        };
        self.seed.apply(&state)?;
        Ok(state)
    }
}
