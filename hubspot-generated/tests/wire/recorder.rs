//! What a recorder counts and saves.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use hubspot_generated::{Clock, Method, ScopeRecorder};
use serde_json::{Value, json};

use crate::server::{Server, ok, record, response};

/// A clock whose wall time is set, and that does not wait.
#[derive(Clone)]
struct SetClock(Arc<AtomicU64>);

impl Clock for SetClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async {})
    }
}

/// The number of calls of an operation, and when it was last used.
fn operation(usage: &Value, id: &str) -> Option<(Value, Value)> {
    let mut operations = usage["operations"].as_array().unwrap().iter();
    let one = operations.find(|one| one["id"] == id)?;
    Some((one["calls"].clone(), one["last_used"].clone()))
}

/// A contact, after an error that is retried; a contact that is not there; an owner; a contact.
async fn server() -> Server {
    let contact = record("7").to_string();
    Server::start([
        response("503 Service Unavailable", ""),
        ok(&contact),
        response("404 Not Found", "{}"),
        ok("{}"),
        ok(&contact),
    ])
    .await
}

#[tokio::test]
async fn each_call_counts_once_with_the_day_of_its_last_use() {
    let server = server().await;
    let clock = SetClock(Arc::new(AtomicU64::new(1000)));
    let seen = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&seen);
    let recorder = ScopeRecorder::with_callback("acme-sync", move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let builder = server.builder().clock(clock.clone());
    let hubspot = builder.record_scopes(&recorder).build().unwrap();
    let read = |time: u64| -> Value {
        clock.0.store(time, Ordering::Relaxed);
        serde_json::from_str(&recorder.to_json()).unwrap()
    };
    hubspot.contacts().get("7").send().await.unwrap();
    hubspot.contacts().archive("8").await.unwrap_err();
    let raw = hubspot.request(Method::Get, "/crm/v3/owners/17");
    raw.query("email", "ada@example.com").send().await.unwrap();
    let first = read(2000);
    // What is not sent does not count.
    hubspot
        .request(Method::Get, "no path")
        .send()
        .await
        .unwrap_err();
    hubspot.contacts().get("7").send().await.unwrap();
    let second = read(3000);

    assert_eq!(
        operation(&first, "contacts.get"),
        Some((json!(1), json!(2000)))
    );
    assert_eq!(
        operation(&second, "contacts.get"),
        Some((json!(2), json!(3000)))
    );
    assert_eq!(
        operation(&second, "contacts.archive"),
        Some((json!(1), json!(2000)))
    );
    assert_eq!(operation(&second, "contacts.list"), None);
    let raw =
        json!([{"method": "GET", "path": "/crm/v3/owners/{}", "calls": 1, "last_used": 2000}]);
    assert_eq!(second["raw"], raw);
    assert_eq!(
        ["format", "program", "since", "until", "not_counted"].map(|key| second[key].clone()),
        [
            json!(1),
            json!("acme-sync"),
            json!(1000),
            json!(3000),
            json!(0)
        ]
    );
    assert_eq!(seen.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn clients_share_a_recorder_and_a_file_is_replaced() {
    let server = Server::start([ok(r#"{"results": []}"#), ok(r#"{"results": []}"#)]).await;
    let recorder = ScopeRecorder::new("acme-sync");
    for _ in 0..2 {
        let hubspot = server.builder().record_scopes(&recorder).build().unwrap();
        hubspot.contacts().list().send().await.unwrap();
    }
    let calls = recorder.calls();
    let calls: Vec<_> = calls.iter().map(|(one, calls)| (one.id, *calls)).collect();
    assert_eq!(calls, [("contacts.list", 2)]);
    assert_eq!(
        format!("{recorder:?}"),
        r#"ScopeRecorder { program: "acme-sync", .. }"#
    );

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("used.json");
    std::fs::write(&path, "old").unwrap();
    recorder.save(&path).unwrap();
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(saved["operations"][0]["calls"], 2);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    recorder
        .save(folder.path().join("none/used.json"))
        .unwrap_err();
}

/// A program may save from several tasks at once, such as a timer and the end of the program.
#[test]
fn saves_at_once_leave_a_whole_file() {
    let recorder = ScopeRecorder::new("acme-sync");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("used.json");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    recorder.save(&path).unwrap();
                    let text = std::fs::read_to_string(&path).unwrap();
                    serde_json::from_str::<Value>(&text).unwrap();
                }
            });
        }
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
