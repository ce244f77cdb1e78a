//! One thread a client, and how they all end.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::closable::Closable;
use super::listener::{Listener, Stream};
use super::peers::NotWanted;
use crate::wake::{Wake, wait_readable};

/// A client's connection.
pub struct Connection {
    /// What the client sends; it ends when the program does.
    pub reader: Box<dyn Read + Send>,
    /// What the client gets.
    pub writer: Box<dyn Write + Send>,
    /// Ends a socket's connection, also for a thread that waits for it; has no effect on standard input and output.
    pub hang_up: Box<dyn Fn() + Send + Sync>,
    /// It is the program's own standard input and output.
    pub is_stdio: bool,
}

/// Serves one client until it leaves.
pub type Serve = Arc<dyn Fn(Connection) + Send + Sync>;

/// What somebody gets to read who may not connect.
pub type Refusal = fn(&NotWanted) -> String;

/// How long to wait for a descriptor or a thread to become free when the host is out of them.
const RETRY: Duration = Duration::from_millis(100);

/// The stack of a client's thread: room for messages that are nested as deeply as the monitors allow. It stays below a huge
/// page, for hosts that give those to everybody would make all of it resident.
const STACK_SIZE: usize = 1 << 20;

/// The threads that accept and serve clients.
#[derive(Debug)]
pub struct Clients {
    closing: Arc<Wake>,
    /// Held by every thread and never used: when the last is gone, so are the threads.
    alive: Sender<Infallible>,
    ended: Receiver<Infallible>,
}

impl Clients {
    /// No client yet.
    ///
    /// # Errors
    /// The host has no descriptor left.
    pub fn new() -> io::Result<Self> {
        let (alive, ended) = channel();
        Ok(Self { closing: Arc::new(Wake::new()?), alive, ended })
    }

    /// Serves every client that connects to `listener`, each in a thread of its own; whoever may not connect gets to read
    /// why.
    ///
    /// # Errors
    /// The host has no thread left.
    pub fn serve_socket(&self, listener: Listener, serve: Serve, refusal: Refusal) -> io::Result<()> {
        let (closing, alive) = (Arc::clone(&self.closing), self.alive.clone());
        let door = Door { listener, refusal };
        thread::Builder::new()
            .name("monitor-listen".to_owned())
            .stack_size(STACK_SIZE)
            .spawn(move || accept_clients(&door, &serve, &closing, &alive))
            .map(drop)
    }

    /// Serves whoever is at standard input and output.
    ///
    /// # Errors
    /// They are closed, or the host has no thread left.
    pub fn serve_stdio(&self, serve: Serve) -> io::Result<()> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let input = Closable::new(input, &self.closing);
        let alive = self.alive.clone();
        thread::Builder::new()
            .name("monitor-stdio".to_owned())
            .stack_size(STACK_SIZE)
            .spawn(move || {
                let hang_up = Box::new(|| ());
                let (reader, writer) = (Box::new(input), Box::new(output));
                serve(Connection { reader, writer, hang_up, is_stdio: true });
                drop(alive);
            })
            .map(drop)
    }

    /// Ends every conversation: input ends for all, what was answered is still sent. Clients that do not take their
    /// answers are waited for no longer than `patience`.
    pub fn close(self, patience: Duration) {
        self.closing.signal();
        drop(self.alive);
        // Either error is the end: all threads are gone, or the time is over.
        let _ = self.ended.recv_timeout(patience);
    }
}

/// Where clients come in.
struct Door {
    listener: Listener,
    refusal: Refusal,
}

impl Door {
    /// The next client, if one waits who may connect.
    fn accept(&self) -> io::Result<Stream> {
        let mut stream = self.listener.accept()?;
        match self.listener.admit(&stream)? {
            Ok(()) => Ok(stream),
            Err(reason) => {
                // A new connection has room for a line; if not, there is nobody to read it.
                let _ = stream.write_all((self.refusal)(&reason).as_bytes());
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }
}

fn accept_clients(door: &Door, serve: &Serve, closing: &Arc<Wake>, alive: &Sender<Infallible>) {
    while let Ok([_, false]) = wait_readable([door.listener.as_fd(), closing.as_fd()], None) {
        let started = door.accept().and_then(|stream| start_client(stream, serve, closing, alive));
        let retry_at_once = |error: &io::Error| {
            matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::ConnectionAborted)
        };
        if started.is_err_and(|error| !retry_at_once(&error)) {
            let _ = wait_readable([closing.as_fd()], Some(RETRY));
        }
    }
}

fn start_client(
    stream: Stream,
    serve: &Serve,
    closing: &Arc<Wake>,
    alive: &Sender<Infallible>,
) -> io::Result<()> {
    let reader = Box::new(Closable::new(stream.clone(), closing));
    let writer = Box::new(stream.clone());
    let hang_up = Box::new(move || stream.hang_up());
    let (serve, alive) = (Arc::clone(serve), alive.clone());
    thread::Builder::new()
        .name("monitor-client".to_owned())
        .stack_size(STACK_SIZE)
        .spawn(move || {
            serve(Connection { reader, writer, hang_up, is_stdio: false });
            drop(alive);
        })
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;
    use std::os::unix::net::UnixStream;

    /// Sends everything back.
    fn echo() -> Serve {
        Arc::new(|mut client| {
            let _ = io::copy(&mut client.reader, &mut client.writer);
        })
    }

    fn say(mut stream: impl Read + Write, words: &str) {
        stream.write_all(words.as_bytes()).unwrap();
        let mut answer = vec![0; words.len()];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(answer, words.as_bytes());
    }

    #[test]
    fn several_clients_are_served_at_once_and_all_end() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let clients = Clients::new().unwrap();
        let tcp = Listener::tcp("127.0.0.1:0").unwrap();
        let address = tcp.address();
        clients.serve_socket(Listener::unix(&path).unwrap(), echo(), ToString::to_string).unwrap();
        clients.serve_socket(tcp, echo(), ToString::to_string).unwrap();

        let mut first = UnixStream::connect(&path).unwrap();
        let second = UnixStream::connect(&path).unwrap();
        say(&second, "second");
        say(&first, "first");
        say(TcpStream::connect(address.strip_prefix("tcp:").unwrap()).unwrap(), "third");

        clients.close(Duration::from_secs(60));
        assert_eq!(first.read(&mut [0]).unwrap(), 0, "hung up");
        assert!(!path.exists());
    }

    #[test]
    fn a_client_that_takes_no_answers_holds_up_the_end_only_for_a_while() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let clients = Clients::new().unwrap();
        let stuck: Serve = Arc::new(|mut client| while client.writer.write_all(&[0; 4096]).is_ok() {});
        clients.serve_socket(Listener::unix(&path).unwrap(), stuck, ToString::to_string).unwrap();
        let _client = UnixStream::connect(&path).unwrap();
        clients.close(Duration::from_millis(1));
    }
}
