//! From a request to the bytes of its reply.

use std::collections::HashMap;

use qapi_schema::control;
use qapi_schema::introspection::SCHEMA;
use qapi_schema::runtime::{Call, Command, Empty, Error, ErrorClass, Reply, decode};
use serde_json::{Map, Value};

use crate::client::Handler;
use crate::envelope::{Refusal, Request};
use crate::json::shown;
use crate::session::Session;
use crate::terms::Access;

/// The command that opens a session, and the only one that a session without negotiation knows.
const NEGOTIATION: &str = "qmp_capabilities";

/// An error's text of more characters than this is cut: it may repeat what a client has sent.
const DESCRIPTION: usize = 4096;

/// The feature of a command, in the schema, that changes nothing.
const READ_ONLY: &str = "read-only";

/// All commands of a server: the monitor's own and the machine's.
pub(crate) struct Commands<H: Handler + ?Sized> {
    by_name: HashMap<&'static str, Entry<H>>,
    names: Vec<&'static str>,
}

/// A command.
struct Entry<H: Handler + ?Sized> {
    allow_oob: bool,
    success_response: bool,
    read_only: bool,
    call: Target<H>,
}

/// Who runs a command.
enum Target<H: Handler + ?Sized> {
    Monitor(Call<Session<H>>),
    Machine(Call<H>),
    Client(Call<H::PerClient>),
}

impl<H: Handler + ?Sized> Commands<H> {
    /// The monitor's own commands and behind them the machine's, those last that know their client.
    pub(crate) fn new(machine: Vec<Command<H>>, client: Vec<Command<H::PerClient>>) -> Self {
        let mut commands = Self { by_name: HashMap::new(), names: Vec::new() };
        for row in control::commands().into_iter().chain([query_qmp_schema()]) {
            commands.add(&row, Target::Monitor(row.call));
        }
        for row in machine {
            commands.add(&row, Target::Machine(row.call));
        }
        for row in client {
            commands.add(&row, Target::Client(row.call));
        }
        commands
    }

    fn add<S: ?Sized>(&mut self, row: &Command<S>, call: Target<H>) {
        let Command { name, allow_oob, success_response, features, .. } = *row;
        let entry = Entry { allow_oob, success_response, read_only: features.contains(&READ_ONLY), call };
        self.names.push(name);
        self.by_name.insert(name, entry);
    }

    /// The names of the commands that a client with this access may run, the last registered first.
    pub(crate) fn names(&self, access: Access) -> impl Iterator<Item = &'static str> {
        let may_run = move |name: &&str| self.by_name.get(name).is_some_and(|entry| entry.is_open_to(access));
        self.names.iter().rev().copied().filter(may_run)
    }

    fn find(&self, request: &Request, session: &Session<H>) -> Result<&Entry<H>, Error> {
        let name = request.command.as_str();
        if !session.is_open() && name != NEGOTIATION {
            return Err(not_found(format!("Expecting capabilities negotiation with '{NEGOTIATION}'")));
        }
        let entry = self
            .by_name
            .get(name)
            .ok_or_else(|| not_found(format!("The command {} has not been found", shown(name.as_bytes()))))?;
        if !entry.is_open_to(session.access) {
            return Err(not_found(format!(
                "Command {name} has been disabled: this monitor is for reading only"
            )));
        }
        if request.out_of_band && !entry.allow_oob {
            return Err(Error::generic(format!("The command {name} does not support OOB")));
        }
        Ok(entry)
    }
}

impl<H: Handler + ?Sized> Entry<H> {
    fn is_open_to(&self, access: Access) -> bool {
        self.read_only || access == Access::Everything
    }

    fn call(
        &self,
        session: &Session<H>,
        arguments: Map<String, Value>,
        reply: &mut Reply,
    ) -> Result<(), Error> {
        match self.call {
            Target::Monitor(call) => call(session, arguments, reply),
            Target::Machine(call) => call(&session.server.machine, arguments, reply),
            Target::Client(call) => call(&session.per_client, arguments, reply),
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
    Ok(entry.success_response)
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
    let _ = match error.description.char_indices().nth(DESCRIPTION) {
        None => reply.write(error.description.as_str()),
        Some((end, _)) => reply.write(&format!("{}...", error.description.get(..end).unwrap_or_default())),
    };
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
        features: &[READ_ONLY],
        call: |_, arguments, reply| {
            let Empty = decode::arguments(arguments)?;
            reply.write_raw(SCHEMA);
            Ok(())
        },
    }
}
