//! Limits that several processes share through Redis.
//!
//! A client is as good as a process here: one whose base URL ends with another number of slashes has a limiter of its own.

use std::time::Duration;

use hubspot_generated::models::Search;
use hubspot_generated::{Client, Error, Pacing, RedisPacing, Unchecked};
use hubspot_mock::MockHubSpot;

use crate::{run, with_status};

#[path = "../support/redis.rs"]
mod server;

use server::Redis;

/// Clients with one token, each with a limiter of its own, whose limits Redis shares.
fn clients(hubspot: &MockHubSpot, redis: &str, number: usize) -> Vec<Client<Unchecked>> {
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let client = |n: usize| {
        let redis = RedisPacing::new(redis).unwrap().fallback_share(0.25);
        let builder = Client::unchecked_builder().access_token(token.clone());
        let builder = builder.base_url(hubspot.url() + &"/".repeat(n));
        let pacing = Pacing::new().across_processes(redis);
        builder.pacing(pacing).build().unwrap()
    };
    (0..number).map(client).collect()
}

/// Searches with the clients in turn, and returns the errors.
async fn search(clients: &[Client<Unchecked>], calls: usize) -> Vec<Error> {
    run(calls, calls, |n| {
        let client = clients[n % clients.len()].clone();
        async move { client.contacts().search(Search::new()).await }
    })
    .await
}

#[tokio::test]
async fn processes_share_a_limit() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let clients = clients(&hubspot, &redis.url(), 4);
    // Five a second for all of them.
    let errors = search(&clients, 20).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(with_status(&hubspot, 429), 0);
    // The ten-second limit, too. Below it, nobody waits.
    let start = std::time::Instant::now();
    let lists = run(100, 100, |n| {
        let client = clients[n % 4].clone();
        async move { client.contacts().list().send().await }
    });
    assert!(lists.await.is_empty());
    assert!(start.elapsed() < Duration::from_secs(8));
    assert_eq!(with_status(&hubspot, 429), 0);
}

/// A client sets the Redis of its account for the clients that are there already, as it does the share.
#[tokio::test]
async fn a_later_client_sets_where_the_limits_are_shared() {
    let (Some(first), Some(second)) = (Redis::start().await, Redis::start().await) else {
        return;
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let client = |redis: &Redis, prefix: &str| {
        let redis = RedisPacing::new(&redis.url()).unwrap().prefix(prefix);
        let builder = Client::unchecked_builder().access_token(token.clone());
        let pacing = Pacing::new().across_processes(redis);
        builder
            .base_url(hubspot.url())
            .pacing(pacing)
            .build()
            .unwrap()
    };
    let list = async |client: &Client<Unchecked>| client.contacts().list().send().await.unwrap();
    let earlier = client(&first, "a");
    list(&earlier).await;
    let keys = first.keys().await;
    assert!(keys > 0);
    // Ten requests were granted. Those that are left are for clients with the same settings.
    list(&client(&first, "a")).await;
    assert_eq!(first.keys().await, keys);
    list(&client(&first, "b")).await;
    assert_eq!(first.keys().await, 2 * keys, "another prefix");
    let _later = client(&second, "b");
    list(&earlier).await;
    assert_eq!(second.keys().await, keys, "another server");
}

#[tokio::test]
async fn a_restart_of_redis_is_survived() {
    let Some(mut redis) = Redis::start().await else {
        return;
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let clients = clients(&hubspot, &redis.url(), 1);
    for _ in 0..3 {
        assert!(search(&clients, 5).await.is_empty());
        // Redis has forgotten the five searches; HubSpot has not.
        redis.restart().await;
    }
    assert_eq!(with_status(&hubspot, 429), 0);
}

#[tokio::test]
async fn without_redis_a_process_uses_a_share_of_its_own() {
    let Some(mut redis) = Redis::start().await else {
        return;
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let clients = clients(&hubspot, &redis.url(), 4);
    assert!(search(&clients, 4).await.is_empty());
    for fault in ["STOP", "gone"] {
        match fault {
            "gone" => redis.stop(),
            signal => redis.signal(signal),
        }
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        // Four processes, and a quarter of five searches for each: one a second.
        let errors = search(&clients, 8).await;
        assert!(errors.is_empty(), "{fault}: {errors:?}");
        assert_eq!(with_status(&hubspot, 429), 0, "{fault}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_an_error_without_its_password() {
    let error = RedisPacing::new("nothing://user:hidden@host").unwrap_err();
    assert!(error.is_invalid_request() && !format!("{error:?}").contains("hidden"));
    let pacing = RedisPacing::new("redis://user:hidden@127.0.0.1/").unwrap();
    assert!(!format!("{pacing:?}").contains("hidden"));
}

/// The measure of the guide: `cargo test -p hubspot-generated --features redis,oauth --test load eight -- --ignored`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute and a half"]
async fn eight_processes_use_the_limit() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let hubspot = MockHubSpot::start().await.unwrap();
    let clients = clients(&hubspot, &redis.url(), 8);
    let errors = run(1_600, 160, |n| {
        let client = clients[n % 8].clone();
        async move { client.contacts().list().send().await }
    });
    let errors = errors.await;
    assert!(errors.is_empty(), "{errors:?}");
    let counts = crate::pacing::per_window(&hubspot);
    let later: usize = counts[1..].iter().sum();
    let most = 190 * (counts.len() - 1);
    let refused = with_status(&hubspot, 429);
    println!("{later} of {most}, {refused} refused: {counts:?}");
    assert_eq!(refused, 0);
    assert!(later * 100 >= most * 93);
}
