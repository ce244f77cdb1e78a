//! One connection: a thread that reads and runs requests, one that writes what others have to say, and with
//! out-of-band execution one that works off the queue.

use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::Instant;

use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::{Reply, Style};
use serde_json::Value;

use crate::client::{Handler, PerClient};
use crate::dispatch;
use crate::envelope::{Refusal, Request};
use crate::json::{JsonError, MessageReader};
use crate::observer::Observer;
use crate::outbox::Outbox;
use crate::session::Session;

/// How many requests wait while one runs; no more are read then. Clients rely on eight.
const QUEUE: usize = 8;
/// How many bytes are read at once.
const READ_BYTES: usize = 16 << 10;
/// A message of more bytes than this is large.
const LARGE_MESSAGE_BYTES: usize = 1 << 20;
/// A reply buffer that has grown beyond this many bytes is given back. The statistics of 255 vCPUs stay below.
const KEPT_REPLY_BYTES: usize = 1 << 20;
/// The stack of a thread that only writes.
const WRITER_STACK: usize = 128 << 10;
/// The stack of a thread that runs requests. It stays below a huge page, which some hosts would make resident as a whole.
const QUEUE_STACK: usize = 1 << 20;

/// A message and what it was read as; errors are answered in their turn.
type Item = Result<Request, Refusal>;

pub(crate) struct Connection<H: Handler + ?Sized> {
    session: Session<H>,
    outbox: Arc<Outbox>,
    observer: Arc<dyn Observer>,
}

/// The first line that a client gets.
pub(crate) fn greeting(version: &VersionInfo) -> Vec<u8> {
    let mut line = Reply::new(Style::Line);
    line.write_raw("{\"QMP\": {\"version\": ");
    // Numbers and a text: always JSON.
    let _ = line.write(version);
    line.write_raw(", \"capabilities\": [\"oob\"]}}\r\n");
    line.into_bytes()
}

impl<H: Handler + ?Sized> Connection<H> {
    pub(crate) fn new(session: Session<H>, outbox: Arc<Outbox>, observer: Arc<dyn Observer>) -> Self {
        Self { session, outbox, observer }
    }

    /// Runs the connection until the client leaves or is given up.
    pub(crate) fn serve(&self, reader: impl Read) {
        thread::scope(|scope| {
            let writer = thread::Builder::new().name("qmp-writer".to_owned()).stack_size(WRITER_STACK);
            if writer.spawn_scoped(scope, || self.outbox.write_until_ended()).is_err() {
                return;
            }
            // Even if a command panics, the writing thread has to end, or this one would wait for it.
            let _end = EndOnDrop(&self.outbox);
            self.outbox.send_reply(&self.session.server.greeting, || ());
            self.read(reader, scope);
        });
    }

    fn read<'scope, 'env>(&'env self, mut reader: impl Read, scope: &'scope Scope<'scope, 'env>) {
        let mut messages = MessageReader::default();
        let mut runner = Runner::new(self);
        let mut buffer = vec![0; READ_BYTES];
        while !self.outbox.is_closed() {
            let length = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            let mut input = buffer.get(..length).unwrap_or_default();
            while let Some(message) = messages.next(&mut input) {
                runner.accept(message, scope);
                if messages.last_size() > LARGE_MESSAGE_BYTES {
                    self.observer.large_message_done();
                }
            }
        }
        if let Some(message) = messages.finish() {
            runner.accept(message, scope);
        }
        runner.finish();
    }
}

/// Runs what the client sends, at once or through a queue.
struct Runner<'scope, 'env, H: Handler + ?Sized> {
    connection: &'env Connection<H>,
    reply: Reply,
    /// With out-of-band execution: where requests wait, and the thread that works them off.
    queue: Option<(SyncSender<Item>, ScopedJoinHandle<'scope, ()>)>,
}

impl<'scope, 'env, H: Handler + ?Sized> Runner<'scope, 'env, H> {
    fn new(connection: &'env Connection<H>) -> Self {
        Self { connection, reply: Reply::new(Style::Line), queue: None }
    }

    /// Runs or queues a message; waits while the queue is full.
    fn accept(&mut self, message: Result<Value, JsonError>, scope: &'scope Scope<'scope, 'env>) {
        let Connection { session, outbox, .. } = self.connection;
        let item = Request::read(message, session.oob());
        let at_once = item.as_ref().is_ok_and(|request| request.out_of_band);
        match &self.queue {
            Some((queue, _)) if !at_once => {
                if queue.send(item).is_err() {
                    outbox.close();
                }
            }
            _ => self.run(item),
        }
        if self.queue.is_none() && session.oob() {
            self.start_queue(scope);
        }
    }

    fn run(&mut self, item: Item) {
        let Connection { session, outbox, observer } = self.connection;
        if outbox.is_closed() {
            return;
        }
        let was_open = session.is_open();
        let in_turn = item.as_ref().is_ok_and(|request| !request.out_of_band);
        let start = Instant::now();
        let succeeded = dispatch::run(session, item, &mut self.reply);
        observer.answered(start.elapsed(), !succeeded);
        outbox.send_reply(self.reply.as_bytes(), || {
            if !was_open && session.is_open() {
                // No event comes before the reply to the negotiation, and none after it is missed.
                session.server.events.subscribe(outbox);
            }
            if in_turn {
                session.per_client.answered();
            }
        });
        if self.reply.as_bytes().len() > KEPT_REPLY_BYTES {
            self.reply = Reply::new(Style::Line);
        }
    }

    /// Without a thread to spare requests are run as they come; nothing can overtake them then.
    fn start_queue(&mut self, scope: &'scope Scope<'scope, 'env>) {
        let (sender, receiver) = sync_channel(QUEUE);
        let mut runner = Runner::new(self.connection);
        let work = move || receiver.into_iter().for_each(|item| runner.run(item));
        let thread = thread::Builder::new().name("qmp-queue".to_owned()).stack_size(QUEUE_STACK);
        let thread = thread.spawn_scoped(scope, work);
        self.queue = thread.ok().map(|thread| (sender, thread));
    }

    /// Waits until everything that was queued is done.
    fn finish(self) {
        if let Some((sender, thread)) = self.queue {
            drop(sender);
            // A command that panicked has ended the thread; the connection ends anyway.
            let _ = thread.join();
        }
    }
}

/// Ends the outbox, whichever way the connection ends.
struct EndOnDrop<'a>(&'a Outbox);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.close();
        }
        self.0.finish();
    }
}
