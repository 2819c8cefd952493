//! Downloads: chunks, limits, bodies that break off, and files on disk.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::TryStreamExt as _;
use hubspot_generated::{Client, Download, Error, Method, Request};
use hubspot_mock::MockHubSpot;

use crate::server::{Server, Step, ok, response, response_with};

fn file(server: &Server) -> Request<Download> {
    let request = server.client().request(Method::Get, "/files/export.csv");
    request.download()
}

/// A file that arrives in chunks, which HTTP does not say the length of.
fn chunked(chunks: &[&str], end: &str) -> Vec<u8> {
    let chunks = chunks
        .iter()
        .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    let chunks = chunks.collect::<String>();
    format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}{end}").into_bytes()
}

const CSV: &str = "content-type: text/csv";

#[tokio::test]
async fn a_file_is_read_as_it_arrives() {
    let server = Server::start([
        response_with("200 OK", CSV, "a,b\n"),
        chunked(&["\u{0}1", "2", "3"], "0\r\n\r\n"),
        chunked(&["one", "two"], "0\r\n\r\n"),
        ok(""),
    ])
    .await;
    let response = file(&server).send_with_response().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut download = response.into_body();
    assert_eq!(download.content_type(), Some("text/csv"));
    assert_eq!(download.content_length(), Some(4));
    assert_eq!(download.chunk().await.unwrap().unwrap(), "a,b\n");
    assert_eq!(download.chunk().await.unwrap(), None);

    let download = file(&server).await.unwrap();
    assert_eq!(download.content_length(), None);
    assert_eq!(download.bytes().await.unwrap(), "\u{0}123");
    let chunks: Vec<_> = file(&server).await.unwrap().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), b"onetwo");
    assert_eq!(file(&server).await.unwrap().bytes().await.unwrap(), "");
    assert_eq!(server.received()[0].header("accept"), Some("*/*"));
}

#[tokio::test]
async fn what_has_arrived_is_there_before_the_rest() {
    let start = b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf".to_vec();
    let server = Server::start([Step::Stall(start)]).await;
    let request = file(&server).timeout(Duration::from_millis(300));
    let mut download = request.await.unwrap();
    assert_eq!(download.chunk().await.unwrap().unwrap(), "half");
    let error = download.chunk().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.to_string(), "raw request (GET): timed out");
    assert!(download.chunk().await.unwrap().is_none());
}

/// Reads a file in each way.
async fn read(server: &Server, request: impl Fn() -> Request<Download>) -> Vec<Error> {
    let folder = folder("read");
    let path = folder.join("file");
    let mut download = request().await.unwrap();
    let by_chunk = loop {
        match download.chunk().await {
            Ok(chunk) => assert!(chunk.is_some(), "it ended without an error"),
            Err(error) => break error,
        }
    };
    let whole = request().await.unwrap().bytes().await.unwrap_err();
    let saved = request().await.unwrap().save(&path).await.unwrap_err();
    assert_eq!(names(&folder), Vec::<String>::new());
    std::fs::remove_dir(folder).unwrap();
    assert_eq!(server.received().len(), 3, "nothing is sent again");
    vec![by_chunk, whole, saved]
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let short = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort".to_vec();
    let unended = chunked(&["some"], "");
    for broken in [short, unended] {
        let server = Server::start([broken.clone(), broken.clone(), broken]).await;
        for error in read(&server, || file(&server)).await {
            assert_eq!(
                error.to_string(),
                "raw request (GET): the connection failed"
            );
            assert_eq!(error.status().unwrap(), 200);
            assert_eq!(error.attempts(), 1);
            assert!(error.is_retryable() && !error.may_have_taken_effect());
        }
    }
}

#[tokio::test]
async fn a_longer_file_than_the_limit_is_an_error() {
    let long = chunked(&["123456", "78901"], "0\r\n\r\n");
    let server = Server::start([long.clone(), long.clone(), long]).await;
    for error in read(&server, || file(&server).max_response_bytes(10)).await {
        assert!(error.is_too_large(), "{error}");
        assert!(error.to_string().contains("limit of 10 bytes"), "{error}");
    }

    let long = response_with("200 OK", CSV, "12345678901");
    let server = Server::start([long.clone(), long.clone(), long]).await;
    let sent = file(&server).max_response_bytes(10).await;
    assert!(sent.unwrap_err().is_too_large(), "before it is read");
    let exact = file(&server).max_response_bytes(11).await.unwrap();
    assert_eq!(exact.bytes().await.unwrap().len(), 11);
}

#[tokio::test]
async fn the_limit_of_the_client_is_for_files_in_memory() {
    let long = response_with("200 OK", CSV, "12345678901");
    let chunks = chunked(&["123456", "78901"], "0\r\n\r\n");
    let script = [long.clone(), chunks.clone(), chunks, long];
    let server = Server::start(script).await;
    let client = server.builder().max_response_bytes(10).build().unwrap();
    let file = || client.request(Method::Get, "/files/a").download();
    for _ in 0..2 {
        let error = file().await.unwrap().bytes().await.unwrap_err();
        assert!(error.is_too_large(), "{error}");
    }
    let chunks: Vec<_> = file().await.unwrap().try_collect().await.unwrap();
    assert_eq!(chunks.concat().len(), 11);
    let larger = file().max_response_bytes(11).await.unwrap();
    assert_eq!(larger.bytes().await.unwrap().len(), 11);
}

#[tokio::test]
async fn an_error_status_is_an_error_of_sending() {
    let busy = response("503 Service Unavailable", "");
    let body =
        r#"{"status":"error","category":"OBJECT_NOT_FOUND","message":"There is no such file."}"#;
    let server = Server::start([busy, ok("x"), response("404 Not Found", body)]).await;
    assert_eq!(file(&server).await.unwrap().bytes().await.unwrap(), "x");
    let error = file(&server).max_response_bytes(3).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.message(), Some("There is no such file."));
}

/// A new folder.
fn folder(name: &str) -> PathBuf {
    let number = fastrand::u64(..);
    let folder = std::env::temp_dir().join(format!("hubspot-download-{name}-{number:x}"));
    std::fs::create_dir(&folder).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[tokio::test]
async fn a_file_is_replaced_as_a_whole_or_not_at_all() {
    let broken = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort".to_vec();
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf".to_vec();
    let whole = ok("new");
    let steps = [whole.into(), broken.into(), Step::Stall(half)];
    let server = Server::start(steps).await;
    let folder = folder("save");
    let path = folder.join("export.csv");
    std::fs::write(&path, "a longer old one").unwrap();
    assert_eq!(file(&server).await.unwrap().save(&path).await.unwrap(), 3);
    let content = || std::fs::read_to_string(&path).unwrap();
    assert_eq!(content(), "new");
    file(&server).await.unwrap().save(&path).await.unwrap_err();
    let stalled = file(&server).await.unwrap();
    let cancelled = tokio::time::timeout(Duration::from_millis(200), stalled.save(&path));
    assert!(cancelled.await.is_err());
    assert_eq!(content(), "new");
    assert_eq!(names(&folder), ["export.csv"]);
    std::fs::remove_dir_all(folder).unwrap();
}

/// What is left of a download is not the file.
#[tokio::test]
async fn a_download_that_was_read_is_not_taken_for_the_whole_file() {
    let whole = ok("whole");
    let broken = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort".to_vec();
    let folder = folder("read-before");
    let path = folder.join("export.csv");
    std::fs::write(&path, "good").unwrap();
    // After the first chunk, the end, and an error.
    for (body, chunks) in [(&whole, 1), (&whole, 2), (&broken, 2)] {
        let server = Server::start([body.clone(), body.clone()]).await;
        for is_saved in [true, false] {
            let mut download = file(&server).await.unwrap();
            for _ in 0..chunks {
                let _ = download.chunk().await;
            }
            let error = if is_saved {
                download.save(&path).await.unwrap_err()
            } else {
                download.bytes().await.unwrap_err()
            };
            assert!(error.to_string().contains("read before"), "{error}");
            assert!(!error.is_retryable());
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "good");
        assert_eq!(names(&folder), ["export.csv"]);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn permissions_links_and_devices_are_kept() {
    use std::fs::{
        Permissions, metadata, read_to_string, set_permissions, symlink_metadata, write,
    };
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    let folder = folder("kinds");
    let server = Server::start(vec![ok("new"); 5]).await;
    let save = async |path: &Path| file(&server).await.unwrap().save(path).await.unwrap();

    let private = folder.join("private");
    write(&private, "old").unwrap();
    for mode in [0o600, 0o640, 0o444] {
        set_permissions(&private, Permissions::from_mode(mode)).unwrap();
        save(&private).await;
        assert_eq!(
            metadata(&private).unwrap().permissions().mode() & 0o777,
            mode
        );
    }

    let link = folder.join("link");
    symlink("later/file", folder.join("other-link")).unwrap();
    symlink("other-link", &link).unwrap();
    std::fs::create_dir(folder.join("later")).unwrap();
    save(&link).await;
    assert!(symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read_to_string(folder.join("later/file")).unwrap(), "new");

    save(Path::new("/dev/null")).await;
    let device = metadata("/dev/null").unwrap().file_type();
    assert!(device.is_char_device());
    assert_eq!(names(&folder).len(), 4);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_longest_name_of_a_file_can_be_saved() {
    let folder = folder("long");
    for length in [1, 232, 233, 255] {
        let server = Server::start([ok("new")]).await;
        let path = folder.join("n".repeat(length));
        assert_eq!(file(&server).await.unwrap().save(&path).await.unwrap(), 3);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    }
    assert_eq!(names(&folder).len(), 4);
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_media_type_that_the_caller_accepts_is_kept() {
    let server = Server::start([ok("x"), ok("x")]).await;
    let request = || server.client().request(Method::Get, "/files/export.csv");
    let before = request().header("accept", "text/csv").download();
    let after = request().download().header("accept", "text/csv");
    for request in [before, after] {
        assert_eq!(request.await.unwrap().bytes().await.unwrap(), "x");
    }
    for received in server.received() {
        assert_eq!(received.header("accept"), Some("text/csv"));
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    for path in ["/no/such/folder/a.csv", "/"] {
        let server = Server::start([ok("x")]).await;
        let error = file(&server).await.unwrap().save(path).await.unwrap_err();
        let message = format!("raw request (GET): cannot write {path}");
        assert_eq!(error.to_string(), message);
        assert!(
            std::error::Error::source(&error)
                .unwrap()
                .is::<std::io::Error>()
        );
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_download_may_be_decoded_after_all_and_is_not_settled() {
    let server = Server::start([ok("[1]")]).await;
    let request = file(&server).response_type::<Vec<u8>>();
    assert_eq!(request.await.unwrap(), [1]);
    let request = file(&server).json(serde_json::json!({"properties": {"a": "b"}}));
    let settled = request.settle_by("a", |_| file(&server)).send().await;
    let error = settled.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(error.to_string().contains("a download is not decoded"));
}

#[tokio::test]
async fn the_local_hubspot_sends_the_file_that_a_test_sets() {
    let hubspot = MockHubSpot::start().await.unwrap();
    let token = hubspot.account("acme").grant(["content"]);
    let client = Client::unchecked_builder()
        .base_url(hubspot.url())
        .access_token(token)
        .build()
        .unwrap();
    let style = "body { color: \u{e9} }";
    let set = hubspot.on("cms.source_code.download");
    set.answer_bytes("text/css", style);
    let path = "/cms/source-code/2026-09/published/content/main.css";
    let file = client.request(Method::Get, path).download().await.unwrap();
    assert_eq!(file.content_type(), Some("text/css"));
    assert_eq!(file.bytes().await.unwrap(), style);
}
