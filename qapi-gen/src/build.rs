//! Generating from a build script, or from a task that keeps the output checked in.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use thiserror::Error;

use crate::backend::OutputFile;
use crate::backend::docs::docs;
use crate::backend::rust::{Options, Outputs, Unknown, as_module, rust};
use crate::loader::{FileSystem, reason};
use crate::schema::{Decision, Schema};
use crate::{Parsed, hmp, parse, render};

/// Why nothing was generated.
#[derive(Debug, Error)]
pub enum BuildError {
    /// A file could not be read or written.
    #[error("{}: {}", .0.display(), reason(.1))]
    File(PathBuf, #[source] io::Error),
    /// Something is wrong with the schema; everything about it, for people.
    #[error("{0}")]
    Schema(String),
    /// Not run by cargo as a build script.
    #[error("the variable OUT_DIR is not set: this is for build scripts")]
    NoOutDir,
}

/// What is to be generated from which schema.
///
/// ```no_run
/// // build.rs; the crate says include!(concat!(env!("OUT_DIR"), "/qapi.rs")) and has a module `qapi`.
/// fn main() -> Result<(), qapi_gen::BuildError> {
///     qapi_gen::Build::new("schema/main.json").client().run()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Build {
    schema: PathBuf,
    hmp: Option<PathBuf>,
    decision: Option<Decision>,
    options: Options,
}

impl Build {
    /// Everything that can be generated from the schema whose main file is `schema`.
    pub fn new(schema: impl Into<PathBuf>) -> Self {
        let options = Options { command: "a build script".to_owned(), ..Options::default() };
        Self { schema: schema.into(), hmp: None, decision: None, options }
    }

    /// For a client: requests and events, and types that survive a newer server.
    pub fn client(mut self) -> Self {
        let outputs = Outputs { server: false, introspection: false, ..Options::default().outputs };
        self.options.outputs = outputs;
        self.options.unknown = Unknown::Keep;
        self
    }

    /// Every option of the Rust at once.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Structs, unions and alternates derive this as well.
    pub fn derive(mut self, name: &str) -> Self {
        self.options.derives.push(name.to_owned());
        self
    }

    /// Decides conditions now; otherwise they become features of the crate.
    pub fn conditions(mut self, decision: Decision) -> Self {
        self.decision = Some(decision);
        self
    }

    /// Writes the table of a human monitor as well.
    pub fn human_monitor(mut self, table: impl Into<PathBuf>) -> Self {
        self.hmp = Some(table.into());
        self
    }

    /// The Rust, file by file.
    ///
    /// # Errors
    /// The schema cannot be read or is wrong.
    pub fn rust(&self) -> Result<Vec<OutputFile>, BuildError> {
        self.rust_for(&self.schema()?)
    }

    /// The reference in Markdown, page by page.
    ///
    /// # Errors
    /// The schema cannot be read or is wrong.
    pub fn docs(&self) -> Result<Vec<OutputFile>, BuildError> {
        Ok(docs(&self.schema()?))
    }

    /// For a build script: writes `$OUT_DIR/qapi.rs` with a module `qapi`, and tells cargo which files it depends on.
    ///
    /// # Errors
    /// The schema cannot be read or is wrong, the output cannot be written, or this is no build script.
    pub fn run(mut self) -> Result<(), BuildError> {
        let folder = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(BuildError::NoOutDir)?;
        self.options.single_file = true;
        let schema = self.schema()?;
        for file in schema.sources().files() {
            println!("cargo::rerun-if-changed={}", file.identity.display());
        }
        let text = as_module(&self.rust_for(&schema)?, "qapi");
        let path = folder.join("qapi.rs");
        fs::write(&path, text).map_err(|error| BuildError::File(path, error))
    }

    /// The schema, sound and with its conditions decided if they are to be.
    fn schema(&self) -> Result<Schema, BuildError> {
        let read = parse(&self.schema, &FileSystem);
        let Parsed { schema, diagnostics } = read.map_err(|error| self.unreadable(&self.schema, error))?;
        if !diagnostics.is_empty() {
            return Err(BuildError::Schema(render::human(&diagnostics, schema.sources())));
        }
        Ok(match &self.decision {
            Some(decision) => schema.decide(decision),
            None => schema,
        })
    }

    fn rust_for(&self, schema: &Schema) -> Result<Vec<OutputFile>, BuildError> {
        let Some(path) = &self.hmp else { return Ok(rust(schema, None, &self.options)) };
        let (table, sources, diagnostics) =
            hmp::read(path, &FileSystem, schema).map_err(|error| self.unreadable(path, error))?;
        match diagnostics.is_empty() {
            true => Ok(rust(schema, Some(&table), &self.options)),
            false => Err(BuildError::Schema(render::human(&diagnostics, &sources))),
        }
    }

    fn unreadable(&self, path: &Path, error: io::Error) -> BuildError {
        BuildError::File(path.to_owned(), error)
    }
}
