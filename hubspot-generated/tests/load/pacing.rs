//! As fast as HubSpot allows, and no faster.

use hubspot_generated::models::{Search, UpdateObject};
use hubspot_generated::{Client, Error, Unchecked};
use hubspot_mock::{Entry, MockHubSpot, Tier};

use crate::{run, start, with_status};

/// Updates one contact `calls` times, and returns the errors.
async fn update(
    hubspot: &MockHubSpot,
    client: &Client<Unchecked>,
    calls: usize,
    at_once: usize,
) -> Vec<Error> {
    let id = hubspot.account("acme").contact([("lastname", "Lovelace")]);
    run(calls, at_once, |n| {
        let (client, id) = (client.clone(), id.clone());
        let name = n.to_string();
        async move {
            let update = UpdateObject::new([("firstname", name.as_str())]);
            client.contacts().update(&id, update).await
        }
    })
    .await
}

#[tokio::test]
async fn of_600_updates_100_at_once_none_is_lost() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 10).await;
    let errors = update(&hubspot, &builder.build().unwrap(), 600, 100).await;
    assert!(errors.is_empty(), "{errors:?}");
    let (sent, refused) = (hubspot.journal().len(), with_status(&hubspot, 429));
    assert!(refused * 100 <= sent, "{refused} of {sent}");
}

#[tokio::test]
async fn of_50_searches_at_once_none_is_given_up() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 10).await;
    let client = builder.build().unwrap();
    let errors = run(50, 50, |_| {
        let client = client.clone();
        async move { client.contacts().search(Search::new()).await }
    })
    .await;
    assert!(errors.is_empty(), "{errors:?}");
    let (sent, refused) = (hubspot.journal().len(), with_status(&hubspot, 429));
    assert!(refused * 100 <= sent, "{refused} of {sent}");
}

/// The number of successes in each ten seconds of the server, the last and incomplete ones left out.
pub(crate) fn per_window(hubspot: &MockHubSpot) -> Vec<usize> {
    let journal = hubspot.journal();
    let times: Vec<_> = journal
        .entries()
        .filter(|entry| entry.status() == Some(200))
        .map(Entry::time)
        .collect();
    let mut counts = Vec::new();
    for time in &times {
        let window = time.duration_since(times[0]).unwrap_or_default().as_secs() / 10;
        let window = usize::try_from(window).unwrap();
        counts.resize(counts.len().max(window + 1), 0);
        counts[window] += 1;
    }
    counts.pop();
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_updates_use_the_limit_and_are_never_refused() {
    // Ten times the speed cannot be held on a machine with other work.
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 4).await;
    let errors = update(&hubspot, &builder.build().unwrap(), 1_200, 50).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(with_status(&hubspot, 429), 0);
    let counts = per_window(&hubspot);
    assert!(counts.len() >= 6, "{counts:?}");
    let later: usize = counts[1..].iter().sum();
    let most = 190 * (counts.len() - 1);
    assert!(later * 100 >= most * 97, "{later} of {most}: {counts:?}");
}

/// The measure of the guide: `cargo test --release -p hubspot-generated --features oauth --test load -- --ignored`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half a minute, and a release build"]
async fn ten_thousand_updates_at_twenty_times_the_speed() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 20).await;
    let errors = update(&hubspot, &builder.build().unwrap(), 10_000, 50).await;
    assert!(errors.is_empty(), "{errors:?}");
    let counts = per_window(&hubspot);
    let later: usize = counts[1..].iter().sum();
    let most = 190 * (counts.len() - 1);
    let refused = with_status(&hubspot, 429);
    println!(
        "{later} of {most} in {} windows, {refused} refused: {counts:?}",
        counts.len()
    );
    assert_eq!(refused, 0);
    assert!(later * 100 >= most * 97);
}
