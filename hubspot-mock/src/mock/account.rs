//! What a test does with an account.
//!
//! Comes in: scopes, records, limits. Goes out: tokens, clients, ids. Refuses records that HubSpot would refuse.

use std::fmt;
use std::sync::Arc;

use hubspot_generated::{Client, ScopeSet};

use crate::account::Account;
use crate::limits::Tier;
use crate::tokens::StaticKind;
use crate::world::World;

/// An account of a [`MockHubSpot`](crate::MockHubSpot).
///
/// A handle: clones are the same account.
#[derive(Clone)]
pub struct MockAccount {
    world: Arc<World>,
    account: Arc<Account>,
    url: String,
}

impl MockAccount {
    pub(super) const fn new(world: Arc<World>, account: Arc<Account>, url: String) -> Self {
        Self {
            world,
            account,
            url,
        }
    }

    /// What tests call it.
    pub fn name(&self) -> &str {
        &self.account.name
    }

    /// HubSpot's id for it.
    pub fn hub_id(&self) -> i64 {
        self.account.hub_id
    }

    /// Sets what its limits allow. The calls so far still count.
    pub fn set_tier(&self, tier: Tier) {
        self.account.limits.set_tier(tier);
    }

    /// A new token of a private app of its own with these scopes; it does not expire.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use hubspot_generated::Client;
    /// use hubspot_mock::MockHubSpot;
    ///
    /// let hubspot = MockHubSpot::start().await?;
    /// let token = hubspot.account("acme").grant(["crm.objects.contacts.read"]);
    /// let client = Client::unchecked().base_url(hubspot.url()).access_token(token).build()?;
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

    /// A new token that does not expire, of one of the kinds that HubSpot has.
    pub fn grant_as<I: IntoIterator<Item: Into<String>>>(
        &self,
        kind: StaticKind,
        scopes: I,
    ) -> String {
        let scopes = scopes.into_iter().map(Into::into);
        self.world.tokens.issue_static(&self.account, kind, scopes)
    }

    /// A client with a new token that has every scope of `S`: the required ones, the conditional and optional ones as if the
    /// account had all features, and those that `S` assumes, for this HubSpot asks for what the documents say.
    ///
    /// # Panics
    ///
    /// The machine's TLS cannot be set up.
    pub fn client<S: ScopeSet>(&self) -> Client<S> {
        let declared = S::DECLARED;
        let scopes = [
            declared.required,
            declared.conditional,
            declared.optional,
            declared.unlisted,
            declared.assumed,
        ];
        let token = self.grant(scopes.into_iter().flatten().copied());
        let client = Client::<S>::builder()
            .base_url(&self.url)
            .access_token(token);
        match client.build() {
            Ok(client) => client,
            Err(error) => panic!("cannot build a client of {}: {error}", self.url),
        }
    }

    /// Says that the account lacks the features behind these scopes, as a cheaper product does: an install leaves them out
    /// where they are optional, and is refused where they are required. Replaces what was said before.
    pub fn lacks<I: IntoIterator<Item: Into<String>>>(&self, scopes: I) {
        let scopes = scopes.into_iter().map(Into::into);
        self.world.tokens.withhold(self.hub_id(), scopes);
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
