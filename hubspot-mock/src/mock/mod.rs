//! The public handle to a running server.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hubspot_generated::{Client, ScopeSet};
use tokio::sync::watch;

use crate::definitions::app::{App, ErrorShape, InvalidApp};
use crate::definitions::fault::Fault;
use crate::definitions::operation;
use crate::store::faults::RandomFaults;
use crate::store::journal::JournalView;
use crate::store::world::World;

mod account;
mod builder;

pub use crate::mock::account::{Install, InstallError, MockAccount};
pub use crate::mock::builder::{MockHubSpotBuilder, StartError};

/// A HubSpot that runs in this process, on a port of this machine. It ends when it is dropped.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use hubspot_mock::MockHubSpot;
///
/// hubspot_generated::scope_set! {
///     struct SyncScopes {
///         required: ["crm.objects.contacts.read"],
///     }
/// }
///
/// let hubspot = MockHubSpot::start().await?;
/// let acme = hubspot.account("acme");
/// acme.contact([("email", "ada@example.com")]);
///
/// let client = acme.client::<SyncScopes>();
/// let page = client.contacts().list().send().await?;
/// assert_eq!(page.results.len(), 1);
/// assert_eq!(hubspot.journal().count("contacts.list"), 1);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new()?.block_on(example())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Several can run at once, each with accounts, tokens and a clock of its own. It needs a tokio runtime with I/O and time
/// enabled, and serves as long as that runs.
pub struct MockHubSpot {
    world: Arc<World>,
    address: SocketAddr,
    /// Dropped with the rest, which ends the server.
    _end: watch::Sender<()>,
}

impl MockHubSpot {
    /// Starts on a free port, with HubSpot's limits of a professional product and the machine's clock.
    ///
    /// # Errors
    ///
    /// No port can be opened.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Starts to set one up: its port, limits, clock and first records.
    pub fn builder() -> MockHubSpotBuilder {
        MockHubSpotBuilder::default()
    }

    /// The base URL: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account of that name, which is made when it is first asked for.
    pub fn account(&self, name: &str) -> MockAccount {
        MockAccount::new(
            Arc::clone(&self.world),
            self.world.account(name),
            self.url(),
        )
    }

    /// A client of the account `default`, with the scopes of `S`. See [`MockAccount::client`].
    ///
    /// # Panics
    ///
    /// The machine's TLS cannot be set up.
    pub fn client<S: ScopeSet>(&self) -> Client<S> {
        self.account("default").client()
    }

    /// Every scope that some operation here needs: what a token needs that may do everything.
    pub fn every_scope() -> BTreeSet<String> {
        operation::every_scope()
    }

    /// Registers an OAuth app; one with the same client id is replaced.
    ///
    /// # Errors
    ///
    /// HubSpot would not save its settings.
    pub fn register(&self, app: App) -> Result<(), InvalidApp> {
        self.world.tokens.register(app).map(drop)
    }

    /// Gives the private app, project app or service key behind `token` a new one; the old one is of no use from now on.
    /// None if it is no such token.
    pub fn rotate(&self, token: &str) -> Option<String> {
        self.world.tokens.rotate_static(token)
    }

    /// Edits the scopes of the private app, project app or service key behind `token`: it has a new token from now on, the
    /// old one is of no use. None if it is no such token.
    pub fn edit_scopes<I: IntoIterator<Item: Into<String>>>(
        &self,
        token: &str,
        scopes: I,
    ) -> Option<String> {
        let scopes = scopes.into_iter().map(Into::into);
        self.world.tokens.edit_static(token, scopes)
    }

    /// Lets OAuth's token calls refuse in one of HubSpot's three shapes, whatever their version; `None` for the shape that
    /// each version has of its own.
    pub fn set_error_shape(&self, shape: Option<ErrorShape>) {
        self.world.tokens.set_error_shape(shape);
    }

    /// Lets something go wrong with the next request at which the fault is aimed.
    ///
    /// Faults wait in the order in which they were given: each request meets the first that is aimed at it.
    ///
    /// # Panics
    ///
    /// The fault is aimed at an operation that there is not: it would never come. The other methods that take faults panic
    /// then, too.
    #[track_caller]
    pub fn fail_next(&self, fault: Fault) {
        self.fail_next_n(1, fault);
    }

    /// Lets something go wrong with the next `requests` requests at which the fault is aimed.
    #[track_caller]
    pub fn fail_next_n(&self, requests: usize, fault: Fault) {
        check(&fault);
        self.world.faults.next_requests(requests, fault);
    }

    /// Lets something go wrong with every request at which the fault is aimed, for a time by this HubSpot's clock.
    #[track_caller]
    pub fn fail_for(&self, time: Duration, fault: Fault) {
        check(&fault);
        let now = self.world.clock.now();
        self.world.faults.for_a_time(now, time, fault);
    }

    /// Lets things go wrong by chance, with requests that no other fault applies_to.
    #[track_caller]
    pub fn fail_by_chance(&self, faults: RandomFaults) {
        for fault in faults.faults() {
            check(fault);
        }
        self.world.faults.by_chance(faults);
    }

    /// Lets nothing more go wrong.
    pub fn clear_faults(&self) {
        self.world.faults.clear();
    }

    /// Moves the clock on: tokens expire, limits recover.
    pub fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
    }

    /// The requests so far.
    pub fn journal(&self) -> JournalView {
        self.world.journal.view()
    }

    /// Forgets the requests so far.
    pub fn clear_journal(&self) {
        self.world.journal.clear();
    }

    /// The scopes that the calls so far needed, as far as they were allowed.
    pub fn scopes_used(&self) -> BTreeSet<String> {
        self.journal().scopes_used()
    }
}

/// A test that waits for a fault that never comes tests nothing.
#[track_caller]
fn check(fault: &Fault) {
    if let Err(unknown) = fault.check_aim() {
        panic!("{unknown}");
    }
}

impl fmt::Debug for MockHubSpot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockHubSpot")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
