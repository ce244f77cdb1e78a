// Written by `cargo xtask codegen`; change nothing here.

//! Writing JSON as QMP wants it.

use std::io;

use serde::ser::SerializeMap;
use serde::Serialize;
use serde_json::{Map, Value};
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

use super::{Empty, Error};

/// An object that can write its members into a larger one: how the branch of a flat union is written after
/// the union's base.
pub trait EncodeMembers {
    /// Writes every member that is present.
    ///
    /// # Errors
    /// The serializer's own.
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error>;
}

/// Writes an object that is nothing but its members.
///
/// # Errors
/// The serializer's own.
pub fn object<T: EncodeMembers, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut members = serializer.serialize_map(None)?;
    value.encode_members(&mut members)?;
    members.end()
}

/// Writes members as they were read.
///
/// # Errors
/// The serializer's own.
pub fn members<M: SerializeMap>(rest: &Map<String, Value>, members: &mut M) -> Result<(), M::Error> {
    rest.iter().try_for_each(|(name, value)| members.serialize_entry(name, value))
}

impl EncodeMembers for Empty {
    fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

impl Serialize for Empty {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object(self, serializer)
    }
}

/// How JSON is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// One line, `": "` and `", "` between the parts.
    #[default]
    Line,
    /// Several lines, four blanks a level.
    Pretty,
}

/// The bytes of a reply: values are written straight into the buffer that goes to the client.
#[derive(Debug, Default)]
pub struct Reply {
    bytes: Vec<u8>,
    style: Style,
}

impl Reply {
    /// An empty reply in the given style.
    pub fn new(style: Style) -> Self {
        Self { bytes: Vec::new(), style }
    }

    /// Appends `value` as JSON.
    ///
    /// # Errors
    /// The value cannot be written as JSON (a number that is not finite).
    pub fn write<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let written = match self.style {
            Style::Line => value.serialize(&mut Serializer::with_formatter(&mut self.bytes, Line)),
            Style::Pretty => {
                let pretty = Pretty(PrettyFormatter::with_indent(b"    "));
                value.serialize(&mut Serializer::with_formatter(&mut self.bytes, pretty))
            }
        };
        written.map_err(|error| Error::generic(error.to_string()))
    }

    /// Appends text that is JSON already.
    pub fn write_raw(&mut self, json: &str) {
        self.bytes.extend_from_slice(json.as_bytes());
    }

    /// Appends a number.
    pub fn write_number(&mut self, number: u64) {
        match number {
            // By far the most counters stand at 0.
            0 => self.bytes.push(b'0'),
            // An integer is always JSON.
            _ => drop(number.serialize(&mut Serializer::with_formatter(&mut self.bytes, Line))),
        }
    }

    /// The bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, for sending.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Forgets what was written and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

struct Line;

impl Formatter for Line {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        write_ascii(writer, text)
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        write_escape(writer, escape)
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write_double(writer, value)
    }
}

struct Pretty<'a>(PrettyFormatter<'a>);

impl Formatter for Pretty<'_> {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        write_ascii(writer, text)
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        write_escape(writer, escape)
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write_double(writer, value)
    }
}

/// Writes what tells a double from its neighbours. Without an exponent a large one would look like an integer that
/// it is not, and a small one would be hundreds of digits long.
fn write_double<W: ?Sized + io::Write>(writer: &mut W, value: f64) -> io::Result<()> {
    if value == 0.0 || (1e-4..1e17).contains(&value.abs()) {
        write!(writer, "{value}")
    } else {
        write!(writer, "{value:e}")
    }
}

/// Everything that is not printable ASCII goes out as `\uXXXX`, above the basic plane as a surrogate pair.
fn write_ascii<W: ?Sized + io::Write>(writer: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| !matches!(character, ' '..='~')) {
        let (plain, odd) = rest.split_at(at);
        writer.write_all(plain.as_bytes())?;
        let mut characters = odd.chars();
        if let Some(character) = characters.next() {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04X}")?;
            }
        }
        rest = characters.as_str();
    }
    writer.write_all(rest.as_bytes())
}

fn write_escape<W: ?Sized + io::Write>(writer: &mut W, escape: CharEscape) -> io::Result<()> {
    let short: &[u8] = match escape {
        CharEscape::Quote => b"\\\"",
        CharEscape::ReverseSolidus => b"\\\\",
        CharEscape::Solidus => b"/",
        CharEscape::Backspace => b"\\b",
        CharEscape::FormFeed => b"\\f",
        CharEscape::LineFeed => b"\\n",
        CharEscape::CarriageReturn => b"\\r",
        CharEscape::Tab => b"\\t",
        CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04X}"),
    };
    writer.write_all(short)
}
