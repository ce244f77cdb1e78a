//! Those who are connected to a serial port through a unix socket: they hear what is printed from their coming on, and what
//! any of them types reaches the guest.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use super::far_end::FarEnd;

/// How long somebody who does not keep up is waited for, before being hung up on.
const PATIENCE: Duration = Duration::from_secs(1);

/// The socket and everybody who is connected.
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
            if stream.set_write_timeout(Some(PATIENCE)).is_ok() {
                self.connected.push(stream);
            }
        }
    }
}

impl FarEnd for Listeners {
    fn print(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.welcome();
        self.connected.retain_mut(|stream| stream.write_all(bytes).is_ok());
        Ok(())
    }

    fn sources(&self) -> Vec<BorrowedFd<'_>> {
        let connected = self.connected.iter().map(AsFd::as_fd);
        std::iter::once(self.socket.as_fd()).chain(connected).collect()
    }

    fn typed(&mut self, data: &mut [u8]) -> usize {
        self.welcome();
        let mut count = 0;
        self.connected.retain_mut(|stream| {
            match receive(stream, data.get_mut(count..).unwrap_or_default()) {
                Some(more) => {
                    count += more;
                    true
                }
                None => false,
            }
        });
        count
    }
}

/// Takes what has come already; `None` at the stream's end.
fn receive(stream: &mut UnixStream, data: &mut [u8]) -> Option<usize> {
    if data.is_empty() {
        return Some(0);
    }
    stream.set_nonblocking(true).ok()?;
    let outcome = stream.read(data);
    stream.set_nonblocking(false).ok()?;
    match outcome {
        Ok(0) => None,
        Ok(count) => Some(count),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Some(0),
        Err(_) => None,
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
        listeners.print(b"unheard\n").unwrap();
        let first = connect();
        listeners.print(b"one\n").unwrap();
        assert_eq!(line(&first), "one\n");
        let second = connect();
        listeners.print(b"two\n").unwrap();
        assert_eq!((line(&first), line(&second)), ("two\n".to_owned(), "two\n".to_owned()));
    }

    #[test]
    fn everybody_may_type() {
        let (_directory, mut listeners, connect) = socket();
        let (mut first, mut second) = (connect(), connect());
        let mut data = [0; 4];
        assert_eq!((listeners.typed(&mut data), listeners.sources().len()), (0, 3));
        first.write_all(b"abc").unwrap();
        second.write_all(b"def").unwrap();
        assert_eq!((listeners.typed(&mut data), data), (4, *b"abcd"));
        assert_eq!((listeners.typed(&mut data), &data[..2]), (2, b"ef".as_slice()));
        drop((first, second));
        assert_eq!((listeners.typed(&mut data), listeners.sources().len()), (0, 1));
    }

    #[test]
    fn who_leaves_or_does_not_keep_up_is_forgotten() {
        let (_directory, mut listeners, connect) = socket();
        let (left, _stuck) = (connect(), connect());
        listeners.print(b"hello\n").unwrap();
        assert_eq!(listeners.connected.len(), 2);
        drop(left);
        while !listeners.connected.is_empty() {
            listeners.print(&[b'.'; 4096]).unwrap();
        }
    }
}
