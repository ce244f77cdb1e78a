//! A client that does as little as possible: it writes bytes and waits for line ends.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// A negotiated connection.
pub(super) struct Client {
    writer: UnixStream,
    reader: BufReader<UnixStream>,
    line: Vec<u8>,
}

impl Client {
    pub(super) fn connect(socket: &Path) -> io::Result<Self> {
        let writer = UnixStream::connect(socket)?;
        let reader = BufReader::with_capacity(256 << 10, writer.try_clone()?);
        let mut client = Self { writer, reader, line: Vec::new() };
        client.read_line()?;
        client.ask(b"{\"execute\": \"qmp_capabilities\"}\n")?;
        Ok(client)
    }

    /// Sends a request and waits for its reply.
    pub(super) fn ask(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.send(request)?;
        self.read_line()?;
        Ok(&self.line)
    }

    pub(super) fn send(&mut self, requests: &[u8]) -> io::Result<()> {
        self.writer.write_all(requests)
    }

    pub(super) fn read_line(&mut self) -> io::Result<()> {
        self.line.clear();
        match self.reader.read_until(b'\n', &mut self.line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
