//! `qapi-gen check`

use std::path::PathBuf;

use qapi_gen::backend::dump::dump;

use super::Failure;
use super::load::{Format, schema};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The schema's main file
    schema: PathBuf,
    /// How diagnostics are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Print everything that was understood
    #[arg(long)]
    dump: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let schema = schema(&arguments.schema, arguments.format)?;
    if arguments.dump {
        print!("{}", dump(&schema));
    }
    Ok(())
}
