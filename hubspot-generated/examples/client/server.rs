//! A server that responds to every request with the same JSON.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Serves until the process ends. Returns the base URL.
pub(crate) fn serve(body: &str) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    // The largest limit that the client believes, so that no request waits.
    let response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\nx-hubspot-correlation-id: 17\r\n\
         x-hubspot-ratelimit-interval-milliseconds: 10000\r\nx-hubspot-ratelimit-max: 100000\r\n\
         x-hubspot-ratelimit-remaining: 99999\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let response: Arc<str> = response.into();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let response = Arc::clone(&response);
            thread::spawn(move || respond(&stream, &response));
        }
    });
    Ok(url)
}

/// Responds to requests without a body, until the connection is closed.
fn respond(stream: &TcpStream, response: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if line == "\r\n" {
            (&mut &*stream).write_all(response.as_bytes())?;
        }
        line.clear();
    }
    Ok(())
}
