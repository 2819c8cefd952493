//! TCP connections that the server can reset while it handles a request.

use std::io::{Error, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};

/// How long a client has to send the head of a request, from its first byte on.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);

/// A handle that can reset a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionHandle(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    reset: AtomicBool,
    /// How many requests have started and ended. It is odd while one is handled.
    steps: AtomicUsize,
}

impl ConnectionHandle {
    /// Resets the connection at its next read or write.
    pub(crate) fn reset(&self) {
        self.0.reset.store(true, Ordering::Release);
    }

    /// Notes that the head of a request was read, or that its response is ready.
    pub(crate) fn step(&self) {
        self.0.steps.fetch_add(1, Ordering::AcqRel);
    }

    fn steps(&self) -> usize {
        self.0.steps.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, ResettableListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, ResettableListener>) -> Self {
        stream.io().handle.clone()
    }
}

/// A listener whose connections can be reset.
#[derive(Debug)]
pub(crate) struct ResettableListener(pub(crate) TcpListener);

impl Listener for ResettableListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // A failure only makes responses slower.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            stream,
            handle: ConnectionHandle::default(),
            deadline: None,
        };
        (connection, address)
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A TCP connection with its handle.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
    /// When the head that is being read must be complete, and the steps when its first byte came.
    deadline: Option<(usize, Pin<Box<Sleep>>)>,
}

impl Connection {
    /// Fails if the connection is to be reset. Closing it then sends a reset.
    fn check(&self) -> Result<(), Error> {
        if !self.handle.0.reset.load(Ordering::Acquire) {
            return Ok(());
        }
        self.stream.set_zero_linger()?;
        Err(Error::from(ErrorKind::ConnectionReset))
    }

    /// Fails if the head of a request takes too long. `read` is whether bytes of it have come just now.
    fn check_deadline(&mut self, context: &mut Context<'_>, read: bool) -> Result<(), Error> {
        let steps = self.handle.steps();
        if self
            .deadline
            .as_ref()
            .is_some_and(|(then, _)| *then != steps)
        {
            self.deadline = None;
        }
        let is_head = steps.is_multiple_of(2);
        if read && is_head && self.deadline.is_none() {
            self.deadline = Some((steps, Box::pin(sleep(HEAD_DEADLINE))));
        }
        let Some((_, sleep)) = &mut self.deadline else {
            return Ok(());
        };
        match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Err(Error::from(ErrorKind::TimedOut)),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        self.check()?;
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = buffer.filled().len() > before;
        self.check_deadline(context, came)?;
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize, Error>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
