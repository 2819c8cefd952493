//! The connection to the client: lines of standard input and output, with the errors of JSON-RPC.
//!
//! `rmcp` skips what is not JSON, leaves the id out of the response to a message that it cannot read, ends when a
//! notification comes first, and gives handlers five seconds when the input ends. Here each bad request has a response
//! with its id, and the end of the input counts when all requests have one.

use std::collections::HashSet;
use std::io;
use std::mem;
use std::pin::Pin;

use rmcp::RoleServer;
use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, ErrorData, JsonRpcMessage, RequestId,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Empty, Stdin, Stdout};

type Sending = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// Standard input and output.
///
/// [`Transport::receive`] may be dropped and called again at any time, so its state is here.
pub(super) struct Connection {
    input: BufReader<Stdin>,
    line: Vec<u8>,
    output: AsyncRwTransport<RoleServer, Empty, Stdout>,
    /// The response to a bad line.
    sending: Option<Sending>,
    /// Requests without a response.
    open: HashSet<RequestId>,
    has_begun: bool,
    has_ended: bool,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            input: BufReader::new(tokio::io::stdin()),
            line: Vec::new(),
            output: AsyncRwTransport::new(tokio::io::empty(), tokio::io::stdout()),
            sending: None,
            open: HashSet::new(),
            has_begun: false,
            has_ended: false,
        }
    }

    /// The message in a line, or the error to respond with; `None` if there is nothing to do.
    fn read(&mut self, line: &[u8]) -> Option<Result<ClientJsonRpcMessage, Fault>> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return None;
        }
        let value: Value = match serde_json::from_slice(line) {
            Ok(value) => value,
            Err(error) => return Some(Err(Fault::parse(&error))),
        };
        let is_request = value.get("method").is_some() && value.get("id").is_some();
        let message = match message(&value) {
            Ok(message) => message,
            // A notification has no response.
            Err(_) if value.get("method").is_some() && !is_request => return None,
            Err(fault) => return Some(Err(fault)),
        };
        if !self.has_begun {
            match &message {
                JsonRpcMessage::Request(request) => {
                    // Versions without `initialize` describe the client in each request.
                    let is_described = value.pointer("/params/_meta").is_some();
                    let is_first = matches!(request.request, ClientRequest::InitializeRequest(_));
                    let is_ping = matches!(request.request, ClientRequest::PingRequest(_));
                    if !is_described && !is_first && !is_ping {
                        let text = "the first request has to be `initialize`";
                        return Some(Err(Fault::invalid_request(text, &value)));
                    }
                    self.has_begun = !is_ping;
                }
                _ => return None,
            }
        }
        match &message {
            JsonRpcMessage::Request(request) => _ = self.open.insert(request.id.clone()),
            JsonRpcMessage::Notification(notification) => {
                // A request that was cancelled has no response.
                if let ClientNotification::CancelledNotification(cancelled) =
                    &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.open.remove(id);
                }
            }
            _ => {}
        }
        Some(Ok(message))
    }
}

/// An error, and the id of the request if it can be read.
struct Fault(ErrorData, Option<RequestId>);

impl Fault {
    fn parse(error: &serde_json::Error) -> Self {
        // The text of the error may quote the line.
        let text = format!("not JSON, at column {}", error.column());
        Self(ErrorData::parse_error(text, None), None)
    }

    fn invalid_request(text: &'static str, value: &Value) -> Self {
        Self(ErrorData::invalid_request(text, None), id(value))
    }
}

fn id(value: &Value) -> Option<RequestId> {
    serde_json::from_value(value.get("id")?.clone()).ok()
}

/// Requests whose parameters are read here: with others, `rmcp` takes them for requests that it does not know.
const KNOWN: [&str; 4] = ["initialize", "ping", "tools/call", "tools/list"];

fn message(value: &Value) -> Result<ClientJsonRpcMessage, Fault> {
    let text = "not a message of JSON-RPC 2.0";
    let message: ClientJsonRpcMessage =
        serde_json::from_value(value.clone()).map_err(|_| Fault::invalid_request(text, value))?;
    if let JsonRpcMessage::Request(request) = &message
        && let ClientRequest::CustomRequest(custom) = &request.request
        && KNOWN.contains(&custom.method.as_str())
    {
        let text = format!("the parameters are not those of `{}`", custom.method);
        let error = ErrorData::invalid_params(text, None);
        return Err(Fault(error, Some(request.id.clone())));
    }
    Ok(message)
}

impl Transport<RoleServer> for Connection {
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let id = match &message {
            JsonRpcMessage::Response(response) => Some(&response.id),
            JsonRpcMessage::Error(error) => error.id.as_ref(),
            _ => None,
        };
        if let Some(id) = id {
            self.open.remove(id);
        }
        self.output.send(message)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            if let Some(sending) = &mut self.sending {
                let sent = sending.await;
                self.sending = None;
                sent.ok()?;
            }
            if self.has_ended {
                if self.open.is_empty() {
                    return None;
                }
                // This is called again when a response has been sent.
                std::future::pending::<()>().await;
            }
            let read = self.input.read_until(b'\n', &mut self.line).await;
            self.has_ended = !matches!(read, Ok(1..));
            let line = mem::take(&mut self.line);
            match self.read(&line) {
                None => {}
                Some(Ok(message)) => return Some(message),
                Some(Err(Fault(error, id))) => {
                    let response = self.output.send(JsonRpcMessage::error(error, id));
                    self.sending = Some(Box::pin(response));
                }
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        Transport::<RoleServer>::close(&mut self.output).await
    }
}
