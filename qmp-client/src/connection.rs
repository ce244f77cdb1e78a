//! Whole messages over a socket, both ways.

use std::io;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ClientError;
use crate::framer::{Framer, shown};
use crate::stream::Stream;

/// How many bytes are read at once.
const CHUNK: usize = 16 << 10;
/// A time that is longer than anybody waits, where a limit is too large to be added to the clock.
const FOREVER: Duration = Duration::from_secs(1 << 32);

/// A socket that carries messages.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    framer: Framer,
}

/// When a wait of at most `limit` ends.
pub(crate) fn deadline(limit: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(limit).unwrap_or(now + FOREVER)
}

impl Connection {
    /// Messages of at most `message_limit` bytes over `stream`.
    pub(crate) fn new(stream: Stream, message_limit: usize) -> Self {
        Self { stream, framer: Framer::new(message_limit) }
    }

    /// Sends `message` on a line.
    ///
    /// # Errors
    /// The server has gone, or takes nothing. Nobody could tell where the next message begins then: the connection
    /// is of no further use.
    pub(crate) fn send(&mut self, message: &Value) -> Result<(), ClientError> {
        let sent = self.stream.write_all(format!("{message}\n").as_bytes());
        sent.map_err(|error| self.broken(lost(error)))
    }

    /// The next message, if one comes before `deadline`.
    ///
    /// # Errors
    /// The server has gone, or sent what is no message.
    pub(crate) fn receive(&mut self, deadline: Instant) -> Result<Option<Value>, ClientError> {
        loop {
            match self.framer.next() {
                Ok(Some(message)) => return self.parse(&message).map(Some),
                Ok(None) => {}
                Err(error) => return Err(self.broken(error)),
            }
            if !self.stream.wait_readable(deadline)? {
                return Ok(None);
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> Result<(), ClientError> {
        let mut chunk = [0; CHUNK];
        match self.stream.read(&mut chunk) {
            Ok(0) => Err(ClientError::Closed),
            Ok(count) => {
                self.framer.push(chunk.get(..count).unwrap_or_default());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(lost(error)),
        }
    }

    fn parse(&mut self, message: &[u8]) -> Result<Value, ClientError> {
        serde_json::from_slice(message)
            .map_err(|error| self.broken(ClientError::NotQmp(format!("{error} in '{}'", shown(message)))))
    }

    /// Ends the connection because of `error`.
    fn broken(&self, error: ClientError) -> ClientError {
        self.stream.shut_down();
        error
    }
}

/// A server that leaves without having read everything resets the connection.
fn lost(error: io::Error) -> ClientError {
    match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => ClientError::Closed,
        _ => ClientError::Io(error),
    }
}
