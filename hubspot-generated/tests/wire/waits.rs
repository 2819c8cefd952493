//! When a call is retried, and how long the client waits before.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use hubspot_generated::models::CreateObject;
use hubspot_generated::{Clock, Error, Method};

use crate::server::{Server, Step, record, response, response_with};

/// A clock that moves when somebody sleeps, and by a step whenever it is looked at.
#[derive(Clone)]
struct FakeClock(Arc<Mutex<State>>);

struct State {
    now: Instant,
    step: Duration,
    slept: Vec<u64>,
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        let mut state = self.0.lock().unwrap();
        let step = state.step;
        state.now += step;
        state.now
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let mut state = self.0.lock().unwrap();
        state.slept.push(duration.as_secs());
        state.now += duration;
        Box::pin(async {})
    }
}

/// The waits between the attempts of one call that gets `response` every time, and its error.
async fn waits(method: Method, retries: u32, step: u64, response: &[u8]) -> (Vec<u64>, Error) {
    let server = Server::start(std::iter::repeat_n(response.to_vec(), 99)).await;
    let clock = FakeClock(Arc::new(Mutex::new(State {
        now: Instant::now(),
        step: Duration::from_secs(step),
        slept: Vec::new(),
    })));
    let builder = server.builder().max_retries(retries).clock(clock.clone());
    let hubspot = builder.build().unwrap();
    let error = hubspot.request(method, "/x").send().await.unwrap_err();
    let slept = clock.0.lock().unwrap().slept.clone();
    assert_eq!(server.received().len(), slept.len() + 1);
    (slept, error)
}

fn refusal(status: &str, retry_after: Option<u64>, body: &str) -> Vec<u8> {
    let header = retry_after.map_or("x: y".to_owned(), |seconds| {
        format!("retry-after: {seconds}")
    });
    response_with(status, &header, body)
}

#[tokio::test]
async fn a_rate_limit_or_a_lock_is_waited_out_whatever_the_operation() {
    for (status, retry_after, body, expected) in [
        (
            "429 Too Many Requests",
            None,
            r#"{"policyName": "SECONDLY"}"#,
            vec![1, 2, 4, 8],
        ),
        ("429 Too Many Requests", Some(10), "", vec![10; 4]),
        // No retry begins later than a minute after the call.
        ("429 Too Many Requests", Some(20), "", vec![20; 3]),
        ("429 Too Many Requests", Some(60), "", vec![60]),
        ("429 Too Many Requests", Some(61), "", vec![]),
        ("429 Too Many Requests", Some(u64::MAX), "", vec![]),
        ("423 Locked", None, "", vec![2, 2, 4, 8]),
        ("477 Migrating", None, "", vec![2, 2, 4, 8]),
        ("477 Migrating", Some(86_400), "", vec![]),
    ] {
        for method in [Method::Get, Method::Post] {
            let (slept, error) = waits(method, 4, 0, &refusal(status, retry_after, body)).await;
            assert_eq!(slept, expected, "{method} {status} {retry_after:?}");
            assert!(error.is_retryable());
        }
    }
}

#[tokio::test]
async fn a_server_error_is_retried_if_the_operation_is_idempotent() {
    for status in [408, 500, 502, 503, 504, 520, 524] {
        let status = format!("{status} Status");
        for method in [
            Method::Get,
            Method::Put,
            Method::Patch,
            Method::Delete,
            Method::Post,
        ] {
            let is_idempotent = method != Method::Post;
            let waited = |seconds: &[u64]| {
                if is_idempotent {
                    seconds.to_vec()
                } else {
                    vec![]
                }
            };
            let (slept, error) = waits(method, 4, 0, &refusal(&status, None, "")).await;
            assert_eq!(
                (slept, error.is_retryable()),
                (waited(&[1, 2, 4, 8]), is_idempotent),
                "{method} {status}"
            );
            let (slept, _) = waits(method, 4, 0, &refusal(&status, Some(7), "")).await;
            assert_eq!(slept, waited(&[7; 4]), "{method} {status}");
        }
    }
    assert_eq!(
        waits(Method::Get, 4, 0, b"").await.0,
        [1, 2, 4, 8],
        "a lost connection"
    );
}

#[tokio::test]
async fn retries_end() {
    let told = refusal("429 Limit", Some(9), "");
    let untold = refusal("429 Limit", None, "");
    for (retries, step, response, expected) in [
        (0, 0, &untold, vec![]),
        (5, 0, &untold, vec![1, 2, 4, 8, 16]),
        (u32::MAX, 0, &untold, vec![1, 2, 4, 8, 16]),
        // The time that the attempts themselves take counts: 3 + 9 = 12, 24, 36, 48, 60.
        (9, 3, &told, vec![9; 5]),
        (9, 4, &told, vec![9; 4]),
    ] {
        assert_eq!(
            waits(Method::Get, retries, step, response).await.0,
            expected,
            "{retries} {step}"
        );
    }
}

#[tokio::test]
async fn nothing_else_is_retried() {
    // The rest of the body cannot be read.
    for odd in [r#""x""#, r#""cut \ud83d""#, "1e999"] {
        let body = format!(r#"{{"message": {odd}, "policyName": "DAILY"}}"#);
        let (slept, error) = waits(Method::Get, 4, 0, &refusal("429 Limit", Some(1), &body)).await;
        assert!(
            slept.is_empty() && error.is_rate_limited() && !error.is_retryable(),
            "{odd}"
        );
    }
    for status in [301, 400, 401, 403, 404, 409, 501, 505, 599] {
        let response = refusal(&format!("{status} Status"), Some(1), "");
        assert_eq!(
            waits(Method::Get, 4, 0, &response).await.0,
            [0; 0],
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_stalled_response_is_retried_after_its_time() {
    let step = || Step::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec());
    let server = Server::start([step(), step()]).await;
    let hubspot = server
        .builder()
        .max_retries(1)
        .timeout(Duration::from_millis(50));
    let error = hubspot
        .build()
        .unwrap()
        .request(Method::Get, "/x")
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_rate_limited_call_is_sent_again_as_it_was() {
    let limit = || {
        refusal(
            "429 Too Many Requests",
            Some(0),
            r#"{"policyName": "TEN_SECONDLY_ROLLING"}"#,
        )
    };
    let server = Server::start([
        limit(),
        limit(),
        response("201 Created", &record("1").to_string()),
    ])
    .await;
    server
        .client()
        .contacts()
        .create(CreateObject::new([("email", "ada@example.com")]))
        .send()
        .await
        .unwrap();
    let [first, second, third] = &server.received()[..] else {
        panic!()
    };
    assert!(first.body.contains("ada@example.com"));
    for again in [second, third] {
        assert_eq!((&again.head, &again.body), (&first.head, &first.body));
    }
}
