//! `qapi-gen generate`

use std::path::PathBuf;

use clap::ValueEnum;
use qapi_gen::backend::rust::{Options, Outputs, Unknown, rust};
use qapi_gen::hmp::Table;
use qapi_gen::schema::Decision;
use qapi_gen::{FileSystem, Schema, hmp};

use super::Failure;
use super::load::{Format, report, schema, unreadable};
use super::write::write;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The schema's main file
    schema: PathBuf,
    /// The folder that the Rust is written to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to write beside the types
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Output::Server, Output::Client, Output::Events, Output::Introspection])]
    output: Vec<Output>,
    /// The table of a human monitor, to be written as well
    #[arg(long, value_name = "FILE")]
    hmp: Option<PathBuf>,
    /// A trait that structs, unions and alternates derive as well; may be repeated
    #[arg(long, value_name = "TRAIT")]
    derive: Vec<String>,
    /// What becomes of values and members that the schema does not know
    #[arg(long, value_enum, default_value_t = UnknownValues::Refuse)]
    unknown: UnknownValues,
    /// One file with everything, or a folder a module
    #[arg(long, value_enum, default_value_t = Layout::Folders)]
    layout: Layout,
    /// What becomes of conditions
    #[arg(long, value_enum, default_value_t = Conditions::Features)]
    conditions: Conditions,
    /// A name that conditions find defined; may be repeated; decides all of them
    #[arg(long, value_name = "NAME")]
    define: Vec<String>,
    /// The command that the files name as the one that wrote them
    #[arg(long, value_name = "COMMAND", default_value = "qapi-gen generate")]
    command: String,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Output {
    /// The types alone
    Types,
    /// A trait a module and the table that calls it
    Server,
    /// A struct a command, with what it returns
    Client,
    /// A struct an event
    Events,
    /// The answer to query-qmp-schema
    Introspection,
    /// What the schema says of commands and events in words
    Documentation,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum UnknownValues {
    /// They are errors: for servers
    Refuse,
    /// Values are kept, members ignored: for clients
    Keep,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Layout {
    /// A folder a module, a file a kind of thing
    Folders,
    /// One file
    File,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Conditions {
    /// They become features of the crate
    Features,
    /// They are decided now, by --define
    Decide,
    /// They are taken as satisfied
    All,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let schema = decided(schema(&arguments.schema, Format::Human)?, arguments);
    let table = arguments.hmp.as_ref().map(|path| table(path, &schema)).transpose()?;
    let has = |output| arguments.output.contains(&output);
    let options = Options {
        command: arguments.command.clone(),
        // The output does not depend on where the schema lies.
        schema: String::new(),
        outputs: Outputs {
            server: has(Output::Server),
            client: has(Output::Client),
            events: has(Output::Events),
            introspection: has(Output::Introspection),
            documentation: has(Output::Documentation),
        },
        derives: arguments.derive.clone(),
        unknown: match arguments.unknown {
            UnknownValues::Refuse => Unknown::Refuse,
            UnknownValues::Keep => Unknown::Keep,
        },
        single_file: arguments.layout == Layout::File,
    };
    write(&arguments.out, &rust(&schema, table.as_ref(), &options))
}

fn decided(schema: Schema, arguments: &Arguments) -> Schema {
    match arguments.conditions {
        Conditions::All => schema.decide(&Decision::All),
        Conditions::Features if arguments.define.is_empty() => schema,
        _ => schema.decide(&Decision::Defined(arguments.define.iter().cloned().collect())),
    }
}

fn table(path: &std::path::Path, schema: &Schema) -> Result<Table, Failure> {
    let (table, sources, diagnostics) =
        hmp::read(path, &FileSystem, schema).map_err(|error| unreadable(path, &error))?;
    if diagnostics.is_empty() {
        return Ok(table);
    }
    report(&diagnostics, &sources, Format::Human);
    Err(Failure::Reported)
}
