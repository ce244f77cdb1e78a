//! Backends: from the schema to text. Each is a pure function.

pub mod docs;
pub mod dump;
pub mod introspection;
pub(crate) mod markdown;
pub mod rust;

/// A file that a backend makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where it belongs, relative to the output's folder; `/` between the parts.
    pub path: String,
    /// Its content.
    pub text: String,
}
