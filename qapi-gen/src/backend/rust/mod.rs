//! Rust: types, traits and tables of commands, requests, events and introspection.

mod code;
mod commands;
mod conditions;
mod context;
mod documentation;
mod events;
mod human;
mod inline;
mod introspection;
mod names;
mod output;
mod requests;
mod types;
mod unions;
mod uses;

use context::Context;
pub use context::Unknown;

use super::OutputFile;
use crate::hmp::Table;
use crate::schema::Schema;

/// How the output is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The command that writes the output again; every file names it.
    pub command: String,
    /// How the schema's folder is called in the files' first lines.
    pub schema: String,
    /// What is written beside the types.
    pub outputs: Outputs,
    /// Traits that structs, unions and alternates derive beside `Clone`, `Debug` and `PartialEq`.
    pub derives: Vec<String>,
    /// What becomes of what the schema does not know.
    pub unknown: Unknown,
    /// One file with everything in it, instead of a folder a module.
    pub single_file: bool,
}

/// What is written beside the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outputs {
    /// A trait a module with a method a command, and the table that calls it.
    pub server: bool,
    /// A struct a command, with the type that it returns.
    pub client: bool,
    /// A struct an event.
    pub events: bool,
    /// The answer to `query-qmp-schema`.
    pub introspection: bool,
    /// What the schema says of commands and events in words.
    pub documentation: bool,
}

impl Default for Options {
    fn default() -> Self {
        let outputs =
            Outputs { server: true, client: true, events: true, introspection: true, documentation: false };
        Self {
            command: "qapi-gen generate".to_owned(),
            schema: String::new(),
            outputs,
            derives: Vec::new(),
            unknown: Unknown::Refuse,
            single_file: false,
        }
    }
}

/// The Rust for a schema, and for the human monitor's table where there is one. Conditions that are left in the
/// schema become features of the crate that the output becomes part of.
pub fn rust(schema: &Schema, hmp: Option<&Table>, options: &Options) -> Vec<OutputFile> {
    let context = Context::new(schema, options);
    let files = output::files(&context, hmp, options);
    if options.single_file { inline::inline(files) } else { files }
}

/// The output as a module that stands in another file.
pub(crate) fn as_module(files: &[OutputFile], name: &str) -> String {
    inline::as_module(files, name)
}
