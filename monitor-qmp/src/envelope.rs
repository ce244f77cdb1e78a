//! The object around a command: which members a request has, and what is wrong with it.

use qapi_schema::runtime::Error;
use serde_json::{Map, Value};

use crate::json::{JsonError, shown};

/// The longest `id` that is sent back. It is told in the text of the error.
const ID_BYTES: usize = 1 << 20;
/// What a value adds to an `id`, besides its text.
const VALUE_BYTES: usize = 8;

/// A request that is well formed; whether there is such a command is another question.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) command: String,
    /// It was sent with `exec-oob`, to be run ahead of the queue.
    pub(crate) out_of_band: bool,
    pub(crate) arguments: Map<String, Value>,
    /// Whatever the client wants to find in the reply.
    pub(crate) id: Option<Value>,
}

/// A message that is no request, with the `id` that the answer carries.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) id: Option<Value>,
    pub(crate) error: Error,
}

impl Request {
    /// Reads a message; `exec-oob` is only known where out-of-band execution was switched on.
    pub(crate) fn read(message: Result<Value, JsonError>, oob: bool) -> Result<Self, Refusal> {
        let mut members = match message {
            Ok(Value::Object(members)) => members,
            Ok(_) => {
                return Err(Refusal { id: None, error: Error::generic("QMP input must be a JSON object") });
            }
            Err(error) => return Err(Refusal { id: None, error: error.into() }),
        };
        match members.remove("id") {
            None => Self::of(members, oob).map_err(|error| Refusal { id: None, error }),
            Some(id) if weight(&id) > ID_BYTES => {
                Err(Refusal { id: None, error: member("id", "is longer than 1 MiB") })
            }
            Some(id) => match Self::of(members, oob) {
                Ok(request) => Ok(Self { id: Some(id), ..request }),
                Err(error) => Err(Refusal { id: Some(id), error }),
            },
        }
    }

    fn of(mut members: Map<String, Value>, oob: bool) -> Result<Self, Error> {
        let execute = name(&mut members, "execute")?;
        let exec_oob = if oob { name(&mut members, "exec-oob")? } else { None };
        let arguments = match members.remove("arguments") {
            None => Map::new(),
            Some(Value::Object(arguments)) => arguments,
            Some(_) => return Err(member("arguments", "must be an object")),
        };
        if let Some(other) = members.keys().next() {
            return Err(member(other, "is unexpected"));
        }
        let (command, out_of_band) = match (execute, exec_oob) {
            (Some(command), None) => (command, false),
            (None, Some(command)) => (command, true),
            (Some(_), Some(_)) => return Err(member("execute", "clashes with 'exec-oob'")),
            (None, None) => return Err(Error::generic("QMP input lacks member 'execute'")),
        };
        Ok(Self { command, out_of_band, arguments, id: None })
    }
}

/// The command that the member `key` names, if it is there.
fn name(members: &mut Map<String, Value>, key: &str) -> Result<Option<String>, Error> {
    match members.remove(key) {
        None => Ok(None),
        Some(Value::String(name)) => Ok(Some(name)),
        Some(_) => Err(member(key, "must be a string")),
    }
}

/// How much there is to send back, roughly in bytes.
fn weight(value: &Value) -> usize {
    let own = match value {
        Value::String(text) => text.len(),
        Value::Array(elements) => elements.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    VALUE_BYTES + own
}

fn member(name: &str, fault: &str) -> Error {
    Error::generic(format!("QMP input member '{}' {fault}", shown(name.as_bytes())))
}
