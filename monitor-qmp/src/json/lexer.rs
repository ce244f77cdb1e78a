//! Bytes to tokens, one at a time, wherever the bytes are cut.

use super::limits;

/// A token; its text is as it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `{`
    OpenObject,
    /// `}`
    CloseObject,
    /// `[`
    OpenArray,
    /// `]`
    CloseArray,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string with its quotes.
    String(&'t [u8]),
    /// A number without fraction and exponent.
    Integer(&'t [u8]),
    /// Any other number.
    Float(&'t [u8]),
    /// A word of lower-case letters.
    Keyword(&'t [u8]),
    /// A token longer than any message may be.
    TooLong,
    /// Bytes that cannot become a token, the offending one included.
    Stray(&'t [u8]),
}

/// The kinds of tokens that have a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    String,
    Integer,
    Float,
    Keyword,
    Stray,
}

/// How far the token at hand has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Between tokens.
    #[default]
    Start,
    /// After stray bytes, until a place where a message may begin.
    Recovery,
    /// In a string that this quote ends.
    String(u8),
    /// Behind a backslash in such a string.
    Escape(u8),
    Minus,
    Zero,
    Digits,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    Keyword,
}

/// What becomes of one byte.
enum Step {
    /// It belongs to the token, which goes on.
    Take(State),
    /// It means nothing.
    Skip(State),
    /// It is the last byte of the token.
    Last(Kind),
    /// It is a token of its own.
    Structural(Token<'static>),
    /// The token ended before it.
    Before(Kind),
    /// It is to be looked at again, between tokens.
    Again,
}

/// Finds tokens. The text of the last one stays until the next is asked for.
#[derive(Debug, Default)]
pub(super) struct Lexer {
    state: State,
    text: Vec<u8>,
    /// How long the token is; more than `text` holds if it is too long.
    length: usize,
}

impl Lexer {
    /// The next token that is complete with the bytes of `input`, which is moved behind what was read.
    pub(super) fn next(&mut self, input: &mut &[u8]) -> Option<Token<'_>> {
        if self.state == State::Start || self.state == State::Recovery {
            self.forget();
        }
        while let Some((&byte, rest)) = input.split_first() {
            match self.state.step(byte) {
                Step::Take(state) => {
                    self.take(input, state);
                    self.state = state;
                }
                Step::Skip(state) => {
                    *input = rest;
                    self.state = state;
                }
                Step::Last(kind) => {
                    self.push(&[byte]);
                    *input = rest;
                    return Some(self.token(kind));
                }
                Step::Structural(token) => {
                    *input = rest;
                    return Some(token);
                }
                Step::Before(kind) => return Some(self.token(kind)),
                Step::Again => self.state = State::Start,
            }
        }
        None
    }

    /// The token that the end of the input completes.
    pub(super) fn finish(&mut self) -> Option<Token<'_>> {
        // Whatever ends a number or a word ends it here; to anything else it is as stray as the end.
        match self.state {
            State::Start | State::Recovery => None,
            state => match state.step(b'\n') {
                Step::Before(kind) => Some(self.token(kind)),
                _ => Some(self.token(Kind::Stray)),
            },
        }
    }

    /// Takes the first byte of `input`, and in a string all that need no look of their own.
    fn take(&mut self, input: &mut &[u8], state: State) {
        let run = match state {
            State::String(quote) => {
                let special = |&byte: &u8| byte == quote || byte == b'\\' || !is_text(byte);
                1 + input.iter().skip(1).position(special).unwrap_or(input.len() - 1)
            }
            _ => 1,
        };
        let (taken, rest) = input.split_at(run);
        self.push(taken);
        *input = rest;
    }

    fn push(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len());
        if self.length <= limits::TOKEN_BYTES {
            self.text.extend_from_slice(bytes);
        }
    }

    fn token(&mut self, kind: Kind) -> Token<'_> {
        self.state = if kind == Kind::Stray { State::Recovery } else { State::Start };
        match kind {
            Kind::Stray => Token::Stray(&self.text),
            _ if self.length > limits::TOKEN_BYTES => Token::TooLong,
            Kind::String => Token::String(&self.text),
            Kind::Integer => Token::Integer(&self.text),
            Kind::Float => Token::Float(&self.text),
            Kind::Keyword => Token::Keyword(&self.text),
        }
    }

    /// How much memory the text holds, in bytes.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.text.capacity()
    }

    fn forget(&mut self) {
        self.length = 0;
        self.text.clear();
        if self.text.capacity() > limits::KEPT_BYTES {
            self.text = Vec::new();
        }
    }
}

impl State {
    fn step(self, byte: u8) -> Step {
        use Step::{Again, Before, Last, Skip, Take};
        match (self, byte) {
            (State::Start, _) => start(byte),
            (State::Recovery, b'\t') => Skip(self),
            (State::Recovery, b'{' | b'}' | b'[' | b']' | b':' | b',' | 0..=0x1f | 0xfe..) => Again,
            (State::Recovery, _) => Skip(self),
            (State::String(quote) | State::Escape(quote), _) => self.in_string(quote, byte),
            (State::Minus, b'0') => Take(State::Zero),
            (State::Minus | State::Digits, b'0'..=b'9') => Take(State::Digits),
            (State::Zero, b'0'..=b'9') => Last(Kind::Stray),
            (State::Zero | State::Digits, b'.') => Take(State::Point),
            (State::Zero | State::Digits | State::Fraction, b'e' | b'E') => Take(State::Exponent),
            (State::Zero | State::Digits, _) => Before(Kind::Integer),
            (State::Point | State::Fraction, b'0'..=b'9') => Take(State::Fraction),
            (State::Exponent, b'+' | b'-') => Take(State::ExponentSign),
            (State::Exponent | State::ExponentSign | State::ExponentDigits, b'0'..=b'9') => {
                Take(State::ExponentDigits)
            }
            (State::Fraction | State::ExponentDigits, _) => Before(Kind::Float),
            (State::Minus | State::Point | State::Exponent | State::ExponentSign, _) => Last(Kind::Stray),
            (State::Keyword, b'a'..=b'z') => Take(State::Keyword),
            (State::Keyword, _) => Before(Kind::Keyword),
        }
    }

    fn in_string(self, quote: u8, byte: u8) -> Step {
        if !is_text(byte) {
            return Step::Last(Kind::Stray);
        }
        match (self, byte) {
            (State::String(_), b'\\') => Step::Take(State::Escape(quote)),
            (State::String(_), _) if byte == quote => Step::Last(Kind::String),
            _ => Step::Take(State::String(quote)),
        }
    }
}

fn start(byte: u8) -> Step {
    match byte {
        b' ' | b'\t' | b'\r' | b'\n' => Step::Skip(State::Start),
        b'{' => Step::Structural(Token::OpenObject),
        b'}' => Step::Structural(Token::CloseObject),
        b'[' => Step::Structural(Token::OpenArray),
        b']' => Step::Structural(Token::CloseArray),
        b':' => Step::Structural(Token::Colon),
        b',' => Step::Structural(Token::Comma),
        b'"' | b'\'' => Step::Take(State::String(byte)),
        b'-' => Step::Take(State::Minus),
        b'0' => Step::Take(State::Zero),
        b'1'..=b'9' => Step::Take(State::Digits),
        b'a'..=b'z' => Step::Take(State::Keyword),
        _ => Step::Last(Kind::Stray),
    }
}

/// Whether `byte` may stand in a string as it is: no control character, and none that UTF-8 never has.
fn is_text(byte: u8) -> bool {
    (0x20..=0xfd).contains(&byte)
}
