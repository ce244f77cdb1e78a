//! What a program of the host says before it is connected: `CONNECT PORT` and a newline.

use std::io::{ErrorKind, Read};
use std::os::unix::net::UnixStream;

/// The longest line there can be: the word, a blank, ten digits, and two bytes for the end.
const LONGEST_LINE: usize = 20;

/// A program that has not said whom it wants.
#[derive(Debug)]
pub(crate) struct Greeting {
    stream: UnixStream,
    line: Vec<u8>,
}

/// How far it has come.
#[derive(Debug)]
pub(crate) enum Heard {
    /// It has not finished.
    More(Greeting),
    /// It wants this port of the guest.
    Port(UnixStream, u32),
    /// It has gone, or said something else.
    Nothing,
}

impl Greeting {
    /// `stream` does not wait for anything.
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self { stream, line: Vec::new() }
    }

    /// Reads on. What follows the line belongs to the guest, and so nothing is read behind it: it goes byte by byte.
    pub(crate) fn hear(mut self) -> Heard {
        loop {
            let mut byte = [0];
            match self.stream.read(&mut byte) {
                Ok(1..) if byte == *b"\n" => break,
                Ok(1..) if self.line.len() < LONGEST_LINE => self.line.extend(byte),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Heard::More(self),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => return Heard::Nothing,
            }
        }
        match wanted_port(&self.line) {
            Some(port) => Heard::Port(self.stream, port),
            None => Heard::Nothing,
        }
    }
}

fn wanted_port(line: &[u8]) -> Option<u32> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let digits = line.strip_prefix(b"CONNECT ")?;
    let only_digits = digits.iter().all(u8::is_ascii_digit);
    str::from_utf8(digits).ok().filter(|_| only_digits)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_line_is_read_and_not_a_byte_more() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        theirs.write_all(b"CONN").unwrap();
        let Heard::More(greeting) = Greeting::new(ours).hear() else { panic!("it has not finished") };
        theirs.write_all(b"ECT 1024\nfor the guest").unwrap();
        let Heard::Port(mut stream, 1024) = greeting.hear() else { panic!("it wants port 1024") };
        let mut rest = [0; 64];
        let length = stream.read(&mut rest).unwrap();
        assert_eq!(&rest[..length], b"for the guest");
    }

    #[test]
    fn anything_else_is_no_greeting() {
        assert_eq!(wanted_port(b"CONNECT 4294967295"), Some(u32::MAX));
        assert_eq!(wanted_port(b"CONNECT 5\r"), Some(5));
        for line in [
            &b""[..],
            b"CONNECT",
            b"CONNECT ",
            b"CONNECT -1",
            b"CONNECT +1",
            b"CONNECT 4294967296",
            b"connect 1",
        ] {
            assert_eq!(wanted_port(line), None);
        }
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(&[b'1'; 100]).unwrap();
        assert!(matches!(Greeting::new(ours).hear(), Heard::Nothing), "a line without end");
    }
}
