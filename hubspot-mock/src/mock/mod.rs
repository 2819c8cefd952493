//! The public handle to a running server.

use std::collections::BTreeSet;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hubspot_generated::oauth::OAuthApp;
use hubspot_generated::{Client, DeveloperKey, ScopeSet};
use tokio::sync::watch;

use crate::definitions::{App, ErrorShape, Fault, InvalidApp, operation};
use crate::store::{JournalView, RandomFaults, ServerState};
use crate::values::{MockClock, sync};

mod account;
mod builder;
mod explore;
mod install;
mod on;

pub use crate::mock::account::MockAccount;
pub use crate::mock::builder::{MockHubSpotBuilder, StartError};
use crate::mock::explore::CLIENT_TIMEOUT;
pub use crate::mock::explore::{Exploration, Explorer, Finding, Problem};
pub use crate::mock::install::{ConnectError, Install, InstallError};
pub use crate::mock::on::On;

/// A HubSpot server in this process, on a port of this machine. It stops when it is dropped.
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
/// Several servers can run at once, each with its own accounts, tokens and clock. A server needs a tokio runtime with I/O
/// and time enabled, and runs as long as the runtime does.
pub struct MockHubSpot {
    state: Arc<ServerState>,
    address: SocketAddr,
    /// Dropping it stops the server.
    _end: watch::Sender<()>,
}

impl MockHubSpot {
    /// Starts a server on a free port, with the limits of a professional product and the system clock.
    ///
    /// # Errors
    ///
    /// Fails if no port can be opened.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Configures a server: its port, limits, clock and first records.
    pub fn builder() -> MockHubSpotBuilder {
        MockHubSpotBuilder::default()
    }

    /// Runs a job once to learn its requests, and then once for each request and each fault that it can meet: limits (429),
    /// 500, 502 with HTML, 503, 423, a reset before and after the effect, a truncated body, a timeout and an expired token.
    /// Each run has a server of its own, with a frozen clock. The report has the runs in which something was lost or done
    /// twice, and those that did not end. Records and lists are compared: the values of records, and how many associations
    /// and members there are.
    ///
    /// The job sets up the server, runs the code under test, and returns what must be the same in every run, such as the number
    /// of records that it has read. An error is a valid outcome of a job that meets a fault. Clients of
    /// [`MockAccount::client`] and [`MockAccount::connect`] wait by the server's clock; give [`clock`](Self::clock) to others.
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
    /// let report = MockHubSpot::explore(async |hubspot| {
    ///     let acme = hubspot.account("acme");
    ///     acme.contact([("email", "ada@example.com")]);
    ///     let page = acme.client::<SyncScopes>().contacts().list().await?;
    ///     Ok::<_, hubspot_generated::Error>(page.results.len())
    /// })
    /// .await;
    /// assert_eq!((report.requests(), report.runs()), (1, 10));
    /// report.assert_clean();
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if no server can be started, or if the job does not succeed without a fault.
    pub async fn explore<T, E>(job: impl AsyncFn(&Self) -> Result<T, E>) -> Exploration
    where
        T: PartialEq + fmt::Debug,
        E: fmt::Display,
    {
        Explorer::default().run(job).await
    }

    /// The base URL: `http://127.0.0.1:<port>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The account with this name, which is created on first use.
    pub fn account(&self, name: &str) -> MockAccount {
        MockAccount::new(
            Arc::clone(&self.state),
            self.state.account(name),
            self.url(),
        )
    }

    /// A client for the account `default`, with the scopes of `S`. See [`MockAccount::client`].
    ///
    /// # Panics
    ///
    /// Panics if TLS cannot be initialized.
    pub fn client<S: ScopeSet>(&self) -> Client<S> {
        self.account("default").client()
    }

    /// Every scope that some operation requires. A token with all of them may call every operation.
    pub fn every_scope() -> BTreeSet<String> {
        operation::every_scope()
    }

    /// Creates the API key of a developer account and returns it.
    pub fn developer_key(&self) -> String {
        let key = format!("{:032x}", fastrand::u128(..));
        sync::write(&self.state.developer_keys).insert(key.clone());
        key
    }

    /// A client with a new developer API key, for the operations that take one.
    ///
    /// # Panics
    ///
    /// Panics if TLS cannot be initialized.
    pub fn developer_client(&self) -> Client<DeveloperKey> {
        let client = Client::developer_builder(self.developer_key()).base_url(self.url());
        match client.build() {
            Ok(client) => client,
            Err(error) => panic!("cannot build a client of {}: {error}", self.url()),
        }
    }

    /// Registers an OAuth app. Replaces an app with the same client id.
    ///
    /// # Errors
    ///
    /// Fails if HubSpot would not accept its settings.
    pub fn register(&self, app: App) -> Result<(), InvalidApp> {
        self.state.tokens.register(app).map(drop)
    }

    /// Registers an OAuth app with the scopes of `S`, and returns it as a program has it, with tokens in memory.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # use hubspot_mock::MockHubSpot;
    /// hubspot_generated::scope_set! {
    ///     struct SyncScopes {
    ///         required: ["oauth", "crm.objects.contacts.read"],
    ///     }
    /// }
    ///
    /// let hubspot = MockHubSpot::start().await?;
    /// let app = hubspot.oauth_app::<SyncScopes>();
    /// let client = hubspot.account("acme").connect(&app).await?;
    /// assert!(client.contacts().list().await?.results.is_empty());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if TLS cannot be initialized, or if HubSpot would not accept the scopes of `S` for an app.
    pub fn oauth_app<S: ScopeSet>(&self) -> OAuthApp<S> {
        const REDIRECT_URI: &str = "http://localhost:3000/callback";
        let [id, secret] = [(); 2].map(|()| format!("{:032x}", fastrand::u128(..)));
        let app = App::new(&id, &secret)
            .redirect_uri(REDIRECT_URI)
            .scopes_of::<S>();
        if let Err(invalid) = self.register(app) {
            panic!("{invalid}");
        }
        let mut client = Client::<S>::builder()
            .base_url(self.url())
            .clock(self.clock());
        if self.state.is_explored {
            client = client.timeout(CLIENT_TIMEOUT);
        }
        let app = OAuthApp::builder(id, secret, REDIRECT_URI)
            .client(client)
            .authorize_base_url(self.url());
        match app.build() {
            Ok(app) => app,
            Err(error) => panic!("cannot build an OAuth app of {}: {error}", self.url()),
        }
    }

    /// Rotates the token of a private app, a project app or a service key, and returns the new one. The old one becomes
    /// invalid at once. Returns `None` if there is no such token.
    pub fn rotate(&self, token: &str) -> Option<String> {
        self.state.tokens.rotate_static(token)
    }

    /// Changes the scopes of a private app, a project app or a service key, and returns its new token. The old one becomes
    /// invalid at once. Returns `None` if there is no such token.
    pub fn edit_scopes<I: IntoIterator<Item: Into<String>>>(
        &self,
        token: &str,
        scopes: I,
    ) -> Option<String> {
        let scopes = scopes.into_iter().map(Into::into);
        self.state.tokens.edit_static(token, scopes)
    }

    /// Sets the shape of OAuth errors in all versions; `None` restores the default of each version.
    pub fn set_error_shape(&self, shape: Option<ErrorShape>) {
        self.state.tokens.set_error_shape(shape);
    }

    /// Sets the response of an operation, for operations whose behavior the server does not have. Token, scopes, limits and
    /// the request are checked as before. The response has `x-hubspot-mock: answer`.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let hubspot = hubspot_mock::MockHubSpot::start().await?;
    /// let codes = serde_json::json!({ "results": [{ "code": "EUR", "name": "Euro" }] });
    /// hubspot.on("settings.currencies.list_codes").answer(codes);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if there is no such operation, and names the nearest.
    #[track_caller]
    pub fn on(&self, operation: &str) -> On {
        if let Err(unknown) = operation::check_operation(operation) {
            panic!("{unknown}");
        }
        On {
            state: Arc::clone(&self.state),
            operation: operation.to_owned(),
        }
    }

    /// Injects a fault into the next request that it targets.
    ///
    /// Faults are kept in the order in which they were added; each request takes the first that targets it.
    ///
    /// # Panics
    ///
    /// Panics if the fault targets an operation that does not exist, because it would never occur. The other methods that
    /// take faults panic as well.
    #[track_caller]
    pub fn fail_next(&self, fault: Fault) {
        self.fail_next_n(1, fault);
    }

    /// Injects a fault into the next `requests` requests that it targets.
    #[track_caller]
    pub fn fail_next_n(&self, requests: usize, fault: Fault) {
        check(&fault);
        self.state.faults.next_requests(requests, fault);
    }

    /// Injects a fault into every request that it targets, for a time by the server's clock.
    #[track_caller]
    pub fn fail_for(&self, time: Duration, fault: Fault) {
        check(&fault);
        let now = self.state.clock.now();
        self.state.faults.for_a_time(now, time, fault);
    }

    /// Injects random faults into requests that no other fault targets.
    #[track_caller]
    pub fn fail_by_chance(&self, faults: RandomFaults) {
        for fault in faults.faults() {
            check(fault);
        }
        self.state.faults.by_chance(faults);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// The server's clock, for clients that measure time and wait by it.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use hubspot_generated::Client;
    /// use hubspot_mock::MockHubSpot;
    ///
    /// let hubspot = MockHubSpot::start().await?;
    /// // Ten seconds pass in half a second, for the server's limits and for the client's waits.
    /// let clock = hubspot.clock().scaled(20);
    /// let client = Client::unchecked_builder()
    ///     .base_url(hubspot.url())
    ///     .access_token(hubspot.account("acme").grant(["crm.objects.contacts.read"]))
    ///     .clock(clock)
    ///     .build()?;
    /// client.contacts().list().await?;
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn clock(&self) -> MockClock {
        MockClock::new(Arc::clone(&self.state.clock))
    }

    /// Advances the clock: tokens expire, limits recover.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(by);
    }

    /// Records the requests from now on, and their responses, in a file, as an HTTP archive (HAR 1.2) that
    /// [`replay`](MockHubSpotBuilder::replay) takes. Replaces the file. Tokens, codes and client secrets are redacted, and
    /// headers are left out. If the file cannot be written later, the recording ends; see
    /// [`recording_failed`](Self::recording_failed).
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be created.
    pub fn record(&self, path: impl AsRef<std::path::Path>) -> std::io::Result<()> {
        self.state.recorder.start(path.as_ref())
    }

    /// Waits until a recording ends because its file cannot be written, and returns the error. Each error is returned once.
    pub async fn recording_failed(&self) -> std::io::Error {
        self.state.recorder.failed().await
    }

    /// The requests so far.
    pub fn journal(&self) -> JournalView {
        self.state.journal.view()
    }

    /// Clears the journal.
    pub fn clear_journal(&self) {
        self.state.journal.clear();
    }

    /// The scopes that allowed the requests so far.
    pub fn scopes_used(&self) -> BTreeSet<String> {
        self.journal().scopes_used()
    }
}

/// Panics if the fault can never occur: a test that relies on it would test nothing.
#[track_caller]
fn check(fault: &Fault) {
    if let Err(unknown) = fault.check_target() {
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
