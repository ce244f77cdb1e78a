//! The words of a command line: the command's name, then its arguments one by one.

use qapi_schema::hmp::Arguments;
use thiserror::Error;

use super::expression::{self, ExpressionError, ReadRegister};
use super::format::{self, Format, LastFormat};
use crate::failure::Failure;

/// The longest string that a command takes, in bytes.
const LONGEST_STRING: usize = 1023;

/// Why the arguments of a command cannot be read. `name` is the last word of the command, as the table spells it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ArgumentError {
    #[error("{name}: string expected")]
    String { name: &'static str },
    #[error("{name}: string longer than {LONGEST_STRING} characters")]
    LongString { name: &'static str },
    #[error(transparent)]
    Expression(#[from] ExpressionError),
    #[error("'{name}' has failed: integer is for 32-bit values")]
    Integer { name: &'static str },
    #[error("Expected 'on' or 'off'")]
    Switch,
    #[error("invalid char in format: '{0}'")]
    Format(char),
    #[error("{name}: extraneous characters at the end of line")]
    Extraneous { name: &'static str },
}

/// The next word of a command's name, which ends at a blank or a slash, and what follows it.
pub(crate) fn command_word(line: &str) -> (&str, &str) {
    let line = line.trim_start();
    let end = line.find(|character: char| character == '/' || character.is_ascii_whitespace());
    line.split_at(end.unwrap_or(line.len()))
}

/// What stands behind the command's name.
pub(crate) struct ArgumentReader<'l> {
    name: &'static str,
    rest: &'l str,
    last_format: &'l LastFormat,
    register: &'l ReadRegister<'l>,
}

impl<'l> ArgumentReader<'l> {
    /// The arguments in `rest` of the command whose last word the table spells `name`.
    pub(crate) fn new(
        name: &'static str,
        rest: &'l str,
        last_format: &'l LastFormat,
        register: &'l ReadRegister<'l>,
    ) -> Self {
        Self { name, rest: rest.trim_start(), last_format, register }
    }

    fn take(&mut self, rest: &'l str) {
        self.rest = rest.trim_start();
    }
}

impl Arguments for ArgumentReader<'_> {
    type Failure = Failure;
    type Format = Format;

    fn string(&mut self) -> Result<String, Failure> {
        let (text, rest) = read_string(self.rest).ok_or(ArgumentError::String { name: self.name })?;
        if text.len() > LONGEST_STRING {
            return Err(ArgumentError::LongString { name: self.name }.into());
        }
        self.take(rest);
        Ok(text)
    }

    fn address(&mut self) -> Result<u64, Failure> {
        let (value, rest) = expression::evaluate(self.rest, self.register).map_err(ArgumentError::from)?;
        self.take(rest);
        Ok(value.cast_unsigned())
    }

    fn integer(&mut self) -> Result<u32, Failure> {
        let name = self.name;
        u32::try_from(self.address()?).map_err(|_| ArgumentError::Integer { name }.into())
    }

    fn format(&mut self) -> Result<Format, Failure> {
        let (request, rest) = format::read(self.rest).map_err(ArgumentError::Format)?;
        self.take(rest);
        Ok(self.last_format.complete(request))
    }

    fn switch(&mut self) -> Result<bool, Failure> {
        let end = self.rest.find(|character: char| character.is_ascii_whitespace());
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let on = match word {
            "on" => true,
            "off" => false,
            _ => return Err(ArgumentError::Switch.into()),
        };
        self.take(rest);
        Ok(on)
    }

    fn words(&mut self) -> Result<String, Failure> {
        Ok(std::mem::take(&mut self.rest).trim_end().to_owned())
    }

    fn at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn end(&self) -> Result<(), Failure> {
        if self.at_end() { Ok(()) } else { Err(ArgumentError::Extraneous { name: self.name }.into()) }
    }
}

/// The string at the start of `text` and what follows; nothing if there is none or its quote stays open.
fn read_string(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|character: char| character.is_ascii_whitespace()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        return (!word.is_empty()).then(|| (word.to_owned(), rest));
    };
    let mut string = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((string, characters.as_str())),
            '\\' => string.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                same @ ('\\' | '\'' | '"') => same,
                _ => return None,
            }),
            other => string.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments<'l>(rest: &'l str, last_format: &'l LastFormat) -> ArgumentReader<'l> {
        ArgumentReader::new("print|p", rest, last_format, &|_| Err(ExpressionError::Register))
    }

    #[test]
    fn a_command_ends_at_a_blank_or_a_slash() {
        assert_eq!(command_word("  info   status"), ("info", "   status"));
        assert_eq!(command_word("xp/4xw 0"), ("xp", "/4xw 0"));
        assert_eq!(command_word(""), ("", ""));
    }

    #[test]
    fn reads_strings_bare_and_quoted() {
        let formats = LastFormat::default();
        let mut line = arguments(r#" /machine/x  "a \"b\" \\ \n" rest"#, &formats);
        assert_eq!(line.string().unwrap(), "/machine/x");
        assert_eq!(line.string().unwrap(), "a \"b\" \\ \n");
        assert_eq!(line.end().unwrap_err().to_string(), "print|p: extraneous characters at the end of line");
        assert_eq!(line.words().unwrap(), "rest");
        assert_eq!(line.string().unwrap_err().to_string(), "print|p: string expected");
    }

    #[test]
    fn refuses_strings_that_are_open_odd_or_long() {
        let formats = LastFormat::default();
        for line in ["\"unterminated", "\"bad \\q escape\"", "\"open \\"] {
            let error = arguments(line, &formats).string().unwrap_err();
            assert_eq!(error, ArgumentError::String { name: "print|p" }.into());
        }
        assert_eq!(arguments(&"a".repeat(1023), &formats).string().unwrap().len(), 1023);
        let long = arguments(&"a".repeat(1024), &formats).string().unwrap_err();
        assert_eq!(long.to_string(), "print|p: string longer than 1023 characters");
    }

    #[test]
    fn integers_have_32_bits() {
        let formats = LastFormat::default();
        assert_eq!(arguments("0xffffffff", &formats).integer(), Ok(u32::MAX));
        for line in ["0x100000000", "-1"] {
            let error = arguments(line, &formats).integer().unwrap_err();
            assert_eq!(error.to_string(), "'print|p' has failed: integer is for 32-bit values");
        }
        assert_eq!(arguments("-1", &formats).address(), Ok(u64::MAX));
    }

    #[test]
    fn a_switch_is_on_or_off() {
        let formats = LastFormat::default();
        let mut line = arguments("on  off one", &formats);
        assert_eq!((line.switch(), line.switch()), (Ok(true), Ok(false)));
        assert_eq!(line.switch().unwrap_err().to_string(), "Expected 'on' or 'off'");
        assert_eq!(arguments("", &formats).switch(), Err(ArgumentError::Switch.into()));
    }
}
