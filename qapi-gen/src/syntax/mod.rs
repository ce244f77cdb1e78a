//! From text to a tree of values with their places.

pub(crate) mod lexer;
pub(crate) mod parser;

use crate::source::Span;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Object(Vec<Entry>),
    Array(Vec<Value>),
    Text(String),
    Bool(bool),
}

/// A key of an object with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Value,
}

impl Value {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Nothing in it: what Python takes for false.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Object(entries) => entries.is_empty(),
            Kind::Array(elements) => elements.is_empty(),
            Kind::Text(text) => text.is_empty(),
            Kind::Bool(value) => !value,
        }
    }
}

/// The value of `key`.
pub(crate) fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Value> {
    entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
}
