//! The serial port: where a kernel's console is, and what the built-in guest says before it has a virtio console.
//!
//! [`SerialPlace`] is what is at the other end of its line, `port` the registers.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use socket_file::SocketFile;
use vmm_sys_util::eventfd::EventFd;

mod backlog;
mod far_end;
mod listeners;
mod port;

use crate::terminal::{self, RawTerminal};
use backlog::Backlog;
use far_end::{FarEnd, StandardStreams};
use listeners::Listeners;
pub use port::SerialPort;

/// I/O ports of a serial port (16550).
pub const SERIAL_PORTS: u16 = 8;

/// What is at the other end of a serial port's line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SerialPlace {
    /// Nothing: there is no port.
    #[default]
    None,
    /// Standard input and output.
    Stdio,
    /// The end of this file, which is created if it does not exist.
    File(PathBuf),
    /// Whoever is connected to a unix socket at this path.
    Unix(PathBuf),
}

/// The line of a port. Dropped, it is taken down, after everything that was printed has reached the other end.
pub struct SerialLine {
    backlog: Arc<Backlog>,
    /// Its socket's file, removed with the line.
    _socket: Option<SocketFile>,
    /// Its terminal's mode, put back with the line.
    _terminal: Option<RawTerminal>,
}

impl Drop for SerialLine {
    fn drop(&mut self) {
        self.backlog.close();
    }
}

impl SerialPlace {
    /// What it looks like, for help and for error messages.
    pub const FORMS: &'static str = "stdio, unix:PATH, file:PATH or none";

    /// Makes the port, if there is to be one, which raises its line by `interrupt`.
    ///
    /// # Errors
    /// The file or socket cannot be had, or the host has no thread left.
    pub(crate) fn open(
        &self,
        interrupt: EventFd,
    ) -> io::Result<Option<(Arc<Mutex<SerialPort>>, SerialLine)>> {
        let (mut socket, mut terminal) = (None, None);
        let far_end: Box<dyn FarEnd> = match self {
            Self::None => return Ok(None),
            Self::Stdio => {
                terminal = terminal::is_ours().then(|| RawTerminal::enter(io::stdin())).transpose()?;
                standard_streams()?
            }
            Self::File(path) => Box::new(OpenOptions::new().create(true).append(true).open(path)?),
            Self::Unix(path) => {
                let (listener, file) = SocketFile::listen(path)?;
                socket = Some(file);
                Box::new(Listeners::new(listener)?)
            }
        };
        let backlog = Arc::new(Backlog::new()?);
        let port = Arc::new(Mutex::new(SerialPort::new(interrupt, Arc::clone(&backlog))));
        port::serve(Arc::clone(&port), Arc::clone(&backlog), far_end)?;
        Ok(Some((port, SerialLine { backlog, _socket: socket, _terminal: terminal })))
    }
}

/// Standard input only where reading it cannot stop a program in the background.
fn standard_streams() -> io::Result<Box<dyn FarEnd>> {
    let output = io::stdout().as_fd().try_clone_to_owned()?;
    if io::stdin().is_terminal() && !terminal::is_ours() {
        return Ok(Box::new(File::from(output)));
    }
    let input = io::stdin().as_fd().try_clone_to_owned()?;
    Ok(Box::new(StandardStreams::new(input, output)))
}

/// The text names no such place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a serial port's line ends at {}", SerialPlace::FORMS)]
pub struct NotASerialPlace;

impl FromStr for SerialPlace {
    type Err = NotASerialPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "stdio" => Ok(Self::Stdio),
            _ => match text.split_once(':') {
                Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
                Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
                _ => Err(NotASerialPlace),
            },
        }
    }
}

impl fmt::Display for SerialPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("none"),
            Self::Stdio => formatter.write_str("stdio"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_place_and_prints_it_again() {
        for text in ["none", "stdio", "file:/tmp/a log", "unix:/run/a:b"] {
            assert_eq!(text.parse::<SerialPlace>().unwrap().to_string(), text);
        }
        for text in ["", "file:", "unix:", "stdout", "/tmp/log"] {
            assert_eq!(text.parse::<SerialPlace>(), Err(NotASerialPlace), "{text}");
        }
    }
}
