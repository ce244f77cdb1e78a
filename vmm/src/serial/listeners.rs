//! Those who listen to a serial port through a unix socket: they hear what is printed from their coming on.

use std::io::{self, Write};
use std::os::unix::net::{UnixListener, UnixStream};

/// The socket and everybody who is connected. Writing never waits: who does not keep up is hung up on.
#[derive(Debug)]
pub(super) struct Listeners {
    socket: UnixListener,
    connected: Vec<UnixStream>,
}

impl Listeners {
    pub(super) fn new(socket: UnixListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { socket, connected: Vec::new() })
    }

    /// Takes in those who have come since.
    fn welcome(&mut self) {
        // It ends with "nobody waits", or with a reason that may be gone the next time.
        while let Ok((stream, _)) = self.socket.accept() {
            if stream.set_nonblocking(true).is_ok() {
                self.connected.push(stream);
            }
        }
    }
}

impl Write for Listeners {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.welcome();
        self.connected.retain_mut(|stream| stream.write_all(bytes).is_ok());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};

    fn socket() -> (tempfile::TempDir, Listeners, impl Fn() -> UnixStream) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let listeners = Listeners::new(UnixListener::bind(&path).unwrap()).unwrap();
        (directory, listeners, move || UnixStream::connect(&path).unwrap())
    }

    fn line(stream: &UnixStream) -> String {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line
    }

    #[test]
    fn everybody_hears_what_is_printed_after_they_came() {
        let (_directory, mut listeners, connect) = socket();
        listeners.write_all(b"unheard\n").unwrap();
        let first = connect();
        listeners.write_all(b"one\n").unwrap();
        assert_eq!(line(&first), "one\n");
        let second = connect();
        listeners.write_all(b"two\n").unwrap();
        assert_eq!((line(&first), line(&second)), ("two\n".to_owned(), "two\n".to_owned()));
    }

    #[test]
    fn who_leaves_or_does_not_keep_up_is_forgotten() {
        let (_directory, mut listeners, connect) = socket();
        let (left, _stuck) = (connect(), connect());
        listeners.write_all(b"hello\n").unwrap();
        assert_eq!(listeners.connected.len(), 2);
        drop(left);
        while !listeners.connected.is_empty() {
            listeners.write_all(&[b'.'; 4096]).unwrap();
        }
    }
}
