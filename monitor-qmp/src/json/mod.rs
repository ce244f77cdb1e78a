//! JSON as QMP clients send it: values in a stream of bytes that arrive in pieces.
//!
//! The dialect and the error texts are QMP's: single quotes are accepted, numbers keep their kind, and after
//! damage the reader finds its way back. [`MessageReader`] is the way in.

mod error;
mod lexer;
mod limits;
mod number;
mod parser;
mod string;

pub use error::JsonError;
pub(crate) use limits::shown;

use lexer::Lexer;
use parser::Parser;
use serde_json::Value;

/// Turns bytes into messages. What it holds is bounded by the limits of one message, and is given back when
/// the message is complete.
#[derive(Debug, Default)]
pub struct MessageReader {
    lexer: Lexer,
    parser: Parser,
}

impl MessageReader {
    /// The next message or error that is complete with the bytes of `input`, which is moved behind what was
    /// read. `None` when `input` is used up.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Result<Value, JsonError>> {
        while let Some(token) = self.lexer.next(input) {
            if let Some(message) = self.parser.accept(token) {
                return Some(message);
            }
        }
        None
    }

    /// How many bytes the tokens of the last message had.
    pub(crate) fn last_size(&self) -> usize {
        self.parser.last_size()
    }

    /// The last message or error, when no more bytes will come.
    pub fn finish(&mut self) -> Option<Result<Value, JsonError>> {
        let message = self.lexer.finish().and_then(|token| self.parser.accept(token));
        message.or_else(|| self.parser.finish())
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
