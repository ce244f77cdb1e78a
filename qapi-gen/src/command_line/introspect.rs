//! `qapi-gen introspect`

use std::path::PathBuf;

use qapi_gen::backend::introspection::{introspection, one_line};
use qapi_gen::schema::Decision;

use super::Failure;
use super::load::{Format, schema};
use super::write::print;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The schema's main file
    schema: PathBuf,
    /// Keep the names of types, which carry no meaning on the wire
    #[arg(long)]
    unmask: bool,
    /// A name that conditions find defined; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "all_conditions")]
    define: Vec<String>,
    /// Take every condition as satisfied
    #[arg(long)]
    all_conditions: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let decision = match arguments.all_conditions {
        true => Decision::All,
        false => Decision::Defined(arguments.define.iter().cloned().collect()),
    };
    let schema = schema(&arguments.schema, Format::Human)?;
    let entries = introspection(&schema, &decision, arguments.unmask);
    let lines: Vec<String> = entries.iter().map(one_line).collect();
    print(&format!("[{}]\n", lines.join(",\n ")))
}
