//! How many batches are in flight at once, counted by a server that holds its responses.

use std::sync::Arc;
use std::time::Duration;

use hubspot_generated::models::ObjectId;
use hubspot_generated::{Client, bulk};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

/// Reads a request with a body.
async fn read(stream: &mut TcpStream) {
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        received.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&received).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let (_, length) = head.split_once("content-length: ").unwrap();
        let length = length.lines().next().unwrap();
        if body.len() >= length.parse().unwrap() {
            return;
        }
    }
}

/// Responds to the first requests when there are eight at once, and to the later ones when there are sixteen.
async fn serve(listener: TcpListener) {
    let [first, later] = [8, 16].map(|count| Arc::new(Barrier::new(count)));
    for number in 0.. {
        let (mut stream, _) = listener.accept().await.unwrap();
        let barrier = Arc::clone(if number < 8 { &first } else { &later });
        tokio::spawn(async move {
            read(&mut stream).await;
            barrier.wait().await;
            let response = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            stream.write_all(response).await.unwrap();
        });
    }
}

#[tokio::test]
async fn more_batches_are_in_flight_while_the_limits_let_them_pass() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener));
    let builder = Client::unchecked_builder().base_url(url);
    let client = builder.access_token("in-flight").build().unwrap();
    let ids = (0..100 * (8 + 16)).map(|id| ObjectId::new(id.to_string()));
    let run = bulk::archive(|batch| client.contacts().batch_archive(batch))
        .inputs(ids)
        .run();
    let report = tokio::time::timeout(Duration::from_secs(30), run);
    let report = report.await.expect("sixteen are never in flight at once");
    assert_eq!((report.progress.done, report.failed().count()), (2_400, 0));
}
