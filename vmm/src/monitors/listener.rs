//! A socket that clients connect to.

use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;

use socket_file::SocketFile;

use super::address::OWNER_ONLY;
use super::peers::{NotWanted, Peers};
use crate::endpoint::SocketAddress;

/// Nobody can connect there.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen there: {0}")]
pub struct ListenError(#[from] io::Error);

/// A listening socket.
#[derive(Debug)]
pub struct Listener {
    socket: Socket,
    peers: Peers,
}

#[derive(Debug)]
enum Socket {
    Unix(UnixListener, SocketFile),
    Tcp(TcpListener),
}

impl Listener {
    /// Listens at an address.
    ///
    /// # Errors
    /// It is in use or cannot be used.
    pub fn at(address: &SocketAddress) -> Result<Self, ListenError> {
        match address {
            SocketAddress::Unix(path) => Self::unix(path),
            SocketAddress::Tcp(address) => Self::tcp(address),
        }
    }

    /// Listens at a unix socket, replacing one that nobody listens at any more.
    ///
    /// # Errors
    /// The path is in use or cannot be used.
    pub fn unix(path: &Path) -> Result<Self, ListenError> {
        Self::guarded(path, OWNER_ONLY, Peers::default())
    }

    /// The same with these permission bits of the file, for `peers` alone.
    ///
    /// # Errors
    /// As for [`Listener::unix`].
    pub fn guarded(path: &Path, mode: u32, peers: Peers) -> Result<Self, ListenError> {
        let (listener, file) = SocketFile::listen(path)?;
        if mode != OWNER_ONLY {
            fs::set_permissions(path, Permissions::from_mode(mode))?;
        }
        listener.set_nonblocking(true)?;
        Ok(Self { socket: Socket::Unix(listener, file), peers })
    }

    /// Listens at a TCP socket, `HOST:PORT`.
    ///
    /// # Errors
    /// The address is in use, unknown or not ours.
    pub fn tcp(address: &str) -> Result<Self, ListenError> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self { socket: Socket::Tcp(listener), peers: Peers::default() })
    }

    /// Where it listens, with the port that was found where any was asked for.
    pub fn address(&self) -> String {
        match &self.socket {
            Socket::Unix(_, file) => format!("unix:{}", file.path().display()),
            Socket::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("tcp:{address}"),
                Err(error) => format!("tcp:({error})"),
            },
        }
    }

    /// The next client, if one waits; never waits for one.
    pub(crate) fn accept(&self) -> io::Result<Stream> {
        match &self.socket {
            Socket::Unix(listener, _) => Ok(Stream::Unix(Arc::new(listener.accept()?.0))),
            Socket::Tcp(listener) => {
                let stream = listener.accept()?.0;
                // Replies are written whole; waiting for more to send would only delay them.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(Arc::new(stream)))
            }
        }
    }

    /// Whether the client may stay.
    ///
    /// # Errors
    /// The host does not tell who it is; and within, that it is not wanted.
    pub(super) fn admit(&self, stream: &Stream) -> io::Result<Result<(), NotWanted>> {
        match stream {
            Stream::Unix(stream) => self.peers.admit(stream),
            Stream::Tcp(_) => Ok(Ok(())),
        }
    }
}

/// Readable when a client waits.
impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.socket {
            Socket::Unix(listener, _) => listener.as_fd(),
            Socket::Tcp(listener) => listener.as_fd(),
        }
    }
}

/// A client's connection. Copies share one descriptor.
#[derive(Clone, Debug)]
pub(crate) enum Stream {
    Unix(Arc<UnixStream>),
    Tcp(Arc<TcpStream>),
}

impl Stream {
    /// Reading and writing never wait from now on, for whoever has the connection.
    pub(crate) fn set_nonblocking(&self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.set_nonblocking(true),
            Self::Tcp(stream) => stream.set_nonblocking(true),
        }
    }

    /// Ends the connection, also for a thread that waits for it.
    pub(crate) fn hang_up(&self) {
        // It fails if the client was faster.
        let _ = match self {
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
        };
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

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => (&**stream).read(buffer),
            Self::Tcp(stream) => (&**stream).read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => (&**stream).write(bytes),
            Self::Tcp(stream) => (&**stream).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => (&**stream).flush(),
            Self::Tcp(stream) => (&**stream).flush(),
        }
    }
}
