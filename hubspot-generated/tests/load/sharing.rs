//! Who shares a limit, who goes first, and what happens when the limit of the day is used up.

use std::time::Duration;

use hubspot_generated::oauth::OAuthApp;
use hubspot_generated::{Client, Clock as _, Pacing, RetryPolicy, Tier as Paced, Unchecked};
use hubspot_mock::{App, Fault, MockHubSpot, Tier};
use tokio::time::timeout;

use crate::{run, start, with_status};

async fn list(client: Client<Unchecked>) -> Result<(), hubspot_generated::Error> {
    client.contacts().list().send().await.map(drop)
}

/// Asserts that `calls` by the clients in turn are all accepted at once.
async fn assert_none_is_refused(
    hubspot: &MockHubSpot,
    clients: &[Client<Unchecked>],
    calls: usize,
) {
    let errors = run(calls, calls, |n| list(clients[n % clients.len()].clone())).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(with_status(hubspot, 429), 0);
}

#[tokio::test]
async fn clones_and_clients_with_one_token_share_a_limit() {
    let tier = Tier::PROFESSIONAL.ten_secondly(20);
    let (hubspot, builder) = start(tier, 20).await;
    let token = hubspot.account("acme").grant(MockHubSpot::every_scope());
    let client = || {
        let builder = Client::unchecked_builder().base_url(hubspot.url());
        let builder = builder.access_token(token.clone()).clock(hubspot.clock());
        builder.build().unwrap()
    };
    // The first response tells the limit.
    list(client()).await.unwrap();
    let clients = [client(), client().clone()];
    assert_none_is_refused(&hubspot, &clients, 60).await;
    // Another token has a limit of its own.
    let other = builder.build().unwrap();
    let start = hubspot.clock().now();
    list(other).await.unwrap();
    assert!(hubspot.clock().now() - start < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clones_are_paced_by_account() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let clock = hubspot.clock().scaled(5);
    let app = App::new("app", "secret").redirect_uri("https://app.example.com/");
    let app = app.required(["oauth", "crm.objects.contacts.read"]);
    hubspot.register(app).unwrap();
    let app = OAuthApp::<Unchecked>::builder("app", "secret", "https://app.example.com/")
        .client(Client::builder().base_url(hubspot.url()).clock(clock))
        .build()
        .unwrap();
    let mut accounts = Vec::new();
    for n in 0..10 {
        let account = hubspot.account(&format!("account-{n}"));
        let hub_id = account.hub_id();
        let install = account.install("app").unwrap();
        app.adopt(hub_id, install.refresh_token).await.unwrap();
        accounts.push(app.account(hub_id));
    }
    let clones: Vec<_> = (0..1_000).map(|n| accounts[n % 10].clone()).collect();
    let errors = run(1_500, 1_500, |n| list(clones[n % 1_000].clone())).await;
    assert!(errors.is_empty(), "{errors:?}");
    let refused = with_status(&hubspot, 429);
    assert!(refused <= 15, "{refused}");
}

#[tokio::test]
async fn a_client_below_its_limit_never_waits() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 1).await;
    let client = builder.build().unwrap();
    let started = std::time::Instant::now();
    assert_none_is_refused(&hubspot, &[client], 100).await;
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn the_limit_that_the_first_response_tells_is_used_at_once() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 1).await;
    let client = builder.build().unwrap();
    // A hundred are sent before a response tells that 190 are allowed.
    let started = std::time::Instant::now();
    assert_none_is_refused(&hubspot, &[client], 180).await;
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn without_pacing_all_are_sent_at_once() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL.ten_secondly(10), 1).await;
    let builder = builder.pacing(Pacing::none()).retry(RetryPolicy::none());
    let client = builder.build().unwrap();
    let errors = run(30, 30, |_| list(client.clone())).await;
    assert_eq!((errors.len(), with_status(&hubspot, 429)), (20, 20));
}

#[tokio::test]
async fn a_share_is_kept_and_a_tier_preset() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 20).await;
    let pacing = Pacing::share(0.5).tier(Paced::Professional);
    let client = builder.pacing(pacing).build().unwrap();
    let start = hubspot.clock().now();
    assert_none_is_refused(&hubspot, &[client], 190).await;
    let passed = hubspot.clock().now() - start;
    assert!(
        passed > Duration::from_secs(10),
        "95 in ten seconds: {passed:?}"
    );
}

#[tokio::test]
async fn a_dropped_request_leaves_the_queue_to_the_others() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL.ten_secondly(5), 1).await;
    let client = builder.build().unwrap();
    list(client.clone()).await.unwrap();
    let errors = run(4, 4, |_| list(client.clone())).await;
    assert!(errors.is_empty());
    // The limit is used up: all of these wait, and are dropped, the first in the queue too.
    let short = Duration::from_millis(50);
    let waiting = (0..20).map(|_| timeout(short, list(client.clone())));
    let waiting: Vec<_> = waiting.map(|call| tokio::spawn(call)).collect();
    for call in waiting {
        assert!(call.await.unwrap().is_err());
    }
    assert_eq!(hubspot.journal().len(), 5);
    hubspot.advance(Duration::from_secs(20));
    timeout(Duration::from_secs(5), list(client))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(with_status(&hubspot, 429), 0);
}

/// A program may keep futures that it does not poll, as in `select` with a loop of its own.
#[tokio::test]
async fn requests_that_are_not_polled_hold_up_nobody() {
    for (kept, others) in [(false, false), (false, true), (true, false), (true, true)] {
        let (_hubspot, builder) = start(Tier::PROFESSIONAL.ten_secondly(5), 50).await;
        let client = builder.build().unwrap();
        let list = |is_background| {
            let list = client.contacts().list();
            let list = if is_background {
                list.background()
            } else {
                list
            };
            async move { list.send().await.map(drop) }
        };
        list(false).await.unwrap();
        let errors = run(4, 4, |_| list(false)).await;
        assert!(errors.is_empty());
        // The first of these is the first of all who wait.
        let mut kept: Vec<_> = (0..4).map(|_| Box::pin(list(kept))).collect();
        for call in &mut kept {
            assert!(futures_util::poll!(call).is_pending());
        }
        let errors = timeout(Duration::from_secs(30), run(12, 12, |_| list(others)));
        let errors = errors
            .await
            .expect("the others wait for what is not polled");
        assert!(errors.is_empty(), "{errors:?}");
        for call in kept {
            call.await.unwrap();
        }
    }
}

#[tokio::test]
async fn requests_are_sent_in_order_and_background_requests_give_way() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL.ten_secondly(10), 20).await;
    let client = builder.build().unwrap();
    list(client.clone()).await.unwrap();
    let mut tasks = Vec::new();
    for n in 0..40 {
        let request = client.contacts().list().query("n", n.to_string());
        let request = if n < 20 {
            request.background()
        } else {
            request
        };
        tasks.push(tokio::spawn(async move { request.send().await.map(drop) }));
        // The runtime of this test has one thread: the task waits in the queue now.
        tokio::task::yield_now().await;
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let journal = hubspot.journal();
    let order: Vec<u32> = journal
        .entries()
        .filter_map(|entry| entry.query().strip_prefix("n=")?.parse().ok())
        .collect();
    let (background, foreground): (Vec<u32>, Vec<u32>) = order.iter().partition(|n| **n < 20);
    let is_last = |n: u32| order.iter().position(|other| *other == n).unwrap();
    assert!(
        is_last(39) < is_last(10),
        "the foreground goes first: {order:?}"
    );
    for queue in [&background, &foreground] {
        // Those beyond the first burst, whose responses may overtake one another.
        assert!(queue[10..].is_sorted(), "{order:?}");
    }
    assert_eq!(with_status(&hubspot, 429), 0);
}

#[tokio::test]
async fn a_daily_limit_fails_until_it_is_renewed() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL.daily(3), 1).await;
    let client = builder.build().unwrap();
    for _ in 0..3 {
        list(client.clone()).await.unwrap();
    }
    for _ in 0..5 {
        let error = list(client.clone()).await.unwrap_err();
        assert!(error.is_rate_limited() && !error.is_retryable() && !error.may_have_taken_effect());
        assert_eq!(
            (error.rate_limit_policy(), error.attempts()),
            (Some("DAILY"), 0)
        );
        assert!(error.retry_after().unwrap() <= Duration::from_hours(24));
        assert!(
            error
                .to_string()
                .contains("the account's daily limit is used up for "),
            "{error}"
        );
    }
    assert_eq!(
        hubspot.journal().len(),
        3,
        "the response told that nothing is left"
    );
    hubspot.advance(Duration::from_hours(24));
    list(client).await.unwrap();
}

#[tokio::test]
async fn the_error_of_hubspot_tells_when_the_daily_limit_is_renewed() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL, 1).await;
    let client = builder.build().unwrap();
    hubspot.fail_next(Fault::daily_limit());
    let error = list(client.clone()).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.status().unwrap().as_u16()),
        (1, 429)
    );
    assert!(error.retry_after().unwrap() <= Duration::from_hours(24));
    assert!(list(client.clone()).await.unwrap_err().is_rate_limited());
    // It may have been renewed earlier: one request in ten minutes finds out.
    hubspot.advance(Duration::from_mins(10));
    list(client.clone()).await.unwrap();
    list(client).await.unwrap();
    assert_eq!(hubspot.journal().len(), 3);
}

#[tokio::test]
async fn requests_can_wait_for_the_next_day() {
    let (hubspot, builder) = start(Tier::PROFESSIONAL.daily(5), 1).await;
    let client = builder
        .pacing(Pacing::new().wait_for_next_day(true))
        .build()
        .unwrap();
    let calls = tokio::spawn(run(8, 8, move |_| list(client.clone())));
    while hubspot.journal().len() < 5 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!calls.is_finished());
    hubspot.advance(Duration::from_hours(24));
    let errors = timeout(Duration::from_secs(20), calls)
        .await
        .unwrap()
        .unwrap();
    assert!(errors.is_empty(), "{errors:?}");
}
