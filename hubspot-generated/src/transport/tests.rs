//! Waits between retries, by a clock that no test has to wait for.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use super::*;
use crate::client::Client;
use crate::clock::Clock;
use crate::operation::Method;
use crate::parts::Core;
use crate::retry::Policy;
use crate::scopes::Unchecked;

/// A clock that moves when somebody sleeps, and by three seconds whenever it is looked at.
struct FakeClock {
    start: Instant,
    passed: Mutex<Duration>,
    slept: Mutex<Vec<u64>>,
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        let mut passed = self.passed.lock().unwrap();
        *passed += Duration::from_secs(3);
        self.start + *passed
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.slept.lock().unwrap().push(duration.as_secs());
        *self.passed.lock().unwrap() += duration;
        Box::pin(async {})
    }
}

/// Responds to every request with `response`.
fn serve(response: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(response.as_bytes());
        }
    });
    url
}

/// The waits between the attempts of one call that never succeeds.
async fn waits(response: &'static str, retry: Policy) -> Vec<u64> {
    let clock = Arc::new(FakeClock {
        start: Instant::now(),
        passed: Mutex::default(),
        slept: Mutex::default(),
    });
    let client = Client::unchecked_builder()
        .base_url(serve(response))
        .access_token("pat")
        .build()
        .unwrap();
    let core = client.core();
    let core = Core {
        clock: clock.clone(),
        retry,
        ..(**core).clone()
    };
    let client = Client::<Unchecked>::from_core(core);
    let error = client.request(Method::Get, "/x").send().await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    clock.slept.lock().unwrap().clone()
}

const LIMITED: &str =
    "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const LIMITED_FOR_9_S: &str = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 9\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

const BAD_GATEWAY: &str =
    "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn waits_grow_and_end() {
    let retry = Policy {
        retries: 5,
        max_elapsed: Duration::from_mins(10),
    };
    for response in [LIMITED, BAD_GATEWAY, ""] {
        assert_eq!(waits(response, retry).await, [1, 2, 4, 8, 16]);
    }
    let never = Policy {
        retries: 0,
        ..retry
    };
    assert!(waits(LIMITED, never).await.is_empty());
}

#[tokio::test]
async fn waits_are_as_long_as_hubspot_asks_and_end_in_time() {
    let retry = Policy {
        retries: 9,
        max_elapsed: Duration::from_secs(35),
    };
    // 3 + 9 = 12, 12 + 3 + 9 = 24, 24 + 3 + 9 = 36.
    assert_eq!(waits(LIMITED_FOR_9_S, retry).await, [9, 9]);
}
