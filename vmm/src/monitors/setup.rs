//! The monitors of one run: first bound, so that a bad address is found before anything runs, then served.

use std::io;
use std::time::Duration;

use monitor_qmp::{Access, Terms};

use super::address::MonitorAddress;
use super::clients::{Clients, Refusal, Serve};
use super::listener::{ListenError, Listener};
use super::peers::NotWanted;
use crate::command_line::Settings;
use crate::endpoint::{Endpoint, SocketAddress};
use crate::terminal::{self, RawTerminal};

/// How long clients may take to read their last answers when the program ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the terminal's monitor is, for people.
const STDIO: &str = "stdio";

/// The two kinds of monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonitorKind {
    /// For programs.
    Qmp,
    /// For people.
    Human,
}

impl MonitorKind {
    /// The option that asks for it.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Qmp => "--qmp",
            Self::Human => "--hmp",
        }
    }

    /// What somebody gets to read who is not wanted.
    fn refusal(self) -> Refusal {
        match self {
            Self::Qmp => |reason: &NotWanted| {
                format!("{{\"error\": {{\"class\": \"GenericError\", \"desc\": \"{reason}\"}}}}\r\n")
            },
            Self::Human => |reason: &NotWanted| format!("Error: {reason}\r\n"),
        }
    }
}

/// A monitor cannot be reached where it should be.
#[derive(Debug, thiserror::Error)]
pub enum MonitorsError {
    /// A socket.
    #[error("{option}: '{endpoint}': {error}")]
    Listen {
        /// The option.
        option: &'static str,
        /// Its value.
        endpoint: Endpoint,
        /// Why not.
        error: ListenError,
    },
    /// Descriptors, threads or the terminal's settings.
    #[error("cannot serve the monitors: {0}")]
    Serve(#[from] io::Error),
}

/// Where clients can connect: they wait until they are served.
#[derive(Debug, Default)]
pub struct Monitors {
    listeners: Vec<(MonitorKind, Listener, Terms)>,
    stdio: Option<(MonitorKind, Terms)>,
}

impl Monitors {
    /// Listens at every address.
    ///
    /// # Errors
    /// The first address that cannot be had.
    pub fn bind(settings: &Settings) -> Result<Self, MonitorsError> {
        let mut monitors = Self::default();
        for (kind, addresses) in [(MonitorKind::Qmp, &settings.qmp), (MonitorKind::Human, &settings.hmp)] {
            for address in addresses {
                monitors.add(kind, address).map_err(|error| MonitorsError::Listen {
                    option: kind.option(),
                    endpoint: address.endpoint.clone(),
                    error,
                })?;
            }
        }
        Ok(monitors)
    }

    fn add(&mut self, kind: MonitorKind, address: &MonitorAddress) -> Result<(), ListenError> {
        let listener = match &address.endpoint {
            Endpoint::Socket(SocketAddress::Unix(path)) => {
                Listener::guarded(path, address.mode, address.peers.clone())?
            }
            Endpoint::Socket(socket) => Listener::at(socket)?,
            Endpoint::Stdio => {
                self.stdio = Some((kind, address.terms));
                return Ok(());
            }
        };
        self.listeners.push((kind, listener, address.terms));
        Ok(())
    }

    /// Where each kind of monitor is reached, for people.
    pub fn places(&self) -> Vec<(MonitorKind, String)> {
        let place = |address: String, terms: Terms| match terms.access {
            Access::Everything => address,
            Access::ReadOnly => format!("{address} (for reading only)"),
        };
        let sockets =
            self.listeners.iter().map(|(kind, listener, terms)| (*kind, place(listener.address(), *terms)));
        let stdio = self.stdio.map(|(kind, terms)| (kind, place(STDIO.to_owned(), terms)));
        sockets.chain(stdio).collect()
    }

    /// Serves clients from now on: `serve` gives what serves the clients of a kind at an address, on these terms.
    ///
    /// # Errors
    /// The host has no descriptor or thread left, or the terminal does not take its settings.
    pub fn serve(self, serve: impl Fn(MonitorKind, &str, Terms) -> Serve) -> Result<Serving, MonitorsError> {
        let clients = Clients::new()?;
        for (kind, listener, terms) in self.listeners {
            let serve = serve(kind, &listener.address(), terms);
            clients.serve_socket(listener, serve, kind.refusal())?;
        }
        let mut terminal = None;
        if let Some((kind, terms)) = self.stdio {
            if kind == MonitorKind::Human && terminal::is_ours() && terminal::is_for_people() {
                terminal = Some(RawTerminal::enter(io::stdin())?);
            }
            clients.serve_stdio(serve(kind, STDIO, terms))?;
        }
        Ok(Serving { clients, _terminal: terminal })
    }
}

/// Monitors at work.
#[derive(Debug)]
pub struct Serving {
    clients: Clients,
    /// Put back when dropped.
    _terminal: Option<RawTerminal>,
}

impl Serving {
    /// Ends every conversation after its last answer, removes the sockets and puts the terminal back.
    pub fn close(self) {
        self.clients.close(PATIENCE);
    }
}
