//! From the bytes of a terminal to keys.

/// What the person at the terminal wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Text: any byte from 0x20 on that is not otherwise used.
    Insert(u8),
    Enter,
    Complete,
    Left,
    Right,
    Home,
    End,
    Previous,
    Next,
    /// Deletes the character before the cursor.
    Backspace,
    /// Deletes the character under the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes everything before the cursor.
    DeleteToStart,
    /// Deletes everything from the cursor on.
    DeleteToEnd,
    /// Inserts what was deleted last by one of the three before.
    Paste,
    /// Swaps two characters.
    Swap,
    /// Clears the screen and shows the line again.
    Redraw,
}

/// Where in an escape sequence the bytes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After ESC.
    Escape,
    /// After ESC O: one more byte.
    SingleShift,
    /// After ESC [: parameters and one final byte. The number is the first parameter.
    Sequence { parameter: Parameter },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parameter {
    First(u8),
    Later(u8),
}

/// Makes keys of bytes; keeps what was read of an escape sequence from one byte to the next.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    state: State,
}

impl Keys {
    /// Takes the next byte; says which key it completes, if any.
    pub(crate) fn byte(&mut self, byte: u8) -> Option<Key> {
        match std::mem::take(&mut self.state) {
            State::Text => self.text(byte),
            State::Escape => {
                match byte {
                    b'[' => self.state = State::Sequence { parameter: Parameter::First(0) },
                    b'O' => self.state = State::SingleShift,
                    _ => {}
                }
                None
            }
            State::SingleShift => match byte {
                b'H' => Some(Key::Home),
                b'F' => Some(Key::End),
                _ => None,
            },
            State::Sequence { parameter } => self.sequence(parameter, byte),
        }
    }

    fn text(&mut self, byte: u8) -> Option<Key> {
        match byte {
            0x01 => Some(Key::Home),
            0x04 => Some(Key::Delete),
            0x05 => Some(Key::End),
            0x08 | 0x7f => Some(Key::Backspace),
            b'\t' => Some(Key::Complete),
            b'\n' | b'\r' => Some(Key::Enter),
            0x0b => Some(Key::DeleteToEnd),
            0x0c => Some(Key::Redraw),
            0x0e => Some(Key::Next),
            0x10 => Some(Key::Previous),
            0x14 => Some(Key::Swap),
            0x15 => Some(Key::DeleteToStart),
            0x17 => Some(Key::DeleteWord),
            0x19 => Some(Key::Paste),
            0x1b => {
                self.state = State::Escape;
                None
            }
            0x9b => {
                self.state = State::Sequence { parameter: Parameter::First(0) };
                None
            }
            0x20.. => Some(Key::Insert(byte)),
            _ => None,
        }
    }

    fn sequence(&mut self, parameter: Parameter, byte: u8) -> Option<Key> {
        let (Parameter::First(number) | Parameter::Later(number)) = parameter;
        match byte {
            b'A' => Some(Key::Previous),
            b'B' | b'E' => Some(Key::Next),
            b'C' => Some(Key::Right),
            b'D' => Some(Key::Left),
            // What the keys of most terminals send; QEMU takes the second for "previous" and does not know the first.
            b'H' => Some(Key::Home),
            b'F' => Some(Key::End),
            b'~' => match number {
                1 | 7 => Some(Key::Home),
                3 => Some(Key::Delete),
                4 | 8 => Some(Key::End),
                _ => None,
            },
            0x30..=0x3f => {
                self.state = State::Sequence { parameter: next_parameter(parameter, byte) };
                None
            }
            _ => None,
        }
    }
}

fn next_parameter(parameter: Parameter, byte: u8) -> Parameter {
    match parameter {
        Parameter::First(number) if byte.is_ascii_digit() => {
            Parameter::First(number.saturating_mul(10).saturating_add(byte - b'0'))
        }
        Parameter::First(number) | Parameter::Later(number) => Parameter::Later(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        bytes.iter().filter_map(|byte| keys.byte(*byte)).collect()
    }

    #[test]
    fn control_characters_and_sequences() {
        assert_eq!(keys(b"a\r\n"), [Key::Insert(b'a'), Key::Enter, Key::Enter]);
        assert_eq!(keys(b"\x1b[A\x10"), [Key::Previous; 2]);
        assert_eq!(keys(b"\x1b[B\x1b[E\x0e"), [Key::Next; 3]);
        assert_eq!(keys(b"\x01\x1b[1~\x1b[7~\x1bOH\x1b[H"), [Key::Home; 5]);
        assert_eq!(keys(b"\x05\x1b[4~\x1b[8~\x1bOF\x1b[F"), [Key::End; 5]);
        assert_eq!(keys(b"\x04\x1b[3~\x9b3~"), [Key::Delete; 3]);
        assert_eq!(keys(b"\x08\x7f"), [Key::Backspace; 2]);
        assert_eq!(
            keys(b"\x17\x15\x0b\x19\x14\x0c\t"),
            [
                Key::DeleteWord,
                Key::DeleteToStart,
                Key::DeleteToEnd,
                Key::Paste,
                Key::Swap,
                Key::Redraw,
                Key::Complete
            ]
        );
    }

    #[test]
    fn what_is_not_bound_leaves_no_text_behind() {
        assert_eq!(keys(b"\x02\x03\x06\x00\x1f"), []);
        assert_eq!(keys(b"\x1b[2~\x1b[200~\x1bx\x1bOP"), []);
        // A modified arrow key: the modifier is passed over.
        assert_eq!(keys(b"\x1b[1;5C\x1b[>99999c"), [Key::Right]);
    }

    #[test]
    fn bytes_of_any_text_are_inserted() {
        assert_eq!(keys("ä".as_bytes()), [Key::Insert(0xc3), Key::Insert(0xa4)]);
        assert_eq!(keys(&[0xff]), [Key::Insert(0xff)]);
    }
}
