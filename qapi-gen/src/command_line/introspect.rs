//! `qapi-gen introspect`

use std::collections::BTreeSet;
use std::path::PathBuf;

use qapi_gen::backend::introspection::{Options, introspection, one_line};

use super::Failure;
use super::load::{Format, schema};

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
    let schema = schema(&arguments.schema, Format::Human)?;
    let defined: BTreeSet<String> = arguments.define.iter().cloned().collect();
    let defined = (!arguments.all_conditions).then_some(defined);
    let entries = introspection(&schema, &Options { unmask: arguments.unmask, defined });
    let lines: Vec<String> = entries.iter().map(one_line).collect();
    match lines.is_empty() {
        true => println!("[]"),
        false => println!("[{}]", lines.join(",\n ")),
    }
    Ok(())
}
