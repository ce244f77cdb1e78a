//! `qapi-gen docs`

use std::path::PathBuf;

use qapi_gen::backend::docs::docs;

use super::Failure;
use super::load::{Format, schema};
use super::write::write;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The schema's main file
    schema: PathBuf,
    /// The folder that the pages are written to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let schema = schema(&arguments.schema, Format::Human)?;
    write(&arguments.out, &docs(&schema))
}
