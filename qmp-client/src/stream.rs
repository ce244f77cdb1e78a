//! A connected socket of either family, with a time limit on everything.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with, sockopt};

use crate::Address;

/// How many bytes are read at once.
pub(crate) const CHUNK: usize = 16 << 10;

/// A time that is longer than anybody waits, where a limit is too large to be added to the clock.
const FOREVER: Duration = Duration::from_secs(1 << 32);

/// When a wait of at most `limit` ends.
pub(crate) fn deadline(limit: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(limit).unwrap_or(now + FOREVER)
}

/// A connected socket.
#[derive(Debug)]
pub(crate) enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    /// Connects to `address` within `limit`.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn connect(address: &Address, limit: Duration) -> io::Result<Self> {
        match address {
            Address::Unix(path) => connect_unix(path, limit).map(Self::Unix),
            Address::Tcp(address) => connect_tcp(address, limit).map(Self::Tcp),
        }
    }

    /// Gives up on a peer that takes nothing for `limit`.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn limit_writes(&self, limit: Duration) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.set_write_timeout(Some(limit)),
            Self::Tcp(stream) => stream.set_write_timeout(Some(limit)),
        }
    }

    /// Waits until there is something to read, or the end of the connection; whether that came before `deadline`.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn wait_readable(&self, deadline: Instant) -> io::Result<bool> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // A time that no Timespec holds is longer than anybody waits.
            let timeout = Timespec::try_from(left).ok();
            match poll(&mut [PollFd::new(self, PollFlags::IN)], timeout.as_ref()) {
                Ok(ready) => return Ok(ready > 0),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Reads what is there, or waits for something.
    ///
    /// # Errors
    /// The system's own.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => (&*stream).read(buffer),
            Self::Tcp(stream) => (&*stream).read(buffer),
        }
    }

    /// Sends all of `bytes`.
    ///
    /// # Errors
    /// The system's own; some of the bytes may have been sent.
    pub(crate) fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Unix(stream) => (&*stream).write_all(bytes),
            Self::Tcp(stream) => (&*stream).write_all(bytes),
        }
    }

    /// Sends some of `bytes`, and says how many.
    ///
    /// # Errors
    /// The system's own.
    #[cfg(feature = "async")]
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => (&*stream).write(bytes),
            Self::Tcp(stream) => (&*stream).write(bytes),
        }
    }

    /// Ends the connection in both directions: nobody reads on in the middle of a message.
    pub(crate) fn shut_down(&self) {
        // It may have ended already.
        let _ = rustix::net::shutdown(self, rustix::net::Shutdown::Both);
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Unix(stream) => stream.as_fd(),
            Self::Tcp(stream) => stream.as_fd(),
        }
    }
}

/// The standard library cannot limit the time of this: where the server's backlog is full, connecting waits as
/// long as sending would.
fn connect_unix(path: &Path, limit: Duration) -> io::Result<UnixStream> {
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    sockopt::set_socket_timeout(&socket, sockopt::Timeout::Send, Some(limit))?;
    match connect(&socket, &SocketAddrUnix::new(path)?) {
        Ok(()) => Ok(UnixStream::from(socket)),
        Err(rustix::io::Errno::AGAIN) => Err(io::ErrorKind::TimedOut.into()),
        Err(error) => Err(error.into()),
    }
}

fn connect_tcp(address: &str, limit: Duration) -> io::Result<TcpStream> {
    let deadline = Instant::now() + limit;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in address.to_socket_addrs()? {
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => {
                // A request is one small packet that nobody should hold back.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
