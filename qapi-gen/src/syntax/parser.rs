//! Tokens to values: one token of look-ahead, one function a rule of the grammar.

use std::collections::HashSet;

use super::lexer::{Comments, Lexer, Token};
use super::{Entry, Kind, Value};
use crate::diagnostic::Diagnostic;
use crate::problem::Problem;
use crate::source::{FileId, Span};

/// Far more than any schema needs, far less than the stack holds.
const DEEPEST: usize = 200;

/// From how many keys on duplicates are looked up instead of searched.
const MANY_KEYS: usize = 16;

pub(crate) struct Parser<'s> {
    lexer: Lexer<'s>,
    text: &'s str,
    pub(crate) token: Token,
    pub(crate) span: Span,
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

impl<'s> Parser<'s> {
    /// A parser before the first token: call [`Parser::advance`] first.
    pub(crate) fn new(file: FileId, text: &'s str) -> Self {
        let lexer = Lexer::new(file, text);
        let span = lexer.span(0);
        Self { lexer, text, token: Token::End, span }
    }

    pub(crate) fn advance(&mut self) -> Parsed<()> {
        self.advance_with(Comments::Documentation)
    }

    /// The next token, which may be any comment.
    pub(crate) fn advance_in_documentation(&mut self) -> Parsed<()> {
        self.advance_with(Comments::All)
    }

    fn advance_with(&mut self, comments: Comments) -> Parsed<()> {
        (self.token, self.span) = self.lexer.next(comments)?;
        Ok(())
    }

    /// Leaves a broken expression behind.
    pub(crate) fn recover(&mut self) {
        self.lexer.skip_to_expression();
        self.token = Token::End;
    }

    /// Leaves a broken documentation block behind.
    pub(crate) fn recover_documentation(&mut self) {
        self.lexer.skip_documentation();
        self.token = Token::End;
    }

    /// The source text of the current token.
    pub(crate) fn source(&self) -> &'s str {
        self.text.get(self.span.start..self.span.end).unwrap_or("")
    }

    /// The expression at the current token, and the token behind it.
    pub(crate) fn expression(&mut self) -> Parsed<Value> {
        self.value("'{', '[', string, or boolean", 0)
    }

    fn expected<T>(&self, what: &'static str) -> Parsed<T> {
        Err(Diagnostic::at(Problem::Expected(what), self.span).into())
    }

    fn value(&mut self, expected: &'static str, depth: usize) -> Parsed<Value> {
        if depth > DEEPEST {
            return Err(Diagnostic::at(Problem::TooDeep(DEEPEST), self.span).into());
        }
        let start = self.span;
        let kind = match std::mem::replace(&mut self.token, Token::End) {
            Token::Symbol(b'{') => return self.object(start, depth),
            Token::Symbol(b'[') => return self.array(start, depth),
            Token::Text(text) => Kind::Text(text),
            Token::Bool(value) => Kind::Bool(value),
            _ => return self.expected(expected),
        };
        self.advance()?;
        Ok(Value { kind, span: start })
    }

    fn object(&mut self, start: Span, depth: usize) -> Parsed<Value> {
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        self.advance()?;
        if self.token == Token::Symbol(b'}') {
            return self.close(start, Kind::Object(entries));
        }
        let Token::Text(_) = self.token else { return self.expected("string or '}'") };
        loop {
            let entry = self.entry(&entries, &mut seen, depth)?;
            entries.push(entry);
            match self.token {
                Token::Symbol(b'}') => return self.close(start, Kind::Object(entries)),
                Token::Symbol(b',') => self.advance()?,
                _ => return self.expected("',' or '}'"),
            }
            let Token::Text(_) = self.token else { return self.expected("string") };
        }
    }

    fn entry(&mut self, entries: &[Entry], seen: &mut HashSet<String>, depth: usize) -> Parsed<Entry> {
        let key_span = self.span;
        let Token::Text(key) = std::mem::replace(&mut self.token, Token::End) else {
            return self.expected("string");
        };
        self.advance()?;
        if self.token != Token::Symbol(b':') {
            return self.expected("':'");
        }
        self.advance()?;
        if is_duplicate(&key, entries, seen) {
            return Err(Diagnostic::at(Problem::DuplicateKey(key), self.span).into());
        }
        let value = self.value("'{', '[', string, or boolean", depth + 1)?;
        Ok(Entry { key, key_span, value })
    }

    fn array(&mut self, start: Span, depth: usize) -> Parsed<Value> {
        let mut elements = Vec::new();
        self.advance()?;
        if self.token == Token::Symbol(b']') {
            return self.close(start, Kind::Array(elements));
        }
        if !matches!(self.token, Token::Symbol(b'{' | b'[') | Token::Text(_) | Token::Bool(_)) {
            return self.expected("'{', '[', ']', string, or boolean");
        }
        loop {
            elements.push(self.value("'{', '[', string, or boolean", depth + 1)?);
            match self.token {
                Token::Symbol(b']') => return self.close(start, Kind::Array(elements)),
                Token::Symbol(b',') => self.advance()?,
                _ => return self.expected("',' or ']'"),
            }
        }
    }

    fn close(&mut self, start: Span, kind: Kind) -> Parsed<Value> {
        let span = start.to(self.span);
        self.advance()?;
        Ok(Value { kind, span })
    }
}

/// Small objects are searched; large ones get a set, so that a hostile one does not cost its square.
fn is_duplicate(key: &str, entries: &[Entry], seen: &mut HashSet<String>) -> bool {
    if entries.len() < MANY_KEYS {
        return entries.iter().any(|entry| entry.key == key);
    }
    if seen.is_empty() {
        seen.extend(entries.iter().map(|entry| entry.key.clone()));
    }
    !seen.insert(key.to_owned())
}
