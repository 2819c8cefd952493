//! Measures a thousand tasks in each of four processes, whose token has expired.
//!
//! Needs `redis-server` on the PATH. Prints the number of token requests, the time of one request, and the time until the
//! last task of each process had its token.

use std::net::TcpListener as StdListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hubspot_generated::oauth::{RedisStore, TokenKey, TokenStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{ACCOUNT, Outcome, app, record, tell};

/// The delay of a response.
const DELAY: Duration = Duration::from_millis(500);
const TASKS: usize = 1000;
const PROCESSES: usize = 4;
/// A key for the time of a measurement.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) async fn measure() -> Outcome {
    let port = StdListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let Ok(redis) = start_redis(port) else {
        return Ok(());
    };
    let _redis = Ended(redis);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let redis = format!("redis://127.0.0.1:{port}/");
    let store = RedisStore::new(&redis, TokenKey::from_base64(KEY)?)?;
    store.save(&record(0)?).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let hub = format!("http://{}", listener.local_addr()?);
    let requests = Arc::new(AtomicU32::new(0));
    tokio::spawn(respond_to_all(listener, Arc::clone(&requests)));

    // What one request takes when nobody else is about.
    let start = Instant::now();
    app(&hub).build()?.refresh(&"refresh-token".into()).await?;
    tell("round trip", start.elapsed().as_secs_f64() * 1e3);
    requests.store(0, Ordering::Relaxed);

    let begin = SystemTime::now().duration_since(UNIX_EPOCH)? + Duration::from_secs(1);
    let begin = begin.as_millis().to_string();
    let processes: Result<Vec<_>, _> = (0..PROCESSES)
        .map(|_| {
            tokio::process::Command::new(std::env::current_exe()?)
                .args([&hub, &redis, &begin])
                .stdout(Stdio::inherit())
                .spawn()
        })
        .collect();
    for mut process in processes? {
        if !process.wait().await?.success() {
            return Err("one of the processes failed".into());
        }
    }
    tell("requests", f64::from(requests.load(Ordering::Relaxed)));
    Ok(())
}

/// What each of the four processes does, from `begin` on.
pub(crate) async fn one_of_four(hub: &str, redis: &str, begin: &str) -> Outcome {
    let store = RedisStore::new(redis, TokenKey::from_base64(KEY)?)?;
    let app = app(hub).lock(store.lock()).store(store).build()?;
    let tokens = app.tokens().account(ACCOUNT);
    let begin = UNIX_EPOCH + Duration::from_millis(begin.parse()?);
    tokio::time::sleep(begin.duration_since(SystemTime::now())?).await;
    let start = Instant::now();
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let tokens = tokens.clone();
            tokio::spawn(async move { tokens.access_token().await })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    tell("served", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

fn start_redis(port: u16) -> std::io::Result<Child> {
    let port = port.to_string();
    Command::new("redis-server")
        .args(["--port", &port, "--bind", "127.0.0.1", "--save", ""])
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .spawn()
}

/// A process that ends with its value.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A HubSpot that responds to every request with a token.
async fn respond_to_all(listener: TcpListener, requests: Arc<AtomicU32>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let requests = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut request = [0; 4096];
            while matches!(stream.read(&mut request).await, Ok(1..)) {
                requests.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(DELAY).await;
                let body =
                    r#"{"access_token": "new-access-token", "refresh_token": "new-refresh-token"}"#;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
                let response = format!("{head}: {}\r\n\r\n{body}", body.len());
                if stream.write_all(response.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
    }
}
