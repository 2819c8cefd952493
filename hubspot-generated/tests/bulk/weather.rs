//! What troubles a run: faults of HubSpot, clocks that jump, tokens that expire, a Redis that is away, a process that is
//! killed.

use std::path::PathBuf;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use hubspot_generated::{Client, Clock, Pacing, Unchecked};
use hubspot_mock::{Fault, MockHubSpot, RandomFaults, Tier};

use crate::support::{Fixture, NoWait};

#[cfg(feature = "redis")]
#[allow(dead_code, reason = "other tests use more of it")]
#[path = "../support/redis.rs"]
mod server;

/// What happens during a run.
#[derive(Clone)]
pub(crate) enum Trouble {
    /// A share of the batches meets a fault.
    Fault(f64, Fault),
    /// A fault, while the time of day jumps by up to a day.
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

impl Trouble {
    /// Whether the run ends early and is started again.
    pub(crate) fn is_restarted(&self) -> bool {
        matches!(self, Self::Daily(_) | Self::Killed)
    }
}

/// A clock that does not wait, and whose time of day jumps.
struct Jumping;

impl Clock for Jumping {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall_time(&self) -> SystemTime {
        let day = Duration::from_hours(24);
        SystemTime::now() - day + Duration::from_secs(fastrand::u64(0..2 * day.as_secs()))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        NoWait.sleep(duration)
    }
}

/// A local HubSpot and a client in trouble.
pub(crate) struct Weather {
    pub(crate) fixture: Fixture,
    /// Where journals go.
    pub(crate) folder: tempfile::TempDir,
    trouble: Trouble,
    #[cfg(feature = "redis")]
    redis: Option<server::Redis>,
}

impl Weather {
    pub(crate) async fn start(trouble: &Trouble) -> Self {
        let mock = MockHubSpot::builder().tier(Tier::UNLIMITED);
        let mock = mock.start().await.unwrap();
        let mut builder = Client::unchecked_builder()
            .base_url(mock.url())
            .clock(NoWait)
            .pacing(Pacing::none());
        #[cfg(feature = "redis")]
        let mut redis = None;
        let mut client: Option<Client<Unchecked>> = None;
        match trouble {
            Trouble::Clock(..) => builder = builder.clock(Jumping),
            #[cfg(feature = "oauth")]
            Trouble::Token => client = Some(installed(&mock).await),
            #[cfg(feature = "redis")]
            Trouble::Redis => {
                redis = server::Redis::start().await;
                if let Some(redis) = &redis {
                    let tier = hubspot_generated::Tier::CapacityPack;
                    let authority = hubspot_generated::RedisPacing::new(&redis.url()).unwrap();
                    let pacing = Pacing::new().tier(tier);
                    let pacing = pacing.across_processes(authority.fallback_share(0.5));
                    builder = Client::unchecked_builder()
                        .base_url(mock.url())
                        .pacing(pacing);
                }
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
            trouble: trouble.clone(),
            #[cfg(feature = "redis")]
            redis,
        }
    }

    /// Begins the trouble for the requests of an operation.
    pub(crate) fn begin(&self, operation: &str, seed: u64) {
        let (share, fault) = match &self.trouble {
            Trouble::Fault(share, fault) | Trouble::Clock(share, fault) => (*share, fault.clone()),
            Trouble::Daily(share) => (*share, Fault::daily_limit()),
            _ => return,
        };
        let faults = RandomFaults::seeded(seed).with(share, fault.on(operation));
        self.fixture.mock.fail_by_chance(faults);
    }

    /// What happens after so many of the outcomes.
    pub(crate) async fn after(&mut self, outcomes: usize, inputs: usize) {
        match self.trouble {
            #[cfg(feature = "oauth")]
            Trouble::Token => {
                // A token outlives the eight batches in flight: a request is repeated with a new token once.
                let every = (inputs / 5).max(1000);
                if outcomes % every == every / 2 {
                    self.fixture.mock.advance(Duration::from_hours(1));
                }
            }
            #[cfg(feature = "redis")]
            Trouble::Redis => {
                if let Some(redis) = &mut self.redis {
                    if outcomes == inputs / 4 {
                        redis.stop();
                    } else if outcomes == inputs / 2 {
                        redis.restart().await;
                    }
                }
            }
            _ => {
                let _ = (outcomes, inputs);
            }
        }
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
    let builder = builder.clock(NoWait).pacing(Pacing::none());
    let app = OAuthApp::<Unchecked>::builder("app", "secret", URL).client(builder);
    let app = app.build().unwrap();
    let account = mock.account("acme");
    let hub_id = account.hub_id();
    let install = account.install("app").unwrap();
    app.adopt(hub_id, install.refresh_token).await.unwrap();
    app.account(hub_id)
}
