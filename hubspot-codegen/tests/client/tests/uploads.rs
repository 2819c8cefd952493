//! Multipart forms, text and bytes, as they go over a connection.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};

use golden_client::models::UploadsBody;
use golden_client::{Client, Unchecked, Upload};
use tokio::io::{AsyncRead, ReadBuf};

/// Answers one request with `response`, and returns what was received.
fn serve(response: &'static str) -> (Client<Unchecked>, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::unchecked_builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .access_token("token")
        .max_retries(0)
        .build();
    let received = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let received = read_request(&mut stream);
        let _ = stream.write_all(response.as_bytes());
        String::from_utf8_lossy(&received).into_owned()
    });
    (client.unwrap(), received)
}

/// As much as `content-length` says, or until the client gives up.
fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let (mut received, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&received);
        let length = text
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok());
        let body = received.windows(4).position(|end| end == b"\r\n\r\n");
        if body.is_some_and(|at| received.len() >= at + 4 + length.unwrap_or_default()) {
            return received;
        }
        match stream.read(&mut chunk) {
            Ok(read @ 1..) => received.extend(&chunk[..read]),
            _ => return received,
        }
    }
}

const DONE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// A reader that fails after some bytes.
struct Failing(&'static [u8]);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.0.is_empty() {
            return Poll::Ready(Err(io::Error::other("the disk is gone")));
        }
        buffer.put_slice(std::mem::take(&mut self.0));
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_form_has_its_files_and_texts() {
    let path = std::env::temp_dir().join(format!("golden-upload-{}.csv", std::process::id()));
    std::fs::write(&path, "a,b\n").unwrap();
    let (client, received) = serve(DONE);
    let reader: &'static [u8] = b"from a reader, and more";
    let body = UploadsBody::new(
        Upload::from_bytes("a \"file\".txt", "in memory").content_type("text/plain"),
        "Title\n2",
    )
    .cover(Upload::from_reader("cover.png", reader, 13))
    .pages([
        Upload::from_path(&path).name("page.csv"),
        Upload::from_bytes("empty", ""),
    ])
    .tags(["x", "y"])
    .count(7);
    client.uploads().uploads(body).send().await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let received = received.join().unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v2/uploads HTTP/1.1"), "{head}");
    let boundary = head
        .split_once("boundary=")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap();
    let parts = body.split(&format!("--{boundary}")).collect::<Vec<_>>();
    let part = |name: &str, more: &str, content: &str| {
        format!("\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{content}\r\n")
    };
    let file = |name: &str, file: &str, media_type: &str, content: &str| {
        part(
            name,
            &format!("; filename=\"{file}\"\r\ncontent-type: {media_type}"),
            content,
        )
    };
    let other = "application/octet-stream";
    assert_eq!(
        parts,
        [
            "",
            &part("count", "", "7"),
            &file("cover", "cover.png", other, "from a reader"),
            &file("file", "a %22file%22.txt", "text/plain", "in memory"),
            &file("pages", "page.csv", other, "a,b\n"),
            &file("pages", "empty", other, ""),
            &part("tags", "", r#"["x","y"]"#),
            &part("title", "", "Title\n2"),
            "--\r\n",
        ]
    );
}

#[tokio::test]
async fn an_upload_that_breaks_off_is_an_error_that_says_why() {
    let short: &'static [u8] = b"short";
    for (upload, why) in [
        (
            Upload::from_reader("a", short, 100_000),
            "it ended 99995 bytes early",
        ),
        (
            Upload::from_reader("a", Failing(b"some"), 100_000),
            "the disk is gone",
        ),
    ] {
        let (client, received) = serve(DONE);
        let request = client.uploads().uploads(UploadsBody::new(upload, "t"));
        let again = request.clone();
        let error = request.send().await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert!(!error.is_retryable(), "{error}");
        assert!(!received.join().unwrap().ends_with("--\r\n"));
        let error = again.send().await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
        assert!(error.to_string().contains("was read before"), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_sent_is_an_error_before_anything_is() {
    let (client, _) = serve(DONE);
    for (upload, why) in [
        (
            Upload::from_path("/no/such/file"),
            "cannot upload /no/such/file: ",
        ),
        (Upload::from_path(std::env::temp_dir()), "it is not a file"),
        (Upload::from_bytes("a\r\nx: y", ""), "contains a line break"),
        (
            Upload::from_bytes("a", "").content_type("text/plain\nx: y"),
            "contains a line break",
        ),
    ] {
        let request = client.uploads().uploads(UploadsBody::new(upload, "t"));
        let error = request.send().await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn text_and_bytes_are_sent_and_read_as_they_are() {
    let (client, received) = serve("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n\"a\",1\r\n");
    let csv = client.uploads().text("{\"plain").send().await.unwrap();
    assert_eq!(csv, "\"a\",1\r\n");
    let received = received.join().unwrap();
    assert!(
        received.contains("content-type: text/plain\r\n"),
        "{received}"
    );
    assert!(received.contains("accept: */*\r\n"), "{received}");
    assert!(received.ends_with("\r\n\r\n{\"plain"), "{received}");

    let response = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\0\u{1}\u{2}\u{3}";
    let (client, received) = serve(response);
    let file = client.uploads().set_bytes("%PDF").send().await.unwrap();
    assert_eq!(&file.bytes().await.unwrap()[..], [0, 1, 2, 3]);
    assert!(
        received
            .join()
            .unwrap()
            .contains("content-type: application/pdf\r\n")
    );

    let (client, _received) = serve(response);
    let request = client.uploads().set_bytes("%PDF").max_response_bytes(3);
    let error = request.send().await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert!(error.to_string().contains("3 bytes"), "{error}");
}
