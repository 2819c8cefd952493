//! The handle by which tests set up an account.

use std::fmt;
use std::sync::Arc;

use hubspot_generated::{Client, ScopeSet};
use serde_json::json;

use crate::behavior::objects;
use crate::definitions::{Owner, Property, StaticKind, Tier};
use crate::generated::CURRENT;
use crate::mock::explore::CLIENT_TIMEOUT;
use crate::pipeline::direct;
use crate::store::{Account, ServerState};
use crate::values::{MockClock, Refusal, sync};

/// An account of a [`MockHubSpot`](crate::MockHubSpot).
///
/// It is a handle: clones refer to the same account.
#[derive(Clone)]
pub struct MockAccount {
    pub(super) state: Arc<ServerState>,
    pub(super) account: Arc<Account>,
    url: String,
}

impl MockAccount {
    pub(super) const fn new(state: Arc<ServerState>, account: Arc<Account>, url: String) -> Self {
        Self {
            state,
            account,
            url,
        }
    }

    /// Its name, which tests choose.
    pub fn name(&self) -> &str {
        &self.account.name
    }

    /// HubSpot's id of the account.
    pub fn hub_id(&self) -> u64 {
        self.account.hub_id
    }

    /// Sets its rate limits. Requests so far still count.
    pub fn set_tier(&self, tier: Tier) {
        self.account.limits.set_tier(tier);
    }

    /// Creates a private app with these scopes and returns its token, which does not expire.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use hubspot_generated::Client;
    /// use hubspot_mock::MockHubSpot;
    ///
    /// let hubspot = MockHubSpot::start().await?;
    /// let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    /// let client = Client::unchecked_builder().base_url(hubspot.url()).access_token(token).build()?;
    /// let refused = client.companies().list().send().await.unwrap_err();
    /// assert!(refused.is_missing_scopes());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn grant<I: IntoIterator<Item: Into<String>>>(&self, scopes: I) -> String {
        self.grant_as(StaticKind::PrivateApp, scopes)
    }

    /// Creates an app of this kind with these scopes and returns its token, which does not expire.
    pub fn grant_as<I: IntoIterator<Item: Into<String>>>(
        &self,
        kind: StaticKind,
        scopes: I,
    ) -> String {
        let scopes = scopes.into_iter().map(Into::into);
        self.state.tokens.issue_static(&self.account, kind, scopes)
    }

    /// A client with a new token that has every scope of `S`: the required, conditional and optional ones, and those that
    /// `S` assumes, because the server requires what the documents say.
    ///
    /// # Panics
    ///
    /// Panics if TLS cannot be initialized.
    pub fn client<S: ScopeSet>(&self) -> Client<S> {
        let declared = S::DECLARED;
        let lists = declared.each().into_iter();
        let token = self.grant(lists.flat_map(|(_, scopes)| scopes.iter().copied()));
        let mut client = Client::<S>::builder()
            .base_url(&self.url)
            .access_token(token)
            .pacing(self.account.limits.pacing());
        if self.state.is_explored {
            let clock = MockClock::new(Arc::clone(&self.state.clock));
            client = client.clock(clock).timeout(CLIENT_TIMEOUT);
        }
        match client.build() {
            Ok(client) => client,
            Err(error) => panic!("cannot build a client of {}: {error}", self.url),
        }
    }

    /// Creates a contact and returns its id. See [`record`](Self::record).
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn contact<'a>(&self, properties: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        self.record("contacts", properties)
    }

    /// Creates a company and returns its id. See [`record`](Self::record).
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn company<'a>(&self, properties: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        self.record("companies", properties)
    }

    /// Creates a line item and returns its id. See [`record`](Self::record).
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn line_item<'a>(
        &self,
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        self.record("line_items", properties)
    }

    /// Creates a record as a person would, and returns its id. This needs no token, counts against no limit and is not
    /// recorded in the journal. Read-only properties such as `createdate` may be set.
    ///
    /// `object_type` is a name (`contacts`, `deals`, that of a custom type), an id (`0-1`, `2-50000001`) or a fully qualified
    /// name.
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it: the type or a property does not exist, a value is not valid, or a unique value is
    /// taken.
    #[track_caller]
    pub fn record<'a>(
        &self,
        object_type: &str,
        properties: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let now = self.state.clock.now();
        let mut store = sync::lock(&self.account.crm);
        let seeded = objects::seed::seed(&mut store, now, object_type, properties);
        accepted(object_type, seeded).to_string()
    }

    /// Adds a user to whom records can belong, and returns the id of the owner, for `hubspot_owner_id`. A new account has no
    /// owners.
    ///
    /// # Panics
    ///
    /// Panics if the id is taken.
    #[track_caller]
    pub fn owner(&self, owner: impl Into<Owner>) -> String {
        let now = self.state.clock.now().as_millisecond();
        let mut store = sync::lock(&self.account.crm);
        match store.owners.add(owner.into(), now) {
            Some(id) => id.to_string(),
            None => panic!("the id of the owner is taken"),
        }
    }

    /// Defines or redefines a property of an object type.
    ///
    /// # Panics
    ///
    /// Panics if the type does not exist.
    #[track_caller]
    pub fn property(&self, object_type: &str, property: Property) {
        let defined = sync::lock(&self.account.crm).define_property(object_type, property);
        accepted(&format!("property of {object_type}"), defined);
    }

    /// Creates a group of properties of an object type.
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn group(&self, object_type: &str, name: &str, label: &str) {
        let path = direct::path(&["crm", "properties", CURRENT, object_type, "groups"]);
        self.create("group", &path, &json!({"name": name, "label": label}));
    }

    /// Creates a pipeline of an object type from a request body of `pipelines.create`, and returns its id.
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn pipeline(&self, object_type: &str, pipeline: &serde_json::Value) -> String {
        let path = direct::path(&["crm", "pipelines", CURRENT, object_type]);
        let created = self.create("pipeline", &path, pipeline);
        created["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Creates a list from a request body of `lists.create`, and returns its id.
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn list(&self, list: &serde_json::Value) -> String {
        let created = self.create("list", &direct::path(&["crm", "lists", CURRENT]), list);
        created["list"]["listId"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    #[track_caller]
    fn create(&self, what: &str, path: &str, body: &serde_json::Value) -> serde_json::Value {
        accepted(what, direct::create(&self.state, &self.account, path, body))
    }

    /// Associates two records, each given as its object type and id, without a label.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let hubspot = hubspot_mock::MockHubSpot::start().await?;
    /// let acme = hubspot.account("acme");
    /// let ada = acme.contact([("email", "ada@example.com")]);
    /// let company = acme.company([("name", "Analytical Engines")]);
    /// acme.associate(("contacts", &ada), ("companies", &company));
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if one of the records does not exist, or records of these types cannot be associated.
    #[track_caller]
    pub fn associate(&self, from: (&str, &str), to: (&str, &str)) {
        let associated = direct::associate(&self.state, &self.account, from, to);
        accepted("association", associated);
    }

    /// Defines an association label for two object types, as a user does in HubSpot's settings, and returns the
    /// `associationTypeId` of each direction. The category is `USER_DEFINED`.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// # let hubspot = hubspot_mock::MockHubSpot::start().await?;
    /// let acme = hubspot.account("acme");
    /// let (works_for, employs) = acme.label(("contacts", "companies"), ("Works for", "Employs"));
    /// # assert_ne!(works_for, employs);
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new()?.block_on(example())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if one of the types does not exist.
    #[track_caller]
    pub fn label(&self, types: (&str, &str), labels: (&str, &str)) -> (u32, u32) {
        let now = self.state.clock.now();
        let defined = sync::lock(&self.account.crm).define_label(now, types, labels);
        accepted("label", defined)
    }

    /// Creates a custom object type from a request body of `v3.schemas.create`, and returns its id (`2-50000001`).
    ///
    /// # Panics
    ///
    /// Panics if HubSpot would refuse it.
    #[track_caller]
    pub fn schema(&self, schema: &serde_json::Value) -> String {
        accepted("schema", direct::define(&self.state, &self.account, schema))
    }
}

/// Panics if HubSpot would refuse what a test sets up.
#[track_caller]
fn accepted<T>(what: &str, outcome: Result<T, Refusal>) -> T {
    match outcome {
        Ok(value) => value,
        Err(refusal) => panic!("{what} refused: {}", refusal.body.message),
    }
}

impl fmt::Debug for MockAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockAccount")
            .field("name", &self.name())
            .field("hub_id", &self.hub_id())
            .finish_non_exhaustive()
    }
}
