//! A serial port that only prints: what a guest says before it has a virtio console, or without one.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

mod listeners;

use crate::bus::BusDevice;
use crate::socket_file::SocketFile;
use listeners::Listeners;

/// I/O ports of a serial port (16550).
pub const SERIAL_PORTS: u16 = 8;
/// Offset of the data register.
const DATA: u64 = 0;
/// Offset of the line status register, and its bits "may be written to" and "all is sent".
const LINE_STATUS: u64 = 5;
const IDLE: u8 = 0x60;
/// Bytes that wait for a slow reader; what comes on top is lost, for the guest must not wait.
const BACKLOG: usize = 64 << 10;

/// Where a serial port prints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SerialOutput {
    /// Nowhere: there is no port.
    #[default]
    None,
    /// Standard output.
    Stdio,
    /// The end of this file, which is created if it does not exist.
    File(PathBuf),
    /// Whoever is connected to a unix socket at this path.
    Unix(PathBuf),
}

impl SerialOutput {
    /// What it looks like, for help and for error messages.
    pub const FORMS: &'static str = "stdio, unix:PATH, file:PATH or none";

    /// Makes the port, if there is to be one, and the file of its socket, which is to be kept for as long as anybody
    /// may connect.
    ///
    /// # Errors
    /// The file or socket cannot be had, or the host has no thread left.
    pub(crate) fn open(&self) -> io::Result<Option<(SerialPort, Option<SocketFile>)>> {
        let opened = match self {
            Self::None => return Ok(None),
            Self::Stdio => (SerialPort::new(File::from(io::stdout().as_fd().try_clone_to_owned()?))?, None),
            Self::File(path) => {
                (SerialPort::new(OpenOptions::new().create(true).append(true).open(path)?)?, None)
            }
            Self::Unix(path) => {
                let (listener, file) = SocketFile::listen(path)?;
                (SerialPort::new(Listeners::new(listener)?)?, Some(file))
            }
        };
        Ok(Some(opened))
    }
}

/// The text names no place for output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a serial port's output is {}", SerialOutput::FORMS)]
pub struct NotAnOutput;

impl FromStr for SerialOutput {
    type Err = NotAnOutput;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "stdio" => Ok(Self::Stdio),
            _ => match text.split_once(':') {
                Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
                Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
                _ => Err(NotAnOutput),
            },
        }
    }
}

impl fmt::Display for SerialOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("none"),
            Self::Stdio => formatter.write_str("stdio"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
        }
    }
}

/// The port. A thread of its own prints, so that no vCPU waits for a terminal.
#[derive(Debug)]
pub struct SerialPort {
    bytes: SyncSender<u8>,
}

impl SerialPort {
    fn new(output: impl Write + Send + 'static) -> io::Result<Self> {
        let (bytes, waiting) = sync_channel(BACKLOG);
        thread::Builder::new().name("serial".to_owned()).spawn(move || print(&waiting, output))?;
        Ok(Self { bytes })
    }
}

fn print(waiting: &Receiver<u8>, mut output: impl Write) {
    while let Ok(first) = waiting.recv() {
        let bytes: Vec<u8> = std::iter::once(first).chain(waiting.try_iter().take(BACKLOG)).collect();
        if output.write_all(&bytes).is_err() {
            // Nobody will read any more; what the guest says is lost from here on.
            return;
        }
    }
}

impl BusDevice for SerialPort {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(if offset == LINE_STATUS { IDLE } else { 0 });
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        if let (DATA, [byte]) = (offset, data) {
            let _ = self.bytes.try_send(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};

    #[test]
    fn bytes_written_to_the_data_register_are_printed() {
        let (reader, writer) = io::pipe().unwrap();
        let mut port = SerialPort::new(writer).unwrap();
        for byte in b"hello\n" {
            port.write(DATA, &[*byte]);
        }
        port.write(DATA, b"no single byte");
        port.write(3, b"x");
        drop(port);
        let lines: Vec<_> = BufReader::new(reader).lines().map(Result::unwrap).collect();
        assert_eq!(lines, ["hello"]);
    }

    #[test]
    fn a_driver_that_asks_finds_the_port_idle() {
        let mut port = SerialPort::new(io::sink()).unwrap();
        let mut status = [0];
        port.read(LINE_STATUS, &mut status);
        assert_eq!(status, [IDLE]);
    }

    #[test]
    fn reads_every_place_and_prints_it_again() {
        for text in ["none", "stdio", "file:/tmp/a log", "unix:/run/a:b"] {
            assert_eq!(text.parse::<SerialOutput>().unwrap().to_string(), text);
        }
        for text in ["", "file:", "unix:", "stdout", "/tmp/log"] {
            assert_eq!(text.parse::<SerialOutput>(), Err(NotAnOutput), "{text}");
        }
    }
}
