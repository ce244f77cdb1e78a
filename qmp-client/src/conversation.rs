//! Greeting, negotiation, commands and their answers, and events in between: what is said over a connection, without
//! the connection. Bytes come in, and bytes to be sent go out; who waits for them, and how, is the client's affair.

use std::collections::VecDeque;

use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::{Decode, ErrorClass, Path, Request};
use serde_json::{Map, Value, json};

use crate::framer::{Framer, shown};
use crate::{ClientError, Event, Settings};

/// What a client and its server have said to each other so far.
#[derive(Debug)]
pub(crate) struct Conversation {
    settings: Settings,
    framer: Framer,
    events: VecDeque<Event>,
    dropped_events: u64,
    /// The id of the last command.
    last_id: u64,
}

/// The arguments of a request, to be given to [`Conversation::request`].
pub(crate) fn arguments<R: Request>(request: &R) -> Result<Value, ClientError> {
    serde_json::to_value(request)
        .map_err(|source| ClientError::Arguments { command: R::NAME.to_owned(), source })
}

impl Conversation {
    /// Nothing was said yet.
    pub(crate) fn new(settings: Settings) -> Self {
        let framer = Framer::new(settings.message_limit);
        Self { settings, framer, events: VecDeque::new(), dropped_events: 0, last_id: 0 }
    }

    /// What the client puts up with.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes bytes from the server.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.framer.push(bytes);
    }

    /// What the server says of itself in its greeting, if all of it has come.
    pub(crate) fn greeting(&mut self) -> Result<Option<VersionInfo>, ClientError> {
        let Some(greeting) = self.message()? else { return Ok(None) };
        if let Some(reason) = greeting["error"]["desc"].as_str() {
            return Err(ClientError::Unwelcome(reason.to_owned()));
        }
        let version = VersionInfo::decode(greeting["QMP"]["version"].clone(), &Path::OPEN_ROOT);
        version
            .map(Some)
            .map_err(|error| ClientError::NotQmp(format!("its greeting has no version: {error}")))
    }

    /// The bytes of a command; `arguments` is an object, or null for none.
    pub(crate) fn request(&mut self, command: &str, arguments: Value) -> Vec<u8> {
        self.last_id += 1;
        let mut request =
            Map::from_iter([("execute".to_owned(), json!(command)), ("id".to_owned(), json!(self.last_id))]);
        if !arguments.is_null() {
            request.insert("arguments".to_owned(), arguments);
        }
        format!("{}\n", Value::Object(request)).into_bytes()
    }

    /// What the last command, which was `command`, returned, if its answer has come.
    ///
    /// # Errors
    /// The server refuses the command, or what has come is no QMP.
    pub(crate) fn answer(&mut self, command: &str) -> Result<Option<Value>, ClientError> {
        while let Some(mut answer) = self.answer_or_event()? {
            match answer.get("id").map(Value::as_u64) {
                Some(Some(id)) if id < self.last_id => {
                    // It comes late: nobody waits for it any more.
                    continue;
                }
                Some(Some(id)) if id == self.last_id => {}
                // It is about bytes that the server could not read as a request: they were ours.
                None => {}
                Some(_) => {
                    let answer = shown(answer.to_string().as_bytes());
                    return Err(ClientError::NotQmp(format!("nothing was asked that '{answer}' answers")));
                }
            }
            return match answer.get_mut("return") {
                Some(value) => Ok(Some(value.take())),
                None => Err(refusal(command, &answer["error"])),
            };
        }
        Ok(None)
    }

    /// What a request returned, as the type that the schema says.
    pub(crate) fn decode<R: Request>(&self, value: Value) -> Result<R::Return, ClientError> {
        let path = if self.settings.strict { Path::ROOT } else { Path::OPEN_ROOT };
        R::Return::decode(value, &path)
            .map_err(|source| ClientError::Reply { command: R::NAME.to_owned(), source })
    }

    /// The next event, if one has come.
    pub(crate) fn event(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            let Some(mut message) = self.message()? else { return Ok(None) };
            // Anything else is an answer that comes late.
            if let Some(event) = Event::of(&mut message) {
                return Ok(Some(event));
            }
        }
    }

    /// How many events were dropped because nobody took them.
    pub(crate) fn dropped_events(&self) -> u64 {
        self.dropped_events
    }

    /// The next message that is no event; events are kept.
    fn answer_or_event(&mut self) -> Result<Option<Value>, ClientError> {
        while let Some(mut message) = self.message()? {
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

    fn message(&mut self) -> Result<Option<Value>, ClientError> {
        let Some(message) = self.framer.next()? else { return Ok(None) };
        let parsed = serde_json::from_slice(&message);
        parsed.map(Some).map_err(|error| ClientError::NotQmp(format!("{error} in '{}'", shown(&message))))
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
