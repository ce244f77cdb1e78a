//! The page of one run: its sockets are bound before anything runs, then it is served.

use std::io;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::page::Write;
use super::server::Server;
use crate::endpoint::SocketAddress;
use crate::monitors::{ListenError, Listener};
use crate::wake::Wake;

/// How long a client may take for its request and for reading the page. Prometheus itself gives up after ten seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The metrics cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// A socket.
    #[error("--metrics: '{address}': {error}")]
    Listen {
        /// As written.
        address: SocketAddress,
        /// Why not.
        error: ListenError,
    },
    /// Descriptors or threads.
    #[error("cannot serve the metrics: {0}")]
    Serve(#[from] io::Error),
}

/// Where the metrics can be read: clients wait until they are served.
#[derive(Debug, Default)]
pub struct Metrics {
    listeners: Vec<Listener>,
}

impl Metrics {
    /// Listens at every address.
    ///
    /// # Errors
    /// The first address that cannot be had.
    pub fn bind(addresses: &[SocketAddress]) -> Result<Self, MetricsError> {
        let listen = |address: &SocketAddress| {
            Listener::at(address).map_err(|error| MetricsError::Listen { address: address.clone(), error })
        };
        Ok(Self { listeners: addresses.iter().map(listen).collect::<Result<_, _>>()? })
    }

    /// Where they are, for people.
    pub fn places(&self) -> Vec<String> {
        self.listeners.iter().map(Listener::address).collect()
    }

    /// Serves clients from now on, on a thread of its own if there is an address; `write` writes the page.
    ///
    /// # Errors
    /// The host has no descriptor or thread left.
    pub fn serve(self, write: Write) -> Result<Serving, MetricsError> {
        self.serve_with(write, PATIENCE)
    }

    fn serve_with(self, write: Write, patience: Duration) -> Result<Serving, MetricsError> {
        let closing = Arc::new(Wake::new()?);
        if self.listeners.is_empty() {
            return Ok(Serving { closing, thread: None });
        }
        let (listeners, wake) = (self.listeners, Arc::clone(&closing));
        let thread = thread::Builder::new()
            .name("metrics".to_owned())
            .spawn(move || Server::new(listeners, write, wake, patience).run())?;
        Ok(Serving { closing, thread: Some(thread) })
    }
}

/// The thread at work; dropping this ends it, hangs up on its clients and removes the sockets.
#[derive(Debug)]
pub struct Serving {
    closing: Arc<Wake>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.closing.signal();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has ended too.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
