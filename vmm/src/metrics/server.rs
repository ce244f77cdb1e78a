//! The thread that serves all clients.

use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::client::Client;
use super::page;
use crate::monitors::Listener;
use crate::wake::Wake;

/// Clients that are served at once; others wait in front of the socket.
pub(super) const CLIENTS: usize = 16;
/// How long to wait for a descriptor to become free when the host is out of them.
const RETRY: Duration = Duration::from_millis(100);

/// Sockets, their clients and the page.
pub(super) struct Server {
    listeners: Vec<Listener>,
    write: page::Write,
    closing: Arc<Wake>,
    /// How long a client may take.
    patience: Duration,
    clients: Vec<Client>,
    /// Nobody is accepted before.
    accepting: Instant,
}

/// What can go on.
struct Ready {
    closing: bool,
    clients: Vec<bool>,
}

impl Server {
    pub(super) fn new(
        listeners: Vec<Listener>,
        write: page::Write,
        closing: Arc<Wake>,
        patience: Duration,
    ) -> Self {
        Self { listeners, write, closing, patience, clients: Vec::new(), accepting: Instant::now() }
    }

    /// Serves until `closing` is signalled.
    pub(super) fn run(mut self) {
        while let Ok(Ready { closing: false, clients }) = self.wait() {
            let now = Instant::now();
            let mut ready = clients.into_iter();
            self.clients.retain_mut(|client| {
                let ready = ready.next().unwrap_or_default();
                (!ready || client.go_on()) && now < client.deadline()
            });
            self.accept(now);
        }
    }

    /// Waits until something can go on.
    fn wait(&self) -> io::Result<Ready> {
        let now = Instant::now();
        let mut polled = vec![PollFd::new(&*self.closing, PollFlags::IN)];
        polled.extend(
            self.clients.iter().map(|client| PollFd::from_borrowed_fd(client.as_fd(), client.waits_for())),
        );
        let mut until = self.clients.iter().map(Client::deadline).min();
        if self.clients.len() < CLIENTS {
            if self.accepting <= now {
                polled.extend(self.listeners.iter().map(|listener| PollFd::new(listener, PollFlags::IN)));
            } else {
                until = until.into_iter().chain([self.accepting]).min();
            }
        }
        let timeout = until
            .map(|until| until.saturating_duration_since(now))
            .and_then(|time| Timespec::try_from(time).ok());
        match poll(&mut polled, timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut ready = polled.iter().map(|descriptor| !descriptor.revents().is_empty());
        let closing = ready.next().unwrap_or_default();
        Ok(Ready { closing, clients: ready.take(self.clients.len()).collect() })
    }

    /// Takes every client that waits and for whom there is room.
    fn accept(&mut self, now: Instant) {
        for listener in &self.listeners {
            while self.clients.len() < CLIENTS {
                match listener
                    .accept()
                    .and_then(|stream| Client::new(stream, &self.write, now + self.patience))
                {
                    Ok(client) => self.clients.push(client),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                    Err(_) => {
                        self.accepting = now + RETRY;
                        return;
                    }
                }
            }
        }
    }
}
