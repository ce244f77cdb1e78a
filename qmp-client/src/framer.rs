//! Cuts the server's bytes into messages. A message may come in any number of pieces and stand on any number of
//! lines: it ends where its brackets close.

use crate::ClientError;

/// A buffer that has grown beyond this is given back once its message is read.
const KEPT_BYTES: usize = 256 << 10;
/// How much of what is no message an error shows.
const SHOWN_BYTES: usize = 60;

/// Bytes that have come and are not yet read as messages.
#[derive(Debug)]
pub(crate) struct Framer {
    bytes: Vec<u8>,
    /// How many of them have been looked at.
    seen: usize,
    state: State,
    limit: usize,
}

/// Where in a message the scan stands.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    open_brackets: usize,
    in_string: bool,
    after_backslash: bool,
}

impl State {
    /// Takes the next byte of a message.
    fn step(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.after_backslash => self.after_backslash = false,
                b'\\' => self.after_backslash = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.open_brackets += 1,
            b'}' | b']' => self.open_brackets = self.open_brackets.saturating_sub(1),
            _ => {}
        }
    }
}

impl Framer {
    /// A framer for messages of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), seen: 0, state: State::default(), limit }
    }

    /// Takes bytes from the server.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole message, if one has come: an object in brackets, perhaps broken inside.
    ///
    /// # Errors
    /// What has come does not begin as an object does, or is too large.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        if self.seen == 0 {
            self.skip_blanks();
            if self.bytes.first().is_some_and(|&first| first != b'{') {
                return Err(ClientError::NotQmp(format!("it sent '{}'", shown(&self.bytes))));
            }
        }
        while let Some(&byte) = self.bytes.get(self.seen) {
            self.state.step(byte);
            self.seen += 1;
            if self.seen > self.limit {
                return Err(ClientError::TooLarge { limit: self.limit });
            }
            if self.state.open_brackets == 0 {
                return Ok(Some(self.take_message()));
            }
        }
        Ok(None)
    }

    fn skip_blanks(&mut self) {
        let blanks = self.bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.bytes.drain(..blanks);
    }

    fn take_message(&mut self) -> Vec<u8> {
        let rest = self.bytes.split_off(self.seen);
        let message = std::mem::replace(&mut self.bytes, rest);
        if self.bytes.capacity() > KEPT_BYTES {
            self.bytes.shrink_to_fit();
        }
        self.seen = 0;
        self.state = State::default();
        message
    }
}

/// The beginning of what is no message, for an error.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let start = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    let dots = if start.len() < bytes.len() { "..." } else { "" };
    let escaped = |character: char| {
        if character.is_control() { character.escape_default().to_string() } else { character.to_string() }
    };
    String::from_utf8_lossy(start).chars().map(escaped).chain([dots.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(framer: &mut Framer) -> Vec<String> {
        std::iter::from_fn(|| framer.next().unwrap()).map(|bytes| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn brackets_decide_wherever_the_pieces_are_cut() {
        let first = r#"{"a": ["}", "\"]", "\\"], "b": {"c": "["}}"#;
        let second = "{\n    \"QMP\": {\n    }\n}";
        let text = format!("{first}\r\n \t{second}{first}");
        for piece in 1..text.len() {
            let mut framer = Framer::new(1000);
            let mut found = Vec::new();
            for bytes in text.as_bytes().chunks(piece) {
                framer.push(bytes);
                found.extend(messages(&mut framer));
            }
            assert_eq!(found, [first, second, first], "in pieces of {piece}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused_and_shown() {
        let mut framer = Framer::new(1000);
        framer.push(b"\r\nQEMU 7.2.22 monitor - \x1b[K and a lot more than anybody wants to read\xff of it");
        assert_eq!(
            framer.next().unwrap_err().to_string(),
            "the server does not speak QMP: it sent \
             'QEMU 7.2.22 monitor - \\u{1b}[K and a lot more than anybody wants ...'"
        );
    }

    #[test]
    fn a_message_may_be_as_large_as_the_limit_and_no_larger() {
        let mut framer = Framer::new(10);
        framer.push(br#"{"a": "1"}{"a": "12"}"#);
        assert_eq!(framer.next().unwrap().unwrap(), br#"{"a": "1"}"#);
        assert!(matches!(framer.next(), Err(ClientError::TooLarge { limit: 10 })));
    }

    #[test]
    fn an_endless_message_is_refused_before_it_ends() {
        let mut framer = Framer::new(1 << 16);
        framer.push(b"{");
        let refused = (0..100).find_map(|_| {
            framer.push(&[b'['; 1 << 12]);
            framer.next().err()
        });
        assert!(matches!(refused, Some(ClientError::TooLarge { .. })));
    }
}
