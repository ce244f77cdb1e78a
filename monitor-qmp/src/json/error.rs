//! What can be wrong with a client's JSON, in the words that QMP clients know.

use qapi_schema::runtime;
use thiserror::Error;

/// A mistake in a stream of JSON values. One message gives one error: the first that a reader meets from
/// left to right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum JsonError {
    /// Bytes that belong to no token; the reader skips to where it can go on.
    #[error("JSON parse error, stray '{0}'")]
    Stray(String),
    /// A word that is none of `true`, `false` and `null`.
    #[error("JSON parse error, invalid keyword '{0}'")]
    InvalidKeyword(String),
    /// Something else stands where a value is due.
    #[error("JSON parse error, expecting value")]
    ExpectingValue,
    /// The name of a member is a number, a list or the like.
    #[error("JSON parse error, key is not a string in object")]
    KeyNotString,
    /// No colon behind the name of a member.
    #[error("JSON parse error, missing : in object pair")]
    MissingColon,
    /// Neither a comma nor the end behind a member.
    #[error("JSON parse error, expected separator in dict")]
    SeparatorInObject,
    /// Neither a comma nor the end behind an element.
    #[error("JSON parse error, expected separator in list")]
    SeparatorInArray,
    /// Two members of one object have the same name.
    #[error("JSON parse error, duplicate key")]
    DuplicateKey,
    /// A backslash before a character that it cannot stand before.
    #[error("JSON parse error, invalid escape sequence in string")]
    InvalidEscape,
    /// `\u` without four digits, with half of a surrogate pair, or with a number that is no character.
    #[error("JSON parse error, {0} is not a valid Unicode character")]
    InvalidCharacter(String),
    /// Bytes in a string that encode no character.
    #[error("JSON parse error, invalid UTF-8 sequence in string")]
    InvalidUtf8,
    /// A number beyond the range of a double.
    #[error("JSON parse error, number '{0}' is out of range")]
    NumberOutOfRange(String),
    /// The input ends inside a message.
    #[error("JSON parse error, premature EOI")]
    PrematureEnd,
    /// The tokens of the message are too long together.
    #[error("JSON token size limit exceeded")]
    TokenSize,
    /// The message has too many tokens.
    #[error("JSON token count limit exceeded")]
    TokenCount,
    /// Too many brackets are open at once.
    #[error("JSON nesting depth limit exceeded")]
    Nesting,
}

impl From<JsonError> for runtime::Error {
    fn from(error: JsonError) -> Self {
        Self::generic(error.to_string())
    }
}
