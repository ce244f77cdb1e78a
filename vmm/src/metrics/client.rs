//! A connection: one request, one response, and what it waits for in between.

use std::cell::Cell;
use std::convert::Infallible;
use std::future::{Future, ready};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake};
use std::time::Instant;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use rustix::event::PollFlags;
use rustix::io::Errno;

use super::page;
use crate::monitors::Stream;

/// Bytes of a request's head; the least that hyper accepts is half of it.
const HEAD_BYTES: usize = 16 << 10;
/// Header lines of a request.
const HEADERS: usize = 64;
/// Bytes that are read at once.
const READ_BYTES: usize = 4096;

/// A client that is being served.
pub(super) struct Client {
    stream: Rc<Stream>,
    waits_for: Rc<Cell<PollFlags>>,
    conversation: Pin<Box<dyn Future<Output = hyper::Result<()>>>>,
    /// When it is given up.
    deadline: Instant,
}

impl Client {
    /// Begins to serve a client, whose page `write` writes, and who has until `deadline` for all of it: its request,
    /// the response, and reading it.
    ///
    /// # Errors
    /// The host's own.
    pub(super) fn new(stream: Stream, write: &page::Write, deadline: Instant) -> io::Result<Self> {
        stream.set_nonblocking()?;
        let stream = Rc::new(stream);
        let waits_for = Rc::new(Cell::new(PollFlags::IN));
        let write = Arc::clone(write);
        let service = service_fn(move |request| ready(Ok::<_, Infallible>(page::answer(&request, &write))));
        let input_and_output = Nonblocking { stream: Rc::clone(&stream), waits_for: Rc::clone(&waits_for) };
        // A scrape every few seconds does not need its connection kept, and a connection that ends with its response
        // needs no further rules about its time.
        let conversation = http1::Builder::new()
            .keep_alive(false)
            .half_close(true)
            .max_buf_size(HEAD_BYTES)
            .max_headers(HEADERS)
            .header_read_timeout(None)
            .serve_connection(input_and_output, service);
        Ok(Self { stream, waits_for, conversation: Box::pin(conversation), deadline })
    }

    /// When it is given up.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// What has to happen to its socket before [`Client::go_on`] can do anything.
    pub(super) fn waits_for(&self) -> PollFlags {
        self.waits_for.get()
    }

    /// Does what can be done without waiting; tells whether there will be more to do.
    pub(super) fn go_on(&mut self) -> bool {
        let again = Arc::new(Again::default());
        let waker = Arc::clone(&again).into();
        loop {
            self.waits_for.set(PollFlags::empty());
            // A client that made a mistake was told so; one that left does not care.
            let poll = self.conversation.as_mut().poll(&mut Context::from_waker(&waker));
            if poll.is_ready() {
                return false;
            }
            if !again.0.swap(false, Ordering::Relaxed) {
                return true;
            }
        }
    }
}

impl AsFd for Client {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

/// Set when hyper wants to go on without anything having happened to the socket.
#[derive(Default)]
struct Again(AtomicBool);

impl Wake for Again {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The socket as hyper uses it: what cannot be done yet is what the client waits for.
struct Nonblocking {
    stream: Rc<Stream>,
    waits_for: Rc<Cell<PollFlags>>,
}

impl Nonblocking {
    fn attempt<T>(
        &self,
        flag: PollFlags,
        mut operation: impl FnMut(&Stream) -> Result<T, Errno>,
    ) -> Poll<io::Result<T>> {
        loop {
            match operation(&self.stream) {
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    self.waits_for.set(self.waits_for.get() | flag);
                    return Poll::Pending;
                }
                outcome => return Poll::Ready(outcome.map_err(Into::into)),
            }
        }
    }
}

impl Read for Nonblocking {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; READ_BYTES];
        let room = buffer.remaining().min(READ_BYTES);
        let room = bytes.get_mut(..room).unwrap_or_default();
        let read = self.attempt(PollFlags::IN, |stream| rustix::io::read(stream, &mut *room));
        read.map_ok(|length| buffer.put_slice(room.get(..length).unwrap_or_default()))
    }
}

impl Write for Nonblocking {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.attempt(PollFlags::OUT, |stream| rustix::io::write(stream, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.hang_up();
        Poll::Ready(Ok(()))
    }
}
