//! What all connections of a server share, and how a connection is served.

use std::io::{Read, Write};
use std::sync::Arc;

use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::{Command, Error};

use crate::client::{Client, Handler};
use crate::connection::{Connection, greeting};
use crate::dispatch::Commands;
use crate::events::Events;
use crate::observer::Observer;
use crate::outbox::Outbox;
use crate::session::Session;
use crate::terms::Terms;

/// The human monitor, as far as `human-monitor-command` needs one.
pub trait HumanMonitor: Send + Sync {
    /// Runs one line in a fresh session, with the vCPU `cpu_index` selected (the first one if absent), and
    /// returns what it prints, lines ended by CR LF.
    ///
    /// # Errors
    /// There is no vCPU of that number. A line that cannot be run is no error: the text says so.
    fn execute(&self, command_line: &str, cpu_index: Option<i64>) -> Result<String, Error>;
}

/// A QMP server over a machine of type `H`. It serves any number of connections at once, each with its own
/// negotiation, queue and events.
pub struct Server<H: Handler + ?Sized> {
    shared: Arc<Shared<H>>,
}

pub(crate) struct Shared<H: Handler + ?Sized> {
    pub(crate) machine: Arc<H>,
    pub(crate) commands: Commands<H>,
    pub(crate) version: VersionInfo,
    pub(crate) human: Arc<dyn HumanMonitor>,
    pub(crate) events: Arc<Events>,
    pub(crate) greeting: Vec<u8>,
}

impl<H: Handler + ?Sized> Server<H> {
    /// A server that runs `commands`, the tables of all modules but `control` one behind the other, on
    /// `machine`, and `client_commands` on what `machine` has for the client. What is emitted through `events` goes to every client that has negotiated.
    pub fn new(
        machine: Arc<H>,
        commands: Vec<Command<H>>,
        client_commands: Vec<Command<H::PerClient>>,
        version: VersionInfo,
        human: Arc<dyn HumanMonitor>,
        events: Arc<Events>,
    ) -> Self {
        let greeting = greeting(&version);
        let commands = Commands::new(commands, client_commands);
        Self { shared: Arc::new(Shared { machine, commands, version, human, events, greeting }) }
    }

    /// Serves one client on the calling thread: reads requests from `reader` until it ends, and writes replies
    /// and events to `writer`. Returns when all answers are written, or when the client is lost: `writer`
    /// fails, or the client lets events pile up without reading.
    ///
    /// To end a connection, let `reader` end: what was asked is answered, then this returns.
    pub fn serve(&self, reader: impl Read + Send + 'static, writer: impl Write + Send + 'static) {
        self.serve_on_terms(reader, writer, || {}, Arc::new(()), Terms::default());
    }

    /// As [`Server::serve`], on `terms` and with a way to give up a client that does not read: `hang_up` is called once from
    /// any thread, must not wait, and makes reads and writes that are under way return (for a socket: it
    /// shuts down both directions). `observer` hears of everything that the client asks for.
    pub fn serve_on_terms(
        &self,
        reader: impl Read + Send + 'static,
        writer: impl Write + Send + 'static,
        hang_up: impl Fn() + Send + Sync + 'static,
        observer: Arc<dyn Observer>,
        terms: Terms,
    ) {
        let outbox = Arc::new(Outbox::new(Box::new(writer), Box::new(hang_up), terms.style));
        let session = Session::new(Arc::clone(&self.shared), Client::new(&outbox), terms.access);
        Connection::new(session, outbox, observer).serve(reader);
    }
}

impl<H: Handler + ?Sized> Clone for Server<H> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}
