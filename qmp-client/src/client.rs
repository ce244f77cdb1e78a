//! The client that waits.

use std::io;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::Request;
use serde_json::Value;

use crate::conversation::{Conversation, arguments};
use crate::stream::{CHUNK, Stream, deadline};
use crate::{Address, ClientError, Event, Settings};

/// A connection to a QMP server that is ready for commands.
#[derive(Debug)]
pub struct Client {
    stream: Stream,
    conversation: Conversation,
    version: VersionInfo,
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
        let mut conversation = Conversation::new(settings);
        let limit = settings.connect_timeout;
        // QEMU greets one client a socket; others wait until that one has left.
        let greeting = wait(&stream, &mut conversation, deadline(limit), Conversation::greeting)?;
        let version = greeting.ok_or_else(|| ClientError::greeting_late(limit))?;
        let mut client = Self { stream, conversation, version };
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
        let value = self.execute_value(R::NAME, arguments(request)?)?;
        self.conversation.decode::<R>(value)
    }

    /// Runs any command; `arguments` is an object, or null for none.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub fn execute_value(&mut self, command: &str, arguments: Value) -> Result<Value, ClientError> {
        let request = self.conversation.request(command, arguments);
        self.stream.write_all(&request).map_err(|error| broken(&self.stream, lost(error)))?;
        let limit = self.conversation.settings().answer_timeout;
        let answer = |conversation: &mut Conversation| conversation.answer(command);
        let answer = wait(&self.stream, &mut self.conversation, deadline(limit), answer)?;
        answer.ok_or_else(|| ClientError::answer_late(command, limit))
    }

    /// The next event: one that came earlier, or one that comes within `timeout`.
    ///
    /// # Errors
    /// The server has gone or sends what is no QMP, and no event is left.
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<Event>, ClientError> {
        wait(&self.stream, &mut self.conversation, deadline(timeout), Conversation::event)
    }

    /// How many events were dropped because nobody took them.
    pub fn dropped_events(&self) -> u64 {
        self.conversation.dropped_events()
    }
}

/// What `find` finds in what has come or comes before `deadline`.
fn wait<T>(
    stream: &Stream,
    conversation: &mut Conversation,
    deadline: Instant,
    mut find: impl FnMut(&mut Conversation) -> Result<Option<T>, ClientError>,
) -> Result<Option<T>, ClientError> {
    let mut chunk = [0; CHUNK];
    loop {
        if let Some(found) = find(conversation).map_err(|error| broken(stream, error))? {
            return Ok(Some(found));
        }
        if !stream.wait_readable(deadline)? {
            return Ok(None);
        }
        match stream.read(&mut chunk) {
            Ok(0) => return Err(ClientError::Closed),
            Ok(count) => conversation.push(chunk.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(lost(error)),
        }
    }
}

/// Ends the connection if nobody can tell any more where a message begins.
pub(crate) fn broken(stream: &Stream, error: ClientError) -> ClientError {
    if error.ends_connection() {
        stream.shut_down();
    }
    error
}

/// A server that leaves without having read everything resets the connection.
pub(crate) fn lost(error: io::Error) -> ClientError {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => ClientError::Closed,
        _ => ClientError::Io(error),
    }
}
