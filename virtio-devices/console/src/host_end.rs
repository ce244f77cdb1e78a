//! The host's end of a port: where the guest's output goes and its input comes from. Files of the host, its standard
//! streams, or whoever is connected to a socket.
//!
//! Nothing here waits: who is not ready is asked again when the kernel says that it is.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use socket_file::SocketFile;

/// Bytes written to a file at a time: a pipe that has room at all has room for as many.
const PART: usize = 4096;

/// The host's end of a port.
#[derive(Debug)]
pub enum HostEnd {
    /// Files that others have too; they stay as they are, so that writing to them might wait.
    Files {
        /// Where output goes.
        output: File,
        /// Where input comes from; `None` if there is none, or no more.
        input: Option<File>,
        /// What they are called.
        name: String,
    },
    /// One client at a time.
    Socket {
        /// Where the next one comes from.
        listener: UnixListener,
        /// Who is there now.
        client: Option<UnixStream>,
        /// Removed with the end.
        file: SocketFile,
    },
}

impl HostEnd {
    /// Files of the host. `input` has to be one that can be waited for.
    pub fn files(output: File, input: Option<File>, name: impl Into<String>) -> Self {
        Self::Files { output, input, name: name.into() }
    }

    /// Whoever connects to a socket at `path`.
    ///
    /// # Errors
    /// The host does not let us listen there.
    pub fn socket(path: &Path) -> io::Result<Self> {
        let (listener, file) = SocketFile::listen(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self::Socket { listener, client: None, file })
    }

    /// Whether there is somebody to write to.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Self::Files { .. } | Self::Socket { client: Some(_), .. })
    }

    /// Whether the two of them are one, who may leave.
    pub(crate) fn has_client(&self) -> bool {
        matches!(self, Self::Socket { client: Some(_), .. })
    }

    /// Writes a part of `bytes`.
    ///
    /// # Errors
    /// `WouldBlock` if there is no room yet; any other says that there is nobody any more.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Files { output, .. } if is_ready(output, PollFlags::OUT)? => {
                output.write(bytes.get(..PART).unwrap_or(bytes))
            }
            Self::Files { .. } => Err(ErrorKind::WouldBlock.into()),
            Self::Socket { client: Some(client), .. } => client.write(bytes),
            Self::Socket { client: None, .. } => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// Reads what is there; nothing if it is the end.
    ///
    /// # Errors
    /// As of [`write`](Self::write).
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Files { input: Some(input), .. } if is_ready(input, PollFlags::IN)? => input.read(buffer),
            Self::Socket { client: Some(client), .. } => client.read(buffer),
            Self::Files { .. } | Self::Socket { client: None, .. } => Err(ErrorKind::WouldBlock.into()),
        }
    }

    /// The input has ended, or the client has gone: nothing is read from there any more.
    pub(crate) fn hang_up(&mut self) {
        match self {
            Self::Files { input, .. } => *input = None,
            Self::Socket { client, .. } => *client = None,
        }
    }

    /// Takes in a client that waits; tells whether there is one now.
    ///
    /// # Errors
    /// The host has no room for one.
    pub(crate) fn accept(&mut self) -> io::Result<bool> {
        let Self::Socket { listener, client: client @ None, .. } = self else { return Ok(false) };
        match listener.accept() {
            Ok((stream, _)) => {
                stream.set_nonblocking(true)?;
                *client = Some(stream);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What to watch: for new clients, for input, and for room to write.
    pub(crate) fn descriptors(&self) -> [Option<RawFd>; 3] {
        match self {
            Self::Files { output, input, .. } => {
                [None, input.as_ref().map(AsRawFd::as_raw_fd), Some(output.as_raw_fd())]
            }
            Self::Socket { listener, client: None, .. } => [Some(listener.as_raw_fd()), None, None],
            Self::Socket { client: Some(client), .. } => [None, Some(client.as_raw_fd()), None],
        }
    }
}

impl fmt::Display for HostEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files { name, .. } => formatter.write_str(name),
            Self::Socket { file, .. } => write!(formatter, "unix:{}", file.path().display()),
        }
    }
}

/// Whether the file can be read or written without waiting.
fn is_ready(file: &File, wanted: PollFlags) -> io::Result<bool> {
    let mut events = [PollFd::new(file, wanted)];
    Ok(retry_on_intr(|| poll(&mut events, Some(&Timespec::default())))? > 0)
}
