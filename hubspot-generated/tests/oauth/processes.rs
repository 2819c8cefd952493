//! Four processes whose token has expired make one request.

use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hubspot_generated::Client;
use hubspot_generated::oauth::{OAuthApp, RedisStore, TokenStore};
use tokio::process::Command;

use crate::hub::{ACCOUNT, AppScopes, Hub, REDIRECT_URI};
use crate::redis::{Redis, expired, key};

/// Where a process finds HubSpot, Redis, and the time to begin, in milliseconds since 1970.
const PLACES: [&str; 3] = [
    "HUBSPOT_TEST_HUB",
    "HUBSPOT_TEST_REDIS",
    "HUBSPOT_TEST_BEGIN",
];

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_of_a_thousand_tasks_make_one_request() {
    let Some(redis) = Redis::start().await else {
        return;
    };
    let hub = Hub::start().await;
    let round_trip = Duration::from_millis(500);
    hub.inner().rotates = true;
    hub.inner().delay = round_trip;
    redis.store().save(&expired(ACCOUNT, 0)).await.unwrap();
    hub.inner().rotates = false;

    let begin = SystemTime::now() + Duration::from_secs(2);
    let begin = begin
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis()
        .to_string();
    let values = [hub.url(), redis.url(), begin];
    let processes: Vec<_> = (0..4)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "--ignored",
                    "--nocapture",
                    "processes::one_of_four",
                ])
                .envs(PLACES.iter().zip(&values))
                .stdout(Stdio::piped())
                .stderr(Stdio::inherit())
                .spawn()
                .unwrap()
        })
        .collect();
    for process in processes {
        let output = process.wait_with_output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}");
        // The figure is for people: how long a test takes is no reason for it to fail.
        let served = text
            .lines()
            .find(|line| line.contains("served in"))
            .unwrap();
        println!(
            "{served}, with a round trip of {} ms",
            round_trip.as_millis()
        );
    }
    assert_eq!(hub.asked(), 1);
    let stored = redis.store().load(ACCOUNT).await.unwrap().unwrap();
    assert_eq!(stored.access_token.expose_secret(), "hidden-access-1");
}

/// Started by the test above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "one of the processes of another test"]
async fn one_of_four() {
    let [hub, redis, begin] = PLACES.map(|name| std::env::var(name).unwrap());
    let store = RedisStore::new(&redis, key()).unwrap();
    let app = OAuthApp::<AppScopes>::builder("app-1", "hidden-secret", REDIRECT_URI)
        .client(Client::builder().base_url(hub))
        .lock(store.lock())
        .store(store)
        .build()
        .unwrap();
    let begin = UNIX_EPOCH + Duration::from_millis(begin.parse().unwrap());
    let tokens = app.tokens().account(ACCOUNT);
    tokio::time::sleep(begin.duration_since(SystemTime::now()).unwrap_or_default()).await;
    let start = Instant::now();
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.access_token().await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().expose_secret(), "hidden-access-1");
    }
    println!("1000 tasks served in {} ms", start.elapsed().as_millis());
}
