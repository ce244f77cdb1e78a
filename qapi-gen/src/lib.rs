//! Reads QAPI schemas and generates what programs need to speak them.
//!
//! The way of the data: [`source`](Sources) and lexer, parser, documentation blocks (text to expressions); the
//! checks of single expressions (to definitions); the checks of the whole (to a [`Schema`]); backends (to text).
//! Nothing here knows our own schemas, and only the program writes files. Read [`Schema`] first.

pub mod backend;
mod build;
mod condition;
mod definition;
mod diagnostic;
pub mod diff;
mod documentation;
mod expression;
pub mod hmp;
mod loader;
mod pragma;
mod problem;
pub mod render;
pub mod schema;
mod source;
mod syntax;
pub mod transcript;
mod validate;

use std::io;
use std::path::Path;

pub use build::{Build, BuildError};
pub use condition::Condition;
pub use diagnostic::{DefinitionPlace, Diagnostic, Meta, Note, Place};
pub use documentation::{Description, Descriptions, Documentation, Section, SectionKind};
pub use loader::{FileSystem, ReadFile};
pub use problem::Problem;
pub use schema::Schema;
pub use source::{FileId, Location, SourceFile, Sources, Span};

/// A schema with everything that is wrong with it.
#[derive(Debug)]
pub struct Parsed {
    /// The schema; whole only if nothing is wrong with it.
    pub schema: Schema,
    /// What is wrong, in the order in which QEMU's front end would meet it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks the schema whose main file is `path`.
///
/// # Errors
/// The main file cannot be read. Everything else is a diagnostic.
pub fn parse(path: &Path, files: &dyn ReadFile) -> io::Result<Parsed> {
    let loaded = loader::load(path, files)?;
    let mut diagnostics = loaded.diagnostics;
    let incomplete = !diagnostics.is_empty();
    let mut checked = Vec::new();
    let mut unnamed = false;
    for item in loaded.items {
        match item {
            loader::Item::Include { from, module } => checked.push(schema::Checked::Include { from, module }),
            loader::Item::Expression { entries, span, documentation } => {
                let block = documentation.and_then(|index| Some((index, loaded.documentation.get(index)?)));
                let definition = expression::check(&entries, span, block, &loaded.pragmas, &mut diagnostics);
                unnamed |= definition.is_none();
                checked.extend(definition.map(Box::new).map(schema::Checked::Definition));
            }
        }
    }
    let schema = schema::define(
        loaded.sources,
        checked,
        loaded.documentation,
        &loaded.pragmas,
        incomplete || unnamed,
        &mut diagnostics,
    );
    Ok(Parsed { schema, diagnostics })
}
