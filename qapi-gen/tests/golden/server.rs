// dependency: serde = "1"
// dependency: serde_json = "1"
// Written by `qapi-gen generate`; change nothing here.

//! The Rust that is generated from the schema.

pub mod builtin {
    //! The Rust for `./builtin`.

    mod types {
        //! Types of `./builtin`.

        use std::fmt;
        use std::str::FromStr;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};
        use serde_json::Value;
        use super::super::runtime::{Decode, Error, Path, UnknownValue, decode};

        /// `QType`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum QType {
            /// `none`.
            None,
            /// `qnull`.
            Qnull,
            /// `qnum`.
            Qnum,
            /// `qstring`.
            Qstring,
            /// `qdict`.
            Qdict,
            /// `qlist`.
            Qlist,
            /// `qbool`.
            Qbool,
        }

        impl QType {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[
                Self::None,
                Self::Qnull,
                Self::Qnum,
                Self::Qstring,
                Self::Qdict,
                Self::Qlist,
                Self::Qbool,
            ];

            /// The value on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::None => "none",
                    Self::Qnull => "qnull",
                    Self::Qnum => "qnum",
                    Self::Qstring => "qstring",
                    Self::Qdict => "qdict",
                    Self::Qlist => "qlist",
                    Self::Qbool => "qbool",
                }
            }
        }

        impl FromStr for QType {
            type Err = UnknownValue;

            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text {
                    "none" => Ok(Self::None),
                    "qnull" => Ok(Self::Qnull),
                    "qnum" => Ok(Self::Qnum),
                    "qstring" => Ok(Self::Qstring),
                    "qdict" => Ok(Self::Qdict),
                    "qlist" => Ok(Self::Qlist),
                    "qbool" => Ok(Self::Qbool),
                    _ => Err(UnknownValue),
                }
            }
        }

        impl fmt::Display for QType {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for QType {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Decode for QType {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::enumeration(value, path)
            }
        }

        impl<'de> Deserialize<'de> for QType {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

    }

    pub use types::*;
}
pub mod introspection {
    //! What `query-qmp-schema` answers.

    /// The answer as JSON, one line.
    pub const SCHEMA: &str = concat!(
        "[",
        r#"{"arg-type": "0", "meta-type": "command", "name": "stop", "ret-type": "0"}, "#,
        r#"{"arg-type": "1", "meta-type": "command", "name": "echo", "ret-type": "any"}, "#,
        r#"{"allow-oob": true, "arg-type": "2", "features": ["unstable"], "meta-type": "command", "name": "draw", "ret-type": "[3]"}, "#,
        r#"{"arg-type": "4", "meta-type": "command", "name": "paint", "ret-type": "0"}, "#,
        r#"{"arg-type": "5", "meta-type": "command", "name": "snake_command", "ret-type": "int"}, "#,
        r#"{"arg-type": "6", "meta-type": "command", "name": "match", "ret-type": "0"}, "#,
        r#"{"arg-type": "0", "meta-type": "command", "name": "levels", "ret-type": "[7]"}, "#,
        r#"{"arg-type": "0", "meta-type": "command", "name": "vanish", "ret-type": "0"}, "#,
        r#"{"arg-type": "8", "meta-type": "command", "name": "raw", "ret-type": "0"}, "#,
        r#"{"arg-type": "9", "meta-type": "command", "name": "circle", "ret-type": "0"}, "#,
        r#"{"arg-type": "0", "meta-type": "event", "name": "STOP"}, "#,
        r#"{"arg-type": "10", "meta-type": "event", "name": "SHAPE"}, "#,
        r#"{"arg-type": "2", "meta-type": "event", "name": "DRAWN"}, "#,
        r#"{"arg-type": "11", "meta-type": "event", "name": "WATCHDOG"}, "#,
        r#"{"members": [], "meta-type": "object", "name": "0"}, "#,
        r#"{"members": [{"name": "value", "type": "any"}], "meta-type": "object", "name": "1"}, "#,
        r#"{"json-type": "value", "meta-type": "builtin", "name": "any"}, "#,
        r#"{"members": [{"name": "label", "type": "str"}, {"name": "kind", "type": "12"}, {"default": null, "name": "branch", "type": "int"}], "meta-type": "object", "name": "2", "tag": "kind", "variants": [{"case": "circle", "type": "13"}, {"case": "square", "type": "4"}, {"case": "self", "type": "4"}, {"case": "dashed", "type": "14"}, {"case": "2d", "type": "0"}]}, "#,
        r#"{"element-type": "3", "meta-type": "array", "name": "[3]"}, "#,
        r#"{"members": [{"default": null, "name": "next", "type": "3"}, {"name": "all", "type": "[3]"}, {"default": null, "name": "pair", "type": "15"}], "meta-type": "object", "name": "3"}, "#,
        r#"{"members": [{"name": "name", "type": "str"}, {"default": null, "name": "line-width", "type": "int"}, {"name": "colours", "type": "[str]"}], "meta-type": "object", "name": "4"}, "#,
        r#"{"members": [{"name": "number", "type": "int"}, {"default": null, "name": "levels", "type": "[7]"}], "meta-type": "object", "name": "5"}, "#,
        r#"{"json-type": "int", "meta-type": "builtin", "name": "int"}, "#,
        r#"{"members": [{"name": "type", "type": "16"}], "meta-type": "object", "name": "6"}, "#,
        r#"{"element-type": "7", "meta-type": "array", "name": "[7]"}, "#,
        r#"{"members": [{"type": "17"}, {"type": "int"}, {"type": "bool"}, {"type": "18"}], "meta-type": "alternate", "name": "7"}, "#,
        r#"{"members": [{"name": "what", "type": "str"}], "meta-type": "object", "name": "8"}, "#,
        r#"{"members": [{"name": "radius", "type": "int"}], "meta-type": "object", "name": "9"}, "#,
        r#"{"members": [{"name": "kind", "type": "12"}, {"default": null, "name": "old", "type": "2"}], "meta-type": "object", "name": "10"}, "#,
        r#"{"members": [{"name": "action", "type": "str"}], "meta-type": "object", "name": "11"}, "#,
        r#"{"json-type": "string", "meta-type": "builtin", "name": "str"}, "#,
        r#"{"members": [{"name": "circle"}, {"name": "square"}, {"name": "2d"}, {"name": "dashed"}, {"name": "self"}], "meta-type": "enum", "name": "12", "values": ["circle", "square", "2d", "dashed", "self"]}, "#,
        r#"{"members": [{"name": "radius", "type": "number"}], "meta-type": "object", "name": "13"}, "#,
        r#"{"members": [{"name": "leaf", "type": "17"}], "meta-type": "object", "name": "14", "tag": "leaf", "variants": [{"case": "more", "type": "19"}, {"case": "none", "type": "0"}]}, "#,
        r#"{"members": [{"default": null, "name": "left", "type": "3"}, {"name": "right", "type": "20"}], "meta-type": "object", "name": "15"}, "#,
        r#"{"element-type": "str", "meta-type": "array", "name": "[str]"}, "#,
        r#"{"members": [{"name": "a1"}, {"name": "A1"}, {"name": "a-1"}, {"name": "1-2"}, {"name": "12"}, {"name": "other"}, {"name": "type"}, {"name": "Some"}], "meta-type": "enum", "name": "16", "values": ["a1", "A1", "a-1", "1-2", "12", "other", "type", "Some"]}, "#,
        r#"{"members": [{"name": "none"}, {"name": "more"}], "meta-type": "enum", "name": "17", "values": ["none", "more"]}, "#,
        r#"{"json-type": "boolean", "meta-type": "builtin", "name": "bool"}, "#,
        r#"{"members": [{"name": "name", "type": "str"}, {"default": null, "name": "line-width", "type": "int"}], "meta-type": "object", "name": "18"}, "#,
        r#"{"json-type": "number", "meta-type": "builtin", "name": "number"}, "#,
        r#"{"members": [{"name": "inner", "type": "14"}], "meta-type": "object", "name": "19"}, "#,
        r#"{"members": [{"type": "3"}, {"type": "str"}, {"type": "null"}, {"type": "[3]"}], "meta-type": "alternate", "name": "20"}, "#,
        r#"{"json-type": "null", "meta-type": "builtin", "name": "null"}"#,
        "]",
    );
}
pub mod runtime {
    //! What generated code stands on: errors, decoding of arguments, encoding of replies, and the shapes of
    //! commands and events. It needs `serde` and `serde_json` and nothing else.

    mod command {
        use serde::Serialize;
        use serde_json::{Map, Value};

        use super::{Decode, Error, Path, Reply, Style, decode};

        /// Reads the arguments, runs the command and writes what belongs behind `"return": `. On failure nothing has been
        /// written.
        pub type Call<H> = fn(&H, Map<String, Value>, &mut Reply) -> Result<(), Error>;

        /// One row of a dispatch table over handlers of type `H`.
        pub struct Command<H: ?Sized> {
            /// The name on the wire.
            pub name: &'static str,
            /// It may be sent with `exec-oob`.
            pub allow_oob: bool,
            /// It may be run before the machine is initialized.
            pub allow_preconfig: bool,
            /// It answers when it succeeds.
            pub success_response: bool,
            /// The names of its features.
            pub features: &'static [&'static str],
            /// Runs it.
            pub call: Call<H>,
        }

        impl<H: ?Sized> Clone for Command<H> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<H: ?Sized> Copy for Command<H> {}

        /// A command from the client's side: its arguments, its name and what it returns.
        pub trait Request: Serialize {
            /// The name on the wire.
            const NAME: &'static str;
            /// What a successful reply holds.
            type Return: Decode;
        }

        /// Answers a command by writing the reply while it is made: for replies that are too large, or wanted too often, to be
        /// built as a value first.
        pub trait Streams<R: Request> {
            /// Writes what [`Request::Return`] says as JSON; nobody but a test checks that, see [`collect`].
            ///
            /// # Errors
            /// The command failed; what has been written is dropped.
            fn stream(&self, request: R, reply: &mut Reply) -> Result<(), Error>;
        }

        /// Makes the command `R` among `rows` answer through [`Streams`].
        pub fn stream<R: Request + Decode, H: Streams<R>>(rows: &mut [Command<H>]) {
            for row in rows.iter_mut().filter(|row| row.name == R::NAME) {
                row.call = |handler, arguments, reply| handler.stream(decode::arguments::<R>(arguments)?, reply);
            }
        }

        /// What a streamed reply holds, as a value.
        ///
        /// # Errors
        /// The command failed, or has not written what it returns.
        pub fn collect<R: Request>(handler: &impl Streams<R>, request: R) -> Result<R::Return, Error> {
            let mut reply = Reply::new(Style::Line);
            handler.stream(request, &mut reply)?;
            let value: Value =
                serde_json::from_slice(reply.as_bytes()).map_err(|error| Error::generic(error.to_string()))?;
            R::Return::decode(value, &Path::ROOT)
        }
    }
    pub mod decode {
        //! Reading JSON, with errors that name the place.

        use std::fmt;
        use std::str::FromStr;

        use serde::{Deserialize, Deserializer};
        use serde_json::{Map, Value};

        use super::{Empty, Error, UnknownValue};

        /// Where in the arguments a value stands: a chain of member names and indices that lives on the stack, so
        /// that the good case allocates nothing.
        #[derive(Clone, Copy, Debug)]
        pub struct Path<'a> {
            parent: Option<&'a Path<'a>>,
            step: Step<'a>,
        }

        #[derive(Clone, Copy, Debug)]
        enum Step<'a> {
            Root,
            /// As `Root`, of a document from a program that may be newer than this one.
            OpenRoot,
            Member(&'a str),
            Index(usize),
        }

        impl<'a> Path<'a> {
            /// The whole document.
            pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

            /// The whole document, whose objects may have members that nobody here knows: what a client reads from a
            /// server that may be newer.
            pub const OPEN_ROOT: Path<'static> = Path { parent: None, step: Step::OpenRoot };

            /// The member `name` of the object at this path.
            pub fn member(&'a self, name: &'a str) -> Path<'a> {
                Path { parent: Some(self), step: Step::Member(name) }
            }

            /// The element `index` of the array at this path.
            pub fn index(&'a self, index: usize) -> Path<'a> {
                Path { parent: Some(self), step: Step::Index(index) }
            }

            /// The last component alone; an element of an array has no name and is called `null`.
            pub fn last(&self) -> &'a str {
                match self.step {
                    Step::Member(name) => name,
                    Step::Root | Step::OpenRoot | Step::Index(_) => "null",
                }
            }

            /// Whether objects here may have members that nobody knows.
            pub fn is_open(&self) -> bool {
                self.parent.map_or(matches!(self.step, Step::OpenRoot), Path::is_open)
            }

            /// The value here has the wrong JSON type.
            pub fn wrong_type(&self, expected: &str) -> Error {
                Error::generic(format!("Invalid parameter type for '{self}', expected: {expected}"))
            }

            /// The value here is no integer of the type `expected`, or out of its range.
            pub fn out_of_range(&self, expected: &str) -> Error {
                Error::generic(format!("Parameter '{self}' expects {expected}"))
            }

            /// The value here has a JSON type that none of the alternate's branches takes.
            pub fn no_alternative(&self, alternate: &str) -> Error {
                Error::generic(format!("Invalid parameter type for '{}', expected: {alternate}", self.last()))
            }

            /// The value here is none of the enum's.
            pub fn bad_value(&self, value: &str) -> Error {
                Error::generic(format!("Parameter '{}' does not accept value '{value}'", self.last()))
            }

            /// A mandatory member is absent.
            pub fn missing(&self) -> Error {
                Error::generic(format!("Parameter '{self}' is missing"))
            }

            /// A member that nobody knows.
            pub fn unexpected(&self) -> Error {
                Error::generic(format!("Parameter '{self}' is unexpected"))
            }
        }

        impl fmt::Display for Path<'_> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let Some(parent) = self.parent else { return Ok(()) };
                parent.fmt(formatter)?;
                match self.step {
                    Step::Root | Step::OpenRoot => Ok(()),
                    Step::Member(name) if parent.parent.is_none() => formatter.write_str(name),
                    Step::Member(name) => write!(formatter, ".{name}"),
                    Step::Index(index) => write!(formatter, "[{index}]"),
                }
            }
        }

        /// A type that can be read from JSON, with errors that name the place.
        pub trait Decode: Sized {
            /// Reads `value`, which stands at `path`.
            ///
            /// # Errors
            /// The value has the wrong type, is out of range, or is an object with missing or unexpected members.
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error>;
        }

        /// The members of one object, taken one after the other; what is left in the end is unexpected.
        #[derive(Debug)]
        pub struct Members<'p> {
            left: Map<String, Value>,
            path: &'p Path<'p>,
        }

        impl<'p> Members<'p> {
            /// The members of the object `value`.
            ///
            /// # Errors
            /// `value` is not an object.
            pub fn of(value: Value, path: &'p Path<'p>) -> Result<Self, Error> {
                match value {
                    Value::Object(left) => Ok(Self { left, path }),
                    _ => Err(path.wrong_type("object")),
                }
            }

            /// A member that must be there.
            ///
            /// # Errors
            /// It is absent or cannot be read.
            pub fn required<T: Decode>(&mut self, name: &str) -> Result<T, Error> {
                let path = self.path.member(name);
                let value = self.left.remove(name).ok_or_else(|| path.missing())?;
                T::decode(value, &path)
            }

            /// A member that may be left out.
            ///
            /// # Errors
            /// It is there and cannot be read.
            pub fn optional<T: Decode>(&mut self, name: &str) -> Result<Option<T>, Error> {
                let path = self.path.member(name);
                self.left.remove(name).map(|value| T::decode(value, &path)).transpose()
            }

            /// Takes everything that is left.
            pub fn rest(&mut self) -> Map<String, Value> {
                std::mem::take(&mut self.left)
            }

            /// The value of the member that decides is known, but has no branch here.
            pub fn no_branch(&self, discriminator: &str, value: &str) -> Error {
                self.path.member(discriminator).bad_value(value)
            }

            /// Ends the reading.
            ///
            /// # Errors
            /// A member is left that nobody asked for, and the document is not an open one.
            pub fn finish(self) -> Result<(), Error> {
                match self.left.keys().next() {
                    Some(name) if !self.path.is_open() => Err(self.path.member(name).unexpected()),
                    _ => Ok(()),
                }
            }
        }

        /// An object that is read from the members of a larger one: the branch of a flat union.
        pub trait DecodeMembers: Sized {
            /// Takes what belongs to it.
            ///
            /// # Errors
            /// A member is missing or cannot be read.
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error>;
        }

        /// Reads an object that is nothing but its members.
        ///
        /// # Errors
        /// `value` is not an object, or has missing, wrong or unexpected members.
        pub fn object<T: DecodeMembers>(value: Value, path: &Path<'_>) -> Result<T, Error> {
            let mut members = Members::of(value, path)?;
            let decoded = T::decode_members(&mut members)?;
            members.finish()?;
            Ok(decoded)
        }

        /// Reads an object that may have more members than are known here.
        ///
        /// # Errors
        /// `value` is not an object, or has missing or wrong members.
        pub fn open_object<T: DecodeMembers>(value: Value, path: &Path<'_>) -> Result<T, Error> {
            T::decode_members(&mut Members::of(value, path)?)
        }

        /// Reads the arguments of a command.
        ///
        /// # Errors
        /// As for [`object`].
        pub fn arguments<T: Decode>(arguments: Map<String, Value>) -> Result<T, Error> {
            T::decode(Value::Object(arguments), &Path::ROOT)
        }

        /// Reads a value of an enum.
        ///
        /// # Errors
        /// `value` is not a string, or none of the enum's values.
        pub fn enumeration<T: FromStr<Err = UnknownValue>>(value: Value, path: &Path<'_>) -> Result<T, Error> {
            let Value::String(text) = value else { return Err(path.wrong_type("string")) };
            text.parse().map_err(|UnknownValue| path.bad_value(&text))
        }

        /// Reads a whole document with serde.
        ///
        /// # Errors
        /// The deserializer's own, or one of [`Decode`] as text.
        pub fn document<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
            let value = Value::deserialize(deserializer)?;
            T::decode(value, &Path::ROOT).map_err(serde::de::Error::custom)
        }

        impl<T: DecodeMembers> DecodeMembers for Box<T> {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                T::decode_members(members).map(Box::new)
            }
        }

        impl DecodeMembers for Empty {
            fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self)
            }
        }

        impl Decode for Empty {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                object(value, path)
            }
        }

        impl Decode for String {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                match value {
                    Value::String(text) => Ok(text),
                    _ => Err(path.wrong_type("string")),
                }
            }
        }

        impl Decode for bool {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                value.as_bool().ok_or_else(|| path.wrong_type("boolean"))
            }
        }

        impl Decode for f64 {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                value.as_f64().ok_or_else(|| path.wrong_type("number"))
            }
        }

        impl Decode for () {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                value.as_null().ok_or_else(|| path.wrong_type("null"))
            }
        }

        impl Decode for Value {
            fn decode(value: Value, _path: &Path<'_>) -> Result<Self, Error> {
                Ok(value)
            }
        }

        impl<T: Decode> Decode for Vec<T> {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                let Value::Array(elements) = value else { return Err(path.wrong_type("array")) };
                elements.into_iter().enumerate().map(|(index, element)| T::decode(element, &path.index(index))).collect()
            }
        }

        impl<T: Decode> Decode for Box<T> {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                T::decode(value, path).map(Box::new)
            }
        }
    }
    pub mod encode {
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
    }
    mod empty {
        use std::fmt;

        /// An object without members: what a command returns that returns nothing.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Empty;

        /// A text is none of an enum's values.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct UnknownValue;

        impl fmt::Display for UnknownValue {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("not one of the values")
            }
        }

        impl std::error::Error for UnknownValue {}
    }
    mod error {
        use std::fmt;

        /// The class of an error on the wire: the only part of it that a client may rely on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorClass {
            /// Everything that has no class of its own.
            GenericError,
            /// The command does not exist, is disabled, or is not available in this mode.
            CommandNotFound,
            /// The device exists and is not active.
            DeviceNotActive,
            /// There is no such device or object.
            DeviceNotFound,
            /// KVM lacks a capability that the command needs.
            KvmMissingCap,
        }

        impl ErrorClass {
            /// Every class.
            pub const ALL: [Self; 5] = [
                ErrorClass::GenericError,
                ErrorClass::CommandNotFound,
                ErrorClass::DeviceNotActive,
                ErrorClass::DeviceNotFound,
                ErrorClass::KvmMissingCap,
            ];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    ErrorClass::GenericError => "GenericError",
                    ErrorClass::CommandNotFound => "CommandNotFound",
                    ErrorClass::DeviceNotActive => "DeviceNotActive",
                    ErrorClass::DeviceNotFound => "DeviceNotFound",
                    ErrorClass::KvmMissingCap => "KVMMissingCap",
                }
            }
        }

        /// A command's failure: class and text, as a client gets them.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Error {
            /// The class that clients decide by.
            pub class: ErrorClass,
            /// The text for people.
            pub description: String,
        }

        impl Error {
            /// An error of any class.
            pub fn new(class: ErrorClass, description: impl Into<String>) -> Self {
                Self { class, description: description.into() }
            }

            /// An error of class `GenericError`.
            pub fn generic(description: impl Into<String>) -> Self {
                Self::new(ErrorClass::GenericError, description)
            }
        }

        impl fmt::Display for Error {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.description)
            }
        }

        impl std::error::Error for Error {}
    }
    mod event {
        use std::time::Duration;

        use serde::Serialize;

        use super::encode::Reply;
        use super::error::Error;

        /// An event: its data is the value itself.
        pub trait Event: Serialize {
            /// The name on the wire.
            const NAME: &'static str;
            /// Whether the event has data; one without sends no `data` member.
            const HAS_DATA: bool;
            /// The least time between two of its kind; of those that come faster the last one is sent, late.
            const INTERVAL: Option<Duration> = None;

            /// Whom it is about, if the interval is each one's own.
            fn about(&self) -> Option<&str> {
                None
            }
        }

        /// An event of any kind, for those who hand events on.
        pub trait AnyEvent {
            /// [`Event::NAME`].
            fn name(&self) -> &'static str;

            /// [`Event::INTERVAL`].
            fn interval(&self) -> Option<Duration>;

            /// [`Event::about`].
            fn about(&self) -> Option<&str>;

            /// [`Event::HAS_DATA`].
            fn has_data(&self) -> bool;

            /// Appends the data as JSON.
            ///
            /// # Errors
            /// The data cannot be written as JSON (a number that is not finite).
            fn write_data(&self, reply: &mut Reply) -> Result<(), Error>;
        }

        impl<E: Event> AnyEvent for E {
            fn name(&self) -> &'static str {
                E::NAME
            }

            fn interval(&self) -> Option<Duration> {
                E::INTERVAL
            }

            fn about(&self) -> Option<&str> {
                Event::about(self)
            }

            fn has_data(&self) -> bool {
                E::HAS_DATA
            }

            fn write_data(&self, reply: &mut Reply) -> Result<(), Error> {
                reply.write(self)
            }
        }
    }
    mod integer {
        //! Integers: the kinds of mistakes that QMP tells apart, and its tolerance for negative unsigned numbers.

        use serde_json::Value;

        use super::{Decode, Error, Path};

        impl Decode for i64 {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                value.as_i64().ok_or_else(|| path.wrong_type("integer"))
            }
        }

        impl Decode for u64 {
            /// A negative number that fits 64 bits is taken modulo 2^64: clients rely on it.
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                let negative = || value.as_i64().map(i64::cast_unsigned);
                value.as_u64().or_else(negative).ok_or_else(|| path.out_of_range("uint64"))
            }
        }

        /// Integers narrower than 64 bits are read as the wide type of the same sign and then checked.
        macro_rules! narrow {
            ($($narrow:ty, $wide:ty, $name:literal;)*) => {
                $(
                    impl Decode for $narrow {
                        fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                            let wide = <$wide>::decode(value, path)?;
                            Self::try_from(wide).map_err(|_| path.out_of_range($name))
                        }
                    }
                )*
            };
        }

        narrow! {
            i8, i64, "int8_t";
            i16, i64, "int16_t";
            i32, i64, "int32_t";
            u8, u64, "uint8_t";
            u16, u64, "uint16_t";
            u32, u64, "uint32_t";
        }
    }

    pub use command::{Call, Command, Request, Streams, collect, stream};
    pub use decode::{Decode, DecodeMembers, Members, Path};
    pub use empty::{Empty, UnknownValue};
    pub use encode::{EncodeMembers, Reply, Style};
    pub use error::{Error, ErrorClass};
    pub use event::{AnyEvent, Event};
}
pub mod schema {
    //! The Rust for `schema.json`.

    mod types {
        //! Types of `schema.json`.

        #![allow(clippy::large_enum_variant, reason = "the schema decides what a branch holds")]

        use std::fmt;
        use std::str::FromStr;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};
        use serde::ser::SerializeMap;
        use serde_json::Value;
        use super::super::runtime::{
            Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
            UnknownValue, decode, encode,
        };

        use super::super::builtin::QType;

        /// What a shape is; see `draw` and `kind`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            /// round
            Circle,
            /// with corners:
            ///
            /// - four of them,
            ///   all alike
            /// - no more
            Square,
            /// flat
            _2d,
            /// with gaps
            Dashed,
            /// like itself
            Self_,
        }

        impl Kind {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[
                Self::Circle,
                Self::Square,
                Self::_2d,
                Self::Dashed,
                Self::Self_,
            ];

            /// The value on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::Circle => "circle",
                    Self::Square => "square",
                    Self::_2d => "2d",
                    Self::Dashed => "dashed",
                    Self::Self_ => "self",
                }
            }
        }

        impl FromStr for Kind {
            type Err = UnknownValue;

            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text {
                    "circle" => Ok(Self::Circle),
                    "square" => Ok(Self::Square),
                    "2d" => Ok(Self::_2d),
                    "dashed" => Ok(Self::Dashed),
                    "self" => Ok(Self::Self_),
                    _ => Err(UnknownValue),
                }
            }
        }

        impl fmt::Display for Kind {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for Kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Decode for Kind {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::enumeration(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Nothing`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Nothing {
        }

        impl Nothing {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[
            ];

            /// The value on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                }
            }
        }

        impl FromStr for Nothing {
            type Err = UnknownValue;

            fn from_str(_text: &str) -> Result<Self, UnknownValue> {
                Err(UnknownValue)
            }
        }

        impl fmt::Display for Nothing {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for Nothing {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Decode for Nothing {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::enumeration(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Nothing {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Odd`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Odd {
            /// `a1`.
            A1,
            /// `A1`.
            A1_,
            /// `a-1`.
            A1__,
            /// `1-2`.
            _1_2,
            /// `12`.
            _12,
            /// `other`.
            Other,
            /// `type`.
            Type,
            /// `Some`.
            Some,
        }

        impl Odd {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[
                Self::A1,
                Self::A1_,
                Self::A1__,
                Self::_1_2,
                Self::_12,
                Self::Other,
                Self::Type,
                Self::Some,
            ];

            /// The value on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::A1 => "a1",
                    Self::A1_ => "A1",
                    Self::A1__ => "a-1",
                    Self::_1_2 => "1-2",
                    Self::_12 => "12",
                    Self::Other => "other",
                    Self::Type => "type",
                    Self::Some => "Some",
                }
            }
        }

        impl FromStr for Odd {
            type Err = UnknownValue;

            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text {
                    "a1" => Ok(Self::A1),
                    "A1" => Ok(Self::A1_),
                    "a-1" => Ok(Self::A1__),
                    "1-2" => Ok(Self::_1_2),
                    "12" => Ok(Self::_12),
                    "other" => Ok(Self::Other),
                    "type" => Ok(Self::Type),
                    "Some" => Ok(Self::Some),
                    _ => Err(UnknownValue),
                }
            }
        }

        impl fmt::Display for Odd {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for Odd {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Decode for Odd {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::enumeration(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Odd {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Awkward`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Awkward {
            /// `type`.
            pub type_: String,
            /// `self`.
            pub self_: bool,
            /// `Upper_Case`.
            pub upper_case: i8,
            /// `members`.
            pub members: i64,
            /// `value`.
            pub value: Option<String>,
            /// `path`.
            pub path: String,
        }

        impl EncodeMembers for Awkward {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("type", &self.type_)?;
                members.serialize_entry("self", &self.self_)?;
                members.serialize_entry("Upper_Case", &self.upper_case)?;
                members.serialize_entry("members", &self.members)?;
                if let Some(value) = &self.value {
                    members.serialize_entry("value", value)?;
                }
                members.serialize_entry("path", &self.path)?;
                Ok(())
            }
        }

        impl DecodeMembers for Awkward {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    type_: members.required("type")?,
                    self_: members.required("self")?,
                    upper_case: members.required("Upper_Case")?,
                    members: members.required("members")?,
                    value: members.optional("value")?,
                    path: members.required("path")?,
                })
            }
        }

        impl Serialize for Awkward {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Awkward {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Awkward {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Numbers`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Numbers {
            /// `a`.
            pub a: i8,
            /// `b`.
            pub b: i16,
            /// `c`.
            pub c: i32,
            /// `d`.
            pub d: i64,
            /// `e`.
            pub e: i64,
            /// `f`.
            pub f: u8,
            /// `g`.
            pub g: u16,
            /// `h`.
            pub h: u32,
            /// `i`.
            pub i: u64,
            /// `j`.
            pub j: u64,
            /// `k`.
            pub k: f64,
        }

        impl EncodeMembers for Numbers {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("a", &self.a)?;
                members.serialize_entry("b", &self.b)?;
                members.serialize_entry("c", &self.c)?;
                members.serialize_entry("d", &self.d)?;
                members.serialize_entry("e", &self.e)?;
                members.serialize_entry("f", &self.f)?;
                members.serialize_entry("g", &self.g)?;
                members.serialize_entry("h", &self.h)?;
                members.serialize_entry("i", &self.i)?;
                members.serialize_entry("j", &self.j)?;
                members.serialize_entry("k", &self.k)?;
                Ok(())
            }
        }

        impl DecodeMembers for Numbers {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    a: members.required("a")?,
                    b: members.required("b")?,
                    c: members.required("c")?,
                    d: members.required("d")?,
                    e: members.required("e")?,
                    f: members.required("f")?,
                    g: members.required("g")?,
                    h: members.required("h")?,
                    i: members.required("i")?,
                    j: members.required("j")?,
                    k: members.required("k")?,
                })
            }
        }

        impl Serialize for Numbers {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Numbers {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Numbers {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Empty`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Empty_;

        impl EncodeMembers for Empty_ {
            fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
                Ok(())
            }
        }

        impl DecodeMembers for Empty_ {
            fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self)
            }
        }

        impl Serialize for Empty_ {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Empty_ {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Empty_ {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `String`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct String_ {
            /// `str`.
            pub str: String,
        }

        impl EncodeMembers for String_ {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("str", &self.str)?;
                Ok(())
            }
        }

        impl DecodeMembers for String_ {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    str: members.required("str")?,
                })
            }
        }

        impl Serialize for String_ {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for String_ {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for String_ {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Others`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Others {
            /// `nothing`.
            pub nothing: Option<()>,
            /// `any`.
            pub any: Value,
            /// `maybe`.
            pub maybe: Option<Value>,
            /// `of`.
            pub of: QType,
            /// `text`.
            pub text: String_,
        }

        impl EncodeMembers for Others {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                if let Some(value) = &self.nothing {
                    members.serialize_entry("nothing", value)?;
                }
                members.serialize_entry("any", &self.any)?;
                if let Some(value) = &self.maybe {
                    members.serialize_entry("maybe", value)?;
                }
                members.serialize_entry("of", &self.of)?;
                members.serialize_entry("text", &self.text)?;
                Ok(())
            }
        }

        impl DecodeMembers for Others {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    nothing: members.optional("nothing")?,
                    any: members.required("any")?,
                    maybe: members.optional("maybe")?,
                    of: members.required("of")?,
                    text: members.required("text")?,
                })
            }
        }

        impl Serialize for Others {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Others {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Others {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Node`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Node {
            /// `next`.
            pub next: Option<Box<Node>>,
            /// `all`.
            pub all: Vec<Node>,
            /// `pair`.
            pub pair: Option<Box<Pair>>,
        }

        impl EncodeMembers for Node {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                if let Some(value) = &self.next {
                    members.serialize_entry("next", value)?;
                }
                members.serialize_entry("all", &self.all)?;
                if let Some(value) = &self.pair {
                    members.serialize_entry("pair", value)?;
                }
                Ok(())
            }
        }

        impl DecodeMembers for Node {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    next: members.optional("next")?,
                    all: members.required("all")?,
                    pair: members.optional("pair")?,
                })
            }
        }

        impl Serialize for Node {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Node {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Node {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Pair`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Pair {
            /// `left`.
            pub left: Option<Box<Node>>,
            /// `right`.
            pub right: Box<NodeOrName>,
        }

        impl EncodeMembers for Pair {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                if let Some(value) = &self.left {
                    members.serialize_entry("left", value)?;
                }
                members.serialize_entry("right", &self.right)?;
                Ok(())
            }
        }

        impl DecodeMembers for Pair {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    left: members.optional("left")?,
                    right: members.required("right")?,
                })
            }
        }

        impl Serialize for Pair {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Pair {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Pair {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `NodeOrName`.
        #[derive(Clone, Debug, PartialEq)]
        pub enum NodeOrName {
            /// `node`.
            Node(Box<Node>),
            /// `name`.
            Name(String),
            /// `none`.
            None(()),
            /// `list`.
            List(Vec<Node>),
        }

        impl Serialize for NodeOrName {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Node(value) => value.serialize(serializer),
                    Self::Name(value) => value.serialize(serializer),
                    Self::None(value) => value.serialize(serializer),
                    Self::List(value) => value.serialize(serializer),
                }
            }
        }

        impl Decode for NodeOrName {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                match value {
                    Value::Object(_) => Decode::decode(value, path).map(Self::Node),
                    Value::String(_) => Decode::decode(value, path).map(Self::Name),
                    Value::Null => Decode::decode(value, path).map(Self::None),
                    Value::Array(_) => Decode::decode(value, path).map(Self::List),
                    _ => Err(path.no_alternative("NodeOrName")),
                }
            }
        }

        impl<'de> Deserialize<'de> for NodeOrName {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Circle`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Circle {
            /// `radius`.
            pub radius: f64,
        }

        impl EncodeMembers for Circle {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("radius", &self.radius)?;
                Ok(())
            }
        }

        impl DecodeMembers for Circle {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    radius: members.required("radius")?,
                })
            }
        }

        impl Serialize for Circle {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Circle {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Circle {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Base`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Base {
            /// `name`.
            pub name: String,
            /// `line-width`.
            pub line_width: Option<u16>,
        }

        impl EncodeMembers for Base {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("name", &self.name)?;
                if let Some(value) = &self.line_width {
                    members.serialize_entry("line-width", value)?;
                }
                Ok(())
            }
        }

        impl DecodeMembers for Base {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    name: members.required("name")?,
                    line_width: members.optional("line-width")?,
                })
            }
        }

        impl Serialize for Base {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Base {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Base {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Derived`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Derived {
            /// `name`.
            pub name: String,
            /// `line-width`.
            pub line_width: Option<u16>,
            /// `colours`.
            pub colours: Vec<String>,
        }

        impl EncodeMembers for Derived {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("name", &self.name)?;
                if let Some(value) = &self.line_width {
                    members.serialize_entry("line-width", value)?;
                }
                members.serialize_entry("colours", &self.colours)?;
                Ok(())
            }
        }

        impl DecodeMembers for Derived {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    name: members.required("name")?,
                    line_width: members.optional("line-width")?,
                    colours: members.required("colours")?,
                })
            }
        }

        impl Serialize for Derived {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Derived {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Derived {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Plain`.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Plain {
            /// round
            Circle(Circle),
            /// flat
            _2d(Empty_),
            /// with corners:
            ///
            /// - four of them,
            ///   all alike
            /// - no more
            Square,
            /// with gaps
            Dashed,
            /// like itself
            Self_,
        }

        impl Plain {
            /// The value that selects this branch.
            pub const fn tag(&self) -> Kind {
                match self {
                    Self::Circle(_) => Kind::Circle,
                    Self::_2d(_) => Kind::_2d,
                    Self::Square => Kind::Square,
                    Self::Dashed => Kind::Dashed,
                    Self::Self_ => Kind::Self_,
                }
            }

            /// The branch that a value selects, if it has no members.
            pub const fn empty(tag: Kind) -> Option<Self> {
                match tag {
                    Kind::Square => Some(Self::Square),
                    Kind::Dashed => Some(Self::Dashed),
                    Kind::Self_ => Some(Self::Self_),
                    _ => None,
                }
            }

            fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                match self {
                    Self::Circle(branch) => branch.encode_members(members),
                    Self::_2d(branch) => branch.encode_members(members),
                    Self::Square => Ok(()),
                    Self::Dashed => Ok(()),
                    Self::Self_ => Ok(()),
                }
            }

            fn decode_branch(tag: Kind, members: &mut Members<'_>) -> Result<Self, Error> {
                match tag {
                    Kind::Circle => DecodeMembers::decode_members(members).map(Self::Circle),
                    Kind::_2d => DecodeMembers::decode_members(members).map(Self::_2d),
                    Kind::Square => Ok(Self::Square),
                    Kind::Dashed => Ok(Self::Dashed),
                    Kind::Self_ => Ok(Self::Self_),
                }
            }

        }

        impl From<Circle> for Plain {
            fn from(branch: Circle) -> Self {
                Self::Circle(branch)
            }
        }

        impl From<Empty_> for Plain {
            fn from(branch: Empty_) -> Self {
                Self::_2d(branch)
            }
        }

        impl EncodeMembers for Plain {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("kind", &self.tag())?;
                self.encode_branch(members)
            }
        }

        impl DecodeMembers for Plain {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                let tag = members.required("kind")?;
                Self::decode_branch(tag, members)
            }
        }

        impl Serialize for Plain {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Plain {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Plain {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Shape`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Shape {
            /// `label`.
            pub label: String,
            /// `branch`.
            pub branch: Option<i64>,
            /// What depends on `kind`.
            pub branch_: ShapeBranch,
        }

        impl Shape {
            /// The value that selects the branch.
            pub const fn tag(&self) -> Kind {
                self.branch_.tag()
            }
        }

        impl EncodeMembers for Shape {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("label", &self.label)?;
                members.serialize_entry("kind", &self.tag())?;
                if let Some(value) = &self.branch {
                    members.serialize_entry("branch", value)?;
                }
                self.branch_.encode_branch(members)
            }
        }

        impl DecodeMembers for Shape {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                let tag = members.required("kind")?;
                Ok(Self {
                    label: members.required("label")?,
                    branch: members.optional("branch")?,
                    branch_: ShapeBranch::decode_branch(tag, members)?,
                })
            }
        }

        /// What differs between the kinds of [`Shape`].
        #[derive(Clone, Debug, PartialEq)]
        pub enum ShapeBranch {
            /// round
            Circle(Circle),
            /// with corners:
            ///
            /// - four of them,
            ///   all alike
            /// - no more
            Square(Derived),
            /// like itself
            Self_(Derived),
            /// with gaps
            Dashed(Tree),
            /// flat
            _2d,
        }

        impl ShapeBranch {
            /// The value that selects this branch.
            pub const fn tag(&self) -> Kind {
                match self {
                    Self::Circle(_) => Kind::Circle,
                    Self::Square(_) => Kind::Square,
                    Self::Self_(_) => Kind::Self_,
                    Self::Dashed(_) => Kind::Dashed,
                    Self::_2d => Kind::_2d,
                }
            }

            /// The branch that a value selects, if it has no members.
            pub const fn empty(tag: Kind) -> Option<Self> {
                match tag {
                    Kind::_2d => Some(Self::_2d),
                    _ => None,
                }
            }

            fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                match self {
                    Self::Circle(branch) => branch.encode_members(members),
                    Self::Square(branch) => branch.encode_members(members),
                    Self::Self_(branch) => branch.encode_members(members),
                    Self::Dashed(branch) => branch.encode_members(members),
                    Self::_2d => Ok(()),
                }
            }

            fn decode_branch(tag: Kind, members: &mut Members<'_>) -> Result<Self, Error> {
                match tag {
                    Kind::Circle => DecodeMembers::decode_members(members).map(Self::Circle),
                    Kind::Square => DecodeMembers::decode_members(members).map(Self::Square),
                    Kind::Self_ => DecodeMembers::decode_members(members).map(Self::Self_),
                    Kind::Dashed => DecodeMembers::decode_members(members).map(Self::Dashed),
                    Kind::_2d => Ok(Self::_2d),
                }
            }

        }

        impl From<Circle> for ShapeBranch {
            fn from(branch: Circle) -> Self {
                Self::Circle(branch)
            }
        }

        impl From<Tree> for ShapeBranch {
            fn from(branch: Tree) -> Self {
                Self::Dashed(branch)
            }
        }

        impl Serialize for Shape {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Shape {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Shape {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Tree`.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Tree {
            /// [`Leaf::More`].
            More(Box<Trunk>),
            /// [`Leaf::None`].
            None,
        }

        impl Tree {
            /// The value that selects this branch.
            pub const fn tag(&self) -> Leaf {
                match self {
                    Self::More(_) => Leaf::More,
                    Self::None => Leaf::None,
                }
            }

            /// The branch that a value selects, if it has no members.
            pub const fn empty(tag: Leaf) -> Option<Self> {
                match tag {
                    Leaf::None => Some(Self::None),
                    _ => None,
                }
            }

            fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                match self {
                    Self::More(branch) => branch.encode_members(members),
                    Self::None => Ok(()),
                }
            }

            fn decode_branch(tag: Leaf, members: &mut Members<'_>) -> Result<Self, Error> {
                match tag {
                    Leaf::More => DecodeMembers::decode_members(members).map(Self::More),
                    Leaf::None => Ok(Self::None),
                }
            }

        }

        impl From<Trunk> for Tree {
            fn from(branch: Trunk) -> Self {
                Self::More(Box::new(branch))
            }
        }

        impl EncodeMembers for Tree {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("leaf", &self.tag())?;
                self.encode_branch(members)
            }
        }

        impl DecodeMembers for Tree {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                let tag = members.required("leaf")?;
                Self::decode_branch(tag, members)
            }
        }

        impl Serialize for Tree {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Tree {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Tree {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Leaf`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Leaf {
            /// `none`.
            None,
            /// `more`.
            More,
        }

        impl Leaf {
            /// Every value, in the schema's order.
            pub const ALL: &'static [Self] = &[
                Self::None,
                Self::More,
            ];

            /// The value on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::None => "none",
                    Self::More => "more",
                }
            }
        }

        impl FromStr for Leaf {
            type Err = UnknownValue;

            fn from_str(text: &str) -> Result<Self, UnknownValue> {
                match text {
                    "none" => Ok(Self::None),
                    "more" => Ok(Self::More),
                    _ => Err(UnknownValue),
                }
            }
        }

        impl fmt::Display for Leaf {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl Serialize for Leaf {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl Decode for Leaf {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::enumeration(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Leaf {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Trunk`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Trunk {
            /// `inner`.
            pub inner: Box<Tree>,
        }

        impl EncodeMembers for Trunk {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("inner", &self.inner)?;
                Ok(())
            }
        }

        impl DecodeMembers for Trunk {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    inner: members.required("inner")?,
                })
            }
        }

        impl Serialize for Trunk {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Trunk {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Trunk {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        /// `Level`.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Level {
            /// `leaf`.
            Leaf(Leaf),
            /// `number`.
            Number(u32),
            /// `exact`.
            Exact(bool),
            /// `set`.
            Set(Base),
        }

        impl Serialize for Level {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Leaf(value) => value.serialize(serializer),
                    Self::Number(value) => value.serialize(serializer),
                    Self::Exact(value) => value.serialize(serializer),
                    Self::Set(value) => value.serialize(serializer),
                }
            }
        }

        impl Decode for Level {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                match value {
                    Value::String(_) => Decode::decode(value, path).map(Self::Leaf),
                    Value::Number(_) => Decode::decode(value, path).map(Self::Number),
                    Value::Bool(_) => Decode::decode(value, path).map(Self::Exact),
                    Value::Object(_) => Decode::decode(value, path).map(Self::Set),
                    _ => Err(path.no_alternative("Level")),
                }
            }
        }

        impl<'de> Deserialize<'de> for Level {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

    }
    mod commands {
        //! Commands, from the server's side, of `schema.json`.

        use serde_json::{Map, Value};
        use super::super::runtime::{Command, Empty, Error, Reply, decode};
        use super::requests;

        use super::{Derived, Level, Node, Shape};

        /// The commands of `schema.json`.
        pub trait SchemaCommands {
            /// # Errors
            ///
            /// The command failed.
            fn stop(&self) -> Result<(), Error>;

            /// # Errors
            ///
            /// The command failed.
            fn echo(&self, arguments: requests::Echo) -> Result<Value, Error>;

            /// # Errors
            ///
            /// The command failed.
            fn draw(&self, arguments: Shape) -> Result<Vec<Node>, Error>;

            /// # Errors
            ///
            /// The command failed.
            fn paint(&self, arguments: Derived) -> Result<(), Error>;

            /// # Errors
            ///
            /// The command failed.
            fn snake_command(&self, arguments: requests::SnakeCommand) -> Result<u64, Error>;

            /// # Errors
            ///
            /// The command failed.
            fn match_(&self, arguments: requests::Match) -> Result<(), Error>;

            /// # Errors
            ///
            /// The command failed.
            fn levels(&self) -> Result<Vec<Level>, Error>;

            /// # Errors
            ///
            /// The command failed.
            fn vanish(&self) -> Result<(), Error>;

            /// # Errors
            ///
            /// The command failed.
            fn circle(&self, arguments: requests::CircleRequest) -> Result<(), Error>;
        }

        /// The table of the commands of `schema.json`.
        pub fn commands<H: SchemaCommands + ?Sized>() -> Vec<Command<H>> {
            Vec::from([
                Command {
                    name: "stop",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_stop::<H>,
                },
                Command {
                    name: "echo",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_echo::<H>,
                },
                Command {
                    name: "draw",
                    allow_oob: true,
                    allow_preconfig: false,
                    success_response: true,
                    features: &["unstable"],
                    call: call_draw::<H>,
                },
                Command {
                    name: "paint",
                    allow_oob: false,
                    allow_preconfig: true,
                    success_response: true,
                    features: &[],
                    call: call_paint::<H>,
                },
                Command {
                    name: "snake_command",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_snake_command::<H>,
                },
                Command {
                    name: "match",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_match::<H>,
                },
                Command {
                    name: "levels",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_levels::<H>,
                },
                Command {
                    name: "vanish",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: false,
                    features: &[],
                    call: call_vanish::<H>,
                },
                Command {
                    name: "circle",
                    allow_oob: false,
                    allow_preconfig: false,
                    success_response: true,
                    features: &[],
                    call: call_circle::<H>,
                },
            ])
        }

        fn call_stop<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            let Empty = decode::arguments(arguments)?;
            handler.stop()?;
            reply.write(&Empty)
        }

        fn call_echo<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            reply.write(&handler.echo(decode::arguments(arguments)?)?)
        }

        fn call_draw<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            reply.write(&handler.draw(decode::arguments(arguments)?)?)
        }

        fn call_paint<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            handler.paint(decode::arguments(arguments)?)?;
            reply.write(&Empty)
        }

        fn call_snake_command<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            reply.write(&handler.snake_command(decode::arguments(arguments)?)?)
        }

        fn call_match<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            handler.match_(decode::arguments(arguments)?)?;
            reply.write(&Empty)
        }

        fn call_levels<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            let Empty = decode::arguments(arguments)?;
            reply.write(&handler.levels()?)
        }

        fn call_vanish<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            _reply: &mut Reply,
        ) -> Result<(), Error> {
            let Empty = decode::arguments(arguments)?;
            handler.vanish()
        }

        fn call_circle<H: SchemaCommands + ?Sized>(
            handler: &H,
            arguments: Map<String, Value>,
            reply: &mut Reply,
        ) -> Result<(), Error> {
            handler.circle(decode::arguments(arguments)?)?;
            reply.write(&Empty)
        }
    }
    pub mod requests {
        //! Commands, from the client's side, of `schema.json`.

        use serde::{Deserialize, Deserializer, Serialize, Serializer};
        use serde::ser::SerializeMap;
        use serde_json::Value;
        use super::super::runtime::{
            Decode, DecodeMembers, Empty, EncodeMembers, Error, Members,
            Path, Request, decode, encode,
        };

        use super::{Derived, Level, Node, Odd, Shape};

        /// Command `stop`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Stop;

        impl Serialize for Stop {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Empty.serialize(serializer)
            }
        }

        impl Request for Stop {
            const NAME: &'static str = "stop";
            type Return = Empty;
        }

        /// Command `echo`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Echo {
            /// `value`.
            pub value: Value,
        }

        impl EncodeMembers for Echo {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("value", &self.value)?;
                Ok(())
            }
        }

        impl DecodeMembers for Echo {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    value: members.required("value")?,
                })
            }
        }

        impl Serialize for Echo {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Echo {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Echo {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Request for Echo {
            const NAME: &'static str = "echo";
            type Return = Value;
        }

        /// Command `draw`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Draw(pub Shape);

        impl Serialize for Draw {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl Decode for Draw {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                Decode::decode(value, path).map(Self)
            }
        }

        impl Request for Draw {
            const NAME: &'static str = "draw";
            type Return = Vec<Node>;
        }

        /// Command `paint`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Paint(pub Derived);

        impl Serialize for Paint {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl Decode for Paint {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                Decode::decode(value, path).map(Self)
            }
        }

        impl Request for Paint {
            const NAME: &'static str = "paint";
            type Return = Empty;
        }

        /// Command `snake_command`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct SnakeCommand {
            /// `number`.
            pub number: i64,
            /// `levels`.
            pub levels: Option<Vec<Level>>,
        }

        impl EncodeMembers for SnakeCommand {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("number", &self.number)?;
                if let Some(value) = &self.levels {
                    members.serialize_entry("levels", value)?;
                }
                Ok(())
            }
        }

        impl DecodeMembers for SnakeCommand {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    number: members.required("number")?,
                    levels: members.optional("levels")?,
                })
            }
        }

        impl Serialize for SnakeCommand {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for SnakeCommand {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for SnakeCommand {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Request for SnakeCommand {
            const NAME: &'static str = "snake_command";
            type Return = u64;
        }

        /// Command `match`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Match {
            /// `type`.
            pub type_: Odd,
        }

        impl EncodeMembers for Match {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("type", &self.type_)?;
                Ok(())
            }
        }

        impl DecodeMembers for Match {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    type_: members.required("type")?,
                })
            }
        }

        impl Serialize for Match {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Match {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Match {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Request for Match {
            const NAME: &'static str = "match";
            type Return = Empty;
        }

        /// Command `levels`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Levels;

        impl Serialize for Levels {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Empty.serialize(serializer)
            }
        }

        impl Request for Levels {
            const NAME: &'static str = "levels";
            type Return = Vec<Level>;
        }

        /// Command `vanish`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Vanish;

        impl Serialize for Vanish {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Empty.serialize(serializer)
            }
        }

        impl Request for Vanish {
            const NAME: &'static str = "vanish";
            type Return = Empty;
        }

        /// Command `circle`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct CircleRequest {
            /// `radius`.
            pub radius: i64,
        }

        impl EncodeMembers for CircleRequest {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("radius", &self.radius)?;
                Ok(())
            }
        }

        impl DecodeMembers for CircleRequest {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    radius: members.required("radius")?,
                })
            }
        }

        impl Serialize for CircleRequest {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for CircleRequest {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for CircleRequest {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Request for CircleRequest {
            const NAME: &'static str = "circle";
            type Return = Empty;
        }
    }
    mod events {
        //! Events of `schema.json`.

        use std::time::Duration;
        use serde::{Deserialize, Deserializer, Serialize, Serializer};
        use serde::ser::SerializeMap;
        use serde_json::Value;
        use super::super::runtime::{
            Decode, DecodeMembers, EncodeMembers, Error, Event, Members,
            Path, decode, encode,
        };

        use super::{Kind, Shape};

        /// Event `STOP`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Stop;

        impl EncodeMembers for Stop {
            fn encode_members<M: SerializeMap>(&self, _members: &mut M) -> Result<(), M::Error> {
                Ok(())
            }
        }

        impl DecodeMembers for Stop {
            fn decode_members(_members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self)
            }
        }

        impl Serialize for Stop {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Stop {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Stop {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Event for Stop {
            const NAME: &'static str = "STOP";
            const HAS_DATA: bool = false;
        }

        /// Event `SHAPE`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct ShapeEvent {
            /// `kind`.
            pub kind: Kind,
            /// `old`.
            pub old: Option<Shape>,
        }

        impl EncodeMembers for ShapeEvent {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("kind", &self.kind)?;
                if let Some(value) = &self.old {
                    members.serialize_entry("old", value)?;
                }
                Ok(())
            }
        }

        impl DecodeMembers for ShapeEvent {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    kind: members.required("kind")?,
                    old: members.optional("old")?,
                })
            }
        }

        impl Serialize for ShapeEvent {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for ShapeEvent {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for ShapeEvent {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Event for ShapeEvent {
            const NAME: &'static str = "SHAPE";
            const HAS_DATA: bool = true;
        }

        /// Event `DRAWN`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Drawn(pub Shape);

        impl Serialize for Drawn {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl Decode for Drawn {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                Decode::decode(value, path).map(Self)
            }
        }

        impl Event for Drawn {
            const NAME: &'static str = "DRAWN";
            const HAS_DATA: bool = true;
        }

        /// Event `WATCHDOG`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Watchdog {
            /// `action`.
            pub action: String,
        }

        impl EncodeMembers for Watchdog {
            fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                members.serialize_entry("action", &self.action)?;
                Ok(())
            }
        }

        impl DecodeMembers for Watchdog {
            fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
                Ok(Self {
                    action: members.required("action")?,
                })
            }
        }

        impl Serialize for Watchdog {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::object(self, serializer)
            }
        }

        impl Decode for Watchdog {
            fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                decode::object(value, path)
            }
        }

        impl<'de> Deserialize<'de> for Watchdog {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::document(deserializer)
            }
        }

        impl Event for Watchdog {
            const NAME: &'static str = "WATCHDOG";
            const HAS_DATA: bool = true;
            const INTERVAL: Option<Duration> = Some(Duration::from_secs(1));
        }
    }

    pub use types::*;
    pub use commands::*;
    pub use events::*;
}
