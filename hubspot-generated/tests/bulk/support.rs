//! A local HubSpot with one account, and a client whose retries take no time.

use std::collections::BTreeMap;

use hubspot_generated::bulk::{Outcome, Status};
use hubspot_generated::models::BatchCreateInput;
use hubspot_generated::{Client, Clock, Pacing, Unchecked};
use hubspot_mock::{InvalidValues, MockHubSpot, Tier};

pub(crate) use self::clock::JumpingClock;

#[path = "../support/clock.rs"]
mod clock;

pub(crate) struct Fixture {
    pub(crate) mock: MockHubSpot,
    pub(crate) hubspot: Client<Unchecked>,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::start_with(InvalidValues::default()).await
    }

    pub(crate) async fn start_with(invalid_values: InvalidValues) -> Self {
        Self::start_by(JumpingClock::default(), invalid_values).await
    }

    pub(crate) async fn start_by(clock: impl Clock, invalid_values: InvalidValues) -> Self {
        let mock = MockHubSpot::builder().tier(Tier::UNLIMITED);
        let mock = mock.invalid_values(invalid_values).start().await.unwrap();
        let token = mock.account("acme").grant(MockHubSpot::every_scope());
        let hubspot = Client::unchecked_builder()
            .base_url(mock.url())
            .access_token(token)
            .clock(clock)
            .pacing(Pacing::none())
            .build()
            .unwrap();
        Self { mock, hubspot }
    }

    /// The records of the store: how many there are of each e-mail address.
    pub(crate) async fn emails(&self) -> BTreeMap<String, usize> {
        let list = self.hubspot.contacts().list().limit(100);
        let mut contacts = list.properties(["email"]).items();
        let mut emails = BTreeMap::new();
        while let Some(contact) = contacts.try_next().await.unwrap() {
            let email = contact.properties.get("email").unwrap_or_default();
            *emails.entry(email.to_owned()).or_default() += 1;
        }
        emails
    }

    /// How many requests of an operation were made.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        let journal = self.mock.journal();
        let calls = journal.entries();
        calls
            .filter(|entry| entry.operation() == Some(operation))
            .count()
    }
}

pub(crate) fn row(email: impl Into<String>) -> BatchCreateInput {
    BatchCreateInput::new([("email", email.into())])
}

/// Contacts with the addresses `1@example.com` and so on.
pub(crate) fn rows(count: usize) -> impl Iterator<Item = BatchCreateInput> + Send + 'static {
    (0..count).map(|number| row(format!("{number}@example.com")))
}

/// Checks that each input has one outcome, and returns the statuses by input.
pub(crate) fn by_index<I, R>(outcomes: Vec<Outcome<I, R>>) -> Vec<Status<R>> {
    let mut statuses = BTreeMap::new();
    let count = outcomes.len();
    for outcome in outcomes {
        let earlier = statuses.insert(outcome.index, outcome.status);
        assert!(earlier.is_none(), "{} has two outcomes", outcome.index);
    }
    assert!(statuses.keys().copied().eq(0..count as u64));
    statuses.into_values().collect()
}
