//! Reading a schema for a subcommand, and reporting what is wrong with it.

use std::path::Path;

use clap::ValueEnum;
use qapi_gen::{Diagnostic, FileSystem, Parsed, Schema, Sources, parse, render};

use super::Failure;
use super::write::complain;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// For people: each with its source lines
    Human,
    /// The first one only, word for word as QEMU's front end writes it
    Qemu,
    /// For tools: an array of objects
    Json,
}

/// The schema at `path`, if nothing is wrong with it; else everything that is wrong is on stderr.
pub(super) fn schema(path: &Path, format: Format) -> Result<Schema, Failure> {
    let parsed = parse(path, &FileSystem);
    let Parsed { schema, diagnostics } = parsed.map_err(|error| unreadable(path, &error))?;
    if diagnostics.is_empty() {
        return Ok(schema);
    }
    report(&diagnostics, schema.sources(), format);
    Err(Failure::Reported)
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    complain(&format!("can't read schema file '{}': {}", path.display(), render::reason(error)));
    Failure::Reported
}

pub(super) fn report(diagnostics: &[Diagnostic], sources: &Sources, format: Format) {
    match format {
        Format::Human => complain(&render::human(diagnostics, sources)),
        Format::Qemu => {
            if let Some(first) = diagnostics.first() {
                complain(&render::qemu(first, sources));
            }
        }
        Format::Json => complain(&render::json(diagnostics, sources)),
    }
}
