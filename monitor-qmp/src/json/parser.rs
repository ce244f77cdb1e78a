//! Tokens to values. A value is built while its tokens come; nothing recurses, so that no depth of input
//! can exhaust a stack.

use std::mem;

use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::error::JsonError;
use super::lexer::Token;
use super::limits::{self, shown};
use super::{number, string};

/// Builds the message at hand. An error is kept until the message is complete, and hides all later ones.
#[derive(Debug, Default)]
pub(super) struct Parser {
    frames: Vec<Frame>,
    expected: Expected,
    value: Option<Value>,
    error: Option<JsonError>,
    size: Size,
    /// The bytes of the message before.
    last_size: usize,
}

/// A list or object that is still open.
#[derive(Debug)]
enum Frame {
    Array(Vec<Value>),
    Object {
        members: Map<String, Value>,
        /// The name that waits for its value.
        key: Option<String>,
    },
}

/// What may come next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    #[default]
    Value,
    ValueOrEnd,
    Colon,
    SeparatorOrEnd,
}

/// What the message has cost so far.
#[derive(Debug, Default)]
struct Size {
    tokens: usize,
    bytes: usize,
    /// Open braces; brackets are counted apart, and a closing one too many ends the message as well.
    braces: isize,
    brackets: isize,
    /// Memory that the values take besides the texts of their tokens.
    memory: usize,
}

impl Parser {
    /// Takes the next token; returns the message or the error that it completes.
    pub(super) fn accept(&mut self, token: Token<'_>) -> Option<Result<Value, JsonError>> {
        if let Err(error) = self.size.add(&token) {
            self.take();
            return Some(Err(error));
        }
        if self.error.is_none()
            && let Err(error) = self.step(token)
        {
            self.error = Some(error);
            self.frames = Vec::new();
        }
        if self.size.is_balanced() { Some(self.take().result()) } else { None }
    }

    /// The error, if the input ends here.
    pub(super) fn finish(&mut self) -> Option<Result<Value, JsonError>> {
        if self.size.tokens == 0 { None } else { Some(self.take().result()) }
    }

    /// How many bytes the tokens of the last message had.
    pub(super) fn last_size(&self) -> usize {
        self.last_size
    }

    /// Begins anew.
    fn take(&mut self) -> Self {
        let last_size = self.size.bytes;
        mem::replace(self, Self { last_size, ..Self::default() })
    }

    fn result(self) -> Result<Value, JsonError> {
        self.error.map_or(Ok(()), Err)?;
        self.value.ok_or(JsonError::PrematureEnd)
    }

    fn step(&mut self, token: Token<'_>) -> Result<(), JsonError> {
        let value_may_come = matches!(self.expected, Expected::Value | Expected::ValueOrEnd);
        match token {
            Token::OpenObject if value_may_come => {
                self.open(Frame::Object { members: Map::new(), key: None });
                Ok(())
            }
            Token::OpenArray if value_may_come => {
                self.open(Frame::Array(Vec::new()));
                Ok(())
            }
            Token::CloseObject | Token::CloseArray => self.close(token == Token::CloseObject),
            Token::Colon if self.expected == Expected::Colon => {
                self.expected = Expected::Value;
                Ok(())
            }
            Token::Comma if self.expected == Expected::SeparatorOrEnd => {
                self.expected = Expected::Value;
                Ok(())
            }
            _ if value_may_come => self.add(scalar(token)?),
            _ => Err(self.unexpected()),
        }
    }

    fn open(&mut self, frame: Frame) {
        self.frames.push(frame);
        self.expected = Expected::ValueOrEnd;
    }

    /// Ends the innermost object or array, if that is what is open and it may end here.
    fn close(&mut self, object: bool) -> Result<(), JsonError> {
        let may_end = matches!(self.expected, Expected::ValueOrEnd | Expected::SeparatorOrEnd);
        match self.frames.pop_if(|frame| may_end && object == matches!(frame, Frame::Object { .. })) {
            Some(Frame::Object { members, .. }) => self.add(Value::Object(members)),
            Some(Frame::Array(elements)) => self.add(Value::Array(elements)),
            None => Err(self.unexpected()),
        }
    }

    /// Puts a complete value where it belongs.
    fn add(&mut self, value: Value) -> Result<(), JsonError> {
        self.expected = Expected::SeparatorOrEnd;
        if value.is_string() {
            self.size.take_memory(limits::ALLOCATION_BYTES)?;
        }
        match self.frames.last_mut() {
            None => self.value = Some(value),
            Some(Frame::Array(elements)) => {
                self.size.take_memory(limits::element_bytes(elements.len()))?;
                elements.push(value);
            }
            Some(Frame::Object { members, key }) => match (key.take(), value) {
                (Some(name), value) => {
                    self.size.take_memory(limits::member_bytes(members.len()))?;
                    insert(members, name, value)?;
                }
                (None, Value::String(name)) => {
                    *key = Some(name);
                    self.expected = Expected::Colon;
                }
                (None, _) => return Err(JsonError::KeyNotString),
            },
        }
        Ok(())
    }

    fn unexpected(&self) -> JsonError {
        match (self.expected, self.frames.last()) {
            (Expected::Value | Expected::ValueOrEnd, _) => JsonError::ExpectingValue,
            (Expected::Colon, _) => JsonError::MissingColon,
            (Expected::SeparatorOrEnd, Some(Frame::Object { .. })) => JsonError::SeparatorInObject,
            (Expected::SeparatorOrEnd, _) => JsonError::SeparatorInArray,
        }
    }
}

fn insert(members: &mut Map<String, Value>, name: String, value: Value) -> Result<(), JsonError> {
    match members.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(value);
            Ok(())
        }
        Entry::Occupied(_) => Err(JsonError::DuplicateKey),
    }
}

/// The value that a token stands for on its own.
fn scalar(token: Token<'_>) -> Result<Value, JsonError> {
    match token {
        Token::String(text) => string::decode(text).map(Value::String),
        Token::Integer(text) => number::integer(text),
        Token::Float(text) => number::float(text),
        Token::Keyword(b"true") => Ok(Value::Bool(true)),
        Token::Keyword(b"false") => Ok(Value::Bool(false)),
        Token::Keyword(b"null") => Ok(Value::Null),
        Token::Keyword(text) => Err(JsonError::InvalidKeyword(shown(text))),
        _ => Err(JsonError::ExpectingValue),
    }
}

impl Size {
    fn add(&mut self, token: &Token<'_>) -> Result<(), JsonError> {
        let length = match token {
            Token::Stray(text) => return Err(JsonError::Stray(shown(text))),
            Token::TooLong => return Err(JsonError::TokenSize),
            Token::String(text) | Token::Integer(text) | Token::Float(text) | Token::Keyword(text) => {
                text.len()
            }
            _ => 1,
        };
        match token {
            Token::OpenObject => self.braces += 1,
            Token::CloseObject => self.braces -= 1,
            Token::OpenArray => self.brackets += 1,
            Token::CloseArray => self.brackets -= 1,
            _ => {}
        }
        self.bytes += length;
        self.tokens += 1;
        if self.bytes > limits::TOKEN_BYTES {
            return Err(JsonError::TokenSize);
        }
        if self.tokens > limits::TOKENS {
            return Err(JsonError::TokenCount);
        }
        if self.braces.saturating_add(self.brackets) > limits::NESTING.cast_signed() {
            return Err(JsonError::Nesting);
        }
        Ok(())
    }

    fn take_memory(&mut self, bytes: usize) -> Result<(), JsonError> {
        self.memory += bytes;
        if self.memory > limits::MEMORY_BYTES { Err(JsonError::TokenSize) } else { Ok(()) }
    }

    /// Whether nothing is open, or more was closed than opened.
    fn is_balanced(&self) -> bool {
        self.braces < 0 || self.brackets < 0 || (self.braces == 0 && self.brackets == 0)
    }
}
