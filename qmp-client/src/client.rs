//! Greeting, negotiation, commands and their answers, and events in between.

use std::collections::VecDeque;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::{Decode, ErrorClass, Path, Request};
use serde_json::{Map, Value, json};

use crate::connection::{Connection, deadline};
use crate::framer::shown;
use crate::stream::Stream;
use crate::{Address, ClientError, Event, Settings};

/// A connection to a QMP server that is ready for commands.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    settings: Settings,
    version: VersionInfo,
    events: VecDeque<Event>,
    dropped_events: u64,
    /// The id of the last command that was sent.
    last_id: u64,
}

impl Client {
    /// Connects to `address`, takes the greeting and negotiates.
    ///
    /// # Errors
    /// Nobody serves the address, what serves it does not speak QMP, or it takes too long.
    pub fn connect(address: &Address, settings: Settings) -> Result<Self, ClientError> {
        let stream = Stream::connect(address, settings.connect_timeout)
            .map_err(|source| ClientError::Connect { address: address.clone(), source })?;
        Self::negotiated(stream, settings)
    }

    /// A client over a socket that is connected already.
    ///
    /// # Errors
    /// What is at the other end does not speak QMP, or it takes too long.
    pub fn over(stream: UnixStream, settings: Settings) -> Result<Self, ClientError> {
        Self::negotiated(Stream::Unix(stream), settings)
    }

    fn negotiated(stream: Stream, settings: Settings) -> Result<Self, ClientError> {
        stream.limit_writes(settings.answer_timeout)?;
        let mut connection = Connection::new(stream, settings.message_limit);
        // QEMU greets one client a socket; others wait until that one has left.
        let greeting = connection.receive(deadline(settings.connect_timeout))?.ok_or_else(|| {
            ClientError::Timeout { awaited: "the greeting".to_owned(), limit: settings.connect_timeout }
        })?;
        let version = VersionInfo::decode(greeting["QMP"]["version"].clone(), &Path::OPEN_ROOT)
            .map_err(|error| ClientError::NotQmp(format!("its greeting has no version: {error}")))?;
        let events = VecDeque::new();
        let mut client = Self { connection, settings, version, events, dropped_events: 0, last_id: 0 };
        client.execute_value("qmp_capabilities", Value::Null)?;
        Ok(client)
    }

    /// What the server said of itself in its greeting.
    pub fn version(&self) -> &VersionInfo {
        &self.version
    }

    /// Runs a command.
    ///
    /// # Errors
    /// The server refuses it, answers with what the schema does not say, takes too long, or has gone.
    pub fn execute<R: Request>(&mut self, request: &R) -> Result<R::Return, ClientError> {
        let arguments = serde_json::to_value(request)
            .map_err(|source| ClientError::Arguments { command: R::NAME.to_owned(), source })?;
        let value = self.execute_value(R::NAME, arguments)?;
        let path = if self.settings.strict { Path::ROOT } else { Path::OPEN_ROOT };
        R::Return::decode(value, &path)
            .map_err(|source| ClientError::Reply { command: R::NAME.to_owned(), source })
    }

    /// Runs any command; `arguments` is an object, or null for none.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub fn execute_value(&mut self, command: &str, arguments: Value) -> Result<Value, ClientError> {
        self.last_id += 1;
        let mut request =
            Map::from_iter([("execute".to_owned(), json!(command)), ("id".to_owned(), json!(self.last_id))]);
        if !arguments.is_null() {
            request.insert("arguments".to_owned(), arguments);
        }
        self.connection.send(&Value::Object(request))?;
        let mut answer = self.answer(command)?;
        match answer.get_mut("return") {
            Some(value) => Ok(value.take()),
            None => Err(refusal(command, &answer["error"])),
        }
    }

    /// The answer to the last command.
    fn answer(&mut self, command: &str) -> Result<Value, ClientError> {
        let limit = self.settings.answer_timeout;
        let deadline = deadline(limit);
        loop {
            let Some(answer) = self.receive_answer(deadline)? else {
                return Err(ClientError::Timeout { awaited: format!("the answer to {command}"), limit });
            };
            match answer.get("id").map(Value::as_u64) {
                Some(Some(id)) if id == self.last_id => return Ok(answer),
                // It comes late: nobody waits for it any more.
                Some(Some(id)) if id < self.last_id => {}
                // It is about bytes that the server could not read as a request: they were ours.
                None => return Ok(answer),
                Some(_) => {
                    let answer = shown(answer.to_string().as_bytes());
                    return Err(ClientError::NotQmp(format!("nothing was asked that '{answer}' answers")));
                }
            }
        }
    }

    /// The next message that is no event, if one comes before `deadline`; events are kept.
    fn receive_answer(&mut self, deadline: Instant) -> Result<Option<Value>, ClientError> {
        while let Some(mut message) = self.connection.receive(deadline)? {
            match Event::of(&mut message) {
                Some(event) => self.keep(event),
                None => return Ok(Some(message)),
            }
        }
        Ok(None)
    }

    fn keep(&mut self, event: Event) {
        self.events.push_back(event);
        if self.events.len() > self.settings.event_limit {
            self.events.pop_front();
            self.dropped_events += 1;
        }
    }

    /// The next event: one that came earlier, or one that comes within `timeout`.
    ///
    /// # Errors
    /// The server has gone or sends what is no QMP, and no event is left.
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<Event>, ClientError> {
        let deadline = deadline(timeout);
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            let Some(mut message) = self.connection.receive(deadline)? else { return Ok(None) };
            // Anything else is an answer that comes late.
            if let Some(event) = Event::of(&mut message) {
                return Ok(Some(event));
            }
        }
    }

    /// How many events were dropped because nobody took them.
    pub fn dropped_events(&self) -> u64 {
        self.dropped_events
    }
}

/// The server's `error` about `command`.
fn refusal(command: &str, error: &Value) -> ClientError {
    let (Some(class), Some(description)) = (error["class"].as_str(), error["desc"].as_str()) else {
        return ClientError::NotQmp(format!("the answer to {command} is neither a return nor an error"));
    };
    let class = ErrorClass::ALL.into_iter().find(|known| known.as_str() == class);
    ClientError::Refused {
        command: command.to_owned(),
        class: class.unwrap_or(ErrorClass::GenericError),
        description: description.to_owned(),
    }
}
