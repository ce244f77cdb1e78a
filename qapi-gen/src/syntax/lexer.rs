//! Characters to tokens.

use crate::diagnostic::Diagnostic;
use crate::problem::Problem;
use crate::source::{FileId, Span};

/// What a token is. The text of comments is read from the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Symbol(u8),
    Text(String),
    Bool(bool),
    /// `#` up to the end of the line.
    Comment,
    End,
}

/// Which comments come out as tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    /// Those that start with `##`, for they start a documentation block.
    Documentation,
    All,
}

pub(crate) struct Lexer<'s> {
    file: FileId,
    text: &'s str,
    position: usize,
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(file: FileId, text: &'s str) -> Self {
        Self { file, text, position: 0 }
    }

    pub(crate) fn span(&self, start: usize) -> Span {
        Span { file: self.file, start, end: self.position }
    }

    fn rest(&self) -> &'s str {
        self.text.get(self.position..).unwrap_or("")
    }

    pub(crate) fn next(&mut self, comments: Comments) -> Result<(Token, Span), Box<Diagnostic>> {
        loop {
            let trimmed = self.rest().trim_start_matches(is_blank);
            self.position = self.text.len() - trimmed.len();
            let start = self.position;
            let Some(&first) = trimmed.as_bytes().first() else {
                return Ok((Token::End, self.span(start)));
            };
            let token = match first {
                b'#' => {
                    self.position += trimmed.find('\n').unwrap_or(trimmed.len());
                    if comments == Comments::Documentation && !trimmed.starts_with("##") {
                        continue;
                    }
                    Token::Comment
                }
                b'{' | b'}' | b'[' | b']' | b':' | b',' => {
                    self.position += 1;
                    Token::Symbol(first)
                }
                b'\'' => self.string(start)?,
                _ if trimmed.starts_with("true") => self.word("true", true),
                _ if trimmed.starts_with("false") => self.word("false", false),
                _ => return Err(self.stray(start).into()),
            };
            return Ok((token, self.span(start)));
        }
    }

    /// Goes on at the next line that looks like the start of an expression or a documentation block.
    pub(crate) fn skip_to_expression(&mut self) {
        let rest = self.rest();
        let next = rest.match_indices('\n').map(|(at, _)| at + 1).find(|&at| {
            let line = rest.get(at..).unwrap_or("");
            line.starts_with('{') || line.starts_with("##\n")
        });
        self.position += next.unwrap_or(rest.len());
    }

    /// Goes on behind the line that ends the documentation block, or before whatever cuts it off.
    pub(crate) fn skip_documentation(&mut self) {
        for line in self.rest().split_inclusive('\n') {
            let comment = line.trim_start_matches(is_blank);
            if !(comment.is_empty() || comment.starts_with('#')) {
                return;
            }
            self.position += line.len();
            if comment.starts_with("##") {
                return;
            }
        }
    }

    fn word(&mut self, word: &str, value: bool) -> Token {
        self.position += word.len();
        Token::Bool(value)
    }

    fn stray(&mut self, start: usize) -> Diagnostic {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|&(_, character)| is_blank(character) || "[]{}:,'".contains(character))
            .map_or(rest.len(), |(at, _)| at);
        let word = rest.get(..end).unwrap_or(rest).to_owned();
        self.position += end;
        Diagnostic::at(Problem::Stray(word), self.span(start))
    }

    fn string(&mut self, start: usize) -> Result<Token, Box<Diagnostic>> {
        self.position += 1;
        let mut value = String::new();
        let mut characters = self.rest().char_indices();
        let problem = loop {
            match characters.next() {
                None | Some((_, '\n')) => break Problem::MissingQuote,
                Some((_, '\\')) => match characters.next() {
                    Some((_, '\\')) => value.push('\\'),
                    None | Some((_, '\n')) => break Problem::MissingQuote,
                    Some((_, other)) => break Problem::UnknownEscape(other),
                },
                Some((at, '\'')) => {
                    self.position += at + 1;
                    return Ok(Token::Text(value));
                }
                Some((_, character @ ' '..='~')) => value.push(character),
                Some(_) => break Problem::FunnyCharacter,
            }
        };
        self.position += characters.offset();
        Err(Diagnostic::at(problem, self.span(start)).into())
    }
}

/// White space as Python counts it.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
