//! `qapi-gen check`

use std::path::PathBuf;

use qapi_gen::Schema;
use qapi_gen::backend::dump::dump;
use qapi_gen::transcript::{check, transcripts};

use super::Failure;
use super::load::{Format, schema};
use super::write::{complain, print};

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
    /// Hold the examples in the documentation against the schema as well
    #[arg(long)]
    examples: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let schema = schema(&arguments.schema, arguments.format)?;
    if arguments.dump {
        print(&dump(&schema))?;
    }
    if arguments.examples { examples(&schema) } else { Ok(()) }
}

/// Reports every message of an example that a client could not send or would not be sent.
fn examples(schema: &Schema) -> Result<(), Failure> {
    let mut outcome = Ok(());
    for transcript in transcripts(schema) {
        for problem in check(schema, &transcript) {
            let symbol = transcript.symbol.as_deref().unwrap_or("-");
            complain(&format!("example of '{symbol}': {problem}"));
            outcome = Err(Failure::Reported);
        }
    }
    outcome
}
