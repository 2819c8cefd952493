//! What happens during a run: faults of HubSpot, clocks that jump, tokens that expire, a Redis that is away, a process that
//! is killed.

use std::path::PathBuf;
use std::time::Duration;

use hubspot_generated::{Client, Pacing, Unchecked};
use hubspot_mock::{Fault, MockHubSpot, RandomFaults, Tier};

use crate::support::{Fixture, JumpingClock};

#[cfg(feature = "redis")]
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "../support/redis.rs"]
mod server;

/// What happens during a run.
#[derive(Clone)]
pub(crate) enum Scenario {
    /// A share of the batches meets a fault.
    Fault(f64, Fault),
    /// A fault, and a process that is killed several times. The time of day jumps by up to a day before it
    /// is started again.
    Clock(f64, Fault),
    /// The daily limit is used up now and then. The run is started again.
    Daily(f64),
    /// The process is killed, several times, and started again.
    Killed,
    /// The access token expires, several times.
    #[cfg(feature = "oauth")]
    Token,
    /// Redis, which grants the requests, stops and starts again.
    #[cfg(feature = "redis")]
    Redis,
}

impl Scenario {
    /// Whether the run ends early and is started again.
    pub(crate) fn is_restarted(&self) -> bool {
        self.is_killed() || matches!(self, Self::Daily(_))
    }

    /// The inputs of a run that is long enough for it.
    pub(crate) fn inputs(&self) -> usize {
        match self {
            // Of these, 800 are in flight when Redis is back.
            #[cfg(feature = "redis")]
            Self::Redis => 4000,
            _ => 1000,
        }
    }

    /// Whether the run is killed.
    pub(crate) fn is_killed(&self) -> bool {
        matches!(self, Self::Clock(..) | Self::Killed)
    }
}

/// How much faster than the system's clock that of a client with Redis runs: it asks again after 50 milliseconds.
#[cfg(feature = "redis")]
const SPEED: u32 = 100;
/// How long a run waits after the return of Redis.
#[cfg(feature = "redis")]
const AWAY: Duration = Duration::from_millis(150);

/// Whether the scenario with Redis can be run.
#[cfg(feature = "redis")]
pub(crate) fn has_redis() -> bool {
    server::is_installed()
}

/// A local HubSpot and a client, to which a scenario happens.
pub(crate) struct Environment {
    pub(crate) fixture: Fixture,
    /// Where journals go.
    pub(crate) folder: tempfile::TempDir,
    scenario: Scenario,
    clock: JumpingClock,
    #[cfg(feature = "redis")]
    redis: Option<server::Redis>,
}

impl Environment {
    pub(crate) async fn start(scenario: &Scenario) -> Self {
        let mock = MockHubSpot::builder().tier(Tier::UNLIMITED);
        let mock = mock.start().await.unwrap();
        let clock = JumpingClock::default();
        let mut builder = Client::unchecked_builder()
            .base_url(mock.url())
            .clock(JumpingClock::default())
            .pacing(Pacing::none());
        #[cfg(feature = "redis")]
        let mut redis = None;
        let mut client: Option<Client<Unchecked>> = None;
        match scenario {
            Scenario::Clock(..) => builder = builder.clock(clock.clone()),
            #[cfg(feature = "oauth")]
            Scenario::Token => client = Some(installed(&mock).await),
            #[cfg(feature = "redis")]
            Scenario::Redis => {
                let server = server::Redis::start().await.expect("Redis is installed");
                let tier = hubspot_generated::Tier::CapacityPack;
                let authority = hubspot_generated::RedisPacing::new(&server.url()).unwrap();
                let pacing = Pacing::new().tier(tier);
                let pacing = pacing.across_processes(authority.fallback_share(0.5));
                builder = builder.clock(mock.clock().scaled(SPEED)).pacing(pacing);
                redis = Some(server);
            }
            _ => {}
        }
        let hubspot = client.unwrap_or_else(|| {
            let token = mock.account("acme").grant(MockHubSpot::every_scope());
            builder.access_token(token).build().unwrap()
        });
        Self {
            fixture: Fixture { mock, hubspot },
            folder: tempfile::tempdir().unwrap(),
            scenario: scenario.clone(),
            clock,
            #[cfg(feature = "redis")]
            redis,
        }
    }

    /// Begins the faults for the requests of an operation.
    pub(crate) fn begin(&self, operation: &str, seed: u64) {
        let (share, fault) = match &self.scenario {
            Scenario::Fault(share, fault) | Scenario::Clock(share, fault) => {
                (*share, fault.clone())
            }
            Scenario::Daily(share) => (*share, Fault::daily_limit()),
            _ => return,
        };
        let faults = RandomFaults::seeded(seed).with(share, fault.on(operation));
        self.fixture.mock.fail_by_chance(faults);
    }

    /// What happens after so many of the outcomes.
    pub(crate) async fn after(&mut self, outcomes: usize, inputs: usize) {
        match self.scenario {
            #[cfg(feature = "oauth")]
            Scenario::Token => {
                let every = inputs / 5;
                if outcomes % every == every / 2 {
                    self.fixture.mock.advance(Duration::from_hours(1));
                }
            }
            #[cfg(feature = "redis")]
            Scenario::Redis => {
                if let Some(redis) = &mut self.redis {
                    if outcomes == inputs / 4 {
                        assert!(redis.keys().await > 0, "it was not asked");
                        redis.stop();
                    } else if outcomes == inputs / 2 {
                        redis.restart().await;
                        assert_eq!(redis.keys().await, 0, "it has forgotten everything");
                        tokio::time::sleep(AWAY).await;
                    } else if outcomes == inputs {
                        assert!(redis.keys().await > 0, "it was not asked again");
                    }
                }
            }
            _ => {
                let _ = (outcomes, inputs);
            }
        }
    }

    /// What happens before a process is started again.
    pub(crate) fn restart(&self) {
        const DAY: i64 = 24 * 3600;
        self.clock.jump(fastrand::i64(-DAY..DAY));
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.folder.path().join("run.journal")
    }
}

/// A client of an installed app, which believes its tokens to be valid when they have expired.
#[cfg(feature = "oauth")]
async fn installed(mock: &MockHubSpot) -> Client<Unchecked> {
    use hubspot_generated::oauth::OAuthApp;
    use hubspot_mock::App;

    const URL: &str = "https://app.example.com/";
    let scopes = [
        "oauth",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
    ];
    let app = App::new("app", "secret").redirect_uri(URL);
    mock.register(app.required(scopes)).unwrap();
    let builder = Client::builder().base_url(mock.url());
    let builder = builder
        .clock(JumpingClock::default())
        .pacing(Pacing::none());
    let app = OAuthApp::<Unchecked>::builder("app", "secret", URL).client(builder);
    let app = app.build().unwrap();
    let account = mock.account("acme");
    let hub_id = account.hub_id();
    let install = account.install("app").unwrap();
    app.adopt(hub_id, install.refresh_token).await.unwrap();
    app.account(hub_id)
}
