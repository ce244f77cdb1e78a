//! From a request to the bytes of its reply.

use std::collections::HashMap;

use qapi_schema::control;
use qapi_schema::introspection::SCHEMA;
use qapi_schema::runtime::{Command, Empty, Error, ErrorClass, Reply, decode};
use serde_json::{Map, Value};

use crate::client::Handler;
use crate::envelope::{Refusal, Request};
use crate::session::Session;

/// The command that opens a session, and the only one that a session without negotiation knows.
const NEGOTIATION: &str = "qmp_capabilities";

/// All commands of a server: the monitor's own and the machine's.
pub(crate) struct Commands<H: Handler + ?Sized> {
    by_name: HashMap<&'static str, Entry<H>>,
    names: Vec<&'static str>,
}

/// A command and who runs it.
enum Entry<H: Handler + ?Sized> {
    Monitor(Command<Session<H>>),
    Machine(Command<H>),
    Client(Command<H::PerClient>),
}

impl<H: Handler + ?Sized> Commands<H> {
    /// The monitor's own commands and behind them the machine's, those last that know their client.
    pub(crate) fn new(machine: Vec<Command<H>>, client: Vec<Command<H::PerClient>>) -> Self {
        let own = control::commands().into_iter().chain([query_qmp_schema()]);
        let rows = own.map(|command| (command.name, Entry::Monitor(command)));
        let rows = rows.chain(machine.into_iter().map(|command| (command.name, Entry::Machine(command))));
        let rows = rows.chain(client.into_iter().map(|command| (command.name, Entry::Client(command))));
        let mut commands = Self { by_name: HashMap::new(), names: Vec::new() };
        for (name, entry) in rows {
            commands.names.push(name);
            commands.by_name.insert(name, entry);
        }
        commands
    }

    /// The names, in the order in which the commands were registered.
    pub(crate) fn names(&self) -> &[&'static str] {
        &self.names
    }

    fn find(&self, request: &Request, session: &Session<H>) -> Result<&Entry<H>, Error> {
        let name = request.command.as_str();
        if !session.is_open() && name != NEGOTIATION {
            return Err(not_found(format!("Expecting capabilities negotiation with '{NEGOTIATION}'")));
        }
        let entry = self
            .by_name
            .get(name)
            .ok_or_else(|| not_found(format!("The command {name} has not been found")))?;
        if request.out_of_band && !entry.allow_oob() {
            return Err(Error::generic(format!("The command {name} does not support OOB")));
        }
        Ok(entry)
    }
}

impl<H: Handler + ?Sized> Entry<H> {
    fn allow_oob(&self) -> bool {
        match self {
            Entry::Monitor(command) => command.allow_oob,
            Entry::Machine(command) => command.allow_oob,
            Entry::Client(command) => command.allow_oob,
        }
    }

    fn success_response(&self) -> bool {
        match self {
            Entry::Monitor(command) => command.success_response,
            Entry::Machine(command) => command.success_response,
            Entry::Client(command) => command.success_response,
        }
    }

    fn call(
        &self,
        session: &Session<H>,
        arguments: Map<String, Value>,
        reply: &mut Reply,
    ) -> Result<(), Error> {
        match self {
            Entry::Monitor(command) => (command.call)(session, arguments, reply),
            Entry::Machine(command) => (command.call)(&session.server.machine, arguments, reply),
            Entry::Client(command) => (command.call)(&session.per_client, arguments, reply),
        }
    }
}

/// Runs a request and leaves the line that answers it in `reply`: nothing, if the command gives no answer. Says whether
/// it succeeded.
pub(crate) fn run<H: Handler + ?Sized>(
    session: &Session<H>,
    request: Result<Request, Refusal>,
    reply: &mut Reply,
) -> bool {
    reply.clear();
    let (id, outcome) = match request {
        Ok(mut request) => (request.id.take(), execute(session, request, reply)),
        Err(refusal) => (refusal.id, Err(refusal.error)),
    };
    let succeeded = outcome.is_ok();
    match outcome {
        Ok(true) => end_success(reply, id.as_ref()),
        Ok(false) => reply.clear(),
        Err(error) => {
            reply.clear();
            write_error(reply, id.as_ref(), &error);
        }
    }
    succeeded
}

/// Runs the command and writes what it returns; tells whether it is to be answered.
fn execute<H: Handler + ?Sized>(
    session: &Session<H>,
    request: Request,
    reply: &mut Reply,
) -> Result<bool, Error> {
    let entry = session.server.commands.find(&request, session)?;
    reply.write_raw("{\"return\": ");
    entry.call(session, request.arguments, reply)?;
    Ok(entry.success_response())
}

fn end_success(reply: &mut Reply, id: Option<&Value>) {
    if let Some(id) = id {
        reply.write_raw(", ");
        write_id(reply, id);
    }
    reply.write_raw("}\r\n");
}

fn write_error(reply: &mut Reply, id: Option<&Value>, error: &Error) {
    reply.write_raw("{");
    if let Some(id) = id {
        write_id(reply, id);
        reply.write_raw(", ");
    }
    reply.write_raw("\"error\": {\"class\": \"");
    reply.write_raw(error.class.as_str());
    reply.write_raw("\", \"desc\": ");
    // A text can always be written as JSON, and so can an `id`, which was read from JSON.
    let _ = reply.write(error.description.as_str());
    reply.write_raw("}}\r\n");
}

fn write_id(reply: &mut Reply, id: &Value) {
    reply.write_raw("\"id\": ");
    let _ = reply.write(id);
}

fn not_found(description: String) -> Error {
    Error::new(ErrorClass::CommandNotFound, description)
}

/// `query-qmp-schema`, whose answer was written when the schema was compiled.
fn query_qmp_schema<S: ?Sized>() -> Command<S> {
    Command {
        name: "query-qmp-schema",
        allow_oob: false,
        allow_preconfig: true,
        success_response: true,
        call: |_, arguments, reply| {
            let Empty = decode::arguments(arguments)?;
            reply.write_raw(SCHEMA);
            Ok(())
        },
    }
}
