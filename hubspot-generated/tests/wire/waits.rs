//! When a call is retried, and how long the client waits before.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use hubspot_generated::models::CreateObject;
use hubspot_generated::{Clock, Error, Method, Pacing, RetryPolicy};

use crate::server::{Server, Step, ok, record, response, response_with};

/// A clock that moves when somebody sleeps, and by a step whenever it is looked at.
#[derive(Clone)]
struct FakeClock(Arc<Mutex<State>>);

struct State {
    now: Instant,
    step: Duration,
    slept: Vec<Duration>,
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
        state.slept.push(duration);
        state.now += duration;
        Box::pin(async {})
    }
}

/// The waits between the attempts of one call that gets `response` every time, and its error.
async fn waits(
    method: Method,
    policy: RetryPolicy,
    step: u64,
    response: &[u8],
) -> (Vec<Duration>, Error) {
    let server = Server::start(std::iter::repeat_n(response.to_vec(), 99)).await;
    let clock = FakeClock(Arc::new(Mutex::new(State {
        now: Instant::now(),
        step: Duration::from_secs(step),
        slept: Vec::new(),
    })));
    let builder = server.builder().retry(policy).clock(clock.clone());
    // Its waits would mix with those for retries.
    let hubspot = builder.pacing(Pacing::none()).build().unwrap();
    let error = hubspot.request(method, "/x").send().await.unwrap_err();
    let slept = clock.0.lock().unwrap().slept.clone();
    assert_eq!(server.received().len(), slept.len() + 1);
    assert_eq!(error.attempts() as usize, slept.len() + 1);
    (slept, error)
}

/// The waits with the default policy.
async fn default_waits(method: Method, response: &[u8]) -> (Vec<Duration>, Error) {
    waits(method, RetryPolicy::default(), 0, response).await
}

/// Asserts that each wait is in its range of seconds.
#[track_caller]
fn assert_within(slept: &[Duration], ranges: &[(u64, u64)], of_what: &str) {
    let is_within = |(wait, (least, most)): (&Duration, &(u64, u64))| {
        (Duration::from_secs(*least)..=Duration::from_secs(*most)).contains(wait)
    };
    assert!(
        slept.len() == ranges.len() && slept.iter().zip(ranges).all(is_within),
        "{of_what}: {slept:?}, not {ranges:?}"
    );
}

fn refusal(status: &str, retry_after: &str, body: &str) -> Vec<u8> {
    let header = match retry_after {
        "" => "x: y".to_owned(),
        retry_after => format!("retry-after: {retry_after}"),
    };
    response_with(status, &header, body)
}

/// The waits after a server error: full jitter.
const JITTER: [(u64, u64); 4] = [(0, 1), (0, 2), (0, 4), (0, 8)];

#[tokio::test]
async fn a_rate_limit_or_a_lock_is_waited_out_whatever_the_operation() {
    let limited = [(1, 2), (2, 4), (4, 8), (8, 16)];
    let locked = [(2, 3), (2, 4), (2, 6), (2, 10)];
    let of_policy = r#"{"policyName": "SECONDLY"}"#;
    let date = "Thu, 01 Jan 1970 00:00:10 GMT";
    let dates = format!("{date}\r\ndate: Thu, 01 Jan 1970 00:00:07 GMT");
    for (status, retry_after, body, expected) in [
        ("429 Too Many Requests", "", of_policy, &limited[..]),
        ("429 Too Many Requests", "10", "", &[(10, 11); 4]),
        ("429 Too Many Requests", "0", "", &[(0, 1); 4]),
        ("429 Too Many Requests", "-5", "", &limited),
        ("429 Too Many Requests", "soon", "", &limited),
        ("429 Too Many Requests", "3.5", "", &[(3, 5); 4]),
        ("429 Too Many Requests", date, "", &[(10, 11); 4]),
        ("429 Too Many Requests", &dates, "", &[(3, 4); 4]),
        // No retry begins later than a minute after the call.
        ("429 Too Many Requests", "19", "", &[(19, 20); 3]),
        ("429 Too Many Requests", "60", "", &[(60, 60)]),
        ("429 Too Many Requests", "61", "", &[]),
        ("429 Too Many Requests", "18446744073709551615", "", &[]),
        ("423 Locked", "", "", &locked),
        ("477 Migrating", "", "", &locked),
        ("477 Migrating", "86400", "", &[]),
    ] {
        for method in [Method::Get, Method::Post] {
            let response = refusal(status, retry_after, body);
            let (slept, error) = default_waits(method, &response).await;
            assert_within(
                &slept,
                expected,
                &format!("{method} {status} {retry_after}"),
            );
            assert!(error.is_retryable());
        }
    }
}

#[tokio::test]
async fn a_retry_is_never_immediate_when_hubspot_asks_to_wait() {
    let (slept, _) = default_waits(Method::Get, &refusal("429 Limit", "0", "")).await;
    let floor = Duration::from_millis(100);
    assert!(
        slept.iter().all(|wait| (floor..2 * floor).contains(wait)),
        "{slept:?}"
    );
}

#[tokio::test]
async fn calls_that_fail_at_once_are_not_retried_at_once() {
    for retry_after in ["", "5"] {
        let response = refusal("503 Service Unavailable", retry_after, "");
        let mut firsts = Vec::new();
        for _ in 0..30 {
            let policy = RetryPolicy::default().max_attempts(2);
            firsts.push(waits(Method::Get, policy, 0, &response).await.0[0]);
        }
        firsts.sort_unstable();
        let spread = firsts[29].abs_diff(firsts[0]);
        assert!(spread > Duration::from_millis(500), "{firsts:?}");
    }
}

#[tokio::test]
async fn a_server_error_is_retried_if_the_operation_is_idempotent() {
    for status in [408, 500, 502, 503, 504, 507, 520, 524, 530] {
        let status = format!("{status} Status");
        for method in [
            Method::Get,
            Method::Put,
            Method::Patch,
            Method::Delete,
            Method::Post,
        ] {
            let is_idempotent = method != Method::Post;
            for (retry_after, ranges) in [("", JITTER), ("7", [(7, 8); 4])] {
                let response = refusal(&status, retry_after, "");
                let (slept, error) = default_waits(method, &response).await;
                let ranges = if is_idempotent { &ranges[..] } else { &[] };
                assert_within(&slept, ranges, &format!("{method} {status}"));
                assert_eq!(error.is_retryable(), is_idempotent, "{method} {status}");
            }
        }
    }
    let (slept, _) = default_waits(Method::Get, b"").await;
    assert_within(&slept, &JITTER, "a lost connection");
}

#[tokio::test]
async fn retries_end() {
    let told = refusal("429 Limit", "9", "");
    let untold = refusal("429 Limit", "", "");
    let exact = RetryPolicy::default().base_delay(Duration::ZERO);
    for (policy, step, response, expected) in [
        (RetryPolicy::none(), 0, &untold, &[][..]),
        (RetryPolicy::default().max_attempts(0), 0, &untold, &[]),
        (
            RetryPolicy::default().max_attempts(3),
            0,
            &untold,
            &[(1, 2), (2, 4)],
        ),
        // The time that the attempts themselves take counts: 3 + 9 = 12, 24, 36, 48, 60.
        (exact.max_attempts(9), 3, &told, &[(9, 9); 5]),
        (exact.max_attempts(9), 4, &told, &[(9, 9); 4]),
        (
            exact.max_elapsed(Duration::from_secs(20)),
            0,
            &told,
            &[(9, 9); 2],
        ),
        (exact.max_elapsed(Duration::ZERO), 0, &told, &[]),
    ] {
        let (slept, _) = waits(Method::Get, policy, step, response).await;
        assert_within(&slept, expected, &format!("{policy:?} {step}"));
    }
}

#[tokio::test]
async fn waits_stop_doubling() {
    let policy = RetryPolicy::default()
        .max_attempts(9)
        .base_delay(Duration::from_secs(2))
        .max_delay(Duration::from_secs(5));
    let (slept, _) = waits(Method::Get, policy, 0, &refusal("429 Limit", "", "")).await;
    let expected = [(2, 4), (4, 8), (5, 10), (5, 10), (5, 10)];
    assert_within(&slept[..5], &expected, "2, 4, 5, 5, 5");
}

#[tokio::test]
async fn a_request_has_its_own_policy() {
    let gateway = || response("502 Bad Gateway", "");
    for (client_attempts, policy, expected) in [
        (5, Some(RetryPolicy::default().max_attempts(2)), 2),
        (1, Some(RetryPolicy::default().max_attempts(3)), 3),
        (5, None, 1),
    ] {
        let server = Server::start(std::iter::repeat_with(gateway).take(9)).await;
        let client = server.builder().max_retries(client_attempts - 1);
        let request = client.build().unwrap().request(Method::Get, "/x");
        let request = match policy {
            Some(policy) => request.retry(policy),
            None => request.no_retry(),
        };
        let error = request.send().await.unwrap_err();
        assert_eq!(error.attempts(), expected);
        assert_eq!(server.received().len(), expected as usize);
    }
}

#[tokio::test]
async fn a_policy_can_allow_what_may_be_done_twice() {
    let script = || [response("502 Bad Gateway", ""), Vec::new(), ok("{}")];
    let server = Server::start(script()).await;
    let create = || server.client().request(Method::Post, "/x");
    let allowing = RetryPolicy::default().assume_idempotent(true);
    create().retry(allowing).send().await.unwrap();
    assert_eq!(server.received().len(), 3);

    let server = Server::start(script()).await;
    let create = server.client().request(Method::Post, "/x");
    let error = create.send().await.unwrap_err();
    assert!(error.may_have_taken_effect());
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

#[tokio::test]
async fn an_outage_uses_up_the_retries_of_a_client_and_success_brings_them_back() {
    let gateway = || response("502 Bad Gateway", "");
    let server = Server::start(std::iter::repeat_with(gateway).take(999)).await;
    let hubspot = server.client();
    let mut sent = Vec::new();
    for _ in 0..40 {
        // A clone has no retries of its own.
        let request = hubspot.clone().request(Method::Get, "/x");
        sent.push(request.send().await.unwrap_err().attempts());
    }
    // A bucket of 500, and 5 a retry: 25 calls of five attempts, then one attempt each.
    assert_eq!(sent.iter().sum::<u32>(), 25 * 5 + 15, "{sent:?}");
    assert_eq!(sent[24..27], [5, 1, 1]);
    // Limits cost nothing: HubSpot works, and says so.
    let limited = || refusal("429 Limit", "0", "");
    let server = Server::start(std::iter::repeat_with(limited).take(999)).await;
    let hubspot = server.client();
    for _ in 0..40 {
        let error = hubspot.request(Method::Get, "/x").send().await.unwrap_err();
        assert_eq!(error.attempts(), 5);
    }
    // A call that succeeds gives back what its retries cost.
    let script = std::iter::repeat_n([gateway(), gateway(), ok("{}")], 200).flatten();
    let server = Server::start(script).await;
    let hubspot = server.client();
    for _ in 0..200 {
        hubspot.request(Method::Get, "/x").send().await.unwrap();
    }
}

#[tokio::test]
async fn nothing_else_is_retried() {
    // The rest of the body cannot be read.
    for odd in [r#""x""#, r#""cut \ud83d""#, "1e999"] {
        let body = format!(r#"{{"message": {odd}, "policyName": "DAILY"}}"#);
        let (slept, error) = default_waits(Method::Get, &refusal("429 Limit", "1", &body)).await;
        assert!(
            slept.is_empty() && error.is_rate_limited() && !error.is_retryable(),
            "{odd}"
        );
    }
    for status in [301, 400, 401, 403, 404, 409, 501, 505, 599] {
        let response = refusal(&format!("{status} Status"), "1", "");
        assert_eq!(
            default_waits(Method::Get, &response).await.0,
            [Duration::ZERO; 0],
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
            "0",
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
