// Written by `cargo xtask codegen`; change nothing here.

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
