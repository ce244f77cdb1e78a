//! The client that does not wait: it gives its thread back to whatever runs it.

use std::io;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use async_io::{Async, Timer};
use futures_lite::future::or;
use qapi_schema::control::VersionInfo;
use qapi_schema::runtime::Request;
use serde_json::Value;

use crate::client::{broken, lost};
use crate::conversation::{Conversation, arguments};
use crate::stream::{CHUNK, Stream, deadline};
use crate::{Address, ClientError, Event, Settings};

/// A connection to a QMP server that is ready for commands, for programs that do many things at once.
///
/// It works on every executor: what it waits for is watched by a thread of `async-io`. A future that is dropped before
/// its end leaves the client as good as it was; the answer is passed over when it comes.
///
/// ```
/// use qapi_schema::machine::requests::QueryStatus;
/// use qmp_client::{AsyncClient, Settings};
///
/// # use std::io::{BufRead, BufReader, Write};
/// # use std::os::unix::net::UnixStream;
/// # let (socket, mut stream) = UnixStream::pair()?;
/// # let server = std::thread::spawn(move || -> std::io::Result<()> {
/// #     let mut lines = BufReader::new(stream.try_clone()?).lines();
/// #     let version = r#"{"qemu": {"major": 10, "minor": 0, "micro": 2}, "package": ""}"#;
/// #     writeln!(stream, r#"{{"QMP": {{"version": {version}, "capabilities": ["oob"]}}}}"#)?;
/// #     lines.next();
/// #     writeln!(stream, r#"{{"return": {{}}, "id": 1}}"#)?;
/// #     lines.next();
/// #     writeln!(stream, r#"{{"return": {{"status": "running", "singlestep": false, "running": true}}, "id": 2}}"#)
/// # });
/// futures_lite::future::block_on(async {
///     let mut client = AsyncClient::over(socket, Settings::default()).await?;
///     let status = client.execute(&QueryStatus).await?;
///     assert!(status.running);
///     Ok::<(), qmp_client::ClientError>(())
/// })?;
/// # server.join().unwrap()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AsyncClient {
    stream: Async<Stream>,
    conversation: Conversation,
    version: VersionInfo,
    /// What the server has not taken yet, also of a request whose future was dropped.
    outgoing: Vec<u8>,
}

impl AsyncClient {
    /// Connects to `address`, takes the greeting and negotiates.
    ///
    /// # Errors
    /// Nobody serves the address, what serves it does not speak QMP, or it takes too long.
    pub async fn connect(address: &Address, settings: Settings) -> Result<Self, ClientError> {
        let (place, limit) = (address.clone(), settings.connect_timeout);
        // Names are looked up by the C library, which only knows how to wait.
        let connected = blocking::unblock(move || Stream::connect(&place, limit)).await;
        let stream = connected.map_err(|source| ClientError::Connect { address: address.clone(), source })?;
        Self::negotiated(stream, settings).await
    }

    /// A client over a socket that is connected already.
    ///
    /// # Errors
    /// What is at the other end does not speak QMP, or it takes too long.
    pub async fn over(stream: UnixStream, settings: Settings) -> Result<Self, ClientError> {
        Self::negotiated(Stream::Unix(stream), settings).await
    }

    async fn negotiated(stream: Stream, settings: Settings) -> Result<Self, ClientError> {
        let stream = Async::new(stream)?;
        let mut conversation = Conversation::new(settings);
        let limit = settings.connect_timeout;
        let greeting = wait(&stream, &mut conversation, deadline(limit), Conversation::greeting).await?;
        let version = greeting.ok_or_else(|| ClientError::greeting_late(limit))?;
        let mut client = Self { stream, conversation, version, outgoing: Vec::new() };
        client.execute_value("qmp_capabilities", Value::Null).await?;
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
    pub async fn execute<R: Request>(&mut self, request: &R) -> Result<R::Return, ClientError> {
        let value = self.execute_value(R::NAME, arguments(request)?).await?;
        self.conversation.decode::<R>(value)
    }

    /// Runs any command; `arguments` is an object, or null for none.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn execute_value(&mut self, command: &str, arguments: Value) -> Result<Value, ClientError> {
        self.outgoing.extend(self.conversation.request(command, arguments));
        let limit = self.conversation.settings().answer_timeout;
        let deadline = deadline(limit);
        self.send(deadline).await.map_err(|error| broken(self.stream.get_ref(), error))?;
        let answer = |conversation: &mut Conversation| conversation.answer(command);
        let answer = wait(&self.stream, &mut self.conversation, deadline, answer).await?;
        answer.ok_or_else(|| ClientError::answer_late(command, limit))
    }

    /// The next event: one that came earlier, or one that comes within `timeout`.
    ///
    /// # Errors
    /// The server has gone or sends what is no QMP, and no event is left.
    pub async fn next_event(&mut self, timeout: Duration) -> Result<Option<Event>, ClientError> {
        wait(&self.stream, &mut self.conversation, deadline(timeout), Conversation::event).await
    }

    /// How many events were dropped because nobody took them.
    pub fn dropped_events(&self) -> u64 {
        self.conversation.dropped_events()
    }

    /// Sends all that is to be sent. A server that has not taken it by `deadline` will find half a message.
    async fn send(&mut self, deadline: Instant) -> Result<(), ClientError> {
        while !self.outgoing.is_empty() {
            let bytes = &self.outgoing;
            let sent = before(deadline, self.stream.write_with(|stream| stream.write(bytes))).await;
            match sent {
                None => return Err(ClientError::Io(io::ErrorKind::TimedOut.into())),
                Some(Ok(count)) => drop(self.outgoing.drain(..count)),
                Some(Err(error)) => return Err(lost(error)),
            }
        }
        Ok(())
    }
}

/// What `find` finds in what has come or comes before `deadline`.
async fn wait<T>(
    stream: &Async<Stream>,
    conversation: &mut Conversation,
    deadline: Instant,
    mut find: impl FnMut(&mut Conversation) -> Result<Option<T>, ClientError>,
) -> Result<Option<T>, ClientError> {
    let mut chunk = vec![0; CHUNK];
    loop {
        if let Some(found) = find(conversation).map_err(|error| broken(stream.get_ref(), error))? {
            return Ok(Some(found));
        }
        match before(deadline, stream.read_with(|stream| stream.read(&mut chunk))).await {
            None => return Ok(None),
            Some(Ok(0)) => return Err(ClientError::Closed),
            Some(Ok(count)) => conversation.push(chunk.get(..count).unwrap_or_default()),
            Some(Err(error)) => return Err(lost(error)),
        }
    }
}

/// What comes of `future`, if that is before `deadline`.
async fn before<T>(deadline: Instant, future: impl Future<Output = T>) -> Option<T> {
    let late = async {
        Timer::at(deadline).await;
        None
    };
    or(async { Some(future.await) }, late).await
}
