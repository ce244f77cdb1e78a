//! A socket that clients connect to.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use socket_file::SocketFile;

use crate::endpoint::SocketAddress;

/// Nobody can connect there.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen there: {0}")]
pub struct ListenError(#[from] io::Error);

/// A listening socket.
#[derive(Debug)]
pub struct Listener(Socket);

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
        let (listener, file) = SocketFile::listen(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self(Socket::Unix(listener, file)))
    }

    /// Listens at a TCP socket, `HOST:PORT`.
    ///
    /// # Errors
    /// The address is in use, unknown or not ours.
    pub fn tcp(address: &str) -> Result<Self, ListenError> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self(Socket::Tcp(listener)))
    }

    /// Where it listens, with the port that was found where any was asked for.
    pub fn address(&self) -> String {
        match &self.0 {
            Socket::Unix(_, file) => format!("unix:{}", file.path().display()),
            Socket::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("tcp:{address}"),
                Err(error) => format!("tcp:({error})"),
            },
        }
    }

    /// The next client, if one waits; never waits for one.
    pub(crate) fn accept(&self) -> io::Result<Stream> {
        match &self.0 {
            Socket::Unix(listener, _) => Ok(Stream::Unix(listener.accept()?.0)),
            Socket::Tcp(listener) => {
                let stream = listener.accept()?.0;
                // Replies are written whole; waiting for more to send would only delay them.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
        }
    }
}

/// Readable when a client waits.
impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.0 {
            Socket::Unix(listener, _) => listener.as_fd(),
            Socket::Tcp(listener) => listener.as_fd(),
        }
    }
}

/// A client's connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    /// The same connection once more.
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Unix(stream) => Self::Unix(stream.try_clone()?),
            Self::Tcp(stream) => Self::Tcp(stream.try_clone()?),
        })
    }

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
            Self::Unix(stream) => stream.read(buffer),
            Self::Tcp(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.write(bytes),
            Self::Tcp(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.flush(),
            Self::Tcp(stream) => stream.flush(),
        }
    }
}
