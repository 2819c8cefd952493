//! A Redis for tests.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Whether there is a `redis-server`; prints how to get it if not.
pub(crate) fn is_installed() -> bool {
    let installed = Command::new("redis-server").arg("--version").output();
    let is_installed = installed.is_ok_and(|output| output.status.success());
    if !is_installed {
        eprintln!(
            "SKIPPED: no `redis-server` on the PATH; install Debian's package `redis-server`"
        );
    }
    is_installed
}

/// A `redis-server` on a free port; ends with its value.
pub(crate) struct Redis {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Redis {
    /// Starts one; `None` if it is not installed.
    pub(crate) async fn start() -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let folder = tempfile::tempdir().unwrap();
        let child = run(port, folder.path());
        let redis = Self {
            child,
            port,
            folder,
        };
        redis.wait().await;
        Some(redis)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    async fn wait(&self) {
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts again, with nothing in it.
    pub(crate) async fn restart(&mut self) {
        self.stop();
        self.child = run(self.port, self.folder.path());
        self.wait().await;
    }

    /// How many keys there are.
    pub(crate) async fn keys(&self) -> usize {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.write_all(b"DBSIZE\r\nQUIT\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let number = answer
            .lines()
            .next()
            .and_then(|line| line.strip_prefix(':'));
        number.unwrap().parse().unwrap()
    }

    /// Stands still, or goes on.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", name, &id])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(port: u16, folder: &std::path::Path) -> Child {
    Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}
